import { doubled } from './grow.ts';
import type { Side, Ticks } from '../base/units.ts';

/** How many moves are kept: the older ones are forgotten. */
const MOVES = 2 ** 15;

/**
 * The path of a price and who moved it: the last 32,768 moves. Moves one after the other, in one direction and by the same mover, are
 * one. Movers are any numbers.
 */
export class PriceTrail {
  price: Ticks;
  /** from[i], to[i], mover[i]: the i-th move, counted round and round. */
  private from = new Float64Array(256);
  private to = new Float64Array(256);
  private mover = new Float64Array(256);
  private count = 0;

  constructor(start: Ticks) {
    this.price = start;
  }

  /** The price is `to` from now on. */
  move(to: Ticks, mover: number): void {
    const { price } = this;
    if (to === price || to !== to) return;
    this.price = to;
    const last = (this.count - 1) & (MOVES - 1);
    if (this.count > 0 && this.mover[last] === mover && to < price === this.to[last] < this.from[last]) {
      this.to[last] = to;
      return;
    }
    if (this.count === this.from.length && this.count < MOVES) this.grow();
    const at = this.count++ & (MOVES - 1);
    this.from[at] = price;
    this.to[at] = to;
    this.mover[at] = mover;
  }

  /**
   * Who last carried the price to `level` or beyond from before it: down for `direction` −1, up for +1. Undefined when nobody whose move
   * is kept did.
   */
  lastThrough(level: Ticks, direction: Side): number | undefined {
    const { from, to, mover } = this;
    const oldest = Math.max(0, this.count - MOVES);
    for (let n = this.count - 1; n >= oldest; n--) {
      const at = n & (MOVES - 1);
      if (direction * (level - from[at]) > 0 && direction * (to[at] - level) >= 0) return mover[at];
    }
    return undefined;
  }

  private grow(): void {
    this.from = doubled(this.from);
    this.to = doubled(this.to);
    this.mover = doubled(this.mover);
  }
}
