import { z } from 'zod';
import type { Distribution } from './distributions.ts';
import {
  DISTRIBUTED,
  distributionReference,
  readDistribution,
  supportOf,
  type WrittenDistribution,
} from './distribution-literals.ts';
import * as quantities from './quantities.ts';
import { asWritten, type Complaint, type Quantity } from './quantities.ts';
import { assert } from './check.ts';
import type { Micros } from './units.ts';

/**
 * One mark design, liquidation policy, agent kind, …: a sentence about it, its parameters, and how to make it.
 * The same description feeds the check of scenario files, the JSON Schema, `cascade describe` and the documentation.
 */
export interface Variant<Shape extends z.ZodRawShape, Parts, Made> {
  readonly name: string;
  readonly about: string;
  /** Where the rule is written down: a paper, a venue's documentation. */
  readonly source?: string;
  readonly parameters: Shape;
  create(parameters: z.output<z.ZodObject<Shape>>, parts: Parts): Made;
}

/** Any variant, for those who describe and check but do not create. */
export type AnyVariant = Pick<
  Variant<z.ZodRawShape, never, unknown>,
  'name' | 'about' | 'source' | 'parameters'
>;

/** The variant itself; the call is there so that the types of `create` follow from `parameters`. */
export function variant<Shape extends z.ZodRawShape, Parts, Made>(
  v: Variant<Shape, Parts, Made>,
): Variant<Shape, Parts, Made> {
  return v;
}

/** What a set of parameters is once checked: `{ window: duration(…) }` → `{ window: Micros }`. */
export type ParametersOf<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

/** The schema of one parameter: any input, checked, becomes `Value`. `.optional()` makes the key optional. */
export type Parameter<Value> = z.ZodType<Value, unknown>;

type ParameterKind =
  | 'duration'
  | 'money'
  | 'share'
  | 'count'
  | 'number'
  | 'choice'
  | 'flag'
  | 'text'
  | 'weights'
  | 'path'
  | 'numbers'
  | 'distribution';

/** What there is to say about a parameter, in the words a user writes. */
export interface ParameterDescription {
  readonly kind: ParameterKind;
  /** Unit of the checked value: `us`, `quote currency`, `fraction of 1`, `count`; of a distribution, that of its values. */
  readonly unit?: string;
  readonly about: string;
  /** The value taken when the key is absent. Neither this nor `optional`: the key is required. */
  readonly default?: string;
  readonly optional: boolean;
  /** E.g. `at least 1s, at most 1h`. */
  readonly range?: string;
  readonly choices?: readonly string[];
}

interface Described<Written> {
  /** One sentence: what the parameter does. */
  readonly about: string;
  /** As a user writes it. With a default the key may be left out of the file. */
  readonly default?: Written;
}

/** All bounds as a user writes them. */
interface Bounded<Written> extends Described<Written> {
  /** Smallest value allowed. Durations, money and counts cannot be negative unless this says so. */
  readonly min?: Written;
  /** The value must be larger than this. */
  readonly above?: Written;
  /** Largest value allowed. */
  readonly max?: Written;
}

/** `30s`, `50ms`, `250us`, `20m`, `8h`, `2d` → microseconds (whole). */
export function duration(o: Bounded<string>): Parameter<Micros> {
  return bounded('duration', quantities.duration, { ...notNegative(o, '0s'), ...o });
}

/** `20M`, `500k`, `1.5B`, `2500` → units of quote currency. */
export function money(o: Bounded<number | string>): Parameter<number> {
  return bounded('money', quantities.money, { ...notNegative(o, 0), ...o });
}

/** `0.4%`, `30bp`, `0.004` → fraction of one. May be negative unless `min` says otherwise. */
export function share(o: Bounded<number | string>): Parameter<number> {
  return bounded('share', quantities.share, o);
}

/** Nothing a scenario counts reaches this, and arrays of this length still fit in memory. */
const MOST = '50M';

/** `8`, `10k` → whole number, up to 50M. */
export function count(o: Bounded<number | string>): Parameter<number> {
  return bounded('count', quantities.count, {
    ...notNegative(o, 0),
    ...(o.max === undefined ? { max: MOST } : {}),
    ...o,
  });
}

/** Any finite number. */
export function real(o: Bounded<number>): Parameter<number> {
  return bounded('number', quantities.real, o);
}

/** One of the given words. */
export function choice<const Word extends string>(
  words: readonly [Word, ...Word[]],
  o: Described<NoInfer<Word>>,
): Parameter<Word> {
  const expected = `one of ${words.join(', ')}`;
  return parameter<Word>(
    (written) => (words.includes(written as Word) ? { value: written as Word } : { expected }),
    o,
    { kind: 'choice', choices: words },
    { enum: words },
  );
}

/** `true` or `false`. */
export function flag(o: Described<boolean>): Parameter<boolean> {
  const wrong: Complaint = { expected: 'true or false' };
  return parameter<boolean>(
    (written) => {
      if (typeof written === 'boolean') return { value: written };
      const word = typeof written === 'string' ? written.toLowerCase() : '';
      if (['yes', 'on'].includes(word)) return { ...wrong, hint: 'Write true.' };
      return ['no', 'off'].includes(word) ? { ...wrong, hint: 'Write false.' } : wrong;
    },
    o,
    { kind: 'flag' },
    { type: 'boolean' },
  );
}

