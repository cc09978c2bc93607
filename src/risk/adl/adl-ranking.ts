import type { AccountId } from '../../accounts/ledger.ts';
import type { Lots, Money } from '../../base/units.ts';

/** An account on the other side that may be deleveraged. */
export interface Opponent {
  readonly account: AccountId;
  /** Size of its position, positive. */
  readonly lots: Lots;
  readonly unrealisedPnl: Money;
  readonly wallet: Money;
  readonly equity: Money;
  readonly notional: Money;
  readonly maintenance: Money;
}

/** What one opponent gives up: lots of its position, positive. */
export interface Allocation {
  readonly account: AccountId;
  readonly lots: Lots;
}

/** A rule that says who is deleveraged, and by how much. */
export interface AdlRanking {
  /**
   * Shares out `lots` over the opponents (given in order of account number): no more than needed, no more than each one holds,
   * and all of it if they hold that much.
   */
  allocate(lots: Lots, opponents: readonly Opponent[]): Allocation[];
}

/** Takes from the highest score down; equal scores in order of account number. */
export function fromTheTop(
  lots: Lots,
  opponents: readonly Opponent[],
  score: (opponent: Opponent) => number,
): Allocation[] {
  const ranked = opponents
    .map((opponent) => ({ opponent, score: score(opponent) }))
    .sort((a, b) => b.score - a.score || a.opponent.account - b.opponent.account);
  const allocation: Allocation[] = [];
  let rest = lots;
  for (const { opponent } of ranked) {
    if (rest === 0) break;
    const taken = Math.min(rest, opponent.lots);
    allocation.push({ account: opponent.account, lots: taken });
    rest -= taken;
  }
  return allocation;
}
