import type { Micros } from '../../base/units.ts';

/** The largest of the values observed within the last `window`; −Infinity before the first. Times must not fall. */
export class WindowMaximum {
  private readonly window: Micros;
  /** Falling values that may still become the largest: [time, value], oldest first. */
  private readonly candidates: [Micros, number][] = [];

  constructor(window: Micros) {
    this.window = window;
  }

  observe(now: Micros, value: number): void {
    const { candidates } = this;
    while (candidates.length > 0 && candidates.at(-1)![1] <= value) candidates.pop();
    candidates.push([now, value]);
    while (candidates[0][0] < now - this.window) candidates.shift();
  }

  get value(): number {
    return this.candidates[0]?.[1] ?? -Infinity;
  }
}