/** Any text that is not empty. */
export function text(o: Described<string>): Parameter<string> {
  return parameter<string>(
    (written) => {
      if (typeof written === 'string' && written.trim() !== '') return { value: written };
      const isOther = typeof written === 'number' || typeof written === 'boolean';
      return { expected: 'a text', ...(isOther ? { hint: 'Put it in quotes.' } : {}) };
    },
    o,
    { kind: 'text' },
    { type: 'string', minLength: 1 },
  );
}

/** `[1.85, 1.51, 1.09]` → numbers in this order, one at least, none below `min`. */
export function numbers(
  o: Described<readonly number[]> & { readonly min: number },
): Parameter<readonly number[]> {
  return parameter<readonly number[]>(
    (written) => {
      if (!Array.isArray(written) || written.length === 0)
        return { expected: 'a list of numbers such as [1.85, 1.51, 1.09]' };
      const wrong = written.findIndex((one) => typeof one !== 'number' || !(one >= o.min && one < Infinity));
      return wrong < 0
        ? { value: written as number[] }
        : { expected: `a number, at least ${o.min}`, path: [wrong] };
    },
    o,
    { kind: 'numbers', range: `at least ${o.min}` },
    { type: 'array', minItems: 1, items: { type: 'number', minimum: o.min } },
  );
}

/**
 * `{ alpha: 3, beta: 2 }` → weight by name, none below 0 and one at least above. Whether the names mean something is for
 * whoever uses them to say.
 */
export function weights(o: Described<Record<string, number>>): Parameter<Readonly<Record<string, number>>> {
  return parameter<Readonly<Record<string, number>>>(
    (written) => {
      const expected = 'a map from names to weights such as { alpha: 3, beta: 2 }';
      if (typeof written !== 'object' || written === null || Array.isArray(written)) return { expected };
      const entries = Object.entries(written as Readonly<Record<string, unknown>>);
      for (const [name, weight] of entries) {
        const isWeight = typeof weight === 'number' && Number.isFinite(weight) && weight >= 0;
        if (!isWeight) return { expected: 'a number, at least 0', path: [name] };
      }
      const isSome = entries.some(([, weight]) => (weight as number) > 0);
      return isSome
        ? { value: Object.fromEntries(entries) as Record<string, number> }
        : { expected: `${expected}, one above 0` };
    },
    o,
    { kind: 'weights' },
    { type: 'object', minProperties: 1, additionalProperties: { type: 'number', minimum: 0 } },
  );
}

/** `[[10s, -3%], [2m, -1%]]` → [time, share] of each point; times rise, from above 0s on, and no share is −100 % or less. */
export function path(
  o: Described<readonly (readonly [string, string])[]>,
): Parameter<readonly (readonly [Micros, number])[]> {
  const expected = 'a list of times and shares such as [[10s, -3%], [2m, -1%]]';
  return parameter<readonly (readonly [Micros, number])[]>(
    (written) => {
      if (!Array.isArray(written) || written.length === 0) return { expected };
      const points: [Micros, number][] = [];
      for (const [i, point] of (written as unknown[]).entries()) {
        if (!Array.isArray(point) || point.length !== 2)
          return { expected: 'a time and a share such as [10s, -3%]', path: [i] };
        const time = quantities.duration.read(point[0]);
        if (typeof time !== 'number') return { ...time, path: [i, 0] };
        if (time <= (points.at(-1)?.[0] ?? 0))
          return { expected: 'a time after 0s and after that of the point before', path: [i, 0] };
        const level = quantities.share.read(point[1]);
        if (typeof level !== 'number') return { ...level, path: [i, 1] };
        if (level <= -1) return { expected: 'a share above -100%', path: [i, 1] };
        points.push([time, level]);
      }
      return { value: points };
    },
    o,
    { kind: 'path' },
    {
      type: 'array',
      minItems: 1,
      items: {
        type: 'array',
        items: [quantities.duration.schema, quantities.share.schema],
        minItems: 2,
        maxItems: 2,
      },
    },
  );
}

/**
 * A random quantity: `3`, `{ lognormal: { median: 8, sigma: 0.9 } }`, … as in `WrittenDistribution`.
 * With `of: 'duration' | 'money'` its values are written with units and come out in microseconds / quote currency;
 * shapes (sigma, alpha) and weights stay plain numbers.
 * A bound holds for every value the distribution can give: with `min: 1` a lognormal needs `within: [1, …]`.
 * Durations and money cannot be negative unless `min` says so.
 */
