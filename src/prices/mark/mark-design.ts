import type { Micros, Money, Side, Ticks } from '../../base/units.ts';
import type { Contract } from '../../market/contract.ts';

/** What a mark design may look at. A price is NaN while there is none. */
export interface MarkInputs {
  readonly now: Micros;
  readonly bid: Ticks;
  readonly ask: Ticks;
  readonly last: Ticks;
  readonly index: Ticks;
  /** Last settled funding rate for a whole interval, as a fraction. */
  readonly fundingRate: number;
  /** Time to the next funding over the funding interval, 0 … 1. */
  readonly fundingShare: number;
  /** Average price at which a market order of this notional would trade now; NaN when the book cannot fill it. */
  readonly impactPrice: (side: Side, notional: Money) => Ticks;
}

/** What a mark design is built from. */
export interface MarkParts {
  readonly contract: Contract;
  /** Time between two calls of `price`. */
  readonly every: Micros;
}

/** How the exchange prices positions. Keeps nothing but its own averages. */
export interface MarkDesign {
  /** The mark now; rounded to ticks by the caller. NaN when the sources it needs are absent: the old mark stays. */
  price(inputs: MarkInputs): number;
  /**
   * Only for a design that values longs (`BUY`) and shorts (`SELL`) differently: the mark of that side. `price` is then what everything
   * without a side refers to (bands, funding, charts). Asked after `price` with the same inputs, it changes nothing; NaN as there.
   */
  priceFor?(side: Side, inputs: MarkInputs): number;
}

/** What a design may take for the local price. In the one-sided theory it is the last trade. */
export const LOCAL_PRICES = ['mid', 'last'] as const;
export type LocalPrice = (typeof LOCAL_PRICES)[number];

/** Midpoint of the touch, or the last trade while a side of the book is empty; or the last trade itself. */
export function localPrice(inputs: MarkInputs, local: LocalPrice = 'mid'): number {
  const mid = (inputs.bid + inputs.ask) / 2;
  return local === 'mid' && mid === mid ? mid : inputs.last;
}
