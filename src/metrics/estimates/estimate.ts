/** The confidence level of every interval, unless another is asked for. */
export const LEVEL = 0.95;

/** Both ends belong to it. An interval that says nothing is (−∞, +∞). */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A number estimated from `n` replicates or pairs, with its confidence interval at `level`. */
export interface Estimate extends Interval {
  readonly estimate: number;
  readonly n: number;
  readonly level: number;
}

/** What is known of a quantity when the data cannot bound it. */
export const NOTHING_KNOWN: Interval = { low: -Infinity, high: Infinity };
