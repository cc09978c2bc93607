import { RandomSource } from '../../../base/random.ts';
import type { RandomStream } from '../../../base/random.ts';
import { bcaRatio } from '../../../metrics/estimates/bca.ts';
import { meanDifference } from '../../../metrics/estimates/mean.ts';
import { proportion } from '../../../metrics/estimates/proportion.ts';
import { quantileWithInterval } from '../../../metrics/estimates/quantile.ts';
import { ratioOfMeans } from '../../../metrics/estimates/ratio-of-means.ts';
import type { Check } from '../check.ts';
import { generalisedPoisson } from '../theory.ts';
import { NOMINAL, Tally } from './coverage.ts';

/**
 * Pairs from limit 7. The shock, and with it the fall without liquidation, is uniform over [1000, 2600) ticks; thresholds lie 200 ticks
 * apart on average, and each liquidation of N adds c = 100: R = 1/2, A = 2, and Δ is the mean shock.
 */
export const LAW = { from: 1_000, to: 2_600, gap: 200, reach: 100 };
const R = LAW.reach / LAW.gap;
/** Ruin: more than so many liquidations. */
const RUIN_ABOVE = 25;
const QUANTILE = 0.9;

export const coverageOfTheLaw: Check = {
  id: 'coverage',
  group: 'coverage',
  title: 'Pairs drawn from the law of limit 7, of which every true value is known',
  theory:
    'nominal 95 % intervals cover 93 to 97 % of the time: Fieller and BCa for A, t for Δ, mid-P for ruin, order statistics for a quantile',
  perturbs: 'level of the intervals',
  run(lab) {
    const truth = { a: 1 / (1 - R), delta: (LAW.from + LAW.to) / 2, ...trueTail() };
    const level = NOMINAL * lab.off;
    const experiments = lab.replicates({ test: 200, quick: 2_000, full: 10_000 });
    // The bootstrap costs a hundred times as much.
    const bootstraps = lab.replicates({ test: 20, quick: 1_000, full: 4_000 });
    const random = new RandomSource('1').stream('coverage');
    const resampling = new RandomSource('1').stream('bootstrap');
    return [40, 100].flatMap((n) => {
      const tally = new Tally();
      for (let experiment = 0; experiment < experiments; experiment++) {
        const { off, closed, ruins } = drawPairs(n, random);
        tally.count(`A = ${truth.a}, Fieller, ${n} pairs`, ratioOfMeans(closed, off, level).fieller, truth.a);
        if (experiment < bootstraps)
          tally.count(
            `A = ${truth.a}, BCa, ${n} pairs`,
            bcaRatio(closed, off, resampling, { level }),
            truth.a,
          );
        tally.count(
          `Δ = ${truth.delta} ticks, Student's t, ${n} pairs`,
          meanDifference(closed, off, level),
          truth.delta,
        );
        tally.count(
          `ruin, probability ${truth.ruin.toFixed(3)}, mid-P, ${n} replicates`,
          proportion(ruins, n, level),
          truth.ruin,
        );
        tally.count(
          `${100 * QUANTILE} % quantile of the fall, order statistics, ${n} replicates`,
          quantileWithInterval(closed, QUANTILE, level),
          truth.quantile,
        );
      }
      return tally.findings();
    });
  },
};

function drawPairs(
  n: number,
  random: RandomStream,
): { off: Float64Array; closed: Float64Array; ruins: number } {
  const off = new Float64Array(n);
  const closed = new Float64Array(n);
  let ruins = 0;
  for (let i = 0; i < n; i++) {
    off[i] = LAW.from + (LAW.to - LAW.from) * random.uniform();
    const liquidated = cascadeOf(off[i] / LAW.gap, random);
    closed[i] = off[i] + LAW.reach * liquidated;
    if (liquidated > RUIN_ABOVE) ruins++;
  }
  return { off, closed, ruins };
}

/** Generations: Poisson(θ) first, then Poisson(R) of each. */
function cascadeOf(theta: number, random: RandomStream): number {
  let all = 0;
  for (let generation = random.poisson(theta); generation > 0; generation = random.poisson(R * generation))
    all += generation;
  return all;
}

/** Of the law itself, by summing and integrating it over the shocks. */
function trueTail(): { ruin: number; quantile: number } {
  const steps = 200;
  const shocks = Array.from(
    { length: steps },
    (_, i) => LAW.from + ((i + 0.5) / steps) * (LAW.to - LAW.from),
  );
  const most = 150;
  const laws = shocks.map((shock) =>
    Array.from({ length: most }, (_, n) => generalisedPoisson(n, shock / LAW.gap, R)),
  );
  const ruin = laws.reduce((sum, law) => sum + 1 - upTo(law, RUIN_ABOVE), 0) / steps;
  // P(fall ≤ x): of each number of liquidations, the shocks that leave room for it.
  const below = (x: number): number =>
    shocks.reduce((sum, shock, i) => sum + upTo(laws[i], Math.floor((x - shock) / LAW.reach)), 0) / steps;
  let [low, high] = [LAW.from, LAW.to + most * LAW.reach];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (below(middle) < QUANTILE) low = middle;
    else high = middle;
  }
  return { ruin, quantile: high };
}

function upTo(law: readonly number[], n: number): number {
  let sum = 0;
  for (let i = 0; i <= Math.min(n, law.length - 1); i++) sum += law[i];
  return sum;
}
