import type { ColumnTable } from 'arquero';
import { assert } from '../base/check.ts';
import { RandomSource, type RandomStream } from '../base/random.ts';
import { type Estimand, findEstimand } from '../metrics/estimates/estimands.ts';
import { type Interval, NOTHING_KNOWN } from '../metrics/estimates/estimate.ts';
import type { Expectation, Measurement } from '../world/scenario-expectation.ts';
import { commonReplicates, pairedColumns, pairedDifference } from './compare.ts';
import { pairedRuns, type PairedRuns } from './paired-runs.ts';

/** An expectation held against one cell, or one pair of cells. */
export interface ExpectationCase {
  /** The whole interval of left − right lies on the expected side of zero; false also when an arm for it was not run. */
  readonly holds: boolean;
  /** The labels of the cell on the left and of the one on the right, if there is one. */
  readonly leftCell: Readonly<Record<string, string>>;
  readonly rightCell?: Readonly<Record<string, string>>;
  /** The estimates on the two sides, on the replicates they share; NaN when an arm is missing. */
  readonly left: number;
  readonly right: number;
  /** Two-sided interval of left − right: the estimand's own against a number, BCa over paired replicates between cells. */
  readonly interval: Interval;
  /** Replicates used. */
  readonly n: number;
}

/** An expectation held against a batch. The numbers are those of its weakest case. */
export interface ExpectationResult extends ExpectationCase {
  readonly text: string;
  readonly level: number;
  /** It holds when all of these do. Axes that neither side names give a case each. */
  readonly cases: readonly ExpectationCase[];
}

/** Each expectation of a batch held against its runs, in their order. `seed` is the batch's: equal runs give equal answers. */
export function evaluateExpectations(
  expectations: readonly Expectation[],
  runs: ColumnTable,
  { seed }: { seed: string },
): ExpectationResult[] {
  const cells = pairedRuns(runs);
  const streams = new RandomSource(seed).child('estimates/expectations');
  return expectations.map((expectation, i) => {
    const { text, level, left, right, op } = expectation;
    const random = streams.stream(`${i}`);
    const cases =
      typeof right === 'number'
        ? matching(left, cells).map((cell) => againstNumber(expectation, cell, right))
        : comparable(left, right, cells).map((pair) => betweenCells(expectation, pair, right, random));
    assert(cases.length > 0, `no cell of the batch is meant by ${text}`);
    const margin = ({ interval: { low, high } }: ExpectationCase): number => (op === '<' ? -high : low);
    const weakest = cases.reduce((a, b) => (margin(b) < margin(a) ? b : a));
    return { ...weakest, text, level, cases, holds: cases.every(({ holds }) => holds) };
  });
}

function againstNumber({ left, op, level }: Expectation, cell: PairedRuns, bound: number): ExpectationCase {
  const side = pairedColumns(estimandOf(left), cell, cell.replicates);
  const found = side?.estimand.estimate(side.columns, level);
  const interval = found ? { low: found.low - bound, high: found.high - bound } : NOTHING_KNOWN;
  return {
    holds: isOnSide(op, interval),
    leftCell: cell.labels,
    left: found?.estimate ?? NaN,
    right: bound,
    interval,
    n: cell.replicates.length,
  };
}

function betweenCells(
  { left, op, level }: Expectation,
  [leftCell, rightCell]: CellPair,
  right: Measurement,
  random: RandomStream,
): ExpectationCase {
  const replicates = commonReplicates(leftCell, rightCell);
  const leftSide = pairedColumns(estimandOf(left), leftCell, replicates);
  const rightSide = pairedColumns(estimandOf(right), rightCell, replicates);
  const interval =
    leftSide && rightSide ? pairedDifference(leftSide, rightSide, { random, level }) : NOTHING_KNOWN;
  return {
    holds: isOnSide(op, interval),
    leftCell: leftCell.labels,
    rightCell: rightCell.labels,
    left: leftSide?.estimand.estimate(leftSide.columns, level).estimate ?? NaN,
    right: rightSide?.estimand.estimate(rightSide.columns, level).estimate ?? NaN,
    interval: { low: interval.low, high: interval.high },
    n: replicates.length,
  };
}

/** Two-sided and strict: the chance of a false "holds" is half of 1 − level. */
function isOnSide(op: Expectation['op'], { low, high }: Interval): boolean {
  return op === '<' ? high < 0 : low > 0;
}

type CellPair = readonly [left: PairedRuns, right: PairedRuns];

/**
 * The cells of the left side with those of the right that agree on every axis that neither side names.
 * A cell is not held against itself when there are others.
 */
function comparable(
  left: Measurement,
  right: Measurement,
  cells: readonly PairedRuns[],
): readonly CellPair[] {
  const named = new Set([...Object.keys(left.where), ...Object.keys(right.where)]);
  const pairs = matching(left, cells).flatMap((a) =>
    matching(right, cells)
      .filter((b) =>
        Object.entries(a.labels).every(([axis, label]) => named.has(axis) || b.labels[axis] === label),
      )
      .map((b): CellPair => [a, b]),
  );
  const different = pairs.filter(([a, b]) => a !== b);
  return different.length > 0 ? different : pairs;
}

function matching({ where }: Measurement, cells: readonly PairedRuns[]): readonly PairedRuns[] {
  return cells.filter(({ labels }) => Object.entries(where).every(([axis, label]) => labels[axis] === label));
}

function estimandOf({ metric }: Measurement): Estimand {
  const estimand = findEstimand(metric);
  assert(estimand !== undefined, `an expectation names ${metric}, which is no estimand`);
  return estimand;
}
