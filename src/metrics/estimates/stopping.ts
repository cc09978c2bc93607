import { assert } from '../../base/check.ts';
import type { Target } from '../../world/scenario-precision.ts';
import { estimandColumns, findEstimand, type ReplicateRows } from './estimands.ts';
import type { Estimate, Interval } from './estimate.ts';
import { proportion } from './proportion.ts';

/** How well an estimand is known. */
export interface Precision {
  readonly estimate: number;
  /** Half the width of the interval over the size of the estimate; infinite when nothing bounds it. */
  readonly relative: number;
  /** Distance from the estimate to the farther end of the interval, in its unit. */
  readonly absolute: number;
  /** All replicates say the same so far: the interval is a point, and the widths are those of `constantSoFar`. */
  readonly isConstant: boolean;
}

/** Half the width of the interval over the size of the estimate; infinite when nothing bounds it. */
export function relativeHalfWidth({ estimate, low, high }: Interval & { estimate: number }): number {
  const half = (high - low) / 2;
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
export function converged(target: Target, estimate: Estimate): boolean {
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
  if (columns === undefined)
    return { estimate: NaN, relative: Infinity, absolute: Infinity, isConstant: false };
  return precisionOf(estimand.estimate(columns));
}

function precisionOf(estimate: Estimate): Precision {
  const isConstant = estimate.high - estimate.low <= ROUNDING * Math.abs(estimate.estimate);
  return {
    estimate: estimate.estimate,
    ...(isConstant
      ? constantSoFar(estimate)
      : { relative: relativeHalfWidth(estimate), absolute: reach(estimate) }),
    isConstant,
  };
}

/** Width of an interval, in parts of the estimate, that comes of floating-point sums of equal numbers. */
const ROUNDING = 1e-9;
/** Share of the replicates that may be otherwise than a constant 0 that counts as known. */
const RARE = 0.05;

/**
 * Equal results have no scatter to make an interval of, but they do not prove that the next one is equal: by the rule of three
 * up to 3/n of all replicates may be otherwise (95 %). Taken to be otherwise by as much as the constant itself, they move the mean by 3/n of
 * it: that is its width. A constant 0, as of a fund that nothing has touched yet, has no such scale: nothing is known of it until
 * at most one replicate in twenty can be otherwise, which takes 60.
 */
function constantSoFar({ estimate, n, level }: Estimate): Pick<Precision, 'relative' | 'absolute'> {
  const otherwise = proportion(0, n, level).high;
  if (estimate !== 0) return { relative: otherwise, absolute: otherwise * Math.abs(estimate) };
  const width = otherwise <= RARE ? 0 : Infinity;
  return { relative: width, absolute: width };
}
