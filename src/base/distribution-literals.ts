import type { Distribution } from './distributions.ts';
import { asWritten, duration, money, real, type Complaint, type Quantity } from './quantities.ts';

/** A distribution as a user writes it, with numbers or texts with units in the places of numbers. */
export type WrittenDistribution = number | string | Readonly<Record<string, unknown>>;

const KINDS = ['lognormal', 'normal', 'uniform', 'exponential', 'pareto', 'mixture', 'empirical'] as const;
type Kind = (typeof KINDS)[number];

const EXPECTED =
  'a value or a distribution such as { lognormal: { median: 8, sigma: 0.9 } }, { uniform: [1, 5] }, ' +
  '{ exponential: { mean: 3 } }, { pareto: { from: 7, alpha: 1.8 } }, { normal: { mean: 0, sd: 1 } }, ' +
  '{ empirical: [1, 2, 5] } or { mixture: [[0.7, …], [0.3, …]] }, each with an optional within: [from, to]';

type Path = readonly (string | number)[];

/** Thrown inside this file only, to leave a nested literal at once; `readDistribution` turns it into a result. */
class Refused extends Error {
  readonly complaint: Complaint;
  constructor(complaint: Complaint) {
    super(complaint.expected);
    this.complaint = complaint;
  }
}

/**
 * The checked literal of what the user wrote, or the complaint with its place inside the value.
 * Numbers that are values (median, mean, sd, bounds) are read as `of`; shapes and weights are plain numbers.
 */
export function readDistribution(written: unknown, of: Quantity): Distribution | Complaint {
  try {
    return literal(written, of, []);
  } catch (error) {
    if (error instanceof Refused) return error.complaint;
    throw error;
  }
}

/** Whether a map with these keys is a distribution rather than a map of settings. */
export function isDistributionLiteral(keys: readonly string[]): boolean {
  return (
    keys.some((key) => (KINDS as readonly string[]).includes(key)) &&
    keys.every((key) => key === 'within' || (KINDS as readonly string[]).includes(key))
  );
}

/** The smallest interval that holds every value the distribution can give. */
export function supportOf(d: Distribution): readonly [from: number, to: number] {
  switch (d.kind) {
    case 'constant':
      return [d.value, d.value];
    case 'uniform':
      return [d.from, d.to];
    case 'normal':
      return d.sd === 0 ? [d.mean, d.mean] : [-Infinity, Infinity];
    case 'lognormal':
      return d.sigma === 0 ? [d.median, d.median] : [Number.MIN_VALUE, Infinity];
    case 'exponential':
      return [0, Infinity];
    case 'pareto':
      return [d.from, Infinity];
    case 'empirical':
      return hull(d.values.map((value) => [value, value]));
    case 'mixture':
      return hull(d.parts.map((part) => supportOf(part.of)));
    case 'truncated': {
      const [from, to] = supportOf(d.of);
      return [Math.max(from, d.from), Math.min(to, d.to)];
    }
  }
}

function hull(supports: readonly (readonly [number, number])[]): readonly [from: number, to: number] {
  return supports.reduce(([from, to], [a, b]) => [Math.min(from, a), Math.max(to, b)]);
}

/** What the values of a distribution may be. */
export const DISTRIBUTED = { duration, money, number: real } as const;

/** JSON pointer to the definition of such a distribution. */
export function distributionReference(of: keyof typeof DISTRIBUTED): string {
  return `#/definitions/distribution-of-${of}`;
}

/** JSON Schemas (draft-7) by name, to stand under `definitions`. */
export function distributionDefinitions(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(DISTRIBUTED).map(([name, of]) => [
      `distribution-of-${name}`,
      distributionSchema(of, distributionReference(name as keyof typeof DISTRIBUTED)),
    ]),
  );
}

function distributionSchema(of: Quantity, self: string): Record<string, unknown> {
  const value = of.schema;
  const positive = { type: 'number', exclusiveMinimum: 0 };
  const within = { description: 'redraw until the value is in this interval', ...pair(value) };
  const kind = (name: Kind, schema: object) => map({ [name]: schema, within }, [name]);
  return {
    anyOf: [
      value,
      kind('lognormal', map({ median: value, sigma: { type: 'number', minimum: 0 } })),
      kind('normal', map({ mean: value, sd: value })),
      kind('uniform', pair(value)),
      kind('exponential', map({ mean: value })),
      kind('pareto', map({ from: value, alpha: positive })),
      kind('mixture', {
        type: 'array',
        minItems: 1,
        items: { type: 'array', items: [positive, { $ref: self }], minItems: 2, maxItems: 2 },
      }),
      kind('empirical', { type: 'array', minItems: 1, items: value }),
    ],
  };
}

