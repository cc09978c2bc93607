import { ScenarioError, type ScenarioProblem } from '../base/check.ts';
import { parameter, type Parameter } from '../base/parameters.ts';
import { asWritten, money, real, share, type Quantity } from '../base/quantities.ts';

/** One step of a margin table. Amounts are notional in quote currency. */
export interface Tier {
  /** The tier holds for notional above `floor` up to and including `cap`; the last cap may be Infinity. */
  readonly floor: number;
  readonly cap: number;
  /** Fraction of the notional. */
  readonly maintenanceRate: number;
  readonly maxLeverage: number;
  /** `maintenance margin = notional · maintenanceRate − deduction` is continuous from tier to tier; ≥ 0. */
  readonly deduction: number;
}

/**
 * A checked margin table: no gap, no overlap, rates that do not fall, leverage that does not rise.
 * Deductions are those of marginal tiers (Binance, Bybit, Hyperliquid). A venue where the whole position takes the rate of its
 * tier (OKX) publishes the same shape without them; which it is, the margin rule says.
 */
export interface TierTable {
  /** Name of the contract as the table's file says it; empty for a table written in the scenario. */
  readonly contract: string;
  readonly source: string;
  readonly asOf: string;
  readonly tiers: readonly Tier[];
}

/**
 * The parameter `tiers` of a margin rule that takes a table. What a file says passes unread; the scenario check puts the table of
 * that rule in its place (`marginTableFrom`), since only it knows where the rows stand.
 */
export function tierTable<Table>(): Parameter<Table> {
  const rows = { type: 'array', minItems: 1, items: { type: 'object' } };
  return parameter<unknown>(
    (written) =>
      typeof written === 'object' && written !== null
        ? { value: written }
        : { expected: 'the path of a tier table, or a list of tiers' },
    {
      about:
        'margin tiers of this rule: the path of a JSON file (leverage tiers in the shape of ccxt where margin is marginal), or the list itself',
    },
    { kind: 'text' },
    {
      anyOf: [{ type: 'string' }, rows, { type: 'object', required: ['tiers'], properties: { tiers: rows } }],
    },
  ) as Parameter<Table>;
}

/** Finds the place of a value inside the table, e.g. of `['tiers', 2, 'minNotional']`. */
export type Where = (
  path: readonly (string | number)[],
) => Pick<ScenarioProblem, 'file' | 'line' | 'column' | 'path'>;

/**
 * Reads ccxt's leverage tiers: a list of rows `{ tier, minNotional, maxNotional, maintenanceMarginRate, maxLeverage, info: { cum } }`
 * (other fields are ignored), or a map with the list under `tiers` beside `symbol`, `source` and `asOf`.
 * The deduction is recomputed, `cum_k = cum_{k−1} + floor_k · (rate_k − rate_{k−1})`, and compared with `info.cum` where that is given.
 * Throws `ScenarioError` naming the tier and the place for a table that no venue could run.
 */
export function tierTableFrom(json: unknown, where: Where): TierTable {
  const table: Fields = Array.isArray(json) ? { tiers: json as unknown[] } : isFields(json) ? json : {};
  const at = Array.isArray(json) ? [] : ['tiers'];
  const rows = table.tiers;
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new ScenarioError({
      ...where(isFields(json) && 'tiers' in json ? at : []),
      found: Array.isArray(rows) ? 'an empty list' : rows === undefined ? 'no tiers' : asWritten(rows),
      expected: 'a list of margin tiers',
    });
  }
  const tiers: Tier[] = [];
  for (const [i, row] of rows.entries()) {
    tiers.push(
      tierFrom(row, tiers.at(-1), i === rows.length - 1, new RowPlace(where, [...at, i], row, i + 1)),
    );
  }
  const label = (value: unknown) => (typeof value === 'string' ? value : '');
  return Object.freeze({
    contract: label(table.symbol),
    source: label(table.source),
    asOf: label(table.asOf),
    tiers: Object.freeze(tiers),
  });
}

