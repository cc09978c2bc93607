import { RandomSource } from '../../base/random.ts';
import type { RandomStream } from '../../base/random.ts';
import { bcaRatio } from '../../metrics/estimates/bca.ts';
import type { Interval } from '../../metrics/estimates/estimate.ts';
import { meanDifference } from '../../metrics/estimates/mean.ts';
import { proportion } from '../../metrics/estimates/proportion.ts';
import { quantileWithInterval } from '../../metrics/estimates/quantile.ts';
import { ratioOfMeans } from '../../metrics/estimates/ratio-of-means.ts';
import { simulateReplicate } from '../simulate.ts';
import type { Check, Finding } from './check.ts';
import type { Laboratory } from './laboratory.ts';
import { generalisedPoisson } from './theory.ts';

/** What a nominal 95 % interval has to cover. */
const ACCEPTED: Interval = { low: 0.93, high: 0.97 };
const NOMINAL = 0.95;

/**
 * Pairs from limit 7. The shock, and with it the fall without liquidation, is uniform over [1000, 2600) ticks; thresholds lie 200 ticks
 * apart on average, and each liquidation of N adds c = 100: R = 1/2, A = 2, and Δ is the mean shock.
 */
const LAW = { from: 1_000, to: 2_600, gap: 200, reach: 100 };
const R = LAW.reach / LAW.gap;
/** Ruin: more than so many liquidations. */
const RUIN_ABOVE = 25;
const QUANTILE = 0.9;

export const coverageOfTheLaw: Check = {
  id: 'coverage',
  group: 'coverage',
  title: 'Pairs drawn from the law of limit 7, of which every true value is known',
  theory:
    'nominal 95 % intervals cover 93 to 97 % of the time: Fieller and BCa for A, t for Δ, Wilson for ruin, order statistics for a quantile',
  run(lab) {
    const truth = { a: 1 / (1 - R), delta: (LAW.from + LAW.to) / 2, ...trueTail() };
    const experiments = lab.replicates({ test: 200, quick: 2_000, full: 10_000 });
    // The bootstrap costs a hundred times as much.
    const bootstraps = lab.replicates({ test: 20, quick: 2_000, full: 4_000 });
    const random = new RandomSource('1').stream('coverage');
    const resampling = new RandomSource('1').stream('bootstrap');
    return [40, 100].flatMap((n) => {
      const covered = { fieller: 0, bca: 0, delta: 0, ruin: 0, quantile: 0 };
      for (let experiment = 0; experiment < experiments; experiment++) {
        const { off, closed, ruins } = drawPairs(n, random);
        covered.fieller += holds(ratioOfMeans(closed, off).fieller, truth.a);
        covered.delta += holds(meanDifference(closed, off), truth.delta);
        covered.ruin += holds(proportion(ruins, n), truth.ruin);
        covered.quantile += holds(quantileWithInterval(closed, QUANTILE), truth.quantile);
        if (experiment < bootstraps) covered.bca += holds(bcaRatio(closed, off, resampling), truth.a);
      }
      return [
        coverage(`A = ${truth.a}, Fieller, ${n} pairs`, covered.fieller, experiments),
        coverage(`A = ${truth.a}, BCa, ${n} pairs`, covered.bca, bootstraps),
        coverage(`Δ = ${truth.delta} ticks, Student's t, ${n} pairs`, covered.delta, experiments),
        coverage(
          `ruin, probability ${truth.ruin.toFixed(3)}, Wilson, ${n} replicates`,
          covered.ruin,
          experiments,
        ),
        coverage(
          `${100 * QUANTILE} % quantile of the fall, order statistics, ${n} replicates`,
          covered.quantile,
          experiments,
        ),
      ];
    });
  },
};

/** Replicates of a real cascade, drawn again and again: the truth is what all of them say. */
export const coverageOfRuns: Check = {
  id: 'coverage-runs',
  group: 'coverage',
  title: 'Pairs drawn from simulated replicates, of which the true value is that of all of them',
  theory:
    'nominal 95 % intervals of A (Fieller) and Δ cover 93 to 97 % of the time on what the simulator makes',
  run(lab) {
    const [n, size] = [40, lab.replicates({ test: 60, quick: 400, full: 4_000 })];
    const experiments = lab.replicates({ test: 200, quick: 4_000, full: 20_000 });
    const { off, closed } = simulatedPairs(size, lab);
    const random = new RandomSource('1').stream('coverage-runs');
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / size;
    const truth = { a: mean(closed) / mean(off), delta: mean(closed) - mean(off) };
    const covered = { fieller: 0, delta: 0 };
    for (let experiment = 0; experiment < experiments; experiment++) {
      const chosen = Int32Array.from({ length: n }, () => random.below(size));
      const [some, others] = [closed, off].map((from) => Float64Array.from(chosen, (i) => from[i]));
      covered.fieller += holds(ratioOfMeans(some, others).fieller, truth.a);
      covered.delta += holds(meanDifference(some, others), truth.delta);
    }
    return [
      coverage(`A = ${truth.a.toFixed(3)}, Fieller, ${n} pairs of ${size}`, covered.fieller, experiments),
      coverage(
        `Δ = ${truth.delta.toFixed(1)} bp, Student's t, ${n} pairs of ${size}`,
        covered.delta,
        experiments,
      ),
    ];
  },
};

/** Limit 7 with a shock that differs from replicate to replicate: by a price that moves before the sale, and by its size. */
function simulatedPairs(size: number, lab: Laboratory): { off: Float64Array; closed: Float64Array } {
  const off = new Float64Array(size);
  const closed = new Float64Array(size);
  const shocks = new RandomSource('1').stream('shocks');
  for (let i = 0; i < size; i += 10) {
    const ticks = LAW.from + (LAW.to - LAW.from) * shocks.uniform();
    const scenario = lab.scenario('limits/busy-period.yaml', [
      'agents.longs.notional=10k',
      `shocks.sale.notional=${Math.round(100 * ticks)}`,
      'horizon=1s',
    ]);
    for (let replicate = i; replicate < Math.min(i + 10, size); replicate++) {
      const rows = simulateReplicate(scenario, replicate);
      off[replicate] = rows.find(({ arm }) => arm === 'off')!.metrics.drawdown;
      closed[replicate] = rows.find(({ arm }) => arm === 'closed')!.metrics.drawdown;
    }
  }
  return { off, closed };
}

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

function holds({ low, high }: Interval, value: number): number {
  return low <= value && value <= high ? 1 : 0;
}

/** Fails when the coverage is outside 93 to 97 % beyond its own uncertainty: its interval has to touch that range. */
function coverage(what: string, covered: number, experiments: number): Finding {
  const { estimate, low, high } = proportion(covered, experiments);
  return {
    quantity: `coverage of ${what}`,
    theory: NOMINAL,
    simulated: estimate,
    tolerance: NaN,
    because: '95 % interval of the coverage (Wilson)',
    n: experiments,
    interval: { low, high },
    range: ACCEPTED,
    holds: high >= ACCEPTED.low && low <= ACCEPTED.high,
  };
}
