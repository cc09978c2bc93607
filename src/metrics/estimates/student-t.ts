import quantile from '@stdlib/stats-base-dists-t-quantile';

/** Half-width of a two-sided interval at `level`, in standard errors, for `degrees` ≥ 1 of freedom. */
export function studentT(level: number, degrees: number): number {
  return quantile((1 + level) / 2, degrees);
}
