import type { Side, Ticks } from '../base/units.ts';
import { doubled } from './grow.ts';

/** The occupied price levels of both sides, as numbers in a few arrays; a freed level is the next to be used again. Level 0 is no level. */
export class LevelPool {
  /** [level] → its price; of a free level: the next free one. */
  prices = new Int32Array(256);
  sides = new Int8Array(256);
  /** [level] → lots of all its orders, which may exceed 32 bits. */
  lots = new Float64Array(256);
  private free = 0;

  constructor() {
    this.addFree(1);
  }

  /** A level without orders. */
  take(side: Side, price: Ticks): number {
    if (this.free === 0) this.grow();
    const level = this.free;
    this.free = this.prices[level];
    this.prices[level] = price;
    this.sides[level] = side;
    return level;
  }

  /** The level must have lost all its lots. */
  release(level: number): void {
    this.prices[level] = this.free;
    this.free = level;
  }

  private grow(): void {
    const first = this.prices.length;
    this.prices = doubled(this.prices);
    this.sides = doubled(this.sides);
    this.lots = doubled(this.lots);
    this.addFree(first);
  }

  private addFree(first: number): void {
    for (let level = this.prices.length - 1; level >= first; level--) {
      this.prices[level] = this.free;
      this.free = level;
    }
  }
}
