import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from './units.ts';

/** Why a text is not a quantity: what would be, and what to do when there is something better to say. */
export interface Complaint {
  readonly expected: string;
  readonly hint?: string;
  /** Where inside the value, for values with parts (a distribution); absent for the value itself. */
  readonly path?: readonly (string | number)[];
}

/** How a user writes one kind of number, and what it becomes. */
export interface Quantity {
  /** Unit of the number that comes out. */
  readonly unit: string;
  /** What is expected, as a phrase: `a duration such as 30s`. */
  readonly expected: string;
  /** JSON Schema of the way it is written. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The number (finite), or the complaint. */
  read(written: unknown): number | Complaint;
}

const DECIMAL = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)) ?([a-zA-Z%]*)$/;
const NUMBER_TEXT = '^[+-]?(\\d+(\\.\\d+)?|\\.\\d+) ?';

/** Power of ten by suffix. Shifting the exponent in the text, not the number, gives the nearest double: 0.07% is 0.0007. */
const MONEY_SUFFIX: Readonly<Record<string, number>> = { k: 3, M: 6, B: 9 };
const SHARE_SUFFIX: Readonly<Record<string, number>> = { '%': -2, bp: -4 };
/** A duration is its seconds-in-microseconds (or smaller unit) times a whole number. */
const DURATION_UNIT: Readonly<Record<string, number>> = {
  us: 1,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
};

const DURATION_EXPECTED = 'a duration such as 50ms, 30s, 20m, 8h or 2d';

export const duration: Quantity = {
  unit: 'us',
  expected: DURATION_EXPECTED,
  schema: { type: 'string', pattern: `${NUMBER_TEXT}(us|ms|s|m|h|d)$` },
  read(written) {
    if (typeof written === 'number' || (typeof written === 'string' && suffixOf(written) === '')) {
      return { expected: DURATION_EXPECTED, hint: 'Write a unit: us, ms, s, m, h or d.' };
    }
    const parts = typeof written === 'string' ? DECIMAL.exec(written) : null;
    const unit = parts === null ? undefined : own(DURATION_UNIT, parts[2]);
    if (parts === null || unit === undefined) {
      return parts === null
        ? { expected: DURATION_EXPECTED }
        : {
            expected: DURATION_EXPECTED,
            hint: `The units are us, ms, s, m, h and d, not "${parts[2]}".`,
          };
    }
    // Units of a second and more are a whole number of millions: shift by six digits first, which is exact.
    const micros =
      unit >= SECOND
        ? Number(`${parts[1]}e6`) * (unit / SECOND)
        : Number(`${parts[1]}e${unit === 1 ? 0 : 3}`);
    if (!Number.isSafeInteger(micros)) {
      return { expected: 'a whole number of microseconds', hint: 'Time is counted in whole microseconds.' };
    }
    return micros;
  },
};

export const money: Quantity = {
  unit: 'quote currency',
  expected: 'an amount of money such as 2500, 500k, 20M or 1.5B',
  schema: { anyOf: [{ type: 'number' }, { type: 'string', pattern: `${NUMBER_TEXT}[kMB]$` }] },
  read: (written) => numberWithSuffix(written, MONEY_SUFFIX, money.expected),
};

export const share: Quantity = {
  unit: 'fraction of 1',
  expected: 'a share such as 0.4%, 30bp or 0.004',
  schema: { anyOf: [{ type: 'number' }, { type: 'string', pattern: `${NUMBER_TEXT}(%|bp)$` }] },
  read: (written) => numberWithSuffix(written, SHARE_SUFFIX, share.expected),
};

export const count: Quantity = {
  unit: 'count',
  expected: 'a whole number such as 8 or 10k',
  schema: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: `${NUMBER_TEXT}[kM]$` }] },
  read(written) {
    const value = numberWithSuffix(written, { k: 3, M: 6 }, count.expected);
    return typeof value === 'number' && !Number.isSafeInteger(value) ? { expected: count.expected } : value;
  },
};

export const real: Quantity = {
  unit: 'number',
  expected: 'a number',
  schema: { type: 'number' },
  read: (written) => numberWithSuffix(written, {}, real.expected),
};

/** A value as a user would write it on one line: `30s`, `0.5`, `{ uniform: [1, 5] }`. */
export function asWritten(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asWritten).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, of]) => `${key}: ${asWritten(of)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return String(value);
}

function numberWithSuffix(
  written: unknown,
  powers: Readonly<Record<string, number>>,
  expected: string,
): number | Complaint {
  if (typeof written === 'number') return Number.isFinite(written) ? written : { expected };
  if (typeof written !== 'string') return { expected };
  const suffix = suffixOf(written);
  if (suffix === undefined) return { expected };
  if (suffix === '') return { expected, hint: 'Remove the quotes: this is a text, not a number.' };
  const power = own(powers, suffix);
  if (power !== undefined) {
    const value = Number(`${DECIMAL.exec(written)![1]}e${power}`);
    return Number.isFinite(value) ? value : { expected };
  }
  const known = Object.keys(powers);
  if (known.length === 0) return { expected, hint: 'Write the number without a unit.' };
  return { expected, hint: `The suffixes are ${known.join(', ')}, not "${suffix}".` };
}

/** What follows the digits; undefined when the text does not begin as a number. */
function suffixOf(written: string): string | undefined {
  return DECIMAL.exec(written)?.[2];
}

function own(table: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
