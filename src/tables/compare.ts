import type { ColumnTable } from 'arquero';
import { assert } from '../base/check.ts';
import { RandomSource, type RandomStream } from '../base/random.ts';
import { bca } from '../metrics/estimates/bca.ts';
import { type Estimand, estimandAt, findEstimand } from '../metrics/estimates/estimands.ts';
import { type Estimate, LEVEL } from '../metrics/estimates/estimate.ts';
import { meanDifference, type MeanEstimate } from '../metrics/estimates/mean.ts';
import { columnsOf, pairedRuns, type PairedRuns } from './paired-runs.ts';

/** An estimand's columns on some replicates; the columns of two of these on the same replicates are paired. */
export interface PairedColumns {
  readonly estimand: Estimand;
  readonly columns: readonly Float64Array[];
}

/** The columns of `estimand` in one cell on the given replicates, which it has; undefined when it lacks an arm. */
export function pairedColumns(
  estimand: Estimand,
  cell: PairedRuns,
  replicates: readonly number[],
): PairedColumns | undefined {
  const positions = new Map(cell.replicates.map((replicate, position) => [replicate, position]));
  const columns = columnsOf(estimand, cell)?.map((values) =>
    Float64Array.from(replicates, (replicate) => values[positions.get(replicate)!]),
  );
  return columns && { estimand, columns };
}

/** The replicates that both cells have: stopping rules may end them at different n. */
export function commonReplicates(a: PairedRuns, b: PairedRuns): number[] {
  const inB = new Set(b.replicates);
  return a.replicates.filter((replicate) => inB.has(replicate));
}

/** `left − right` on the same replicates, with the BCa bootstrap interval over replicates: both sides of a pair move together. */
export function pairedDifference(
  left: PairedColumns,
  right: PairedColumns,
  { random, level = LEVEL }: { random: RandomStream; level?: number },
): Estimate {
  const n = left.columns[0].length;
  const value = ({ estimand, columns }: PairedColumns, indices: Int32Array): number =>
    estimandAt(estimand, columns, indices);
  const difference = (indices: Int32Array): number => value(left, indices) - value(right, indices);
  const all = Int32Array.from({ length: n }, (_, i) => i);
  return { estimate: difference(all), n, level, ...bca(difference, n, random, { level }) };
}

/** How two designs differ under the same seeds. */
export interface AmplificationComparison {
  /** Replicates that both cells have. */
  readonly n: number;
  /** A of the first cell less A of the second, with the paired bootstrap interval. */
  readonly amplification: Estimate;
  /** Excess drawdown of the first less that of the second, in bp, with Student's t interval over pairs. */
  readonly excess: MeanEstimate;
}

/**
 * Compares the amplification of two cells (indices into the batch's cells) that were run in the off and closed arms.
 * `seed` is the batch's: equal runs give equal intervals.
 */
export function compareAmplification(
  runs: ColumnTable,
  { first, second, seed, level = LEVEL }: { first: number; second: number; seed: string; level?: number },
): AmplificationComparison {
  const cells = pairedRuns(runs);
  const find = (index: number): PairedRuns => {
    const found = cells.find(({ cell }) => cell === index);
    assert(found !== undefined, `there are no runs of cell ${index}`);
    return found;
  };
  const replicates = commonReplicates(find(first), find(second));
  const side = (index: number): PairedColumns => {
    const columns = pairedColumns(findEstimand('amplification')!, find(index), replicates);
    assert(columns !== undefined, `cell ${index} has no pairs of the off and the closed arm`);
    return columns;
  };
  const [a, b] = [side(first), side(second)];
  const excess = ({ columns: [closed, off] }: PairedColumns): Float64Array =>
    closed.map((value, i) => value - off[i]);
  const random = new RandomSource(seed).stream(`estimates/compare/${first}/${second}`);
  return {
    n: replicates.length,
    amplification: pairedDifference(a, b, { random, level }),
    excess: meanDifference(excess(a), excess(b), level),
  };
}
