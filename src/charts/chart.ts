import type { ColumnTable } from '../tables/runs-table.ts';
import type { TopLevelSpec } from 'vega-lite';
import type { RunDetail } from '../run/results.ts';

/** A replicate to be shown in time. */
export interface TimelineInputs {
  /** The closed arm. */
  readonly detail: RunDetail;
  readonly labels: Readonly<Record<string, string>>;
  readonly replicate: number;
  /** When the shock begins, in seconds since the start of the run. */
  readonly shockAt: number;
}

/** What the charts of a batch are drawn from. */
export interface ChartInputs {
  /** Of the scenario. */
  readonly title: string;
  readonly seed: string;
  readonly runs: ColumnTable;
  readonly summary: ColumnTable;
  /** Who set whom off, as `genealogiesTable` has it. */
  readonly genealogies?: ColumnTable;
  /** Confidence level of the summary's intervals. */
  readonly level: number;
  readonly timeline?: TimelineInputs;
}

/** One row of a chart's data. Numbers that are missing or infinite are null: JSON has neither. */
export type ChartRow = Readonly<Record<string, number | string | boolean | null>>;

/** A way to look at a batch. */
export interface Chart {
  /** Of the files: `<name>.vl.json`, `<name>.csv`, `<name>.svg`. */
  readonly name: string;
  readonly about: string;
  /** A Vega-Lite specification with its data inline; undefined when the batch has nothing to show in it. */
  spec(inputs: ChartInputs): TopLevelSpec | undefined;
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
