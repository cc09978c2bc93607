import type { Micros, Side, Ticks } from '../../base/units.ts';
import { localPrice } from '../mark/mark-design.ts';

/** The prices that limits are reckoned from, as they are now; NaN while there is none. */
export interface LimitPrices {
  readonly now: Micros;
  readonly bid: Ticks;
  readonly ask: Ticks;
  readonly last: Ticks;
  readonly mark: Ticks;
  readonly index: Ticks;
}

/** How far from the market an exchange takes orders at all. */
export interface PriceLimits {
  /** A new mark has been taken. */
  observe?(prices: LimitPrices): void;
  /**
   * The highest price of a buy (`side` +1), the lowest of a sell (−1): no whole tick in general; NaN while it is not known, which limits
   * nothing. A rule without it has no limits.
   */
  limit?(side: Side, prices: LimitPrices): Ticks;
}

/** What becomes of an order beyond the limit that would rest. */
export const BEYOND_LIMIT = ['refuse', 'cut'] as const;
export type BeyondLimit = (typeof BEYOND_LIMIT)[number];

export interface PriceLimitParts {
  /** Time between two marks, and so between two observations. */
  readonly every: Micros;
}

/** Of two prices the one that allows an order of this side less. */
export function stricter(side: Side, a: Ticks, b: Ticks): Ticks {
  return side * Math.min(side * a, side * b);
}

/** Of two prices the one that allows an order of this side more. */
export function laxer(side: Side, a: Ticks, b: Ticks): Ticks {
  return side * Math.max(side * a, side * b);
}

/** The local price over another one; NaN while either is missing. */
export function premiumOver(reference: Ticks, prices: LimitPrices): number {
  return localPrice(prices) - reference;
}