function literal(written: unknown, of: Quantity, path: Path): Distribution {
  if (typeof written === 'number' || typeof written === 'string') {
    return { kind: 'constant', value: number(written, of, path) };
  }
  if (!isMap(written)) throw new Refused({ expected: EXPECTED, path });
  const { within, ...rest } = written;
  const keys = Object.keys(rest);
  const unknown = keys.find((key) => !(KINDS as readonly string[]).includes(key));
  if (unknown !== undefined)
    throw new Refused({ expected: `one of ${KINDS.join(', ')}`, path: [...path, unknown] });
  if (keys.length !== 1) throw new Refused({ expected: EXPECTED, path });
  const kind = keys[0] as Kind;
  const base = READERS[kind](rest[kind], of, [...path, kind]);
  if (within === undefined) return base;

  const [from, to] = bounds(within, of, [...path, 'within']);
  const [least, most] = supportOf(base);
  if (to < least || from > most) {
    throw new Refused({
      expected: 'an interval in which the distribution has values',
      path: [...path, 'within'],
    });
  }
  return { kind: 'truncated', of: base, from, to };
}

const READERS: Readonly<Record<Kind, (written: unknown, of: Quantity, path: Path) => Distribution>> = {
  uniform(written, of, path) {
    const [from, to] = bounds(written, of, path);
    return { kind: 'uniform', from, to };
  },
  normal(written, of, path) {
    const at = fields(written, ['mean', 'sd'], path);
    return {
      kind: 'normal',
      mean: number(at.mean, of, [...path, 'mean']),
      sd: atLeastZero(at.sd, of, [...path, 'sd']),
    };
  },
  lognormal(written, of, path) {
    const at = fields(written, ['median', 'sigma'], path);
    return {
      kind: 'lognormal',
      median: aboveZero(at.median, of, [...path, 'median']),
      sigma: atLeastZero(at.sigma, real, [...path, 'sigma']),
    };
  },
  exponential(written, of, path) {
    const at = fields(written, ['mean'], path);
    return { kind: 'exponential', mean: aboveZero(at.mean, of, [...path, 'mean']) };
  },
  pareto(written, of, path) {
    const at = fields(written, ['from', 'alpha'], path);
    return {
      kind: 'pareto',
      from: aboveZero(at.from, of, [...path, 'from']),
      alpha: aboveZero(at.alpha, real, [...path, 'alpha']),
    };
  },
  mixture(written, of, path) {
    const parts = list(written, 'a list of [weight, distribution]', path).map((part, i) => {
      const at = [...path, i];
      const expected = 'a pair [weight, distribution]';
      const [weight, inner] = pairOf(part, expected, at);
      return { weight: aboveZero(weight, real, [...at, 0]), of: literal(inner, of, [...at, 1]) };
    });
    return { kind: 'mixture', parts };
  },
  empirical(written, of, path) {
    const values = list(written, 'a list of values', path);
    return { kind: 'empirical', values: values.map((value, i) => number(value, of, [...path, i])) };
  },
};

function number(written: unknown, of: Quantity, path: Path): number {
  const value = of.read(written);
  if (typeof value !== 'number') throw new Refused({ ...value, path });
  return value;
}

function aboveZero(written: unknown, of: Quantity, path: Path): number {
  const value = number(written, of, path);
  if (!(value > 0)) throw new Refused({ expected: 'a number above 0', path });
  return value;
}

function atLeastZero(written: unknown, of: Quantity, path: Path): number {
  const value = number(written, of, path);
  if (!(value >= 0)) throw new Refused({ expected: 'a number of at least 0', path });
  return value;
}

function bounds(written: unknown, of: Quantity, path: Path): [from: number, to: number] {
  const expected = 'a pair [from, to] with from below to';
  const [a, b] = pairOf(written, expected, path);
  const from = number(a, of, [...path, 0]);
  const to = number(b, of, [...path, 1]);
  if (!(from < to)) throw new Refused({ expected, path });
  return [from, to];
}

function pairOf(written: unknown, expected: string, path: Path): [unknown, unknown] {
  if (!Array.isArray(written) || written.length !== 2) throw new Refused({ expected, path });
  return [written[0], written[1]];
}

function list(written: unknown, expected: string, path: Path): readonly unknown[] {
  if (!Array.isArray(written) || written.length === 0) throw new Refused({ expected, path });
  return written;
}

/** The named fields of a map that has exactly these. */
function fields<Name extends string>(
  written: unknown,
  names: readonly Name[],
  path: Path,
): Record<Name, unknown> {
  const example = asWritten(Object.fromEntries(names.map((name) => [name, '…'])));
  if (!isMap(written)) throw new Refused({ expected: `a map ${example}`, path });
  const unknown = Object.keys(written).find((key) => !(names as readonly string[]).includes(key));
  if (unknown !== undefined)
    throw new Refused({ expected: `one of ${names.join(', ')}`, path: [...path, unknown] });
  const missing = names.find((name) => written[name] === undefined);
  if (missing !== undefined) throw new Refused({ expected: `a map ${example}`, path });
  return written as Record<Name, unknown>;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function map(properties: Record<string, object>, required = Object.keys(properties)): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

function pair(value: object): object {
  return { type: 'array', items: value, minItems: 2, maxItems: 2 };
}
