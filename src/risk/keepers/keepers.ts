import type { AccountId } from '../../accounts/ledger.ts';
import type { RandomSource } from '../../base/random.ts';
import type { Micros, Money } from '../../base/units.ts';
import type { Contract } from '../../market/contract.ts';

/** Number of a keeper within its scenario, from 0; what it stands for is up to the variant. */
export type KeeperId = number;

/** An account has to be wound up, by one more step. */
export interface Claim {
  readonly account: AccountId;
  /** When the claim is made: at the mark that broke the account, after each step, and after a refusal. */
  readonly now: Micros;
  /** The policy wants no step before this time. Never before `now`. */
  readonly notBefore: Micros;
  /** Steps carried out so far in this liquidation: 0 when the account has just broken. */
  readonly steps: number;
  /** Value of the whole position at the mark. */
  readonly notional: Money;
  /** At the mark; may be negative. */
  readonly equity: Money;
}

/** Who takes the step and when; or nobody yet: the claim is made again at `until`, which lies after `now`. */
export type Answer =
  | { readonly kind: 'acts'; readonly keeper: KeeperId; readonly at: Micros }
  | { readonly kind: 'refused'; readonly until: Micros };

/** A step that a keeper carried out. */
export interface Work {
  readonly keeper: KeeperId;
  readonly account: AccountId;
  readonly now: Micros;
  /** Value of what the step closed, at the prices it closed at; 0 when it found nobody. */
  readonly value: Money;
}

/**
 * Who carries out liquidations, and when: the exchange's own engine, validators once a block, whitelisted keepers, or a race.
 * The liquidation engine asks before every step and does nothing on its own: latency, capacity per block, outages, thresholds of
 * profit and who wins are all decided here. What a step does is decided by the policy, who pays by the waterfall.
 *
 * An answer is a promise: a variant that has room for k steps a block books one of them when it answers. The engine looks
 * again whether margin holds when the time has come, so a promised step may turn out not to be needed.
 *
 * Randomness comes from the streams in `KeeperParts` only.
 */
export interface Keepers {
  claim(claim: Claim): Answer;
  /**
   * What the keeper is owed for a step, asked once after each that was carried out. It is paid as far as there is something
   * to pay it from, and leaves the exchange. Without it keepers work for nothing.
   */
  reward?(work: Work): Money;
  /** Who owes it: the account, as far as its equity lasts (unless said otherwise), or the fund. */
  readonly rewardFrom?: 'account' | 'fund';
  /** What the step cost the keeper outside the exchange: fees, bids. Asked once after the reward is `paid`. */
  cost?(work: Work & { readonly paid: Money }): Money;
  /** That share of the keepers (rounded up, the first by number) answers no claim before `until`; what they have promised they do. */
  fail(share: number, until: Micros): void;
}

export interface KeeperParts {
  readonly contract: Contract;
  /** `exchange.liquidation.latency`. */
  readonly latency: Micros;
  /** Named streams of the keepers. */
  readonly random: RandomSource;
}
