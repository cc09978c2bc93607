import type { Micros, Ticks } from '../base/units.ts';
import type { FundamentalProcess } from './fundamental/fundamental-process.ts';

/**
 * The price that the rest of the world believes in: an exogenous process times the factors that shocks put on it.
 * In ticks, not rounded: venues round when they publish.
 */
export class FundamentalPrice {
  private readonly process: FundamentalProcess;
  private level: Ticks;
  private updatedAt: Micros = 0;

  constructor(process: FundamentalProcess, start: Ticks) {
    this.process = process;
    this.level = start;
  }

  get price(): Ticks {
    return this.level;
  }

  /** Moves the process on to `now`. */
  advance(now: Micros): void {
    if (now > this.updatedAt) this.level *= this.process.grow(now - this.updatedAt);
    this.updatedAt = now;
  }

  /** A shock: multiplies the price for good. */
  jump(factor: number): void {
    this.level *= factor;
  }
}
