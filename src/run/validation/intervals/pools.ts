import { RandomSource } from '../../../base/random.ts';
import { bcaRatio } from '../../../metrics/estimates/bca.ts';
import { meanDifference } from '../../../metrics/estimates/mean.ts';
import { mean } from '../../../metrics/estimates/moments.ts';
import { proportion } from '../../../metrics/estimates/proportion.ts';
import { quantileOf, quantileWithInterval } from '../../../metrics/estimates/quantile.ts';
import { ratioOfMeans } from '../../../metrics/estimates/ratio-of-means.ts';
import type { Scenario } from '../../../world/scenario.ts';
import { simulateReplicate } from '../../simulate.ts';
import type { Check } from '../check.ts';
import type { Laboratory } from '../laboratory.ts';
import { NOMINAL, Tally } from './coverage.ts';
import { LAW } from './law.ts';

/** Of replicates: the fall without liquidation and with it, and 1 where the fund was ruined. */
interface Pairs {
  readonly off: Float64Array;
  readonly closed: Float64Array;
  readonly ruin: Float64Array;
}

const QUANTILE = 0.9;

/** A cascade of limit 7 that differs from replicate to replicate in its shock. */
export const coverageOfRuns: Check = {
  id: 'coverage-runs',
  group: 'coverage',
  title: 'Pairs drawn from simulated replicates, of which the true value is that of all of them',
  theory:
    'nominal 95 % intervals of A (Fieller) and Δ cover 93 to 97 % of the time on what the simulator makes of limit 7',
  perturbs: 'level of the intervals',
  run(lab) {
    const pool = busyPeriods(lab.replicates({ test: 60, quick: 200, full: 1_000 }), lab);
    const experiments = lab.replicates({ test: 200, quick: 4_000, full: 20_000 });
    return drawAgain(pool, { pairs: 40, experiments }, lab).findings();
  },
};

/** `mark-designs.yaml` with a sixth of its accounts and makers of 0.7 of the depth: makers, arbitrage, a fund that may be ruined. */
export const coverageOfScenario: Check = {
  id: 'coverage-scenario',
  group: 'coverage',
  title: 'The same of a living market: a sale of 30 million into a book that makers have left',
  theory:
    'nominal 95 % intervals of A (Fieller and BCa), Δ, ruin and a quantile cover 93 to 97 % of the time with 100 pairs, though the fall has two humps, a cascade or none; with 40 it is a target: eight cascades say little about their mean, and t and Fieller, which take means to be normal, cover 92 %, BCa 93',
  run(lab) {
    const scenario = lab.scenario('mark-designs.yaml', [
      ...['sweep={}', 'expect=[]', 'measure.arms=[off, closed]', 'warmUp=10s', 'horizon=2m'],
      ...['agents.holders.count=1500', 'agents.hedged.count=200', 'agents.makers.depthScale=0.7'],
      ...['exchange.mark={ design: last-trade }', 'exchange.insuranceFund=500k', 'shocks.dump.notional=30M'],
    ]);
    const pool = pairsOf(lab.replicates({ test: 20, quick: 40, full: 600 }), () => scenario);
    return [40, 100].flatMap((pairs) => {
      const experiments = lab.replicates({ test: 100, quick: 1_000, full: 10_000 });
      const bootstraps = lab.replicates({ test: 10, quick: 200, full: 2_000 });
      const asked = { pairs, experiments, bootstraps, hasTail: true, isTarget: pairs < 100 };
      return drawAgain(pool, asked, lab).findings();
    });
  },
};

interface Experiments {
  /** Drawn for each of them, with replacement. */
  readonly pairs: number;
  readonly experiments: number;
  /** In so many of them also the BCa interval, which costs a hundred times as much. */
  readonly bootstraps?: number;
  /** Also ruin and a quantile. */
  readonly hasTail?: boolean;
  readonly isTarget?: boolean;
}

/** Draws from the pool again and again, and counts how often what the whole pool says is in the interval. */
function drawAgain(
  pool: Pairs,
  { pairs, experiments, bootstraps = 0, hasTail = false, isTarget = false }: Experiments,
  { off: factor }: Laboratory,
): Tally {
  const level = NOMINAL * factor;
  const size = pool.off.length;
  const random = new RandomSource('1').stream('coverage-runs');
  const resampling = new RandomSource('1').stream('bootstrap');
  const truth = {
    a: mean(pool.closed) / mean(pool.off),
    delta: mean(pool.closed) - mean(pool.off),
    ruin: mean(pool.ruin),
    quantile: quantileOf(pool.closed.slice().sort(), QUANTILE),
  };
  const of = `${pairs} of ${size} pairs`;
  const tally = new Tally({ isTarget });
  for (let experiment = 0; experiment < experiments; experiment++) {
    const chosen = Int32Array.from({ length: pairs }, () => random.below(size));
    const [off, closed] = [pool.off, pool.closed].map((from) => Float64Array.from(chosen, (i) => from[i]));
    tally.count(
      `A = ${truth.a.toFixed(3)}, Fieller, ${of}`,
      ratioOfMeans(closed, off, level).fieller,
      truth.a,
    );
    if (experiment < bootstraps)
      tally.count(
        `A = ${truth.a.toFixed(3)}, BCa, ${of}`,
        bcaRatio(closed, off, resampling, { level }),
        truth.a,
      );
    tally.count(
      `Δ = ${truth.delta.toFixed(1)} bp, Student's t, ${of}`,
      meanDifference(closed, off, level),
      truth.delta,
    );
    if (!hasTail) continue;
    const ruins = chosen.reduce((sum, i) => sum + pool.ruin[i], 0);
    tally.count(
      `ruin, probability ${truth.ruin.toFixed(3)}, mid-P, ${of}`,
      proportion(ruins, pairs, level),
      truth.ruin,
    );
    tally.count(
      `${100 * QUANTILE} % quantile of the fall, order statistics, ${of}`,
      quantileWithInterval(closed, QUANTILE, level),
      truth.quantile,
    );
  }
  return tally;
}

/** Limit 7; ten replicates have a shock in common. */
function busyPeriods(size: number, lab: Laboratory): Pairs {
  const shocks = new RandomSource('1').stream('shocks');
  const scenarios = Array.from({ length: Math.ceil(size / 10) }, () => {
    const ticks = LAW.from + (LAW.to - LAW.from) * shocks.uniform();
    return lab.scenario('limits/busy-period.yaml', [
      'agents.longs.notional=10k',
      `shocks.sale.notional=${Math.round(100 * ticks)}`,
      'horizon=1s',
    ]);
  });
  return pairsOf(size, (replicate) => scenarios[Math.floor(replicate / 10)]);
}

function pairsOf(size: number, scenario: (replicate: number) => Scenario): Pairs {
  const pairs = { off: new Float64Array(size), closed: new Float64Array(size), ruin: new Float64Array(size) };
  for (let replicate = 0; replicate < size; replicate++) {
    const rows = simulateReplicate(scenario(replicate), replicate);
    const closed = rows.find(({ arm }) => arm === 'closed')!.metrics;
    pairs.off[replicate] = rows.find(({ arm }) => arm === 'off')!.metrics.drawdown;
    pairs.closed[replicate] = closed.drawdown;
    pairs.ruin[replicate] = closed.ruin;
  }
  return pairs;
}
