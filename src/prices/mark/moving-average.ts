import { exp } from '../../base/pinned-math.ts';
import type { Micros } from '../../base/units.ts';

/** Mean of the samples of the last `window`, one sample a call (a venue's "SMA of n seconds"); of all of them until it is full. */
export class SimpleAverage {
  private readonly samples: Float64Array;
  private count = 0;
  private next = 0;

  constructor(window: Micros, every: Micros) {
    this.samples = new Float64Array(Math.max(1, Math.round(window / every)));
  }

  add(value: number): number {
    const { samples } = this;
    samples[this.next] = value;
    this.next = (this.next + 1) % samples.length;
    this.count = Math.min(this.count + 1, samples.length);
    // Summed anew each time: a running sum would carry rounding from samples long gone.
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += samples[i];
    return sum / this.count;
  }
}

/** Exponential average with a time constant: after one constant, 63 % of a step has arrived. */
export class ExponentialAverage {
  private readonly constant: Micros;
  private value = NaN;
  private at: Micros = 0;

  constructor(constant: Micros) {
    this.constant = constant;
  }

  add(now: Micros, value: number): number {
    if (this.value !== this.value) this.value = value;
    else this.value += (value - this.value) * (1 - exp(-(now - this.at) / this.constant));
    this.at = now;
    return this.value;
  }
}

/**
 * Exponential average of samples at irregular times, each weighted by the time since the one before: `num ←
 * num·e^(−Δ/constant) + x·Δ`, `den` likewise with 1 for x, average `num/den`. While it is young it is the mean of what it
 * has seen, unlike `ExponentialAverage`, which keeps its first sample for long. After a long calm both take the share `1 −
 * e^(−t/constant)` of a step.
 */
export class DecayedMean {
  private readonly constant: Micros;
  private num = 0;
  private den = 0;
  private at: Micros;

  /** The first sample, at `start + Δ`, has the weight Δ. */
  constructor(constant: Micros, start: Micros) {
    this.constant = constant;
    this.at = start;
  }

  /** NaN before the first sample. */
  get value(): number {
    return this.num / this.den;
  }

  add(now: Micros, value: number): void {
    const elapsed = now - this.at;
    const decay = exp(-elapsed / this.constant);
    this.num = this.num * decay + value * elapsed;
    this.den = this.den * decay + elapsed;
    this.at = now;
  }
}
