import type { RandomStream } from '../base/random.ts';
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
  /** Those that trades move: they have a `depthPerPercent`. */
  readonly movableFeeds: readonly string[];
  /** Tells the user that a parameter does not fit the rest of the scenario. */
  refuse(parameter: string, expected: string): never;
  at(time: Micros, action: () => void): void;
  /** Multiplies the fundamental price for good. */
  jumpFundamental(factor: number): void;
  /** A stream of the shock's own. */
  readonly random: RandomStream;
  /** The populations of this contract. */
  readonly populations: readonly { readonly name: string; readonly size: number }[];
  /** Whether an insurance fund bears losses here; in a pool the providers do. */
  readonly hasFund: boolean;
  /** Somebody trades a notional in quote currency (> 0 buys) on a venue, which moves it as far as it is movable. */
  tradeOnFeed(feed: string, notional: number): void;
  /** The venue publishes nothing before `until`. */
  failFeed(feed: string, until: Micros): void;
  /** The venue publishes its last price again and again before `until`. */
  stickFeed(feed: string, until: Micros): void;
  /** Multiplies what the venue publishes from now on. */
  distortFeed(feed: string, factor: number): void;
  /** A member of a population cannot enter, change or cancel orders before `until`. */
  disconnect(population: string, member: number, until: Micros): void;
  /** Halts trading for so long. */
  halt(length: Micros): void;
  /** Multiplies maintenance rates and largest leverages of all tiers for good. */
  scaleMargins(factors: { readonly maintenance: number; readonly leverage: number }): void;
  /** Gives the insurance fund so much, quote currency. */
  topUpFund(amount: number): void;
  /** That share of those who carry out liquidations answers no call before `until`. */
  failKeepers(share: number, until: Micros): void;
  /** Multiplies the makers' willingness to provide liquidity. */
  scaleAppetite(factor: number): void;
  /** A market order within the band, from an account of the shock's own; returns the lots filled. */
  trade(side: Side, lots: Lots): Lots;
}

/** Something exogenous that happens at a stated time. */
export interface Shock {
  /** It acts on the exchange itself, which an asset that is only collateral has no part of. */
  readonly needsExchange?: boolean;
  /** `at` counts from the beginning of the run (the warm-up included). */
  start(at: Micros, targets: ShockTargets): void;
}

/** The feeds that a parameter `feed` means. */
export function feedsNamed(feed: string, targets: Pick<ShockTargets, 'feeds' | 'refuse'>): readonly string[] {
  const named = targets.feeds.filter((name) => feed === 'all' || name === feed);
  if (named.length === 0) targets.refuse('feed', `all, or one of ${targets.feeds.join(', ')}`);
  return named;
}

export interface ShockParts {
  readonly contract: Contract;
}
