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
  /** Of a queue: what it goes by, the highest first. */
  score?(opponent: Opponent): number;
}

/** A queue from the highest score down; equal scores in order of account number. */
export function queueBy(score: (opponent: Opponent) => number): AdlRanking {
  return { score, allocate: (lots, opponents) => fromTheTop(lots, opponents, score) };
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
  const queue = new Queue(opponents, score);
  const allocation: Allocation[] = [];
  let rest = lots;
  for (let next = queue.take(); rest > 0 && next !== undefined; next = queue.take()) {
    const taken = Math.min(rest, next.lots);
    allocation.push({ account: next.account, lots: taken });
    rest -= taken;
  }
  return allocation;
}

/** A binary heap: of a hundred thousand opponents a few are taken mostly and some thousands now and then, never all. */
class Queue {
  private readonly opponents: readonly Opponent[];
  private readonly scores: Float64Array;
  /** Indices of opponents; no child of i, at 2i + 1 and 2i + 2, stands before it in the queue. */
  private readonly heap: Int32Array;
  private size = 0;

  constructor(opponents: readonly Opponent[], score: (opponent: Opponent) => number) {
    this.opponents = opponents;
    this.scores = Float64Array.from(opponents, score);
    this.heap = new Int32Array(opponents.length);
    // A score that is no number has no place in a queue.
    this.scores.forEach((one, i) => {
      if (one === one) this.heap[this.size++] = i;
    });
    for (let i = (this.size >> 1) - 1; i >= 0; i--) this.sink(i);
  }

  take(): Opponent | undefined {
    if (this.size === 0) return undefined;
    const { heap } = this;
    const first = this.opponents[heap[0]];
    heap[0] = heap[--this.size];
    this.sink(0);
    return first;
  }

  private sink(from: number): void {
    const { heap, size } = this;
    const sinking = heap[from];
    let at = from;
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.precedes(heap[child + 1], heap[child])) child++;
      if (!this.precedes(heap[child], sinking)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = sinking;
  }

  private precedes(a: number, b: number): boolean {
    const { scores, opponents } = this;
    return scores[a] !== scores[b] ? scores[a] > scores[b] : opponents[a].account < opponents[b].account;
  }
}
