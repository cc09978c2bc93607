import type { AccountId } from '../../accounts/ledger.ts';
import type { RandomStream } from '../../base/random.ts';
import type { Lots, Money, Side, Ticks } from '../../base/units.ts';

/** An account on the other side that may be deleveraged. */
export interface Opponent {
  readonly account: AccountId;
  /** +1: it is long. The same for all opponents of one loser. */
  readonly side: Side;
  /** Size of its position, positive. */
  readonly lots: Lots;
  readonly unrealisedPnl: Money;
  readonly wallet: Money;
  readonly equity: Money;
  readonly notional: Money;
  /** Value of the position when it was opened, positive: `notional − side · unrealised PnL`. */
  readonly entryNotional: Money;
  readonly maintenance: Money;
  readonly bankruptcyPrice: Ticks;
}

/** What is known about a deleveraging besides. */
export interface AdlTerms {
  /** Price at which the opponents would be closed; not a whole tick in general. */
  readonly price: Ticks;
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
   * and all of it if they hold that much (a ranking that passes some over may leave a rest).
   */
  allocate(lots: Lots, opponents: readonly Opponent[], terms: AdlTerms): Allocation[];
}

export interface AdlParts {
  /** A stream of its own. */
  readonly random: RandomStream;
}

/** Takes from the highest score down; equal scores in order of account number. */
export function fromTheTop(
  lots: Lots,
  opponents: readonly Opponent[],
  score: (opponent: Opponent) => number,
): Allocation[] {
  const scores = Float64Array.from(opponents, score);
  const allocation: Allocation[] = [];
  let rest = lots;
  // Mostly a handful of opponents suffices: looking for the next one beats sorting all of them.
  for (let next = topOf(scores, opponents); rest > 0 && next >= 0; next = topOf(scores, opponents)) {
    const taken = Math.min(rest, opponents[next].lots);
    allocation.push({ account: opponents[next].account, lots: taken });
    rest -= taken;
    scores[next] = NaN;
    if (allocation.length === SORT_AFTER && rest > 0)
      return [...allocation, ...sorted(rest, opponents, scores)];
  }
  return allocation;
}

const SORT_AFTER = 16;

/** Index of the highest score, of equals the lowest account; −1 when all are NaN (taken). */
function topOf(scores: Float64Array, opponents: readonly Opponent[]): number {
  let top = -1;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) continue;
    const tie = top >= 0 && scores[i] === scores[top];
    const better = tie
      ? opponents[i].account < opponents[top].account
      : !(top >= 0 && scores[i] < scores[top]);
    if (better) top = i;
  }
  return top;
}

function sorted(lots: Lots, opponents: readonly Opponent[], scores: Float64Array): Allocation[] {
  const order = [...scores.keys()].filter((i) => !Number.isNaN(scores[i]));
  order.sort((a, b) => scores[b] - scores[a] || opponents[a].account - opponents[b].account);
  const allocation: Allocation[] = [];
  let rest = lots;
  for (const i of order) {
    if (rest === 0) break;
    const taken = Math.min(rest, opponents[i].lots);
    allocation.push({ account: opponents[i].account, lots: taken });
    rest -= taken;
  }
  return allocation;
}
