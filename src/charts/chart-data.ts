import type { TopLevelSpec } from 'vega-lite';
import { assert } from '../base/check.ts';
import { rowsToCsv } from '../tables/csv.ts';
import type { ChartRow } from './chart.ts';

/**
 * The specification with its rows inside (`'inline'`), or read from a CSV file beside it, e.g. `'./dose-response.csv'`;
 * `dataCsv` is what that file has to hold.
 */
export function withData(spec: TopLevelSpec, source: string): TopLevelSpec {
  if (source === 'inline') return spec;
  const types = columnTypes(rowsOf(spec));
  return { ...spec, data: { name: 'rows', url: source, format: { type: 'csv', parse: types } } };
}

/** The inline rows of a specification as CSV text; null becomes an empty field. */
export function dataCsv(spec: TopLevelSpec): string {
  return rowsToCsv(rowsOf(spec));
}

/** The inline rows of a specification. */
export function rowsOf({ data }: TopLevelSpec): readonly ChartRow[] {
  assert(data != null && 'values' in data && Array.isArray(data.values), 'the chart has no inline rows');
  return data.values as readonly ChartRow[];
}

/** Said outright, so that a label such as 20 stays a text and an empty field of a number is missing. */
function columnTypes(rows: readonly ChartRow[]): Record<string, 'number' | 'string' | 'boolean'> {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const known = rows.map((row) => row[name]).find((value) => value !== null);
      return [name, typeof known === 'string' ? 'string' : typeof known === 'boolean' ? 'boolean' : 'number'];
    }),
  );
}
