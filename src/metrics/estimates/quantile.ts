import { assert } from '../../base/check.ts';
import { type Estimate, LEVEL } from './estimate.ts';

export interface QuantileEstimate extends Estimate {
  /** The probability that the interval holds the quantile: at least `level`, unless an end is infinite. */
  readonly coverage: number;
}

/**
 * The p-quantile (0 < p < 1) with the distribution-free interval between two order statistics.
 * The estimate interpolates linearly between them (R's type 7). The number of values below the quantile is
 * Binomial(n, p), so the ranks follow from its tails, at most (1 − level)/2 each. An end is infinite when the sample is
 * too small to have such a rank. Assumes independent values from a continuous distribution (conservative otherwise).
 */
export function quantileWithInterval(values: Float64Array, p: number, level = LEVEL): QuantileEstimate {
  assert(p > 0 && p < 1, `a quantile lies between 0 and 1, not at ${p}`);
  const n = values.length;
  const sorted = values.slice().sort();
  const tail = (1 - level) / 2;
  const below = binomial(n, p);

  // X(l) > quantile exactly when fewer than l values are below it: take the last rank for which that is rare enough.
  let lowRank = 0;
  let missedLow = 0;
  while (lowRank < n && missedLow + below[lowRank] <= tail) missedLow += below[lowRank++];
  let highRank = n + 1;
  let missedHigh = 0;
  while (highRank > 1 && missedHigh + below[highRank - 1] <= tail) missedHigh += below[--highRank];

  return {
    estimate: quantileOf(sorted, p),
    n,
    level,
    low: lowRank >= 1 ? sorted[lowRank - 1] : -Infinity,
    high: highRank <= n ? sorted[highRank - 1] : Infinity,
    coverage: 1 - missedLow - missedHigh,
  };
}

/** The p-quantile of ascending values, interpolated linearly between them (R's type 7). */
export function quantileOf(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const floor = Math.floor(at);
  const lower = sorted[floor] ?? NaN;
  const upper = sorted[floor + 1] ?? lower;
  return lower + (at - floor) * (upper - lower);
}

/** P(Binomial(n, p) = k) for k = 0 … n, by ratios outwards from the mode: no power that could underflow there. */
function binomial(n: number, p: number): Float64Array {
  const weights = new Float64Array(n + 1);
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  weights[mode] = 1;
  for (let k = mode; k < n; k++) weights[k + 1] = (weights[k] * odds * (n - k)) / (k + 1);
  for (let k = mode; k > 0; k--) weights[k - 1] = (weights[k] * k) / ((n - k + 1) * odds);
  let total = 0;
  for (const weight of weights) total += weight;
  return weights.map((weight) => weight / total);
}
