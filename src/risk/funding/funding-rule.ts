import type { Micros, Money, Side, Ticks } from '../../base/units.ts';
import type { Contract } from '../../market/contract.ts';

export interface FundingInputs {
  readonly index: Ticks;
  readonly impactPrice: (side: Side, notional: Money) => Ticks;
}

export interface FundingParts {
  readonly contract: Contract;
}

/** What longs pay to shorts, and when. */
export interface FundingRule {
  /** Time between two payments; Infinity for none. */
  readonly interval: Micros;
  /** Time between two samples of the premium. */
  readonly sampleEvery: Micros;
  sample(inputs: FundingInputs): void;
  /** Rate for the interval that ends now, as a fraction of the notional; starts the next interval. */
  settle(): number;
}
