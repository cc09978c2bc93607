import type { ColumnTable } from 'arquero';
import { assert } from '../base/check.ts';
import type { Estimand } from '../metrics/estimates/estimands.ts';
import type { MetricName } from '../metrics/metrics.ts';
import type { Arm } from '../run/results.ts';
import { axesOf } from './runs-table.ts';

/** The runs of one cell by replicate: the unit of every estimate. */
export interface PairedRuns {
  readonly cell: number;
  /** The cell's place on each axis. */
  readonly labels: Readonly<Record<string, string>>;
  /** In ascending order; position i of every column belongs to `replicates[i]`. */
  readonly replicates: readonly number[];
  /** One metric in one arm over the replicates; undefined when the arm was not run. */
  column(arm: Arm, metric: MetricName): Float64Array | undefined;
}

/** The cells of a runs table, in its order. */
export function pairedRuns(runs: ColumnTable): PairedRuns[] {
  const read = new Map<string, ArrayLike<unknown>>();
  const values = (name: string): ArrayLike<unknown> => {
    const column = read.get(name) ?? (runs.array(name) as ArrayLike<unknown>);
    read.set(name, column);
    return column;
  };
  const cells = Array.from(values('cell') as ArrayLike<number>);
  const arms = values('arm') as ArrayLike<Arm>;
  const replicates = values('replicate') as ArrayLike<number>;
  const axes = axesOf(runs).map((axis) => [axis, values(axis) as ArrayLike<string>] as const);

  const rowsOf = groupBy([...cells.keys()], (row) => cells[row]);
  return [...rowsOf].map(([cell, rows]) => {
    const rowsByArm = groupBy(rows, (row) => arms[row]);
    const [first, ...others] = [...rowsByArm.values()].map((armRows) =>
      armRows.map((row) => replicates[row]),
    );
    assert(
      others.every((other) => other.join() === first.join()),
      `the arms of cell ${cell} do not have the same replicates: they cannot be paired`,
    );
    return {
      cell,
      labels: Object.fromEntries(axes.map(([axis, labels]) => [axis, labels[rows[0]]])),
      replicates: first,
      column: (arm, metric) => {
        const armRows = rowsByArm.get(arm);
        const column = values(metric) as ArrayLike<number>;
        return armRows && Float64Array.from(armRows, (row) => column[row]);
      },
    };
  });
}

/** The columns an estimand is computed from; undefined when an arm it needs was not run. */
export function columnsOf(estimand: Estimand, pairs: PairedRuns): Float64Array[] | undefined {
  const columns = estimand.inputs.map(({ arm, metric }) => pairs.column(arm, metric));
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

/** The items in their order by key, the keys in the order of their first items. */
function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
