import { ScenarioError, type ScenarioProblem } from '../base/check.ts';
import { duration, money, share, type Quantity } from '../base/quantities.ts';
import { SECOND } from '../base/units.ts';
import { suggestion } from './scenario-source.ts';
import type { Axis } from './scenario-sweep.ts';

/** A quantity that results are summarised by: a metric of one run or an estimate over replicates. */
export interface Measured {
  readonly name: string;
  readonly unit: 'bp' | 'quote' | 'count' | 's' | 'x' | 'share';
}

/** A metric in the cells that have these labels; an axis that is not named may have any. */
export interface Measurement {
  readonly metric: string;
  /** Label by axis name. */
  readonly where: Readonly<Record<string, string>>;
}

/** A bound that the results are held to. */
export interface Expectation {
  /** As written. */
  readonly text: string;
  readonly left: Measurement;
  readonly op: '<' | '>';
  /** Another measurement, or a number in the unit of the left one. */
  readonly right: Measurement | number;
  /** Confidence asked for, e.g. 0.95. */
  readonly level: number;
}

type Where = Pick<ScenarioProblem, 'file' | 'line' | 'column' | 'path' | 'hint'>;

const FORM = 'metric[axis=label] < bound at 95%';
const DEFAULT_LEVEL = 0.95;

/** Reads `amplification[mark=last-trade] > amplification[mark=index-only] at 95%` or `ruin[mark=…] < 1% at 95%`. */
export function expectationFrom(
  text: string,
  axes: readonly Axis[],
  metrics: readonly Measured[],
  where: Where,
): Expectation {
  const reader = new Reader(text, axes, metrics, where);
  const left = reader.measurement();
  const op = reader.take(/^\s*([<>])\s*/, `< or >, as in ${FORM}`) as '<' | '>';
  const right = reader.startsWithNumber() ? reader.bound(left.metric) : reader.measurement();
  const level = reader.atEnd() ? DEFAULT_LEVEL : reader.level();
  return { text, left, op, right, level };
}

class Reader {
  readonly #text: string;
  readonly #axes: readonly Axis[];
  readonly #metrics: readonly Measured[];
  readonly #where: Where;
  #rest: string;

  constructor(text: string, axes: readonly Axis[], metrics: readonly Measured[], where: Where) {
    this.#text = text;
    this.#axes = axes;
    this.#metrics = metrics;
    this.#where = where;
    this.#rest = text.trim();
  }

  measurement(): Measurement {
    const metric = this.take(/^([A-Za-z_][A-Za-z0-9_-]*)\s*/, `a metric, as in ${FORM}`);
    const names = this.#metrics.map(({ name }) => name);
    if (!names.includes(metric)) {
      throw this.#error(metric, `a metric: one of ${names.join(', ')}`, suggestion(metric, names));
    }
    return { metric, where: this.#rest.startsWith('[') ? this.#labels() : {} };
  }

  startsWithNumber(): boolean {
    return /^[+-.\d]/.test(this.#rest);
  }

  /** A number with a unit that the metric can have, in the metric's own unit. */
  bound(metric: string): number {
    const written = this.take(/^(\S+)\s*/, 'a bound');
    const { unit } = this.#metrics.find(({ name }) => name === metric)!;
    const value = BOUNDS[unit].read(written);
    if (value === undefined) throw this.#error(written, BOUNDS[unit].expected);
    return value;
  }

  level(): number {
    const written = this.take(/^at\s+(\S+)\s*$/, 'a confidence at the end, such as at 95%');
    const level = share.read(Number.isNaN(Number(written)) ? written : Number(written));
    if (typeof level === 'number' && level > 0.5 && level < 1) return level;
    throw this.#error(written, 'a confidence above 50% and below 100%, such as 95%');
  }

  atEnd(): boolean {
    return this.#rest === '';
  }

  take(pattern: RegExp, expected: string): string {
    const found = pattern.exec(this.#rest);
    if (found === null) throw this.#error(this.#rest === '' ? 'the end' : this.#rest, expected);
    this.#rest = this.#rest.slice(found[0].length);
    return found[1];
  }

  /** Labels may hold spaces, commas and brackets, so they are recognised rather than cut out. */
  #labels(): Readonly<Record<string, string>> {
    this.take(/^(\[)\s*/, '[');
    const where: Record<string, string> = {};
    do {
      const name = this.take(/^([^=\]]+?)\s*=\s*/, 'axis=label');
      const names = this.#axes.map((axis) => axis.name);
      const axis = this.#axes.find((candidate) => candidate.name === name);
      if (axis === undefined) {
        const expected =
          names.length === 0 ? 'no axis: there is no sweep' : `an axis: one of ${names.join(', ')}`;
        throw this.#error(name, expected, suggestion(name, names));
      }
      const label = axis.labels
        .filter((candidate) => this.#rest.startsWith(candidate))
        .filter((candidate) => /^\s*[,\]]/.test(this.#rest.slice(candidate.length)))[0];
      if (label === undefined) {
        const found = /^[^,\]]*/.exec(this.#rest)![0].trim();
        throw this.#error(
          found,
          `a value of ${name}: one of ${axis.labels.join(', ')}`,
          suggestion(found, axis.labels),
        );
      }
      where[name] = label;
      this.#rest = this.#rest.slice(label.length).trimStart();
    } while (this.take(/^([,\]])\s*/, ', or ]') === ',');
    return where;
  }

  #error(found: string, expected: string, more: { readonly hint?: string } = {}): ScenarioError {
    const within = found === this.#text ? found : `${found} in "${this.#text}"`;
    // A hint from outside knows more about why than a near word does.
    return new ScenarioError({ found: within, expected, ...more, ...this.#where });
  }
}

interface Bound {
  readonly expected: string;
  read(written: string): number | undefined;
}

/** In each unit of a metric: the ways to write a bound. A number alone is always in the metric's own unit. */
export const BOUNDS: Readonly<Record<Measured['unit'], Bound>> = {
  share: { expected: 'a share such as 1% or 0.01', read: (written) => quantity(written, share) },
  bp: {
    expected: 'basis points, such as 200 or 200bp, or a share such as 2%',
    read: (written) => plainNumber(written) ?? shifted(quantity(written, share), 1e4),
  },
  quote: { expected: 'an amount of money such as 20M', read: (written) => quantity(written, money) },
  count: { expected: 'a number such as 8 or 10k', read: (written) => quantity(written, money) },
  s: {
    expected: 'a duration such as 90s or 5m, or a number of seconds',
    read: (written) => plainNumber(written) ?? shifted(quantity(written, duration), 1 / SECOND),
  },
  x: { expected: 'a number such as 1.5', read: (written) => plainNumber(written.replace(/x$/, '')) },
};

function quantity(written: string, of: Quantity): number | undefined {
  const value = plainNumber(written) ?? of.read(written);
  return typeof value === 'number' ? value : undefined;
}

function plainNumber(written: string): number | undefined {
  return /^[+-]?(\d+(\.\d+)?|\.\d+)$/.test(written) ? Number(written) : undefined;
}

/** Times a power of ten, without the noise of the binary product. */
function shifted(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : Number((value * factor).toPrecision(15));
}
