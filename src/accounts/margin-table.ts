import { ScenarioError } from '../base/check.ts';
import { asWritten, count, money, real, share, type Quantity } from '../base/quantities.ts';
import { tierTableFrom, type TierTable, type Where } from './tier-table.ts';

/** Where a table is from, and how much it is worth. */
interface Head {
  /** Name of the contract or group of contracts as the venue writes it. */
  readonly symbol: string;
  readonly about: string;
  readonly source: string;
  readonly asOf: string;
  readonly confidence: string;
  /** Currency of the amounts; empty when the file does not say. */
  readonly currency: string;
  /** The contracts a table of a group holds for; empty when it is for one. */
  readonly members: readonly string[];
  /** Price at which the maintenance margin of an isolated position is reckoned. */
  readonly isolatedMarginAt: 'mark' | 'entry';
}

/** One tier of a table where the whole position takes the rates of the tier it falls into. */
export interface WholePositionTier {
  /** The tier holds for sizes above `floor` up to and including `cap`. */
  readonly floor: number;
  readonly cap: number;
  readonly maintenanceRate: number;
  /** 1 / maxLeverage where the table does not say. */
  readonly initialRate: number;
  readonly maxLeverage: number;
}

/** `maintenance margin = notional · rate − deduction`, continuous from tier to tier. */
export type MarginalTiers = Head & { readonly rule: 'marginal-tiers'; readonly table: TierTable };

/** The rate of the tier on the whole position; margin jumps from tier to tier. */
export type WholePositionTiers = Head & {
  readonly rule: 'whole-position-tiers';
  /** What `floor`, `cap` and `step.size` count: contracts of `contractSize` coins, or notional in `currency`. */
  readonly sizedBy: 'contracts' | 'notional';
  /** Coins a contract; NaN when sizes are notional. */
  readonly contractSize: number;
  readonly tiers: readonly WholePositionTier[];
  /** Beyond the last tier: each further `size`, begun or whole, adds to both rates. */
  readonly step?: { readonly size: number; readonly maintenanceRate: number; readonly initialRate: number };
};

/** Both rates grow by `slopePerCoin` with each coin of the position. */
export type LinearInSize = Head & {
  readonly rule: 'linear-in-size';
  readonly baseInitialMargin: number;
  readonly baseMaintenanceMargin: number;
  readonly slopePerCoin: number;
};

/**
 * Initial margin `min(1, f + (1 − f) · clamp((OI − lower) / (upper − lower), 0, 1))`; maintenance margin `f · maintenanceFraction`,
 * whatever the open interest. Both caps 0: no scaling.
 */
export type OiScaled = Head & {
  readonly rule: 'oi-scaled';
  readonly initialMarginFraction: number;
  readonly maintenanceFraction: number;
  readonly openInterestLowerCap: number;
  readonly openInterestUpperCap: number;
  readonly impactNotional: number;
};

/** To open: collateral / size at least `max(minCollateralFactor, OI of the side · multiplier)`. To stay open: a fixed factor. */
export type OiFactor = Head & {
  readonly rule: 'oi-factor';
  readonly minCollateralFactor: number;
  readonly minCollateralFactorForLiquidation: number;
  readonly openInterestMultiplier: number;
  readonly maxOpenInterestPerSide: number;
  readonly liquidationFee: number;
  readonly minCollateral: number;
};

/**
 * Closed when collateral less losses is below `size / maxLeverage`, and, with nothing given back, below `marginFee` of the size and
 * `liquidationFee` together.
 */
export type TwoThresholds = Head & {
  readonly rule: 'two-thresholds';
  readonly marginFee: number;
  readonly liquidationFee: number;
  readonly maxLeverage: number;
};

/** What is known of a table whose other rows nobody kept. No run can use it. */
export type Fragment = Head & {
  readonly rule: 'fragment';
  readonly known: readonly Readonly<Record<string, unknown>>[];
};

/** A table of margin of any rule, checked. Rates are fractions. */
export type MarginTable =
  MarginalTiers | WholePositionTiers | LinearInSize | OiScaled | OiFactor | TwoThresholds | Fragment;

/**
 * Reads a table of any rule. Its `rule` says which; without one it is ccxt's leverage tiers (`tierTableFrom`).
 * Throws `ScenarioError` naming the row and the field.
 */
export function marginTableFrom(json: unknown, where: Where): MarginTable {
  const fields = isFields(json) ? json : {};
  const rule = fields.rule ?? 'marginal-tiers';
  const reader = typeof rule === 'string' && Object.hasOwn(READERS, rule) ? READERS[rule as Rule] : undefined;
  if (reader === undefined) {
    const expected = `one of ${Object.keys(READERS).join(', ')}`;
    throw new ScenarioError({ ...where(['rule']), found: `rule ${asWritten(rule)}`, expected });
  }
  return Object.freeze({ ...headOf(fields), ...reader(json, fields, where) });
}

