import { type ColumnTable, from } from 'arquero';

/** Comma-separated text with a header line; numbers in full, so they read back as the same; NaN becomes an empty field. */
export function toCsv(table: ColumnTable): string {
  const blank = (value: unknown): unknown => (Number.isNaN(value) ? null : value);
  return table.toCSV({ format: Object.fromEntries(table.columnNames().map((name) => [name, blank])) });
}

/** The same for rows that all have the names of the first. */
export function rowsToCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  return from([...rows]).toCSV();
}
