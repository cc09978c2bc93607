import { type ColumnTable as Table, table } from 'arquero';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { assert } from '../base/check.ts';
import type { ColumnTable } from '../run/results.ts';

/** Rows a group: a reader can take one group at a time. */
const ROW_GROUP = 50_000;

/**
 * A Parquet file: doubles, 32-bit integers, booleans and strings, none of them null, snappy-compressed. Equal tables and
 * metadata give equal bytes. `metadata` is kept in the file's key-value pairs, e.g. `{ manifest: JSON }`.
 */
export function toParquet(
  columns: ColumnTable | Table,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: namedColumns(columns).map(([name, data]) => stored(name, data)),
    rowGroupSize: ROW_GROUP,
    createdBy: 'cascade-lab',
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return new Uint8Array(buffer);
}

/** What `toParquet` wrote: the table, numbers as typed arrays again, and the metadata. */
export async function fromParquet(
  bytes: Uint8Array,
): Promise<{ table: Table; metadata: Readonly<Record<string, string>> }> {
  // A copy: the slice of a Node Buffer would be a view of a larger one.
  const file = new Uint8Array(bytes).buffer;
  const footer = parquetMetadata(file);
  const rows = await parquetReadObjects({ file, metadata: footer });
  const columns = footer.schema.slice(1).map(({ name, type }): [string, Values] => {
    const values = rows.map((row) => row[name] as never);
    if (type === 'DOUBLE') return [name, Float64Array.from(values)];
    return [name, type === 'INT32' ? Int32Array.from(values) : values];
  });
  const pairs = (footer.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ''] as const);
  return { table: table(columns), metadata: Object.fromEntries(pairs) };
}

type Values = Float64Array | Int32Array | readonly string[] | readonly boolean[];

function namedColumns(columns: ColumnTable | Table): [string, Values][] {
  if (!isArquero(columns)) return Object.entries(columns);
  // Our own tables stand on plain and typed arrays, which `column` hands out as they are.
  const rows = columns.reify();
  return rows.columnNames().map((name) => [name, rows.column(name) as unknown as Values]);
}

function isArquero(columns: ColumnTable | Table): columns is Table {
  return typeof columns.columnNames === 'function';
}

/** The type is always given: a guess would store whole-numbered doubles as integers and fail on an empty table. */
function stored(name: string, values: Values): ColumnSource {
  if (values instanceof Float64Array)
    return { name, data: values, nullable: false, type: 'DOUBLE', encoding: 'BYTE_STREAM_SPLIT' };
  if (values instanceof Int32Array) return { name, data: values, nullable: false, type: 'INT32' };
  const kind = typeof values[0];
  assert(
    values.every((value) => typeof value === kind),
    `column ${name} mixes types`,
  );
  return { name, data: [...values], nullable: false, type: kind === 'boolean' ? 'BOOLEAN' : 'STRING' };
}
