import type { ColumnTable } from 'arquero';
import { RandomSource } from '../base/random.ts';
import { bca } from '../metrics/estimates/bca.ts';
import {
  drawFolds,
  outOfSampleR2,
  outOfSamplePredictor,
  shuffle,
} from '../metrics/estimates/cross-validation.ts';
import type { Estimate } from '../metrics/estimates/estimate.ts';
import { quantileOf } from '../metrics/estimates/quantile.ts';
import { auc, Ranked, spearman } from '../metrics/estimates/rank-correlation.ts';
import { METRICS } from '../metrics/metrics.ts';
import { WARNING_SIGNS } from '../metrics/warning-signs.ts';
import { type PairedRuns, pairedRuns } from './paired-runs.ts';

/** How well something known before the shock predicts how severe it becomes. */
export interface Warning {
  /** A metric, or `all together`. */
  readonly sign: string;
  /** Spearman's rank correlation over all runs; of `all together`, of its predictions out of sample. */
  readonly correlation: Bounded;
  /** The same within each cell, averaged over those in which the sign varies: what the settings of the cell do not tell. */
  readonly within: Bounded;
  readonly r2: Bounded & { readonly placebo: number };
  readonly auc: Bounded & { readonly placebo: number };
}

export type Bounded = Pick<Estimate, 'estimate' | 'low' | 'high'>;

export interface SeverityWarnings {
  readonly severity: 'excess_drawdown' | 'forced_notional';
  readonly unit: string;
  /** A run above it counts as severe. */
  readonly median: number;
  /** Share of the runs above it: below a half where many are equal. */
  readonly severe: number;
  readonly warnings: readonly Warning[];
}

export interface EarlyWarning {
  /** Runs: cells times replicates. */
  readonly n: number;
  readonly cells: number;
  readonly replicates: number;
  readonly folds: number;
  readonly permutations: number;
  readonly seed: string;
  readonly level: number;
  readonly severities: readonly SeverityWarnings[];
}

/** Of the placebo, this quantile over the permutations is told. */
export const PLACEBO_QUANTILE = 0.95;
const ALL_SIGNS = 'all together';

export interface EarlyWarningQuestion {
  readonly seed: string;
  readonly level: number;
  readonly folds: number;
  readonly permutations: number;
  readonly onProgress?: (progress: { readonly done: number; readonly planned: number }) => void;
}

/**
 * Signs as they stand in the closed arm, severities of the same replicate. Runs of equal replicates share their random numbers over the
 * cells, so that folds and resamples take a replicate with all its cells. Undefined when `off` or `closed` was not run, or
 * when the cells have fewer replicates in common than folds.
 */
export function earlyWarning(runs: ColumnTable, question: EarlyWarningQuestion): EarlyWarning | undefined {
  const sample = sampleOf(pairedRuns(runs));
  const { seed, folds, level, permutations, onProgress } = question;
  if (sample === undefined || sample.replicates < folds) return undefined;
  const { replicates, cells, signs } = sample;
  const random = new RandomSource(seed).child('early-warning');
  const fold = drawFolds(replicates, folds, random.stream('folds'));
  const foldOf = Int32Array.from(sample.unit, (unit) => fold[unit]);
  const planned = 2 * (WARNING_SIGNS.length + 1);
  let done = 0;
  const severities = SEVERITIES.map(({ severity, values: of }) => {
    const values = of(sample);
    const median = quantileOf(values.slice().sort(), 0.5);
    const positive = Array.from(values, (value) => value > median);
    const judge = (sign: string, predictors: readonly Float64Array[]): Warning => {
      onProgress?.({ done: done++, planned });
      const from = random.child(`${severity}/${sign}`);
      return warningOf(sign, predictors, { sample, values, positive, foldOf, level, permutations, from });
    };
    return {
      severity,
      unit: METRICS.find(({ name }) => name === (severity === 'excess_drawdown' ? 'drawdown' : severity))!
        .unit,
      median,
      severe: positive.filter(Boolean).length / values.length,
      warnings: [...WARNING_SIGNS.map((sign, at) => judge(sign, [signs[at]])), judge(ALL_SIGNS, signs)],
    };
  });
  return { n: cells * replicates, cells, replicates, folds, permutations, seed, level, severities };
}

/** The runs one after another, cell by cell; unit[i]: of which replicate. */
interface Sample {
  readonly cells: number;
  readonly replicates: number;
  readonly unit: Int32Array;
  readonly signs: readonly Float64Array[];
  readonly excess: Float64Array;
  readonly forced: Float64Array;
}

const SEVERITIES = [
  { severity: 'excess_drawdown', values: ({ excess }: Sample) => excess },
  { severity: 'forced_notional', values: ({ forced }: Sample) => forced },
] as const;

