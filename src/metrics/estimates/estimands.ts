import { type Metric, type MetricName, METRICS, type MetricRow } from '../metrics.ts';
import { type Estimate, LEVEL } from './estimate.ts';
import { meanDifference, meanWithInterval } from './mean.ts';
import { proportion } from './proportion.ts';
import { ratioOfMeans } from './ratio-of-means.ts';
import { reproduction } from './reproduction.ts';

/** One column that an estimand is computed from: a metric over the replicates of one arm. */
export interface EstimandInput {
  readonly arm: 'off' | 'open-loop' | 'closed';
  readonly metric: MetricName;
}

/** A quantity of a cell that can be estimated, compared between cells, and serve as a target of precision. */
export interface Estimand extends Pick<Metric, 'unit' | 'about'> {
  readonly name: string;
  readonly inputs: readonly EstimandInput[];
  /** The quantity from the mean of each input. */
  value(means: readonly number[]): number;
  /** The same with its interval, from the inputs themselves (equal lengths, paired by position). */
  estimate(columns: readonly Float64Array[], level?: number): Estimate;
}

const drawdown = (arm: EstimandInput['arm']): EstimandInput => ({ arm, metric: 'drawdown' });
const liquidated = (arm: EstimandInput['arm']): EstimandInput => ({ arm, metric: 'liquidated_accounts' });

/** The estimands that need two arms. Besides these, every metric is one: its mean in the closed arm. */
export const ESTIMANDS: readonly Estimand[] = [
  ratio('amplification', 'mean drawdown over the mean without liquidation', [
    drawdown('closed'),
    drawdown('off'),
  ]),
  ratio('amplification_direct', 'the part of orders that the shock alone sets off', [
    drawdown('open-loop'),
    drawdown('off'),
  ]),
  ratio('amplification_feedback', 'the part of liquidations that set off liquidations', [
    drawdown('closed'),
    drawdown('open-loop'),
  ]),
  {
    name: 'excess_drawdown',
    unit: 'bp',
    about: 'mean drawdown less the mean without liquidation',
    inputs: [drawdown('closed'), drawdown('off')],
    value: ([closed, off]) => closed - off,
    estimate: ([closed, off], level) => meanDifference(closed, off, level),
  },
  {
    name: 'reproduction',
    unit: 'x',
    about: 'liquidations that one liquidation sets off, R̂ = 1 − E[N open-loop] / E[N closed]',
    inputs: [liquidated('open-loop'), liquidated('closed')],
    value: ([open, closed]) => 1 - open / closed,
    estimate: ([open, closed], level) => reproduction({ nOpen: open, nClosed: closed }, level),
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

function ratio(name: string, about: string, inputs: readonly EstimandInput[]): Estimand {
  return {
    name,
    unit: 'x',
    about,
    inputs,
    value: ([above, below]) => above / below,
    estimate: ([above, below], level = LEVEL) => {
      const { estimate, n, fieller } = ratioOfMeans(above, below, level);
      return { estimate, n, level, low: fieller.low, high: fieller.high };
    },
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
      value: ([mean]) => mean,
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
