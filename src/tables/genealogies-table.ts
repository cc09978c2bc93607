import { type ColumnTable, table } from 'arquero';
import type { TaskResult } from '../run/results.ts';
import { type Cell, distinct } from './runs-table.ts';

interface Line {
  readonly cell: number;
  readonly replicate: number;
  readonly of: 'generation' | 'cluster' | 'cause';
  readonly number: number;
  readonly cause: string;
  readonly count: number;
  readonly notional: number;
}

/**
 * Who set whom off in the closed arms of a batch. Columns: cell, one for each axis, replicate, and by `part` —
 * `generation`: its number as `place`, `how_many` liquidations, `forced_notional` that they traded; `cluster`: its size as `place`, `how_many` clusters
 * of that size; `cause`: its name, `how_many` liquidations. What does not apply is NaN or empty.
 */
export function genealogiesTable(results: readonly TaskResult[], cells: readonly Cell[]): ColumnTable {
  const lines = [...results]
    .sort((a, b) => a.task.cell - b.task.cell || a.task.replicate - b.task.replicate)
    .flatMap(linesOf);
  const axes = Object.keys(cells[0]?.labels ?? {});
  return table(
    distinct<Int32Array | Float64Array | string[]>([
      ['cell', Int32Array.from(lines, ({ cell }) => cell)],
      ...axes.map((axis) => [axis, lines.map(({ cell }) => cells[cell].labels[axis])] as const),
      ['replicate', Int32Array.from(lines, ({ replicate }) => replicate)],
      ['part', lines.map((line) => line.of)],
      ['place', Float64Array.from(lines, ({ number }) => number)],
      ['cause', lines.map(({ cause }) => cause)],
      ['how_many', Float64Array.from(lines, ({ count }) => count)],
      ['forced_notional', Float64Array.from(lines, ({ notional }) => notional)],
    ]),
  );
}

function linesOf({ task, rows }: TaskResult): Line[] {
  const genealogy = rows.find(({ arm }) => arm === 'closed')?.genealogy;
  if (genealogy === undefined) return [];
  const nothing = { ...task, number: NaN, cause: '', notional: NaN };
  const { liquidations, notional, clusters, causes } = genealogy;
  return [
    ...liquidations.map((count, g) => ({
      ...nothing,
      of: 'generation' as const,
      number: g + 1,
      count,
      notional: notional[g],
    })),
    ...clusters.map(([number, count]) => ({ ...nothing, of: 'cluster' as const, number, count })),
    ...Object.entries(causes).map(([cause, count]) => ({ ...nothing, of: 'cause' as const, cause, count })),
  ];
}
