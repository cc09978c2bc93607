import { genealogyOf } from '../../../metrics/genealogy.ts';
import { chiSquare, kolmogorovSmirnov } from '../../../metrics/goodness-of-fit.ts';
import { compareLaw, compareMean, exactly } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';
import { LOTS_PER_TICK, START, touchFall } from '../static-market.ts';
import { borel, exponentialBusyPeriod, generalisedPoisson } from '../theory.ts';

const FILE = 'limits/busy-period.yaml';
/** A wave takes 10 ms: 110 of them. The chance that a cascade of 90 clusters lives longer is 90 · 0.75¹¹⁰, about 10⁻¹². */
const ENOUGH = 'horizon=1200ms';

export const busyPeriod: Check = {
  id: 'limit-7',
  group: 'limits',
  title: 'Random liquidation prices: the busy period of a queue',
  theory:
    'N is generalised Poisson, P(N = n) = θ(θ + nR)ⁿ⁻¹ exp(−θ − nR)/n!, E N = θ/(1 − R), Var N = θ/(1 − R)³',
  source: 'Consul and Jain (1973)',
  perturbs: 'liquidation prices in a tick',
  run: equalSizes,
};

export const busyPeriodClusters: Check = {
  id: 'limit-7-clusters',
  group: 'limits',
  title: 'Clusters of liquidations: who set off whom',
  theory:
    'a liquidation and all that descend from it have the size law of Borel, e^{−Rn}(Rn)ⁿ⁻¹/n!, and R̂ = 1 − roots/liquidations has the standard error √(R(1 − R)/roots)',
  source: 'Borel (1942)',
  perturbs: 'liquidation prices in a tick',
  run: clusterSizes,
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
  const runs = lab.replicates({ test: 300, quick: 1_000, full: 5_000 });
  // As in the file: one threshold in 200 ticks, each liquidation reaches 150 further, the shock 1 800.
  const [gap, theta, r] = [200, 9, 0.75];
  const scenario = lab.scenario(FILE, [ENOUGH, `agents.longs.perPercent=${5 * lab.off}`]);
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

/** Ten times as many accounts as in the file, of a tenth of the size: 90 clusters a run. */
function clusterSizes(lab: Laboratory): Finding[] {
  const runs = lab.replicates({ test: 120, quick: 150, full: 600 });
  const [theta, r] = [90, 0.75];
  const scenario = lab.scenario(FILE, [
    ENOUGH,
    'agents.book.reach=22%',
    'agents.book.spacing=1.5bp',
    `agents.longs.perPercent=${50 * lab.off}`,
    'agents.longs.to=20%',
    'agents.longs.notional=1500',
  ]);
  const sizes = new Float64Array(1_001);
  for (let replicate = 0; replicate < runs; replicate++)
    for (const [size, count] of genealogyOf(runWorld(scenario, { replicate })).clusters) sizes[size] += count;
  const roots = sizes.reduce((sum, count) => sum + count, 0);
  const liquidations = sizes.reduce((sum, count, size) => sum + count * size, 0);
  return [
    compareMean('roots a run', { theory: theta, mean: roots / runs, sd: Math.sqrt(theta), n: runs }),
    compareMean('R̂ = 1 − roots/liquidations', {
      theory: r,
      mean: 1 - roots / liquidations,
      sd: Math.sqrt(r * (1 - r)),
      n: roots,
    }),
    compareLaw(
      'χ² of the sizes of clusters over its critical value',
      chiSquare(sizes, (size) => (size === 0 ? 0 : borel(size, r))),
      roots,
    ),
  ];
}

function exponentialSizes(lab: Laboratory): Finding[] {
  const runs = lab.replicates({ test: 200, quick: 1_000, full: 5_000 });
  const [gap, theta, r] = [160, 16, 0.7];
  const work = theta * gap;
  const service = r * gap;
  const scenario = lab.scenario(FILE, [
    ENOUGH,
    'agents.book.spacing=2bp',
    'agents.book.reach=50%',
    'agents.longs.to=48%',
    `agents.longs.perPercent=${(0.01 * START) / gap}`,
    `agents.longs.notional={ exponential: { mean: ${service * LOTS_PER_TICK * lab.off} }, within: [1, 100M] }`,
    `shocks.sale.notional=${work * LOTS_PER_TICK}`,
  ]);
  const reaches: number[] = [];
  let [idle, liquidations] = [0, 0];
  for (let replicate = 0; replicate < runs; replicate++) {
    const world = runWorld(scenario, { replicate });
    liquidations += world.recorder.liquidations;
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
    // Sizes are drawn one by one until the queue is empty, a stopping time: their mean is that of the law (Wald), exponential.
    compareMean('reach of one liquidation (ticks)', {
      theory: service,
      mean: ((mean - work) * runs) / liquidations,
      sd: service,
      n: liquidations,
      bias: (20 * runs) / liquidations,
    }),
    // Thresholds less what is expected in the reach are a martingale: the variance is the mean.
    compareMean('liquidations over the thresholds expected in the reach', {
      theory: 1,
      mean: (liquidations * gap) / (mean * runs),
      sd: 1,
      n: liquidations,
      bias: 20 / mean,
    }),
  ];
}

function inFours(counts: Float64Array): Float64Array {
  const fours = new Float64Array(counts.length / 4);
  counts.forEach((count, n) => (fours[Math.floor(n / 4)] += count));
  return fours;
}
