import { assert } from '../../base/check.ts';
import type { RandomStream } from '../../base/random.ts';
import { type Interval, LEVEL, NOTHING_KNOWN } from './estimate.ts';
import { mean } from './moments.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/** A number computed from the replicates at `indices`, in which a replicate may occur more than once or not at all. */
export type Statistic = (indices: Int32Array) => number;

const RESAMPLES = 2_000;

/**
 * Bias-corrected and accelerated bootstrap interval over whole replicates, so that what belongs together is resampled
 * together. Efron (1987), "Better bootstrap confidence intervals", Journal of the American Statistical Association 82;
 * the acceleration comes from the jackknife. Bounds nothing when n < 2, or when the statistic is undefined (NaN) on a
 * resample or infinite on a jackknife sample.
 */
export function bca(
  statistic: Statistic,
  n: number,
  random: RandomStream,
  { level = LEVEL, resamples = RESAMPLES }: { level?: number; resamples?: number } = {},
): Interval {
  assert(resamples >= RESAMPLES, `${resamples} resamples are fewer than the ${RESAMPLES} an interval needs`);
  if (n < 2) return NOTHING_KNOWN;
  const replicates = bootstrap(statistic, n, random, resamples);
  const acceleration = jackknifeAcceleration(statistic, n);
  if (replicates.some(Number.isNaN) || Number.isNaN(acceleration)) return NOTHING_KNOWN;

  const bias = medianBias(replicates, statistic(allOf(n)));
  const adjusted = (probability: number): number => {
    const z = bias + normalQuantile(probability);
    const stretch = 1 - acceleration * z;
    return stretch > 0 ? normalCdf(bias + z / stretch) : z > 0 ? 1 : 0;
  };
  const rank = (count: number): number => Math.min(resamples, Math.max(1, count));
  const lowRank = rank(Math.floor((resamples + 1) * adjusted((1 - level) / 2)));
  const highRank = rank(resamples + 1 - Math.floor((resamples + 1) * (1 - adjusted((1 + level) / 2))));
  return { low: replicates[lowRank - 1], high: replicates[highRank - 1] };
}

/** The BCa interval of a ratio of means over pairs. */
export function bcaRatio(
  numerator: Float64Array,
  denominator: Float64Array,
  random: RandomStream,
  options: { level?: number; resamples?: number } = {},
): Interval {
  const ratio: Statistic = (indices) => {
    let above = 0;
    let below = 0;
    for (const i of indices) {
      above += numerator[i];
      below += denominator[i];
    }
    return above / below;
  };
  return bca(ratio, numerator.length, random, options);
}

/** The statistic on `resamples` draws of n out of n with replacement, in ascending order. */
function bootstrap(statistic: Statistic, n: number, random: RandomStream, resamples: number): Float64Array {
  const replicates = new Float64Array(resamples);
  const indices = new Int32Array(n);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < n; i++) indices[i] = random.below(n);
    replicates[r] = statistic(indices);
  }
  return replicates.sort();
}

/** Σ(m − θᵢ)³ / 6(Σ(m − θᵢ)²)^{3/2} over the values θᵢ without replicate i; 0 when they are all equal. */
function jackknifeAcceleration(statistic: Statistic, n: number): number {
  const without = new Float64Array(n);
  const others = new Int32Array(n - 1);
  for (let left = 0; left < n; left++) {
    for (let i = 0; i < n - 1; i++) others[i] = i < left ? i : i + 1;
    without[left] = statistic(others);
  }
  const centre = mean(without);
  let squares = 0;
  let cubes = 0;
  for (const value of without) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
}

/** How far the estimate lies from the median of the resamples, in normal units; ties count half. */
function medianBias(replicates: Float64Array, estimate: number): number {
  let below = 0;
  for (const value of replicates) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  const share = below / replicates.length;
  const least = 0.5 / replicates.length;
  return normalQuantile(Math.min(1 - least, Math.max(least, share)));
}

function allOf(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}