type Rule = MarginTable['rule'];
/** What a rule adds to the head. */
type Body<Table> = Table extends Head ? Omit<Table, keyof Head> : never;
type Reader<Table> = (json: unknown, fields: Fields, where: Where) => Body<Table>;

const READERS: { readonly [R in Rule]: Reader<Extract<MarginTable, { rule: R }>> } = {
  'marginal-tiers': (json, _fields, where) => ({
    rule: 'marginal-tiers',
    table: tierTableFrom(json, where),
  }),
  'whole-position-tiers': (_json, fields, where) => wholePositionTiers(fields, where),
  'linear-in-size': (_json, fields, where) => {
    const of = new Place(where, [], fields);
    const baseMaintenanceMargin = of.rate('baseMaintenanceMargin');
    const baseInitialMargin = of.rate('baseInitialMargin');
    of.atLeast('baseInitialMargin', baseInitialMargin, baseMaintenanceMargin, 'baseMaintenanceMargin');
    return {
      rule: 'linear-in-size',
      baseInitialMargin,
      baseMaintenanceMargin,
      slopePerCoin: of.positive('slopePerCoin', real),
    };
  },
  'oi-scaled': (_json, fields, where) => {
    const of = new Place(where, [], fields);
    const openInterestLowerCap = of.notNegative('openInterestLowerCap', money);
    const openInterestUpperCap = of.notNegative('openInterestUpperCap', money);
    of.atLeast('openInterestUpperCap', openInterestUpperCap, openInterestLowerCap, 'openInterestLowerCap');
    return {
      rule: 'oi-scaled',
      initialMarginFraction: of.rate('initialMarginFraction'),
      maintenanceFraction: of.rate('maintenanceFraction'),
      openInterestLowerCap,
      openInterestUpperCap,
      impactNotional: of.positive('impactNotional', money),
    };
  },
  'oi-factor': (_json, fields, where) => {
    const of = new Place(where, [], fields);
    return {
      rule: 'oi-factor',
      minCollateralFactor: of.rate('minCollateralFactor'),
      minCollateralFactorForLiquidation: of.rate('minCollateralFactorForLiquidation'),
      openInterestMultiplier: of.notNegative('openInterestMultiplier', real),
      maxOpenInterestPerSide: of.positive('maxOpenInterestPerSide', money),
      liquidationFee: of.notNegative('liquidationFee', share),
      minCollateral: of.notNegative('minCollateral', money),
    };
  },
  'two-thresholds': (_json, fields, where) => {
    const of = new Place(where, [], fields);
    return {
      rule: 'two-thresholds',
      marginFee: of.notNegative('marginFee', share),
      liquidationFee: of.notNegative('liquidationFee', money),
      maxLeverage: of.positive('maxLeverage', real),
    };
  },
  fragment: (_json, fields, where) => {
    const rows = rowsOf(fields, 'known', where);
    return { rule: 'fragment', known: rows.map((row, i) => mapOf(row, where, ['known', i], `row ${i + 1}`)) };
  },
};

