import { assert } from '../base/check.ts';
import { BUY, SELL, type Side, type Ticks } from '../base/units.ts';
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
  /** Of the ladder: the nearest trigger of a fall is the highest, like the best bid, and that of a rise the lowest. */
  private readonly side: Side;
  private readonly ladder: TickLadder;
  private readonly ids: number;
  /** The triggers of the opposite direction, if they share `ladder` and `rings` with these. */
  private other: PriceTriggers | undefined;
  /**
   * rings[3·id]: its trigger price, ^ `flip`; [3·id + 1]: the id set after it at the same price, −1: it has no trigger;
   * [3·id + 2]: the one set before it (a ring, so that the first one's is the last). The ladder tells of each
   * price the first id + 1.
   * They lie together because ids come up in no order, and what that costs is the cache lines that are touched.
   */
  private readonly rings: Int32Array;
  /** 0, or −1 for a rise, whose prices are less than 0 in `rings`: so an id tells which of the two directions its trigger has. */
  private readonly flip: number;
  /** Ids that have a trigger. */
  private active = 0;
  /** The trigger that will be reached first; anything when there is none. */
  private nearest: Ticks = 0;

  /**
   * @param options.ids number of ids.
   * @param options.direction −1 fires when the price is at or below the trigger (stop of a long), +1 at or above.
   * @param options.other the triggers of the opposite direction, of the same ids, of which an id shall have one or the
   * other: setting it here takes it away there. The two then share their memory, as do the sides of a book.
   */
  constructor(options: { readonly ids: number; readonly direction: 1 | -1; readonly other?: PriceTriggers }) {
    const { ids, direction, other } = options;
    if (other !== undefined) {
      const fits = other.ids === ids && other.direction === -direction && other.other === undefined;
      assert(fits, 'triggers share their memory with one of the opposite direction and of as many ids');
    }
    this.direction = direction;
    this.side = direction < 0 ? BUY : SELL;
    this.ladder = other === undefined ? new TickLadder(2 ** 19) : other.ladder;
    this.ids = ids;
    this.flip = direction < 0 ? 0 : -1;
    this.other = other;
    this.rings = other === undefined ? new Int32Array(3 * ids).fill(-1) : other.rings;
    if (other !== undefined) other.other = this;
  }

  /** Number of ids that have a trigger. */
  get count(): number {
    return this.active;
  }

  /** Gives an id its trigger, instead of the one it may have. It goes behind those set at that price before, even if it was one of them. */
  set(id: number, price: Ticks): void {
    if (!(id >= 0 && id < this.ids && !Number.isNaN(price))) assert(false, `no trigger ${id} at ${price}`);
    const { rings, ladder, direction, side, flip } = this;
    // −1 rounds down and +1 up, by one formula: the side of an account is what no processor foresees.
    const whole = direction * Math.ceil(direction * price);
    const tick = whole < MAX_TICK ? (whole > 0 ? whole | 0 : 0) : MAX_TICK;
    const at = Math.imul(3, id);
    const next = rings[at + 1];
    if (next >= 0) {
      const before = rings[at] ^ flip;
      if (before === tick && next === id) return; // alone there, before and after
      if (before >= 0) this.leave(id, before, next);
      else this.other!.clear(id);
    }
    if (this.active === 0 || Math.imul(direction, this.nearest - tick) > 0) this.nearest = tick;
    rings[at] = tick ^ flip;
    this.active++;
    const first = ladder.get(side, tick) - 1;
    if (first < 0) {
      rings[at + 1] = id;
      rings[at + 2] = id;
      ladder.set(side, tick, id + 1);
    } else {
      const last = rings[3 * first + 2];
      rings[3 * last + 1] = id;
      rings[at + 2] = last;
      rings[at + 1] = first;
      rings[3 * first + 2] = id;
    }
  }

  /** Takes an id's trigger away, if it has one. */
  clear(id: number): void {
    const at = Math.imul(3, id);
    const next = this.rings[at + 1];
    const price = this.rings[at] ^ this.flip;
    if (!(next >= 0) || price < 0) return; // `undefined` beyond the last id
    this.rings[at + 1] = -1;
    this.leave(id, price, next);
  }

  /** Closes the ring at a price behind an id that goes, of which `next` is the next. */
  private leave(id: number, price: Ticks, next: number): void {
    const { rings, ladder, side } = this;
    this.active--;
    if (next === id) {
      ladder.remove(side, price);
      if (price === this.nearest) this.nearest = ladder.best(side);
      return;
    }
    const previous = rings[3 * id + 2];
    rings[3 * previous + 1] = next;
    rings[3 * next + 2] = previous;
    if (ladder.get(side, price) === id + 1) ladder.set(side, price, next + 1);
  }

  has(id: number): boolean {
    return this.rings[3 * id + 1] >= 0 && (this.rings[3 * id] ^ this.flip) >= 0;
  }

  /** NaN when the id has no trigger. */
  priceOf(id: number): Ticks {
    return this.has(id) ? this.rings[3 * id] ^ this.flip : NaN;
  }

  /** The trigger that will be reached first, NaN when there is none. */
  peek(): Ticks {
    return this.active === 0 ? NaN : this.nearest;
  }

  /**
   * Takes away every trigger that `price` reaches and writes the ids into `out`, nearest trigger first and at one trigger
   * in the order in which they were set. A full `out` ends it early: call again to get the rest.
   *
   * @returns how many ids were written.
   */
  crossed(price: Ticks, out: Int32Array): number {
    let count = 0;
    while (this.active > 0 && this.direction * (price - this.nearest) >= 0 && count < out.length) {
      count = this.emptyNearest(out, count);
    }
    return count;
  }

  /** Hands out the ring at the nearest trigger, or as much of it as there is room for; returns how many are in `out` now. */
  private emptyNearest(out: Int32Array, countBefore: number): number {
    const { rings, ladder, side } = this;
    const first = ladder.get(side, this.nearest) - 1;
    const last = rings[3 * first + 2];
    let count = countBefore;
    let id = first;
    while (count < out.length) {
      out[count++] = id;
      const next = rings[3 * id + 1];
      rings[3 * id + 1] = -1;
      this.active--;
      if (id === last) {
        ladder.remove(side, this.nearest);
        this.nearest = ladder.best(side);
        return count;
      }
      id = next;
    }
    // What has no room stays, as a ring of its own.
    rings[3 * id + 2] = last;
    rings[3 * last + 1] = id;
    ladder.set(side, this.nearest, id + 1);
    return count;
  }

  /** Number of ids whose triggers lie from `from` to `to`, both included; walks them, so meant for maps, not for every event. */
  countBetween(from: Ticks, to: Ticks): number {
    let count = 0;
    for (let price = this.ladder.best(this.side); price >= 0; price = this.ladder.worse(this.side, price)) {
      if (price < from || price > to) continue;
      const first = this.ladder.get(this.side, price) - 1;
      let id = first;
      do {
        count++;
        id = this.rings[3 * id + 1];
      } while (id !== first);
    }
    return count;
  }

  /** Tells each trigger that `price` would reach, the nearest first, and leaves it. */
  each(price: Ticks, tell: (trigger: Ticks, id: number) => void): void {
    if (this.active === 0) return;
    for (
      let at = this.nearest;
      at >= 0 && this.direction * (price - at) >= 0;
      at = this.ladder.worse(this.side, at)
    ) {
      const first = this.ladder.get(this.side, at) - 1;
      let id = first;
      do {
        tell(at, id);
        id = this.rings[3 * id + 1];
      } while (id !== first);
    }
  }

  /** For tests: stops with an assertion when rings, prices and the ladder disagree. Walks everything. */
  checkInvariants(): void {
    this.ladder.checkInvariants();
    assert(
      this.active === 0 || this.nearest === this.ladder.best(this.side),
      `the nearest is not ${this.nearest}`,
    );
    let found = 0;
    for (let price = this.ladder.best(this.side); price >= 0; price = this.ladder.worse(this.side, price)) {
      const first = this.ladder.get(this.side, price) - 1;
      let id = first;
      do {
        const next = this.rings[3 * id + 1];
        assert(this.priceOf(id) === price, `id ${id} is in the ring of another price`);
        assert(this.rings[3 * next + 2] === id, `the ring at ${price} is broken after id ${id}`);
        found++;
        id = next;
      } while (id !== first && found <= this.active);
    }
    assert(found === this.active, `${found} ids are in rings, ${this.active} counted`);
  }
}
