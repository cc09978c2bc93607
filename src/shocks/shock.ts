import type { Lots, Micros, Side, Ticks } from '../base/units.ts';
import type { Contract } from '../market/contract.ts';

/** What a shock can act on. */
export interface ShockTargets {
  readonly contract: Contract;
  readonly now: Micros;
  /** Local price now: mid, or the last trade. */
  readonly price: Ticks;
  /** Names of the feeds. */
  readonly feeds: readonly string[];
  /** Tells the user that a parameter does not fit the rest of the scenario. */
  refuse(parameter: string, expected: string): never;
  at(time: Micros, action: () => void): void;
  /** Multiplies the fundamental price for good. */
  jumpFundamental(factor: number): void;
  /** The venue publishes nothing before `until`. */
  failFeed(feed: string, until: Micros): void;
  /** That share of those who carry out liquidations answers no call before `until`. */
  failKeepers(share: number, until: Micros): void;
  /** Multiplies the makers' willingness to provide liquidity. */
  scaleAppetite(factor: number): void;
  /** A market order within the band, from an account of the shock's own; returns the lots filled. */
  trade(side: Side, lots: Lots): Lots;
}

/** Something exogenous that happens at a stated time. */
export interface Shock {
  /** `at` counts from the beginning of the run (the warm-up included). */
  start(at: Micros, targets: ShockTargets): void;
}

export interface ShockParts {
  readonly contract: Contract;
}
