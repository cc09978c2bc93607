import type { RandomStream } from '../../base/random.ts';
import { type Metric, type MetricName, METRICS, type MetricRow } from '../metrics.ts';
import { bca } from './bca.ts';
import { type Estimate, type Interval, LEVEL } from './estimate.ts';
import { meanDifference, meanWithInterval } from './mean.ts';
import { type Method, METHODS } from './methods.ts';
import { proportion } from './proportion.ts';
import { quantileOf, quantileWithInterval } from './quantile.ts';
import { ratioOfMeans } from './ratio-of-means.ts';
import { reproduction } from './reproduction.ts';
import { tailMean, tailStatistic } from './tail-mean.ts';

/** One column that an estimand is computed from: a metric over the replicates of one arm. */
export interface EstimandInput {
  readonly arm: 'off' | 'open-loop' | 'closed';
  readonly metric: MetricName;
  /** What the column is reduced to; its mean unless given. */
  readonly reduce?: (values: Float64Array) => number;
}

/** A quantity of a cell that can be estimated, compared between cells, and serve as a target of precision. */
export interface Estimand extends Pick<Metric, 'unit' | 'about'> {
  readonly name: string;
  readonly inputs: readonly EstimandInput[];
  /** How the interval of `estimate` is made. */
  readonly method: Method;
  /** The quantity from what each input is reduced to: its mean, as a rule. */
  value(means: readonly number[]): number;
  /**
   * What stands for the quantity in one replicate, in the unit of its inputs, where designs are compared seed by seed: of
   * a ratio the upper side less the lower one, since a ratio of two runs means little.
   */
  each(values: readonly number[]): number;
  /** The same with its interval, from the inputs themselves (equal lengths, paired by position). */
  estimate(columns: readonly Float64Array[], level?: number): Estimate;
}

const drawdown = (arm: EstimandInput['arm']): EstimandInput => ({ arm, metric: 'drawdown' });

/** The part of the worst drawdowns that the tail mean is of. */
export const TAIL_SHARE = 0.05;

/** The estimands that are more than the mean of a metric. Besides these, every metric is one: its mean in the closed arm. */
export const ESTIMANDS: readonly Estimand[] = [
  ratio('amplification', 'mean drawdown over the mean without liquidation', [
    drawdown('closed'),
    drawdown('off'),
  ]),
  ratio(
    'amplification_direct',
    'mean open-loop drawdown over that without liquidation: what the shock alone sets off',
    [drawdown('open-loop'), drawdown('off')],
  ),
  ratio(
    'amplification_feedback',
    'mean drawdown over the open-loop one: liquidations that set off liquidations',
    [drawdown('closed'), drawdown('open-loop')],
  ),
  {
    name: 'excess_drawdown',
    unit: 'bp',
    about: 'mean drawdown less the mean without liquidation',
    inputs: [drawdown('closed'), drawdown('off')],
    method: METHODS.student,
    value: ([closed, off]) => closed - off,
    each: ([closed, off]) => closed - off,
    estimate: ([closed, off], level) => meanDifference(closed, off, level),
  },
  reproductionOf('reproduction', 'liquidated_accounts', {
    about: 'liquidations that one liquidation sets off, R̂ = 1 − E[N open-loop] / E[N closed]',
  }),
  reproductionOf('reproduction_notional', 'forced_notional', {
    about: 'forced notional that a unit of it sets off, 1 − E[V open-loop] / E[V closed]',
  }),
  shareOfLiquidated('false_liquidation_share', 'false_liquidations', {
    about: 'false liquidations over all: accounts whose margin held at the index price',
  }),
  shareOfLiquidated('late_liquidation_share', 'late_liquidations', {
    about: 'late liquidations over all: accounts already under water at their first order',
  }),
  drawdownQuantile('drawdown_p50', 0.5),
  drawdownQuantile('drawdown_p95', 0.95),
  drawdownQuantile('drawdown_p99', 0.99),
  {
    name: 'drawdown_tail_mean',
    unit: 'bp',
    about: 'mean of the worst 5 % of the drawdowns (expected shortfall)',
    inputs: [
      {
        ...drawdown('closed'),
        reduce: (values) => tailStatistic(values, TAIL_SHARE)(Int32Array.from(values.keys())),
      },
    ],
    method: METHODS.bca,
    value: ([tail]) => tail,
    each: ([closed]) => closed,
    estimate: ([closed], level) => tailMean(closed, TAIL_SHARE, level),
  },
];

/** The estimand of that name; undefined when there is none. */
export function findEstimand(name: string): Estimand | undefined {
  return ESTIMANDS.find((estimand) => estimand.name === name) ?? metricMean(name);
}

