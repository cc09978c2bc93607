import { ln } from '../../../base/pinned-math.ts';
import type { Estimate } from '../../../metrics/estimates/estimate.ts';
import { LEVEL } from '../../../metrics/estimates/estimate.ts';
import { covariance, mean, variance } from '../../../metrics/estimates/moments.ts';
import { studentT } from '../../../metrics/estimates/student-t.ts';

/** Log returns over `scale` samples that do not overlap. */
export function returnsOf(prices: Float64Array, scale: number): Float64Array {
  return Float64Array.from({ length: Math.floor((prices.length - 1) / scale) }, (_, i) =>
    ln(prices[(i + 1) * scale] / prices[i * scale]),
  );
}

/** Autocorrelation at one lag, 0 for a constant series. */
export function autocorrelation(values: Float64Array, lag: number): number {
  const centre = mean(values);
  let [shared, own] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const here = values[i] - centre;
    own += here * here;
    if (i + lag < values.length) shared += here * (values[i + lag] - centre);
  }
  return own === 0 ? 0 : shared / own;
}

/** Fourth standardised moment less 3; 0 for a constant series. */
export function excessKurtosis(values: Float64Array): number {
  const centre = mean(values);
  let [squares, fourths] = [0, 0];
  for (const value of values) {
    const square = (value - centre) * (value - centre);
    squares += square;
    fourths += square * square;
  }
  return squares === 0 ? 0 : (fourths * values.length) / (squares * squares) - 3;
}

/** Of two series side by side; 0 when one of them is constant. */
export function correlation(a: Float64Array, b: Float64Array): number {
  const spread = Math.sqrt(variance(a) * variance(b));
  return spread > 0 ? covariance(a, b) / spread : 0;
}

/** Least-squares slope of ln y on ln x. */
export function logSlope(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [x, y].map((values) => Float64Array.from(values, ln));
  return covariance(a, b) / variance(a);
}

/**
 * A statistic of all replicates together with Student's t interval by the delete-one jackknife over replicates: what lies inside a
 * replicate may depend on each other as it likes. Tukey (1958).
 */
export function jackknife<Replicate>(
  replicates: readonly Replicate[],
  statistic: (some: readonly Replicate[]) => number,
): Estimate {
  const n = replicates.length;
  const estimate = statistic(replicates);
  const without = Float64Array.from(replicates, (_, left) =>
    statistic(replicates.filter((_one, i) => i !== left)),
  );
  const error = Math.sqrt(((n - 1) * (n - 1) * variance(without)) / n);
  const half = studentT(LEVEL, n - 1) * error;
  return { estimate, n, level: LEVEL, low: estimate - half, high: estimate + half };
}
