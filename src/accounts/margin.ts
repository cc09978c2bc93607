import { assert } from '../base/check.ts';
import { PPM } from '../base/units.ts';
import type { Lots, Money, Ppm, Ticks } from '../base/units.ts';
import { moneyFromQuote } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import type { TierTable } from './tier-table.ts';

/**
 * A tier table in the contract's own units, with marginal tiers: `maintenance margin = notional · rate − deduction`,
 * continuous over the tiers (Binance, Bybit, Hyperliquid).
 */
export interface MarginSchedule {
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

/** Price at which equity is zero: below it (long) or above it (short) the account is under water. Not a whole tick in general. */
export function bankruptcyPrice(balance: Money, lots: Lots): Ticks {
  return -balance / lots;
}

/**
 * Price at which equity equals maintenance margin, not a whole tick in general. Solves `balance + q·P = |q|·P·r_k − cum_k` for
 * the tier k that holds at the solution, which is Binance's published formula with `balance = wallet − q·entry`.
 * Returns a value ≤ 0 for a long that no price breaks (collateral beyond its notional).
 */
export function liquidationPrice(schedule: MarginSchedule, balance: Money, lots: Lots): Ticks {
  const size = Math.abs(lots);
  for (let k = 0; ; k++) {
    const price = (balance + schedule.deduction[k]) / ((size / PPM) * schedule.rate[k] - lots);
    // Equity less margin is monotone in the price, so the first tier whose own solution lies under its cap is the one.
    if (size * price <= schedule.cap[k]) return price;
  }
}

/** Whether maintenance margin is no longer covered at this mark. */
export function isDistressed(schedule: MarginSchedule, balance: Money, lots: Lots, mark: Ticks): boolean {
  return balance + lots * mark <= maintenanceMargin(schedule, Math.abs(lots) * mark);
}

/**
 * The first whole tick at which the account is distressed: the highest for a long, the lowest for a short.
 * 0 for a long that never is. Exact: agrees with `isDistressed` on every tick.
 */
export function triggerPrice(schedule: MarginSchedule, balance: Money, lots: Lots): Ticks {
  const step = lots > 0 ? -1 : 1;
  const price = liquidationPrice(schedule, balance, lots);
  let trigger = Math.max(0, lots > 0 ? Math.floor(price) : Math.ceil(price));
  // The division above may be off by a rounding; the condition itself decides.
  while (isDistressed(schedule, balance, lots, trigger - step)) trigger -= step;
  while (trigger > 0 && !isDistressed(schedule, balance, lots, trigger)) trigger += step;
  return trigger;
}

/**
 * The largest balance with which a position breaks at the whole tick `trigger`: the inverse of `triggerPrice`.
 * Exact for any position of at least two lots (one lot is coarser than the price step it would have to tell apart).
 */
export function balanceToBreakAt(schedule: MarginSchedule, lots: Lots, trigger: Ticks): Money {
  return Math.floor(maintenanceMargin(schedule, Math.abs(lots) * trigger)) - lots * trigger;
}

/** Initial margin for opening at a leverage: money, rounded up. */
export function initialMargin(notional: Money, leverage: number): Money {
  return Math.ceil(notional / leverage);
}

/** Largest leverage that the tier of this notional allows. */
export function maxLeverageAt(schedule: MarginSchedule, notional: Money): number {
  return schedule.maxLeverage[tierOf(schedule, notional)];
}
