import { exp, ln } from '../base/pinned-math.ts';
import { BUY } from '../base/units.ts';
import type { Lots, Micros, Money, Ppm, Side, Ticks } from '../base/units.ts';

/**
 * Pure rules of a pool that takes the other side of every trade at an oracle's price (GMX V1 and V2).
 * Nothing here changes anything: `risk/pool.ts` carries it out.
 *
 * Sources: gmx-io/gmx-synthetics `contracts/pricing/PricingUtils.sol`, `contracts/market/MarketUtils.sol`, `config/markets.ts`
 * (a5c0c883, 2026-03-13); gmx-io/gmx-contracts `contracts/core/Vault.sol` (fe55c4ba, 2025-07-21).
 */

/** Everything that is settled about a pool before a run; money in the contract's own units. */
export interface PoolRules {
  /** Value of what the providers put in, at the price when the run begins. */
  readonly deposit: Money;
  /** Part of it held in the asset that the contract is on; the rest is quote currency. */
  readonly assetShare: number;
  readonly impact: ImpactRule;
  readonly borrow: BorrowRule & { readonly every: Micros };
  readonly fee: {
    /** On trades that bring long and short open interest closer together, and on the others. */
    readonly improving: Ppm;
    readonly worsening: Ppm;
    /** Part of all fees that stays with the providers. */
    readonly toPool: number;
  };
  /** What the pool pays for the report of an account whose collateral it keeps. */
  readonly keeperFee: Money;
  /** Largest open interest of a side; binds new positions only. */
  readonly maxOpenInterest: Money;
  /** Largest reserve of a side over what backs it; binds new positions only. */
  readonly reserveFactor: number;
  /** Pending profit of a side over what backs it: from `above` on, positions in profit are closed, never below `downTo`. */
  readonly deleverage: { readonly above: number; readonly downTo: number; readonly latency: Micros };
  /** Profits are paid up to this share of what backs their side. */
  readonly profitCap: number;
  /** Age from which an oracle price no longer trades. */
  readonly maxAge: Micros;
}

/** The oracle's two signed prices of a moment, `min ≤ max`. Equal for an oracle that publishes one. */
export interface OraclePrices {
  readonly min: Ticks;
  readonly max: Ticks;
}

/** What the traders of one side hold against the pool. */
export interface PoolSide {
  /** Sum of their positions, not negative. */
  readonly lots: Lots;
  /** What these were entered for: the venue's open interest of that side. */
  readonly cost: Money;
}

/** Before its own price impact, a purchase trades at the upper price and a sale at the lower one. */
export function oraclePrice(side: Side, prices: OraclePrices): Ticks {
  return side === BUY ? prices.max : prices.min;
}

/** Profit that the traders of a side could take out at `price`, their losses set off; negative when they lose together. */
export function pendingProfit(side: Side, { lots, cost }: PoolSide, price: Ticks): Money {
  return side * (lots * price - cost);
}

/**
 * What the pool must be able to pay a side: for longs, whose profit has no bound, the asset they are long of; for shorts
 * what they sold for, which is all they can win.
 */
export function reservedValue(side: Side, { lots, cost }: PoolSide, price: Ticks): Money {
  return side === BUY ? lots * price : cost;
}

/** Price impact as the pool charges it: by how much a trade changes the distance between long and short open interest. */
export interface ImpactRule {
  readonly exponent: number;
  /** Money per money^exponent, for trades that bring the sides closer together. */
  readonly improving: number;
  /** The same for trades that take them further apart. Not below `improving`, or round trips would pay. */
  readonly worsening: number;
  /** Largest impact in the trader's favour, as a fraction of the notional traded. */
  readonly capImproving: number;
  /** Largest impact against the trader, as a fraction of the notional traded. */
  readonly capWorsening: number;
}

export interface OpenInterest {
  readonly long: Money;
  readonly short: Money;
}

/**
 * Impact of a trade that takes the open interest from `before` to `after`, money, > 0 in the trader's favour; not capped,
 * not rounded. With the skew `d = |long − short|`:
 * `½ · f · (d₀^e − d₁^e)` on the same side of balance, f the improving or worsening factor by the sign;
 * `½ · (f₊ · d₀^e − f₋ · d₁^e)` when the trade turns the skew round.
 */
export function priceImpact(rule: ImpactRule, before: OpenInterest, after: OpenInterest): Money {
  const from = power(Math.abs(before.long - before.short), rule.exponent);
  const to = power(Math.abs(after.long - after.short), rule.exponent);
  const turns = before.long <= before.short !== after.long <= after.short;
  if (turns) return (rule.improving * from - rule.worsening * to) / 2;
  return ((to < from ? rule.improving : rule.worsening) * (from - to)) / 2;
}

/**
 * The impact that is really charged, whole money rounded against the trader: within the caps, and paid out only from
 * what earlier trades were charged.
 */
export function cappedImpact(
  rule: ImpactRule,
  impact: Money,
  { notional, impactPool }: { readonly notional: Money; readonly impactPool: Money },
): Money {
  const most = Math.min(rule.capImproving * notional, impactPool);
  return Math.floor(Math.min(Math.max(impact, -rule.capWorsening * notional), most));
}

/** x^e for x ≥ 0, with the same bits on every machine. */
export function power(x: number, e: number): number {
  if (x === 0) return 0;
  return e === 1 ? x : e === 2 ? x * x : exp(e * ln(x));
}

/** What a side pays the pool for the capital that it keeps from others. */
export interface BorrowRule {
  /** Fraction of the open interest per interval at full utilisation, up to the optimum. */
  readonly rate: number;
  /** Utilisation above which the slope changes; 1 for never. */
  readonly optimalUtilisation: number;
  /** The rate at full utilisation once the optimum is exceeded. */
  readonly rateAboveOptimal: number;
}

/**
 * `rate · u` up to the optimum (GMX V1: 0.01 % an hour), and `+ (rate above − rate) · (u − optimal) / (1 − optimal)` beyond it
 * (GMX V2's kink). Utilisation beyond 1, possible with reserve factors above 1, goes on along the same line.
 */
export function borrowRate(rule: BorrowRule, utilisation: number): number {
  const { rate, optimalUtilisation, rateAboveOptimal } = rule;
  const excess = Math.max(0, utilisation - optimalUtilisation);
  if (excess === 0 || optimalUtilisation >= 1) return rate * utilisation;
  return rate * utilisation + ((rateAboveOptimal - rate) * excess) / (1 - optimalUtilisation);
}

/**
 * Part of a profit that is paid: pending profits of a side beyond `cap` of what backs them are cut in proportion
 * (GMX V2 `maxPnlFactorForTraders`). Whole money, rounded down.
 */
export function payableProfit(
  profit: Money,
  { pending, backing, cap }: { readonly pending: Money; readonly backing: Money; readonly cap: number },
): Money {
  const most = cap * Math.max(0, backing);
  return profit > 0 && pending > most ? Math.floor((profit * most) / pending) : profit;
}