/** The runs of one replicate, an arm each: a task's answer has this shape. */
export interface ReplicateRows {
  readonly rows: readonly { readonly arm: string; readonly metrics: MetricRow }[];
}

/** The estimand's columns from the replicates of one cell; undefined when an arm it needs was not run. */
export function estimandColumns(
  { inputs }: Estimand,
  replicates: readonly ReplicateRows[],
): Float64Array[] | undefined {
  const columns = inputs.map(({ arm, metric }) =>
    replicates.map(({ rows }) => rows.find((row) => row.arm === arm)?.metrics[metric]),
  );
  if (columns.some((column) => column.includes(undefined))) return undefined;
  return columns.map((column) => Float64Array.from(column as number[]));
}

/** The estimand on the replicates at `indices`, in which one may occur more than once or not at all. */
export function estimandAt(
  estimand: Estimand,
  columns: readonly Float64Array[],
  indices: Int32Array,
): number {
  const reduced = estimand.inputs.map(({ reduce }, i) =>
    reduce ? reduce(Float64Array.from(indices, (at) => columns[i][at])) : meanAt(columns[i], indices),
  );
  return estimand.value(reduced);
}

/** In a plain loop: a bootstrap spends its time here. */
function meanAt(values: Float64Array, indices: Int32Array): number {
  let sum = 0;
  for (const at of indices) sum += values[at];
  return sum / indices.length;
}

/** BCa interval of an estimand over whole replicates, whatever the method of its own interval. */
export function estimandBca(
  estimand: Estimand,
  columns: readonly Float64Array[],
  random: RandomStream,
  level = LEVEL,
): Interval {
  return bca((indices) => estimandAt(estimand, columns, indices), columns[0].length, random, { level });
}

function ratio(
  name: string,
  about: string,
  inputs: readonly EstimandInput[],
  unit: Metric['unit'] = 'x',
): Estimand {
  return {
    name,
    unit,
    about,
    inputs,
    method: METHODS.fieller,
    value: ([above, below]) => above / below,
    each: ([above, below]) => above - below,
    estimate: ([above, below], level = LEVEL) => {
      const { estimate, n, fieller } = ratioOfMeans(above, below, level);
      return { estimate, n, level, low: fieller.low, high: fieller.high };
    },
  };
}

function reproductionOf(name: string, metric: MetricName, { about }: { about: string }): Estimand {
  return {
    name,
    unit: 'x',
    about,
    inputs: [
      { arm: 'open-loop', metric },
      { arm: 'closed', metric },
    ],
    method: METHODS.fieller,
    value: ([open, closed]) => 1 - open / closed,
    each: ([open, closed]) => closed - open,
    estimate: ([open, closed], level) => reproduction({ nOpen: open, nClosed: closed }, level),
  };
}

/** A ratio of means, so that a replicate counts by its liquidations, and one without any does not spoil it. */
function shareOfLiquidated(name: string, metric: MetricName, { about }: { about: string }): Estimand {
  const inputs = [
    { arm: 'closed', metric },
    { arm: 'closed', metric: 'liquidated_accounts' },
  ] as const;
  return { ...ratio(name, about, inputs, 'share'), each: ([among]) => among };
}

function drawdownQuantile(name: string, p: number): Estimand {
  return {
    name,
    unit: 'bp',
    about: p === 0.5 ? 'median of the drawdown' : `${100 * p} % quantile of the drawdown`,
    inputs: [{ ...drawdown('closed'), reduce: (values) => quantileOf(values.slice().sort(), p) }],
    method: METHODS.orderStatistics,
    value: ([quantile]) => quantile,
    each: ([closed]) => closed,
    estimate: ([closed], level) => quantileWithInterval(closed, p, level),
  };
}

/** A share that is 0 or 1 in every replicate is a probability, and zero cases of it do not mean zero. */
function metricMean(name: string): Estimand | undefined {
  const metric = METRICS.find((candidate) => candidate.name === name);
  return (
    metric && {
      name: metric.name,
      unit: metric.unit,
      about: metric.about,
      inputs: [{ arm: 'closed', metric: metric.name }],
      method: metric.name === 'ruin' ? METHODS.binomial : METHODS.student,
      value: ([mean]) => mean,
      each: ([value]) => value,
      estimate: ([values], level = LEVEL) =>
        metric.name === 'ruin' && values.every((value) => value === 0 || value === 1)
          ? proportion(
              values.reduce((sum, value) => sum + value, 0),
              values.length,
              level,
            )
          : meanWithInterval(values, level),
    }
  );
}
