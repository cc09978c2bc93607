import { type ColumnTable, table } from 'arquero';
import { RandomSource } from '../base/random.ts';
import type { Target } from '../world/scenario-precision.ts';
import { LEVEL } from '../metrics/estimates/estimate.ts';
import { pairedRuns } from './paired-runs.ts';
import { axesOf, distinct } from './runs-table.ts';
import { COMPUTED_COLUMNS, hasConverged, summaryCell } from './summary-columns.ts';

export interface SummaryOptions {
  /** The batch's seed: the bootstrap draws from streams named after it, so equal runs give equal summaries. */
  readonly seed: string;
  /** The targets of the stopping rule by cell index. Without any, every cell has converged. */
  readonly targets?: (cell: number) => Readonly<Record<string, Target>> | undefined;
  /** Confidence level of all intervals; 0.95 unless given. */
  readonly level?: number;
}

/**
 * One row a cell: cell, its labels, then `SUMMARY_COLUMNS`. Ratios carry Fieller's interval in `_low`, `_high` and the
 * bootstrap's in `_bca_low`, `_bca_high`; means Student's t; quantiles order statistics; probabilities mid-P or the
 * rule of three.
 * A number is NaN when an arm it needs was not run; an end that nothing bounds is infinite.
 */
export function summaryTable(
  runs: ColumnTable,
  { seed, targets, level = LEVEL }: SummaryOptions,
): ColumnTable {
  const streams = new RandomSource(seed).child('estimates/summary');
  const cells = pairedRuns(runs).map((pairs) =>
    summaryCell(pairs, { level, targets: targets?.(pairs.cell) ?? {}, random: streams }),
  );
  return table(
    distinct<Int32Array | Float64Array | readonly (string | boolean)[]>([
      ['cell', Int32Array.from(cells, ({ pairs }) => pairs.cell)],
      ...axesOf(runs).map((axis) => [axis, cells.map(({ pairs }) => pairs.labels[axis])] as const),
      ...COMPUTED_COLUMNS.map(
        (column) => [column.name, Float64Array.from(cells, (cell) => column.of(cell) ?? NaN)] as const,
      ),
      ['converged', cells.map(hasConverged)],
    ]),
  );
}
