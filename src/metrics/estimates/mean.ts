import { type Estimate, LEVEL, NOTHING_KNOWN } from './estimate.ts';
import { mean, variance } from './moments.ts';
import { studentT } from './student-t.ts';

/** A mean with the sample's standard deviation (not the mean's standard error). */
export interface MeanEstimate extends Estimate {
  readonly sd: number;
}

/** Mean with Student's t interval; fewer than two values bound nothing. */
export function meanWithInterval(values: Float64Array, level = LEVEL): MeanEstimate {
  const n = values.length;
  const estimate = mean(values);
  if (n < 2) return { estimate, n, level, sd: NaN, ...NOTHING_KNOWN };
  const sd = Math.sqrt(variance(values));
  const half = (studentT(level, n - 1) * sd) / Math.sqrt(n);
  return { estimate, n, level, sd, low: estimate - half, high: estimate + half };
}

/** Mean of `a − b` over pairs with Student's t interval: the two sides share their streams, so only differences count. */
export function meanDifference(a: Float64Array, b: Float64Array, level = LEVEL): MeanEstimate {
  return meanWithInterval(
    a.map((value, i) => value - b[i]),
    level,
  );
}
