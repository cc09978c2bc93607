import type { CascadeMap } from '../metrics/cascade-map.ts';
import type { Genealogy } from '../metrics/genealogy.ts';
import type { MetricRow } from '../metrics/metrics.ts';
import type { RiskRecord } from '../metrics/risk-record.ts';
import type { Arm } from '../world/scenario.ts';

export { ARMS, type Arm } from '../world/scenario.ts';

/** What a worker is asked for: one replicate of one cell of the sweep, in all the arms of the scenario. */
export interface Task {
  /** Index into the cells of the batch. */
  readonly cell: number;
  readonly replicate: number;
}

/** One run. */
export interface RunRow {
  readonly arm: Arm;
  readonly metrics: MetricRow;
  /** Hash over every event of the run (16 hex digits): two runs with the same fingerprint did the same. */
  readonly fingerprint: string;
  /** Hash over the events before the first liquidation began: equal in all arms of a replicate. */
  readonly prefixFingerprint: string;
  /** Of the closed arm, when it was asked for. */
  readonly risk?: RiskRecord;
  /** Who set whom off; of the closed arm only. */
  readonly genealogy?: Genealogy;
}

/** What a worker answers: the rows in the order of the scenario's arms. */
export interface TaskResult {
  readonly task: Task;
  readonly rows: readonly RunRow[];
}

/** Columns of equal length by name, as the recorder and the files hold them. */
export type ColumnTable = Readonly<Record<string, Float64Array | readonly string[]>>;

/** One replicate and arm in detail, for timelines and for `replay`. */
export interface RunDetail {
  readonly row: RunRow;
  /** Sampled once a second; the columns are in `DETAIL_COLUMNS.paths`. */
  readonly paths: ColumnTable;
  /** One row a liquidation; the columns are in `DETAIL_COLUMNS.liquidations`. */
  readonly liquidations: ColumnTable;
  /** Fuel over book just before the shock; the columns are in `DETAIL_COLUMNS.cascadeMap`. */
  readonly cascadeMap: CascadeMap;
  /** Every event in order, when asked for; the columns are in `DETAIL_COLUMNS.events`. */
  readonly events?: ColumnTable;
}
