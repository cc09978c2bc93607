import { type ColumnTable, table } from 'arquero';
import { assert } from '../base/check.ts';
import { METRICS } from '../metrics/metrics.ts';
import type { TaskResult } from '../run/results.ts';

/** The table type of the library behind this folder, for those who read tables. */
export type { ColumnTable };

/** What a batch knows of a cell: its place on each axis, as the user wrote it, e.g. `{ mark: 'index', shock: '10M' }`. */
export interface Cell {
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * All runs of a batch, one row for each cell × replicate × arm, in the order of cells, replicates and the scenario's arms
 * whatever the order of `results`. Columns: cell (index), one string column for each axis, replicate, arm, fingerprint,
 * prefix_fingerprint, then every metric in the order of `METRICS`, in its unit.
 */
export function runsTable(results: readonly TaskResult[], cells: readonly Cell[]): ColumnTable {
  const runs = [...results]
    .sort((a, b) => a.task.cell - b.task.cell || a.task.replicate - b.task.replicate)
    .flatMap(({ task, rows }) => rows.map((row) => ({ task, row })));
  const axes = Object.keys(cells[0]?.labels ?? {});

  const columns: [name: string, values: Int32Array | Float64Array | string[]][] = [
    ['cell', Int32Array.from(runs, ({ task }) => task.cell)],
    ...axes.map((axis): [string, string[]] => [
      axis,
      runs.map(({ task }) => labelOf(cells, task.cell, axis)),
    ]),
    ['replicate', Int32Array.from(runs, ({ task }) => task.replicate)],
    ['arm', runs.map(({ row }) => row.arm)],
    ['fingerprint', runs.map(({ row }) => row.fingerprint)],
    ['prefix_fingerprint', runs.map(({ row }) => row.prefixFingerprint)],
    ...METRICS.map(({ name }): [string, Float64Array] => [
      name,
      Float64Array.from(runs, ({ row }) => row.metrics[name]),
    ]),
  ];
  return table(distinct(columns));
}

/** The names of the axes of a runs or summary table: the columns between the cell and the first count. */
export function axesOf(runs: ColumnTable): string[] {
  const names = runs.columnNames();
  const end = names.findIndex((name) => name === 'replicate' || name === 'n');
  assert(names[0] === 'cell' && end > 0, `no runs or summary table: its columns are ${names.join(', ')}`);
  return names.slice(1, end);
}

/** Stops on a name that occurs twice, such as an axis called like a metric: one of the columns would be lost. */
export function distinct<Value>(
  columns: readonly (readonly [name: string, values: Value])[],
): [string, Value][] {
  const names = columns.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  assert(twice === undefined, `two columns are called ${twice}: rename the axis`);
  return columns.map(([name, values]) => [name, values]);
}

function labelOf(cells: readonly Cell[], cell: number, axis: string): string {
  const label = cells[cell]?.labels[axis];
  assert(label !== undefined, `cell ${cell} of ${cells.length} has no label on the axis ${axis}`);
  return label;
}
