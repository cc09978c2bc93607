import type { RandomStream } from '../../base/random.ts';
import { bcaRatio } from '../estimates/bca.ts';
import { LEVEL } from '../estimates/estimate.ts';
import type { Estimate } from '../estimates/estimate.ts';
import { mean, variance } from '../estimates/moments.ts';

/** Levels of each parameter: 0, 1/3, 2/3, 1. A step goes over two of them, so that every level is used equally often. */
const LEVELS = 4;
const STEP = LEVELS / (2 * (LEVELS - 1));

/** A walk through the unit cube that moves each parameter once. */
export interface Trajectory {
  /** One more than there are parameters; each differs from the one before in one coordinate. */
  readonly points: readonly (readonly number[])[];
  /** moved[s]: the parameter that differs between points s and s + 1. */
  readonly moved: readonly number[];
}

/** Random trajectories as in Morris (1991), "Factorial sampling plans for preliminary computational experiments", Technometrics 33. */
export function trajectories(count: number, k: number, random: RandomStream): Trajectory[] {
  return Array.from({ length: count }, () => {
    // A start from which the step stays inside, up or down.
    const point = Array.from({ length: k }, () => random.below(LEVELS) / (LEVELS - 1));
    const moved = Array.from({ length: k }, (_, i) => i);
    for (let i = k - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [moved[i], moved[j]] = [moved[j], moved[i]];
    }
    const points = [[...point]];
    for (const i of moved) {
      point[i] += point[i] + STEP <= 1 + 1e-9 ? STEP : -STEP;
      points.push([...point]);
    }
    return { points, moved };
  });
}

/** What moving one parameter through its range does, over the ranges of the others. */
export interface ElementaryEffects {
  /** Mean of |effect|: how much it matters. */
  readonly muStar: Estimate;
  /** Mean of the effects with their signs. */
  readonly mu: number;
  /** Standard deviation of the effects: how much it depends on the other parameters, or on itself. */
  readonly sigma: number;
  /** The `muStar` that randomness alone would give a parameter without effect. */
  readonly noise: number;
}

/**
 * Elementary effects: change of the response, over the step as a share of the range. `responses[t][s]` are the values at point s
 * of trajectory t, one a replicate, the same replicates everywhere; their mean is the response. The noise is that of
 * a normal with the standard error of the paired differences, E|X| = σ √(2/π). Intervals: BCa bootstrap over trajectories.
 */
export function elementaryEffects(
  walks: readonly Trajectory[],
  responses: readonly (readonly Float64Array[])[],
  random: RandomStream,
): ElementaryEffects[] {
  const k = walks[0].moved.length;
  return Array.from({ length: k }, (_, i) => {
    const errors: number[] = [];
    const effects = Float64Array.from(walks, ({ points, moved }, t) => {
      const s = moved.indexOf(i);
      const step = points[s + 1][i] - points[s][i];
      const [before, after] = [responses[t][s], responses[t][s + 1]];
      const differences = after.map((value, r) => (value - before[r]) / step);
      errors.push(Math.sqrt(variance(differences) / differences.length));
      return mean(differences);
    });
    const sizes = effects.map(Math.abs);
    const interval = bcaRatio(
      sizes,
      sizes.map(() => 1),
      random,
    );
    return {
      muStar: { estimate: mean(sizes), n: walks.length, level: LEVEL, ...interval },
      mu: mean(effects),
      sigma: Math.sqrt(variance(effects)),
      noise: SQRT_2_OVER_PI * mean(Float64Array.from(errors)),
    };
  });
}

const SQRT_2_OVER_PI = 0.797_884_560_802_865_4;