function wholePositionTiers(fields: Fields, where: Where): Body<WholePositionTiers> {
  const rows = rowsOf(fields, 'tiers', where);
  const first = rows[0];
  const sizedBy = isFields(first) && 'minContracts' in first ? 'contracts' : 'notional';
  const unit = sizedBy === 'contracts' ? count : money;
  const suffix = sizedBy === 'contracts' ? 'Contracts' : 'Notional';
  const tiers: WholePositionTier[] = [];
  for (const [i, row] of rows.entries()) {
    const of = new Place(where, ['tiers', i], mapOf(row, where, ['tiers', i], `tier ${i + 1}`), i + 1);
    const before = tiers.at(-1);
    const floor = of.number(`min${suffix}`, unit);
    const end = before?.cap ?? 0;
    if (floor !== end) {
      const fault = floor > end ? 'a gap' : 'an overlap';
      const expected = before === undefined ? '0 in the first tier' : `${end}, where the tier before ends`;
      throw of.error(`min${suffix}`, `${floor} (${fault})`, expected);
    }
    const cap = of.number(`max${suffix}`, unit);
    if (!(cap > floor)) throw of.error(`max${suffix}`, String(cap), `more than min${suffix}, ${floor}`);
    const maintenanceRate = of.rate('maintenanceMarginRate');
    const maxLeverage = of.number('maxLeverage', real);
    if (!(maxLeverage >= 1)) throw of.error('maxLeverage', String(maxLeverage), 'at least 1');
    const initialRate = of.has('initialMarginRate') ? of.rate('initialMarginRate') : 1 / maxLeverage;
    of.atLeast('initialMarginRate', initialRate, maintenanceRate, 'maintenanceMarginRate');
    if (before !== undefined) {
      const tier = 'of the tier before';
      of.atLeast('maintenanceMarginRate', maintenanceRate, before.maintenanceRate, `the rate ${tier}`);
      of.atLeast('initialMarginRate', initialRate, before.initialRate, `the rate ${tier}`);
      if (maxLeverage > before.maxLeverage) {
        throw of.error(
          'maxLeverage',
          String(maxLeverage),
          `at most ${before.maxLeverage}, the leverage ${tier}`,
        );
      }
    }
    tiers.push(Object.freeze({ floor, cap, maintenanceRate, initialRate, maxLeverage }));
  }
  const contractSize =
    sizedBy === 'contracts' ? new Place(where, [], fields).positive('contractSize', real) : NaN;
  const body = { rule: 'whole-position-tiers', sizedBy, contractSize, tiers } as const;
  if (fields.step === undefined) return body;
  const of = new Place(where, ['step'], mapOf(fields.step, where, ['step'], 'step'));
  return {
    ...body,
    step: {
      size: of.positive(sizedBy, unit),
      maintenanceRate: of.rate('maintenanceMarginRate'),
      initialRate: of.rate('initialMarginRate'),
    },
  };
}

function headOf(fields: Fields): Head {
  const label = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const rows = fields.tiers;
  const first: unknown = Array.isArray(rows) ? rows[0] : undefined;
  return {
    symbol: label(fields.symbol),
    about: label(fields.about),
    source: label(fields.source),
    asOf: label(fields.asOf),
    confidence: label(fields.confidence),
    // ccxt says the currency in every row.
    currency: label(fields.currency ?? (isFields(first) ? first.currency : undefined)),
    members: Array.isArray(fields.members) ? fields.members.map(label) : [],
    isolatedMarginAt: fields.isolatedMarginAt === 'entry' ? 'entry' : 'mark',
  };
}

function rowsOf(fields: Fields, key: string, where: Where): readonly unknown[] {
  const rows = fields[key];
  if (Array.isArray(rows) && rows.length > 0) return rows;
  throw new ScenarioError({
    ...where(key in fields ? [key] : []),
    found: Array.isArray(rows) ? 'an empty list' : rows === undefined ? `no ${key}` : asWritten(rows),
    expected: 'a list of margin tiers',
  });
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(value: unknown, where: Where, path: readonly (string | number)[], name: string): Fields {
  if (isFields(value)) return value;
  throw new ScenarioError({ ...where(path), found: `${asWritten(value)} in ${name}`, expected: 'a map' });
}

/** A map inside the table, with the name of its row for errors. */
class Place {
  readonly #where: Where;
  readonly #path: readonly (string | number)[];
  readonly #fields: Fields;
  readonly #name: string;

  constructor(where: Where, path: readonly (string | number)[], fields: Fields, ordinal?: number) {
    this.#where = where;
    this.#path = path;
    this.#fields = fields;
    const tier = typeof fields.tier === 'number' ? fields.tier : ordinal;
    this.#name = tier === undefined ? '' : ` in tier ${tier}`;
  }

  has(field: string): boolean {
    return this.#fields[field] !== undefined;
  }

  number(field: string, of: Quantity): number {
    const value = of.read(this.#fields[field]);
    if (typeof value === 'number') return value;
    const written = this.#fields[field];
    throw this.error(field, written === undefined ? 'missing' : asWritten(written), value.expected);
  }

  rate(field: string): number {
    const value = this.number(field, share);
    if (value > 0 && value <= 1) return value;
    throw this.error(field, String(value), 'a share above 0 and at most 1');
  }

  positive(field: string, of: Quantity): number {
    const value = this.number(field, of);
    if (value > 0) return value;
    throw this.error(field, String(value), 'more than 0');
  }

  notNegative(field: string, of: Quantity): number {
    const value = this.number(field, of);
    if (value >= 0) return value;
    throw this.error(field, String(value), 'at least 0');
  }

  atLeast(field: string, value: number, least: number, what: string): void {
    if (!(value >= least)) throw this.error(field, String(value), `at least ${least}, ${what}`);
  }

  error(field: string, found: string, expected: string): ScenarioError {
    const path = this.has(field) ? [...this.#path, field] : this.#path;
    return new ScenarioError({ ...this.#where(path), found: `${field} ${found}${this.#name}`, expected });
  }
}