export function distribution(
  o: Bounded<WrittenDistribution> & {
    readonly of: keyof typeof DISTRIBUTED;
    readonly min?: number | string;
    readonly above?: number | string;
    readonly max?: number | string;
  },
): Parameter<Distribution> {
  const of = DISTRIBUTED[o.of];
  const floor = { duration: '0s', money: 0, number: undefined }[o.of];
  const range = rangeOf(of, { ...(floor === undefined ? {} : notNegative(o, floor)), ...o });
  return parameter<Distribution>(
    (written) => {
      const read = readDistribution(written, of);
      if (!('kind' in read)) return read;
      const [from, to] = supportOf(read);
      const outside = range.refuse(from) ?? range.refuse(to);
      if (outside === undefined) return { value: read };
      return read.kind === 'constant'
        ? { expected: outside }
        : {
            expected: `a distribution with every value ${range.text}`,
            hint: 'Add within: [from, to] to redraw what falls outside.',
          };
    },
    o,
    { kind: 'distribution', unit: of.unit, ...(range.text === undefined ? {} : { range: range.text }) },
    { $ref: distributionReference(o.of) },
  );
}

/** The description of a parameter made here, also through `.optional()`. */
export function describeParameter(schema: z.core.$ZodType): ParameterDescription {
  if (schema instanceof z.ZodOptional) return { ...describeParameter(schema.unwrap()), optional: true };
  const described = metaOf(schema)?.parameter;
  assert(described !== undefined, 'a parameter is made by one of the makers of base/parameters');
  return described;
}

/** What `parameter` leaves on a schema, for `describeParameter` and `jsonSchemaOf`. */
interface ParameterMeta {
  readonly parameter: ParameterDescription;
  /** JSON Schema of the way it is written. */
  readonly written: Readonly<Record<string, unknown>>;
}

/** That of a schema made by `parameter`; undefined for any other. */
export function metaOf(schema: z.core.$ZodType): ParameterMeta | undefined {
  const meta = z.globalRegistry.get(schema);
  return meta !== undefined && 'parameter' in meta ? (meta as unknown as ParameterMeta) : undefined;
}

/**
 * A parameter from a reader. Every refusal becomes a `custom` issue whose `params` is the `Complaint`;
 * the scenario loader adds file, line and what was found.
 */
export function parameter<Value>(
  read: (written: unknown) => { readonly value: Value } | Complaint,
  o: Described<unknown>,
  about: Pick<ParameterDescription, 'kind' | 'unit' | 'range' | 'choices'>,
  written: Readonly<Record<string, unknown>>,
): Parameter<Value> {
  const checked = z.unknown().transform((input, context) => {
    const result = read(input);
    if ('value' in result) return result.value;
    const { path, ...complaint } = result;
    context.issues.push({
      code: 'custom',
      input,
      message: `expected ${complaint.expected}${complaint.hint === undefined ? '' : `. ${complaint.hint}`}`,
      params: complaint,
      ...(path === undefined ? {} : { path: [...path] }),
    });
    return z.NEVER;
  });
  const hasDefault = o.default !== undefined;
  if (hasDefault)
    assert(checked.safeParse(o.default).success, `the default ${asWritten(o.default)} is valid: ${o.about}`);
  const schema = hasDefault ? checked.prefault(o.default) : checked;
  return schema.meta({
    description: o.about,
    written,
    parameter: {
      ...about,
      about: o.about,
      optional: false,
      ...(hasDefault ? { default: asWritten(o.default) } : {}),
    },
  } satisfies ParameterMeta & { description: string });
}

function bounded(kind: ParameterKind, of: Quantity, o: Bounded<number | string>): Parameter<number> {
  const range = rangeOf(of, o);
  return parameter<number>(
    (written) => {
      const value = of.read(written);
      if (typeof value !== 'number') return value;
      const outside = range.refuse(value);
      return outside === undefined ? { value } : { expected: outside };
    },
    o,
    { kind, unit: of.unit, ...(range.text === undefined ? {} : { range: range.text }) },
    of.schema,
  );
}

interface Range {
  readonly text: string | undefined;
  /** What would be inside the range, when `value` is not. */
  refuse(value: number): string | undefined;
}

type WrittenRange = Pick<Bounded<unknown>, 'min' | 'above' | 'max'>;

function rangeOf(of: Quantity, { min, above, max }: WrittenRange): Range {
  const bound = (written: unknown, otherwise: number) => {
    if (written === undefined) return otherwise;
    const value = of.read(written);
    assert(typeof value === 'number', `the bound ${asWritten(written)} is valid`);
    return value;
  };
  const [least, over, most] = [bound(min, -Infinity), bound(above, -Infinity), bound(max, Infinity)];
  const text = [
    min === undefined ? [] : [`at least ${asWritten(min)}`],
    above === undefined ? [] : [`above ${asWritten(above)}`],
    max === undefined ? [] : [`at most ${asWritten(max)}`],
  ].flat();
  return {
    text: text.length === 0 ? undefined : text.join(', '),
    refuse: (value) =>
      value >= least && (above === undefined || value > over) && value <= most ? undefined : text.join(', '),
  };
}

/** The bound that quantities without a sign have, unless the caller says another. */
function notNegative(o: WrittenRange, zero: number | string): { readonly min?: number | string } {
  return o.min === undefined && o.above === undefined ? { min: zero } : {};
}
