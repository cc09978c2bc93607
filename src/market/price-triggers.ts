import { assert } from '../base/check.ts';
import type { Ticks } from '../base/units.ts';
import { MAX_TICK } from './order.ts';
import { TickLadder } from './tick-ladder.ts';

/**
 * Which of n things has its trigger price reached: stops, liquidation prices. Each id 0 … n − 1 has at most one trigger.
 *
 * Cost: O(1) to set, to clear and to learn that nothing is reached, O(1) for each id that is handed out; the ids whose
 * triggers are not reached cost nothing, a million of them or not.
 *
 * A trigger may be any number of ticks. Below 0 it counts as 0, beyond `MAX_TICK` as `MAX_TICK`, and a fraction as the
 * whole tick at which it is reached: prices are whole and positive, so only a price of `MAX_TICK` itself notices.
 */
export class PriceTriggers {
  private readonly direction: 1 | -1;
  private readonly ladder: TickLadder;
  /** [id] → its trigger price, −1: none. */
  private readonly prices: Int32Array;
  /** [id] → the id set after it at the same price; a ring, so that the first one's `before` is the last. */
  private readonly after: Int32Array;
  private readonly before: Int32Array;
  /** Ids that have a trigger. */
  private active = 0;

  /**
   * @param options.ids number of ids.
   * @param options.direction −1 fires when the price is at or below the trigger (stop of a long), +1 at or above.
   */
  constructor(options: { readonly ids: number; readonly direction: 1 | -1 }) {
    this.direction = options.direction;
    // The nearest trigger of a fall is the highest, like the best bid, and that of a rise the lowest, like the best ask.
    this.ladder = new TickLadder(options.direction < 0 ? 1 : -1, 2 ** 19);
    this.prices = new Int32Array(options.ids).fill(-1);
    this.after = new Int32Array(options.ids);
    this.before = new Int32Array(options.ids);
  }

  /** Number of ids that have a trigger. */
  get count(): number {
    return this.active;
  }

  /** Gives an id its trigger, instead of the one it may have. It goes behind those set at that price before, even if it was one of them. */
  set(id: number, price: Ticks): void {
    if (!(id >= 0 && id < this.prices.length && !Number.isNaN(price)))
      assert(false, `no trigger ${id} at ${price}`);
    this.clear(id);
    const whole = this.direction < 0 ? Math.floor(price) : Math.ceil(price);
    const tick = Math.max(0, Math.min(MAX_TICK, whole));
    this.prices[id] = tick;
    this.active++;
    const first = this.ladder.get(tick) - 1;
    if (first < 0) {
      this.after[id] = id;
      this.before[id] = id;
      this.ladder.set(tick, id + 1);
    } else {
      const last = this.before[first];
      this.after[last] = id;
      this.before[id] = last;
      this.after[id] = first;
      this.before[first] = id;
    }
  }

  /** Takes an id's trigger away, if it has one. */
  clear(id: number): void {
    const price = this.prices[id];
    if (price < 0) return;
    const next = this.after[id];
    const previous = this.before[id];
    this.after[previous] = next;
    this.before[next] = previous;
    if (next === id) this.ladder.remove(price);
    else if (this.ladder.get(price) === id + 1) this.ladder.set(price, next + 1);
    this.prices[id] = -1;
    this.active--;
  }

  has(id: number): boolean {
    return this.prices[id] >= 0;
  }

  /** NaN when the id has no trigger. */
  priceOf(id: number): Ticks {
    const price = this.prices[id];
    return price < 0 ? NaN : price;
  }

  /** The trigger that will be reached first, NaN when there is none. */
  peek(): Ticks {
    const price = this.ladder.best();
    return price < 0 ? NaN : price;
  }

  /**
   * Takes away every trigger that `price` reaches and writes the ids into `out`, nearest trigger first and at one trigger
   * in the order in which they were set. A full `out` ends it early: call again to get the rest.
   *
   * @returns how many ids were written.
   */
  crossed(price: Ticks, out: Int32Array): number {
    let count = 0;
    for (let nearest = this.ladder.best(); nearest >= 0; nearest = this.ladder.best()) {
      if (!(this.direction * (price - nearest) >= 0)) break;
      for (let id = this.ladder.get(nearest) - 1; id >= 0; id = this.ladder.get(nearest) - 1) {
        if (count === out.length) return count;
        out[count++] = id;
        this.clear(id);
      }
    }
    return count;
  }

  /** Number of ids whose triggers lie from `from` to `to`, both included; walks them, so meant for maps, not for every event. */
  countBetween(from: Ticks, to: Ticks): number {
    let count = 0;
    for (let price = this.ladder.best(); price >= 0; price = this.ladder.worse(price)) {
      if (price < from || price > to) continue;
      const first = this.ladder.get(price) - 1;
      let id = first;
      do {
        count++;
        id = this.after[id]!;
      } while (id !== first);
    }
    return count;
  }

  /** For tests: stops with an assertion when rings, prices and the ladder disagree. Walks everything. */
  checkInvariants(): void {
    this.ladder.checkInvariants();
    let found = 0;
    for (let price = this.ladder.best(); price >= 0; price = this.ladder.worse(price)) {
      const first = this.ladder.get(price) - 1;
      let id = first;
      do {
        const next = this.after[id];
        assert(this.prices[id] === price, `id ${id} is in the ring of another price`);
        assert(this.before[next] === id, `the ring at ${price} is broken after id ${id}`);
        found++;
        id = next;
      } while (id !== first && found <= this.active);
    }
    assert(found === this.active, `${found} ids are in rings, ${this.active} counted`);
  }
}
