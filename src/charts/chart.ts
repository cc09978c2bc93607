import type { ColumnTable } from '../tables/runs-table.ts';
import type { TopLevelSpec } from 'vega-lite';
import type { CascadeMap } from '../metrics/cascade-map.ts';
import type { RunDetail } from '../run/results.ts';

/** A replicate to be shown in time. */
export interface TimelineInputs {
  readonly detail: RunDetail;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicate: number;
  /** When the shock begins, in seconds since the start of the run. */
  readonly shockAt: number;
}

/** The cascade maps of one cell. */
export interface CascadeMapInputs {
  readonly labels: Readonly<Record<string, string>>;
  /** Ascending; maps[i] is that of replicates[i]. */
  readonly replicates: readonly number[];
  readonly maps: readonly CascadeMap[];
}

/** What the charts of single runs are drawn from. */
export interface RunChartInputs {
  /** Of the scenario. */
  readonly title: string;
  readonly seed: string;
  /** Confidence level of intervals. */
  readonly level: number;
  readonly timeline?: TimelineInputs;
  readonly cascadeMaps?: CascadeMapInputs;
}

/** What the charts of a batch are drawn from. */
export interface ChartInputs extends RunChartInputs {
  readonly runs: ColumnTable;
  readonly summary: ColumnTable;
  /** Who set whom off, as `genealogiesTable` has it. */
  readonly genealogies?: ColumnTable;
}

/** One row of a chart's data. Numbers that are missing or infinite are null: JSON has neither. */
export type ChartRow = Readonly<Record<string, number | string | boolean | null>>;

/** A way to look at a batch, or at some of its runs. */
export interface Chart<Inputs = ChartInputs> {
  /** Of the files: `<name>.vl.json`, `<name>.csv`, `<name>.svg`. */
  readonly name: string;
  readonly about: string;
  /** A Vega-Lite specification with its data inline; undefined when the batch has nothing to show in it. */
  spec(inputs: Inputs): TopLevelSpec | undefined;
}

/** The rows of a table, with what JSON cannot hold as null. */
export function chartRows(table: ColumnTable): ChartRow[] {
  return (table.objects() as Record<string, number | string | boolean>[]).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, finite(value)])),
  );
}

/** The value, or null for NaN and the infinities. */
export function finite<Value>(value: Value): Value | null {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

/** Parts of a specification that functions hand around. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];
export type Panel = Extract<TopLevelSpec, { vconcat: unknown }>['vconcat'][number];
