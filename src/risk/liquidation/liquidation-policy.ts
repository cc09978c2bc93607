import type { MarginSchedule } from '../../accounts/margin.ts';
import type { Lots, Micros, Money, Ppm, Side, Ticks } from '../../base/units.ts';
import { priceBeforeFee } from '../../market/contract.ts';
import type { Valuation } from '../../market/contract.ts';
import type { TimeInForce } from '../../market/order.ts';

/** An account whose maintenance margin is no longer covered. */
export interface Distressed {
  /** Signed position; never 0 here. */
  readonly lots: Lots;
  readonly balance: Money;
  readonly equity: Money;
  readonly bankruptcyPrice: Ticks;
  /** Orders sent so far in this liquidation. */
  readonly orders: number;
  /** Lots filled by the step before this one; NaN when that was no order. */
  readonly lastFilled: Lots;
}

/** What a policy may know of the market. */
export interface LiquidationView {
  readonly now: Micros;
  readonly mark: Ticks;
  readonly schedule: MarginSchedule;
  /** Charged on what a liquidation order fills, as far as equity lasts. */
  readonly liquidationFee: Ppm;
  /** Charged on it by the exchange besides, whether equity lasts or not. */
  readonly takerFee: Ppm;
  /** Worst price at which the exchange lets an order of this side trade now. */
  bandLimit(side: Side): Ticks;
  /** Average price of a market order of this size now; NaN when the book cannot fill it. */
  averagePrice(side: Side, lots: Lots): Ticks;
  /** What the insurance fund could lose before it is empty. */
  fundHeadroom(): Money;
}

/** The next thing to do with a distressed account. `limit` is a price, `lots` is positive. */
export type Step =
  | { readonly kind: 'wait'; readonly until: Micros }
  | {
      readonly kind: 'order';
      readonly lots: Lots;
      readonly limit: Ticks;
      readonly timeInForce: LiquidationTimeInForce;
    }
  /** The insurance fund takes the rest of the position and of the collateral: a closing at the bankruptcy price. */
  | { readonly kind: 'take-over' }
  /** The rest is closed against winning accounts at the bankruptcy price. */
  | { readonly kind: 'deleverage' };

export type LiquidationTimeInForce = typeof TimeInForce.IOC | typeof TimeInForce.FOK;

/**
 * A rule for winding up a distressed account. A pure decision: the engine carries the step out, lets the engine latency pass,
 * looks whether margin holds again, and asks anew.
 */
export interface LiquidationPolicy {
  next(account: Distressed, market: LiquidationView): Step;
}

/** The side of the order that closes a position. */
export function closingSide(lots: Lots): Side {
  return lots > 0 ? -1 : 1;
}

/** The last whole tick at which closing does not eat into somebody else's money. */
export function bankruptcyLimit(account: Distressed): Ticks {
  return account.lots > 0 ? Math.ceil(account.bankruptcyPrice) : Math.floor(account.bankruptcyPrice);
}

/** The last whole tick at which an order of this side, its trading fee included, trades no worse than `price`. */
export function limitAfterFee(side: Side, price: Ticks, takerFee: Ppm, contract: Valuation): Ticks {
  const traded = priceBeforeFee(contract, side, price, takerFee);
  return side === 1 ? Math.floor(traded) : Math.ceil(traded);
}

/** Of two limits for an order of this side, the one that concedes less. */
export function stricter(side: Side, a: Ticks, b: Ticks): Ticks {
  return side === 1 ? Math.min(a, b) : Math.max(a, b);
}

/** The fund takes the position if it can bear its loss at the mark; else winners are deleveraged. */
export function takeOverOrDeleverage(account: Distressed, market: LiquidationView): Step {
  return account.equity + market.fundHeadroom() >= 0 ? { kind: 'take-over' } : { kind: 'deleverage' };
}
