import type { Micros, Money, Side, Ticks } from '../../base/units.ts';
import type { Contract } from '../../market/contract.ts';
import type { PriceSource } from '../price-source.ts';

/** What a mark design may look at. A price is NaN while there is none. */
export interface MarkInputs {
  readonly now: Micros;
  readonly bid: Ticks;
  readonly ask: Ticks;
  readonly last: Ticks;
  /** When that trade was. */
  readonly lastAt: Micros;
  readonly index: Ticks;
  /** Last settled funding rate for a whole interval, as a fraction. */
  readonly fundingRate: number;
  /** Time to the next funding over the funding interval, 0 … 1. */
  readonly fundingShare: number;
  /** Average price at which a market order of this notional would trade now; NaN when the book cannot fill it. */
  readonly impactPrice: (side: Side, notional: Money) => Ticks;
  /** Best prices weighted by the lots on the other side. */
  readonly microprice: () => Ticks;
  /** What each venue outside last sent, by name of the feed. */
  readonly sources: Readonly<Partial<Record<string, PriceSource>>>;
}

/** What a mark design is built from. */
export interface MarkParts {
  readonly contract: Contract;
  /** Time between two calls of `price`. */
  readonly every: Micros;
  /** Names of the feeds: the keys of `MarkInputs.sources`. */
  readonly feeds: readonly string[];
  /** Tells the user that a parameter does not fit the rest of the scenario; the path begins with the name of the parameter. */
  readonly refuse: (
    path: readonly string[],
    expected: string,
    more?: { readonly isKey: boolean; readonly known: readonly string[] },
  ) => never;
}

/** How the exchange prices positions. Keeps nothing but its own averages. */
export interface MarkDesign {
  /** The mark now; rounded to ticks by the caller. NaN when the sources it needs are absent: the old mark stays. */
  price(inputs: MarkInputs): number;
  /**
   * Only for a design that values longs (`BUY`) and shorts (`SELL`) differently: the mark of that side. `price` is then
   * what everything without a side refers to (bands, funding, charts). Asked after `price` with the same inputs, it
   * changes nothing; NaN as there.
   */
  priceFor?(side: Side, inputs: MarkInputs): number;
}

/** A design without a memory whose longs are valued at the lower of two prices, its shorts at the higher; for the rest, half way. */
export function againstTheTrader(
  prices: (inputs: MarkInputs) => { readonly low: number; readonly high: number },
): MarkDesign {
  return {
    price(inputs) {
      const { low, high } = prices(inputs);
      return (low + high) / 2;
    },
    priceFor(side, inputs) {
      const { low, high } = prices(inputs);
      return side > 0 ? low : high;
    },
  };
}

/** What a design may take for the local price. In the one-sided theory it is the last trade. */
export const LOCAL_PRICES = ['mid', 'last'] as const;
export type LocalPrice = (typeof LOCAL_PRICES)[number];

/** Midpoint of the touch, or the last trade while a side of the book is empty; or the last trade itself. */
export function localPrice(
  inputs: Pick<MarkInputs, 'bid' | 'ask' | 'last'>,
  local: LocalPrice = 'mid',
): number {
  const mid = (inputs.bid + inputs.ask) / 2;
  return local === 'mid' && mid === mid ? mid : inputs.last;
}
