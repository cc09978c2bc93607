import type { Lots, Micros, Money, Side, Ticks } from '../../base/units.ts';
import type { Contract } from '../../market/contract.ts';

export interface FundingInputs {
  readonly index: Ticks;
  readonly mark: Ticks;
  /** Midpoint of the touch; NaN while a side of the book is empty. */
  readonly mid: Ticks;
  readonly impactPrice: (side: Side, notional: Money) => Ticks;
  /** What traders hold on either side now, both positive. Equal on a book, where every contract has a buyer and a seller. */
  readonly openInterest: () => { readonly long: Lots; readonly short: Lots };
}

export interface FundingParts {
  readonly contract: Contract;
}

/** Prices that the notional of a payment may be reckoned at. */
export const NOTIONAL_PRICES = ['mark', 'index'] as const;
export type NotionalPrice = (typeof NOTIONAL_PRICES)[number];

/** What longs pay to shorts, and when. */
export interface FundingRule {
  /** Time between two payments; Infinity for none. */
  readonly interval: Micros;
  /** Time between two samples of the premium. */
  readonly sampleEvery: Micros;
  /** Price of the notional that the rate is paid on. */
  readonly notional: NotionalPrice;
  /**
   * Who receives: everybody on the other side at the same rate (`alike`), or everybody on the other side in proportion to size
   * what was collected, at `rate · the larger side` (`larger-side`, for sides that need not be equal).
   */
  readonly split: 'alike' | 'larger-side';
  sample(inputs: FundingInputs): void;
  /** Rate for the interval that ends now, as a fraction of the notional; starts the next interval. */
  settle(): number;
  /** Rate of the interval that runs, where it was fixed before; else absent. */
  fixed?(): number;
}
