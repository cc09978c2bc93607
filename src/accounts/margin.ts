import { assert } from '../base/check.ts';
import { PPM } from '../base/units.ts';
import type { Lots, Money, Ppm, Ticks } from '../base/units.ts';
import { LINEAR, moneyFromQuote, priceOfNotional, valueOf } from '../market/contract.ts';
import type { Contract, Valuation } from '../market/contract.ts';
import { MAX_TICK } from '../market/order.ts';
import type { TierTable } from './tier-table.ts';

/**
 * A tier table in the contract's own units, with marginal tiers: `maintenance margin = notional · rate − deduction`,
 * continuous over the tiers (Binance, Bybit, Hyperliquid).
 */
export interface MarginSchedule {
  /** The contract whose positions it is for. */
  readonly contract: Contract;
  /** cap[k]: largest notional of tier k, money; the last is Infinity. */
  readonly cap: readonly Money[];
  readonly rate: readonly Ppm[];
  readonly deduction: readonly Money[];
  readonly maxLeverage: readonly number[];
}

export function marginScheduleFrom(table: TierTable, contract: Contract): MarginSchedule {
  const { tiers } = table;
  assert(tiers.length > 0, 'a tier table needs a tier');
  return {
    contract,
    // Beyond the last cap new risk is refused, but a position that has grown there by price still needs a margin.
    cap: tiers.map((tier, k) => (k === tiers.length - 1 ? Infinity : moneyFromQuote(contract, tier.cap))),
    rate: tiers.map((tier) => Math.round(tier.maintenanceRate * PPM)),
    deduction: tiers.map((tier) => moneyFromQuote(contract, tier.deduction)),
    maxLeverage: tiers.map((tier) => tier.maxLeverage),
  };
}

/** Index of the tier that a notional falls into. */
export function tierOf(schedule: MarginSchedule, notional: Money): number {
  let k = 0;
  while (notional > schedule.cap[k]) k++;
  return k;
}

/** Maintenance margin of a position of this notional; money, not rounded. */
export function maintenanceMargin(schedule: MarginSchedule, notional: Money): Money {
  const k = tierOf(schedule, notional);
  return (notional * schedule.rate[k]) / PPM - schedule.deduction[k];
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
 * `balance = wallet − q·entry`; in an inverse one `balance − q·K/P = |q|·K/P·r_k − cum_k`, `P = q·K·(1 + r) / (W + q·K/E)` for
 * a long without deduction. Both are linear in the notional, which is what is solved for.
 * Returns a value ≤ 0 for a linear long that no price breaks (collateral beyond its notional); Infinity for an inverse short
 * that no price breaks, and for an inverse long that every price breaks.
 */
export function liquidationPrice(schedule: MarginSchedule, balance: Money, lots: Lots): Ticks {
  const { contract } = schedule;
  const size = Math.abs(lots);
  if (!contract.isInverse) {
    for (let k = 0; ; k++) {
      const price = (balance + schedule.deduction[k]) / ((size / PPM) * schedule.rate[k] - lots);
      // Equity less margin is monotone in the price, so the first tier whose own solution lies under its cap is the one.
      if (size * price <= schedule.cap[k]) return price;
    }
  }
  for (let k = 0; ; k++) {
    // In the coin a long loses its notional when the price falls to zero, and a short gains it.
    const notional = (balance + schedule.deduction[k]) / (schedule.rate[k] / PPM + Math.sign(lots));
    if (notional <= schedule.cap[k]) return priceOfNotional(contract, size, notional);
  }
}

/** Whether maintenance margin is no longer covered at this mark. */
export function isDistressed(schedule: MarginSchedule, balance: Money, lots: Lots, mark: Ticks): boolean {
  const value = valueOf(schedule.contract, lots, mark);
  return balance + value <= maintenanceMargin(schedule, Math.abs(value));
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
  return Math.floor(maintenanceMargin(schedule, Math.abs(value))) - value;
}

/** Initial margin for opening at a leverage: money, rounded up. */
export function initialMargin(notional: Money, leverage: number): Money {
  return Math.ceil(notional / leverage);
}

/** Largest leverage that the tier of this notional allows. */
export function maxLeverageAt(schedule: MarginSchedule, notional: Money): number {
  return schedule.maxLeverage[tierOf(schedule, notional)];
}
