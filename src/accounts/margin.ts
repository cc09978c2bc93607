import { assert } from '../base/check.ts';
import { PPM } from '../base/units.ts';
import type { Lots, Money, Ppm, Ticks } from '../base/units.ts';
import {
  LINEAR,
  lotsOfNotional,
  moneyFromQuote,
  notionalOf,
  priceOfNotional,
  valueOf,
} from '../market/contract.ts';
import type { Contract, Valuation } from '../market/contract.ts';
import { MAX_TICK } from '../market/order.ts';
import type { TierTable } from './tier-table.ts';

/**
 * What a position has to be backed by, in the contract's own units. `maintenance margin = notional · rate − deduction`, where
 * the tier goes by the notional (marginal tiers, continuous thanks to the deduction) or by the size in lots (the whole position
 * takes one rate). Either way equity less margin moves one way only when the price does, so that an account breaks at one price.
 */
export interface MarginSchedule {
  /** The contract whose positions it is for. */
  readonly contract: Contract;
  /** Tiers go by lots instead of money. */
  readonly bySize: boolean;
  /** cap[k]: largest notional (by size: number of lots) of tier k; the last is Infinity. */
  readonly cap: readonly number[];
  /** Whole but for rates like 1/30, which have a fraction of a ppm. */
  readonly rate: readonly Ppm[];
  /** All 0 where tiers go by size. */
  readonly deduction: readonly Money[];
  /** Added to the rate for each lot of the position, ppm; not 0 only where tiers go by size. */
  readonly ratePerLot: number;
  /** Largest leverage with which such a position may be opened or increased now. */
  maxLeverage(position: SizedPosition): number;
}

/** What initial margin may depend on. */
export interface SizedPosition {
  /** Of the position, unsigned. */
  readonly lots: Lots;
  readonly notional: Money;
  /** Notional of all longs of the contract. */
  readonly openInterest: Money;
}

/** What a margin rule is made from. */
export interface MarginParts {
  readonly contract: Contract;
  /** At it sizes in quote currency become lots, once and for all. */
  readonly startPrice: Ticks;
  /** Tells the user that a parameter does not fit the others. */
  readonly refuse: (parameter: string, expected: string) => never;
}

/** No rate grows beyond this: a margin above the notional would have no price at which it just holds. */
export const RATE_MAX: Ppm = 950_000;

/** Marginal tiers: `cum` keeps the margin continuous over the tiers. */
export function marginScheduleFrom(table: TierTable, contract: Contract): MarginSchedule {
  const { tiers } = table;
  assert(tiers.length > 0, 'a tier table needs a tier');
  // A position that has grown beyond the last cap by price still needs a margin.
  const cap = tiers.map((tier, k) =>
    k === tiers.length - 1 ? Infinity : moneyFromQuote(contract, tier.cap),
  );
  return {
    contract,
    bySize: false,
    cap,
    // To a millionth of a ppm: of 100M a whole ppm would be 100, and margin would jump by its rounding where a tier begins.
    rate: tiers.map((tier) => Math.round(tier.maintenanceRate * PPM * 1e6) / 1e6),
    deduction: tiers.map((tier) => moneyFromQuote(contract, tier.deduction)),
    ratePerLot: 0,
    maxLeverage: ({ notional }) => tiers[firstUpTo(cap, notional)].maxLeverage,
  };
}

/** Adds the fee of closing the whole position at the market to the maintenance margin (Bybit). */
export function withFeeToClose(schedule: MarginSchedule): MarginSchedule {
  const { takerFee } = schedule.contract;
  return {
    ...schedule,
    rate: schedule.rate.map((rate) => Math.min(rate + takerFee, Math.max(rate, RATE_MAX))),
  };
}

/** Index of the first cap that is not below `amount`. */
export function firstUpTo(cap: readonly number[], amount: number): number {
  let k = 0;
  while (amount > cap[k]) k++;
  return k;
}

/** Index of the tier that a position falls into. */
export function tierOf(schedule: MarginSchedule, notional: Money, lots: Lots): number {
  return firstUpTo(schedule.cap, schedule.bySize ? Math.abs(lots) : notional);
}

/** The most lots that fit into a tier at this mark. */
export function lotsWithinTier(schedule: MarginSchedule, tier: number, mark: Ticks): Lots {
  const cap = schedule.cap[tier];
  return Math.floor(schedule.bySize ? cap : lotsOfNotional(schedule.contract, cap, mark));
}

/** Maintenance margin of a position of this notional; money, not rounded. */
export function maintenanceMargin(schedule: MarginSchedule, notional: Money, lots: Lots): Money {
  const k = tierOf(schedule, notional, lots);
  return (notional * rateOf(schedule, k, lots)) / PPM - schedule.deduction[k];
}

function rateOf(schedule: MarginSchedule, tier: number, lots: Lots): Ppm {
  const { ratePerLot } = schedule;
  if (ratePerLot === 0) return schedule.rate[tier];
  return Math.min(Math.round(schedule.rate[tier] + ratePerLot * Math.abs(lots)), RATE_MAX);
}

/**
 * Price at which equity is zero: below it (long) or above it (short) the account is under water. Not a whole tick in general.
 * Infinity for an inverse position that no price makes or keeps solvent: a short with cash, a long without.
 */
export function bankruptcyPrice(balance: Money, lots: Lots, contract: Valuation = LINEAR): Ticks {
  return contract.isInverse ? priceOfNotional(contract, lots, Math.sign(lots) * balance) : -balance / lots;
}

