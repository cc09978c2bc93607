import { chiSquare, kolmogorovSmirnov } from '../../../metrics/goodness-of-fit.ts';
import { compareLaw, compareMean, exactly } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';
import { LOTS_PER_TICK, START, touchFall } from '../static-market.ts';
import { exponentialBusyPeriod, generalisedPoisson } from '../theory.ts';

const FILE = 'limits/busy-period.yaml';

export const busyPeriod: Check = {
  id: 'limit-7',
  group: 'limits',
  title: 'Random liquidation prices: the busy period of a queue',
  theory:
    'N is generalised Poisson, P(N = n) = θ(θ + nR)ⁿ⁻¹ exp(−θ − nR)/n!, E N = θ/(1 − R), Var N = θ/(1 − R)³',
  source: 'Consul and Jain (1973)',
  perturbs: 'size of a position',
  run: equalSizes,
};

export const busyPeriodOfSizes: Check = {
  id: 'limit-7-sizes',
  group: 'limits',
  title: 'Random liquidation prices and random sizes',
  theory:
    'exponential sizes: the reach is the busy period of M/M/1, of mean d/(1 − R) and variance d·λ·E c²/(1 − R)³',
  source: 'Takács (1962)',
  perturbs: 'size of a position',
  run: exponentialSizes,
};

function equalSizes(lab: Laboratory): Finding[] {
  const runs = lab.replicates({ test: 500, quick: 2_000, full: 20_000 });
  // As in the file: one threshold in 200 ticks, each liquidation reaches 150 further, the shock 1 800.
  const [gap, theta, r] = [200, 9, 0.75];
  const scenario = lab.scenario(FILE, [`agents.longs.notional=${Math.round(15_000 * lab.off)}`]);
  const counts = new Float64Array(600);
  let strays = 0;
  for (let replicate = 0; replicate < runs; replicate++) {
    const world = runWorld(scenario, { replicate });
    const n = world.recorder.liquidations;
    if (touchFall(world) !== gap * (theta + r * n)) strays++;
    counts[n]++;
  }
  const mean = counts.reduce((sum, count, n) => sum + count * n, 0) / runs;
  const variance = counts.reduce((sum, count, n) => sum + count * (n - mean) * (n - mean), 0) / (runs - 1);
  const left = 1 - r;
  const expected = { mean: theta / left, variance: theta / (left * left * left) };
  // The excess kurtosis of N (Consul) makes its variance more uncertain than a normal one's.
  const kurtosis = (1 + 8 * r + 6 * r * r) / (theta * left);
  const law = (four: number): number => {
    let sum = 0;
    for (let n = 4 * four; n < 4 * four + 4; n++) sum += generalisedPoisson(n, theta, r);
    return sum;
  };
  return [
    exactly('runs in which the reach is not d + cN', 0, strays),
    compareMean('mean of N', { theory: expected.mean, mean, sd: Math.sqrt(expected.variance), n: runs }),
    compareMean('variance of N over θ/(1 − R)³', {
      theory: 1,
      mean: variance / expected.variance,
      sd: Math.sqrt(2 + kurtosis),
      n: runs,
    }),
    compareLaw('χ² of N over its critical value', chiSquare(inFours(counts), law), runs),
  ];
}

function exponentialSizes(lab: Laboratory): Finding[] {
  const runs = lab.replicates({ test: 200, quick: 2_000, full: 10_000 });
  const [gap, theta, r] = [160, 16, 0.7];
  const work = theta * gap;
  const service = r * gap;
  const scenario = lab.scenario(FILE, [
    'agents.book.spacing=2bp',
    'agents.book.reach=50%',
    'agents.longs.to=48%',
    `agents.longs.perPercent=${(0.01 * START) / gap}`,
    `agents.longs.notional={ exponential: { mean: ${service * LOTS_PER_TICK * lab.off} }, within: [1, 100M] }`,
    `shocks.sale.notional=${work * LOTS_PER_TICK}`,
  ]);
  const reaches: number[] = [];
  let idle = 0;
  for (let replicate = 0; replicate < runs; replicate++) {
    const world = runWorld(scenario, { replicate });
    if (world.recorder.liquidations === 0) idle++;
    else reaches.push(touchFall(world));
  }
  const law = exponentialBusyPeriod({ work, rate: 1 / gap, service, upTo: 50_000 });
  const mean = (reaches.reduce((sum, reach) => sum + reach, 0) + idle * work) / runs;
  const left = 1 - r;
  return [
    compareLaw(
      'Kolmogorov–Smirnov distance of the reach over its critical value',
      kolmogorovSmirnov(Float64Array.from(reaches), law),
      runs,
    ),
    compareMean('mean reach (ticks)', {
      theory: work / left,
      mean,
      sd: Math.sqrt((work * 2 * service * service) / gap / (left * left * left)),
      n: runs,
      // The last level is sold to its end: up to 20 ticks too far, 10 on average, which 1/(1 − R) multiplies like any shock.
      bias: 20 / left,
    }),
  ];
}

function inFours(counts: Float64Array): Float64Array {
  const fours = new Float64Array(counts.length / 4);
  counts.forEach((count, n) => (fours[Math.floor(n / 4)] += count));
  return fours;
}
