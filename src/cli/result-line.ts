import { METRICS } from '../index.ts';
import type { MetricRow, RunRow, TaskResult } from '../index.ts';

/**
 * A result as one line of JSON: how it comes back from a worker and how it stands in the journal. A batch that goes
 * on from its journal therefore sees the very numbers it would have computed again.
 *
 * JSON has no NaN and no infinities: they are written as the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
 */
export function encodeResult({ task, rows }: TaskResult): string {
  return JSON.stringify({
    ...task,
    rows: rows.map((row) => ({
      ...row,
      metrics: METRICS.map(({ name }) => encodeNumber(row.metrics[name])),
    })),
  });
}

/** The inverse of `encodeResult`; throws a `SyntaxError` or a `TypeError` for a line that is not whole. */
export function decodeResult(line: string): TaskResult {
  const { cell, replicate, rows } = JSON.parse(line) as StoredResult;
  return {
    task: { cell, replicate },
    rows: rows.map((row) => ({ ...row, metrics: decodeMetrics(row.metrics) })),
  };
}

interface StoredResult {
  readonly cell: number;
  readonly replicate: number;
  readonly rows: readonly (Omit<RunRow, 'metrics'> & { readonly metrics: readonly (number | string)[] })[];
}

function decodeMetrics(values: readonly (number | string)[]): MetricRow {
  if (values.length !== METRICS.length)
    throw new TypeError(`${values.length} metrics, not ${METRICS.length}`);
  return Object.fromEntries(METRICS.map(({ name }, at) => [name, Number(values[at])])) as MetricRow;
}

function encodeNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