function sampleOf(cells: readonly PairedRuns[]): Sample | undefined {
  const replicates = Math.min(...cells.map((cell) => cell.replicates.length));
  const over = (of: (cell: PairedRuns) => Float64Array | undefined): Float64Array | undefined => {
    const columns = cells.map(of);
    if (columns.includes(undefined)) return undefined;
    return Float64Array.from(columns.flatMap((column) => [...column!.subarray(0, replicates)]));
  };
  const closed = over((cell) => cell.column('closed', 'drawdown'));
  const off = over((cell) => cell.column('off', 'drawdown'));
  if (closed === undefined || off === undefined) return undefined;
  return {
    cells: cells.length,
    replicates,
    unit: Int32Array.from(closed, (_, i) => i % replicates),
    signs: WARNING_SIGNS.map((sign) => over((cell) => cell.column('closed', sign))!),
    excess: closed.map((drawdown, i) => drawdown - off[i]),
    forced: over((cell) => cell.column('closed', 'forced_notional'))!,
  };
}

interface Task {
  readonly sample: Sample;
  readonly values: Float64Array;
  readonly positive: readonly boolean[];
  readonly foldOf: Int32Array;
  readonly level: number;
  readonly permutations: number;
  readonly from: RandomSource;
}

function warningOf(sign: string, predictors: readonly Float64Array[], task: Task): Warning {
  const { sample, values, positive, foldOf, level, from } = task;
  const bounded = (name: string, statistic: (weights: Int32Array) => number): Bounded => {
    const estimate = statistic(new Int32Array(values.length).fill(1));
    if (Number.isNaN(estimate)) return { estimate, low: NaN, high: NaN };
    const ofReplicates = (drawn: Int32Array): number => statistic(weightsOf(sample, drawn));
    return { estimate, ...bca(ofReplicates, sample.replicates, from.stream(name), { level }) };
  };
  const predict = outOfSamplePredictor(predictors, foldOf);
  const found = predict(values);
  const predicted = new Ranked(found.predictions);
  const shown = predictors.length === 1 ? predictors[0] : found.predictions;
  const placebo = placeboOf(predict, task);
  const [signRanked, valueRanked] = [new Ranked(shown), new Ranked(values)];
  return {
    sign,
    correlation: bounded('correlation', (weights) => spearman(signRanked, valueRanked, weights)),
    within: bounded('within', withinCells(shown, values, sample)),
    r2: { ...bounded('r2', (weights) => outOfSampleR2(values, found, weights)), placebo: placebo.r2 },
    auc: { ...bounded('auc', (weights) => auc(predicted, positive, weights)), placebo: placebo.auc },
  };
}

/** How often each run is in a draw of replicates. */
function weightsOf({ unit, replicates }: Sample, drawn: Int32Array): Int32Array {
  const times = new Int32Array(replicates);
  for (const replicate of drawn) times[replicate]++;
  return unit.map((replicate) => times[replicate]);
}

function withinCells(
  sign: Float64Array,
  values: Float64Array,
  { cells, replicates }: Sample,
): (weights: Int32Array) => number {
  const parts = Array.from({ length: cells }, (_, cell) => {
    const [from, to] = [cell * replicates, (cell + 1) * replicates];
    return { from, to, signs: new Ranked(sign.slice(from, to)), values: new Ranked(values.slice(from, to)) };
  });
  const each = (weights: Int32Array, of = parts): number[] =>
    of.map(({ from, to, signs, values: ranked }) => spearman(signs, ranked, weights.subarray(from, to)));
  const first = each(new Int32Array(values.length).fill(1));
  const varying = parts.filter((_, cell) => !Number.isNaN(first[cell]));
  return (weights) => each(weights, varying).reduce((sum, one) => sum + one, 0) / varying.length;
}

/**
 * The same on severities that are dealt out at random, replicates and cells each among themselves, so that what is alike stays alike:
 * what such numbers come to when there is nothing to predict. Few cells leave few ways to deal, and a high placebo.
 */
function placeboOf(
  predict: ReturnType<typeof outOfSamplePredictor>,
  { sample: { cells, replicates }, values, positive, permutations, from }: Task,
): { readonly r2: number; readonly auc: number } {
  const random = from.stream('placebo');
  const everyOne = new Int32Array(values.length).fill(1);
  const replicate = Int32Array.from({ length: replicates }, (_, i) => i);
  const cell = Int32Array.from({ length: cells }, (_, i) => i);
  const dealt = Array.from({ length: permutations }, () => {
    shuffle(replicate, random);
    shuffle(cell, random);
    const order = values.map(
      (_, i) => cell[Math.floor(i / replicates)] * replicates + replicate[i % replicates],
    );
    const shuffled = Float64Array.from(order, (i) => values[i]);
    const found = predict(shuffled);
    return {
      r2: outOfSampleR2(shuffled, found, everyOne),
      auc: auc(
        new Ranked(found.predictions),
        Array.from(order, (i) => positive[i]),
        everyOne,
      ),
    };
  });
  const high = (of: (one: (typeof dealt)[number]) => number): number =>
    quantileOf(Float64Array.from(dealt, of).sort(), PLACEBO_QUANTILE);
  return { r2: high(({ r2 }) => r2), auc: high((one) => one.auc) };
}
