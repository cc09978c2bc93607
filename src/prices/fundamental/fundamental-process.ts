import type { RandomStream } from '../../base/random.ts';
import type { Micros } from '../../base/units.ts';

/** What a fundamental process is built from. */
export interface FundamentalParts {
  readonly random: RandomStream;
}

/** The exogenous reference price, as a factor on the price at the start. */
export interface FundamentalProcess {
  /** Growth factor over the next `elapsed` microseconds. Called once a step, in order. */
  grow(elapsed: Micros): number;
}
