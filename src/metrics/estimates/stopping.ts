import { assert } from '../../base/check.ts';
import { estimandColumns, findEstimand, type ReplicateRows } from './estimands.ts';
import type { Interval } from './estimate.ts';

/** Half the width of the interval over the size of the estimate: 0 for a point, infinite when nothing bounds it. */
export function relativeHalfWidth({ estimate, low, high }: Interval & { estimate: number }): number {
  const half = (high - low) / 2;
  if (half === 0) return 0;
  const relative = half / Math.abs(estimate);
  return Number.isNaN(relative) ? Infinity : relative;
}

/**
 * The stopping rule: precise enough when the relative half-width is at most `target` (0.05 is ±5 %).
 * It looks at precision only, never at significance, so stopping does not favour a finding.
 */
export function converged(target: number, estimate: Interval & { estimate: number }): boolean {
  return relativeHalfWidth(estimate) <= target;
}

/**
 * The relative half-width that the estimand named `target` has reached on the results of one cell, as a stopping rule
 * asks for it; infinite when an arm it needs was not run. The interval is the 95 % one.
 */
export function relativePrecision(target: string, results: readonly ReplicateRows[]): number {
  const estimand = findEstimand(target);
  assert(estimand !== undefined, `no estimand is called ${target}`);
  const columns = estimandColumns(estimand, results);
  return columns === undefined ? Infinity : relativeHalfWidth(estimand.estimate(columns));
}
