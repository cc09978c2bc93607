import { assert } from '../../base/check.ts';
import type { Target } from '../../world/scenario-precision.ts';
import { estimandColumns, findEstimand, type ReplicateRows } from './estimands.ts';
import type { Interval } from './estimate.ts';

/** How well an estimand is known. */
export interface Precision {
  readonly estimate: number;
  /** Half the width of the interval over the size of the estimate: 0 for a point, infinite when nothing bounds it. */
  readonly relative: number;
  /** Distance from the estimate to the farther end of the interval, in its unit. */
  readonly absolute: number;
}

/** Half the width of the interval over the size of the estimate: 0 for a point, infinite when nothing bounds it. */
export function relativeHalfWidth({ estimate, low, high }: Interval & { estimate: number }): number {
  const half = (high - low) / 2;
  if (half === 0) return 0;
  const relative = half / Math.abs(estimate);
  return Number.isNaN(relative) ? Infinity : relative;
}

/** The distance from the estimate to the farther end: no value of the interval is farther away. */
function reach({ estimate, low, high }: Interval & { estimate: number }): number {
  const farther = Math.max(high - estimate, estimate - low);
  return Number.isNaN(farther) ? Infinity : farther;
}

/**
 * The stopping rule: precise enough when the relative half-width or the absolute reach is at most the target's.
 * It looks at precision only, never at significance, so stopping does not favour a finding. The interval at which it
 * stops covers its level in the limit of narrow targets: Chow and Robbins (1965), "On the asymptotic theory of
 * fixed-width sequential confidence intervals for the mean", Annals of Mathematical Statistics 36.
 */
export function isReached(target: Target, { relative, absolute }: Precision): boolean {
  return relative <= (target.relative ?? -1) || absolute <= (target.absolute ?? -1);
}

/** The same for an estimate with its interval. */
export function converged(target: Target, estimate: Interval & { estimate: number }): boolean {
  return isReached(target, precisionOf(estimate));
}

/**
 * How well the estimand named `target` is known on the results of one cell, by its 95 % interval; not at all when an
 * arm it needs was not run.
 */
export function precisionReached(target: string, results: readonly ReplicateRows[]): Precision {
  const estimand = findEstimand(target);
  assert(estimand !== undefined, `no estimand is called ${target}`);
  const columns = estimandColumns(estimand, results);
  if (columns === undefined) return { estimate: NaN, relative: Infinity, absolute: Infinity };
  return precisionOf(estimand.estimate(columns));
}

function precisionOf(estimate: Interval & { estimate: number }): Precision {
  return {
    estimate: estimate.estimate,
    relative: relativeHalfWidth(estimate),
    absolute: reach(estimate),
  };
}
