import { type Interval, LEVEL, NOTHING_KNOWN } from './estimate.ts';
import { covariance, mean, variance } from './moments.ts';
import { studentT } from './student-t.ts';

export interface FiellerInterval extends Interval {
  /** The mean of the denominator cannot be told from zero at this level: no finite interval holds the ratio. */
  readonly unbounded: boolean;
}

/** E[numerator] / E[denominator], estimated from pairs. */
export interface RatioEstimate {
  /** The ratio of the sample means, never the mean of the ratios; NaN for 0/0. */
  readonly estimate: number;
  readonly n: number;
  readonly level: number;
  readonly fieller: FiellerInterval;
  /** Between the two sides of a pair; NaN when either side is constant. */
  readonly correlation: number;
  /**
   * Variance of the difference if the sides were independent, over its variance as paired: how many times more
   * replicates independent runs would need. Infinite when every pair differs by the same amount; NaN when both sides
   * are constant.
   */
  readonly varianceReduction: number;
}

/** Ratio of means over pairs with Fieller's interval; fewer than two pairs bound nothing. */
export function ratioOfMeans(
  numerator: Float64Array,
  denominator: Float64Array,
  level = LEVEL,
): RatioEstimate {
  const n = numerator.length;
  const varianceN = variance(numerator);
  const varianceD = variance(denominator);
  const shared = covariance(numerator, denominator);
  return {
    estimate: mean(numerator) / mean(denominator),
    n,
    level,
    fieller: fieller(numerator, denominator, level),
    correlation: shared / Math.sqrt(varianceN * varianceD),
    varianceReduction: (varianceN + varianceD) / (varianceN + varianceD - 2 * shared),
  };
}

/**
 * All ratios r for which a t test does not reject E[N − r·D] = 0: the roots of
 * (d² − t²·s_dd)·r² − 2(n·d − t²·s_nd)·r + (n² − t²·s_nn) = 0, where n, d are the sample means and s their
 * (co)variances. Fieller (1954), "Some problems in interval estimation", Journal of the Royal Statistical Society B 16(2).
 * Assumes that the pair of means is about normal.
 */
function fieller(numerator: Float64Array, denominator: Float64Array, level: number): FiellerInterval {
  const count = numerator.length;
  if (count < 2) return { ...NOTHING_KNOWN, unbounded: true };
  const n = mean(numerator);
  const d = mean(denominator);
  const t = studentT(level, count - 1);
  const g = (t * t) / count;
  const a = d * d - g * variance(denominator);
  if (a <= 0) return { ...NOTHING_KNOWN, unbounded: true };
  const b = n * d - g * covariance(numerator, denominator);
  const c = n * n - g * variance(numerator);
  // With a > 0 the estimate n/d lies between the roots, so a negative value is rounding.
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return { low: (b - root) / a, high: (b + root) / a, unbounded: false };
}