/**
 * Price at which equity equals maintenance margin, not a whole tick in general. In a linear contract solves
 * `balance + q·P = |q|·P·r_k − cum_k` for the tier k that holds at the solution, which is Binance's published formula with
 * `balance = wallet − q·entry` (less the margins and plus the profits of other positions under cross margin); in an inverse one
 * `balance − q·K/P = |q|·K/P·r_k − cum_k`, `P = q·K·(1 + r) / (W + q·K/E)` for a long without deduction. Both are linear in
 * the notional, which is what is solved for.
 * Returns a value ≤ 0 for a linear long that no price breaks (collateral beyond its notional); Infinity for an inverse short
 * that no price breaks, and for an inverse long that every price breaks.
 */
export function liquidationPrice(schedule: MarginSchedule, balance: Money, lots: Lots): Ticks {
  return priceAtMarginShare(schedule, balance, lots, 1);
}

/** The price at which equity equals this share of the maintenance margin, e.g. 2/3 where a backstop steps in; else the same. */
export function priceAtMarginShare(
  schedule: MarginSchedule,
  balance: Money,
  lots: Lots,
  share: number,
): Ticks {
  const { contract, cap, deduction, bySize } = schedule;
  const size = Math.abs(lots);
  for (let k = bySize ? firstUpTo(cap, size) : 0; ; k++) {
    const rate = share * rateOf(schedule, k, lots);
    const owned = balance + share * deduction[k];
    // Equity less margin is monotone in the price, so the first tier whose own solution lies under its cap is the one.
    if (!contract.isInverse) {
      const price = owned / ((size / PPM) * rate - lots);
      if (bySize || size * price <= cap[k]) return price;
    } else {
      // In the coin a long loses its notional when the price falls to zero, and a short gains it.
      const notional = owned / (rate / PPM + Math.sign(lots));
      if (bySize || notional <= cap[k]) return priceOfNotional(contract, size, notional);
    }
  }
}

/** Whether maintenance margin is no longer covered at this mark. */
export function isDistressed(schedule: MarginSchedule, balance: Money, lots: Lots, mark: Ticks): boolean {
  const value = valueOf(schedule.contract, lots, mark);
  return balance + value <= maintenanceMargin(schedule, Math.abs(value), lots);
}

/**
 * The first whole tick at which the account is distressed: the highest for a long, the lowest for a short.
 * 0 for a linear long that never is, `MAX_TICK` for an inverse short. Exact: agrees with `isDistressed` on every tick.
 */
export function triggerPrice(schedule: MarginSchedule, balance: Money, lots: Lots): Ticks {
  const price = liquidationPrice(schedule, balance, lots);
  if (schedule.contract.isInverse) return searchedTrigger(schedule, balance, lots, price);
  const step = lots > 0 ? -1 : 1;
  let trigger = Math.max(0, lots > 0 ? Math.floor(price) : Math.ceil(price));
  // The division above may be off by a rounding; the condition itself decides.
  while (isDistressed(schedule, balance, lots, trigger - step)) trigger -= step;
  while (trigger > 0 && !isDistressed(schedule, balance, lots, trigger)) trigger += step;
  return trigger;
}

/**
 * The same by bisection from a guess: the value of few inverse lots stays the same whole number of units over many ticks, so
 * that the trigger may lie far from where the real numbers cross.
 */
function searchedTrigger(schedule: MarginSchedule, balance: Money, lots: Lots, guess: Ticks): Ticks {
  const isLong = lots > 0;
  const breaks = (tick: Ticks): boolean => isDistressed(schedule, balance, lots, tick);
  // `low` and `high` bracket the one tick after which the answer changes: a long breaks at `low` and not at `high`.
  const isLow = (tick: Ticks): boolean => tick < 1 || (tick <= MAX_TICK && breaks(tick) === isLong);
  let low = Math.min(Math.max(0, Math.floor(guess)), MAX_TICK);
  let high = low + 1;
  for (let step = 1; !isLow(low); step *= 2) [low, high] = [Math.max(0, low - step), low];
  for (let step = 1; isLow(high); step *= 2) [low, high] = [high, Math.min(high + step, MAX_TICK + 1)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isLow(middle)) low = middle;
    else high = middle;
  }
  return isLong ? low : Math.min(high, MAX_TICK);
}

/**
 * The largest balance with which a position breaks at the whole tick `trigger`: the inverse of `triggerPrice`.
 * Exact for any linear position of at least two lots (one lot is coarser than the price step it would have to tell apart), and
 * for any inverse one whose value changes by two units of money from tick to tick.
 */
export function balanceToBreakAt(schedule: MarginSchedule, lots: Lots, trigger: Ticks): Money {
  const value = valueOf(schedule.contract, lots, trigger);
  return Math.floor(maintenanceMargin(schedule, Math.abs(value), lots)) - value;
}

/** Initial margin for opening at a leverage: money, rounded up. */
export function initialMargin(notional: Money, leverage: number): Money {
  return Math.ceil(notional / leverage);
}

/**
 * Whether an account may hold a position of so many lots after opening or increasing it: equity at the mark covers the
 * initial margin. `openInterest` is that before the order.
 */
export function coversInitialMargin(
  schedule: MarginSchedule,
  { equity, mark, ...position }: { equity: Money; mark: Ticks; lots: Lots; openInterest: Money },
): boolean {
  const notional = notionalOf(schedule.contract, position.lots, mark);
  const lots = Math.abs(position.lots);
  return equity >= initialMargin(notional, schedule.maxLeverage({ ...position, lots, notional }));
}