function tierFrom(row: unknown, before: Tier | undefined, isLast: boolean, place: RowPlace): Tier {
  if (!isFields(row)) throw place.error([], asWritten(row), 'a map with minNotional, maxNotional, …');
  const floor = place.number(row, 'minNotional', money);
  const end = before?.cap ?? 0;
  if (floor !== end) {
    const fault = floor > end ? 'a gap' : 'an overlap';
    const expected = before === undefined ? '0 in the first tier' : `${end}, where the tier before ends`;
    throw place.error(['minNotional'], `${floor} (${fault})`, expected);
  }

  const cap = row.maxNotional === null && isLast ? Infinity : place.number(row, 'maxNotional', money);
  if (!(cap > floor)) throw place.error(['maxNotional'], String(cap), `more than minNotional, ${floor}`);

  const maintenanceRate = place.number(row, 'maintenanceMarginRate', share);
  if (!(maintenanceRate > 0 && maintenanceRate < 1)) {
    throw place.error(['maintenanceMarginRate'], String(maintenanceRate), 'a share above 0 and below 1');
  }
  if (before !== undefined && maintenanceRate < before.maintenanceRate) {
    const expected = `at least ${before.maintenanceRate}, the rate of the tier before`;
    throw place.error(['maintenanceMarginRate'], String(maintenanceRate), expected);
  }

  const maxLeverage = place.number(row, 'maxLeverage', real);
  if (!(maxLeverage >= 1)) throw place.error(['maxLeverage'], String(maxLeverage), 'at least 1');
  if (before !== undefined && maxLeverage > before.maxLeverage) {
    const expected = `at most ${before.maxLeverage}, the leverage of the tier before`;
    throw place.error(['maxLeverage'], String(maxLeverage), expected);
  }
  // The margin leaves room for the rounding of 1 / 3 and its like.
  if (maxLeverage * maintenanceRate > 1 + 1e-6) {
    const most = Math.floor(100 / maintenanceRate) / 100;
    const expected = `at most ${most}, or initial margin is below maintenance margin (rate ${maintenanceRate})`;
    throw place.error(['maxLeverage'], String(maxLeverage), expected);
  }

  const deduction = before === undefined ? 0 : deductionAfter(before, floor, maintenanceRate);
  checkGivenDeduction(row, floor, deduction, place);
  return Object.freeze({ floor, cap, maintenanceRate, maxLeverage, deduction });
}

/** Rounded to a millionth of the quote currency, which removes the noise of the binary product. */
function deductionAfter(before: Tier, floor: number, rate: number): number {
  return Math.round((before.deduction + floor * (rate - before.maintenanceRate)) * 1e6) / 1e6;
}

function checkGivenDeduction(row: Fields, floor: number, deduction: number, place: RowPlace): void {
  const given = isFields(row.info) ? row.info.cum : undefined;
  if (given === undefined || given === null) return;
  // ccxt passes the venue's own field on, which some venues write as text.
  const cum = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  // Venues round cum to cents and rates to eight digits.
  const tolerance = 0.005 + floor * 1e-8;
  if (typeof cum !== 'number' || !(Math.abs(cum - deduction) <= tolerance)) {
    const expected = `${deduction} = cum of the tier before + minNotional · (rate − rate of the tier before)`;
    throw place.error(['info', 'cum'], asWritten(given), expected);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a row is, to name it in an error. */
class RowPlace {
  readonly #where: Where;
  readonly #path: readonly (string | number)[];
  readonly #name: string;

  constructor(where: Where, path: readonly (string | number)[], row: unknown, ordinal: number) {
    this.#where = where;
    this.#path = path;
    this.#name = `tier ${isFields(row) && typeof row.tier === 'number' ? row.tier : ordinal}`;
  }

  number(row: Fields, field: string, of: Quantity): number {
    const value = of.read(row[field]);
    if (typeof value === 'number') return value;
    const isMissing = row[field] === undefined;
    throw this.error(
      isMissing ? [] : [field],
      isMissing ? `no ${field}` : asWritten(row[field]),
      value.expected,
    );
  }

  error(inside: readonly (string | number)[], found: string, expected: string): ScenarioError {
    const named = inside.length === 0 ? found : `${inside.join('.')} ${found}`;
    return new ScenarioError({
      ...this.#where([...this.#path, ...inside]),
      found: `${named} in ${this.#name}`,
      expected,
    });
  }
}
