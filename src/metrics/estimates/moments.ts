import { assert } from '../../base/check.ts';

/** Arithmetic mean; NaN of nothing. Summed in the order of the array, so the same data give the same bits. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Unbiased sample covariance (divided by n − 1) in two passes; NaN when n < 2. */
export function covariance(a: Float64Array, b: Float64Array): number {
  assert(a.length === b.length, `a pair needs both sides: ${a.length} values against ${b.length}`);
  if (a.length < 2) return NaN;
  const meanA = mean(a);
  const meanB = mean(b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - meanA) * (b[i] - meanB);
  return sum / (a.length - 1);
}

/** Unbiased sample variance; NaN when n < 2. */
export function variance(values: Float64Array): number {
  return covariance(values, values);
}
