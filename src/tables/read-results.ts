import { fromParquet } from './parquet.ts';
import type { ColumnTable } from './runs-table.ts';

/** A finished run, read back from its folder. */
export interface Results {
  /** `manifest.json`: version, command, seed, cells, what converged. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** `runs.parquet`: one row for each cell, replicate and arm; `summaryTable` makes the estimates of it. */
  readonly runs: ColumnTable;
  /** `paths.parquet`: the run of the timeline chart, sampled once a second; columns as in `DETAIL_COLUMNS.paths`. */
  readonly paths: ColumnTable;
  /** `liquidations.parquet`: a row a liquidation of that run. */
  readonly liquidations: ColumnTable;
}

/** The manifest and the runs alone, which every finished run has. */
export async function readRuns(
  read: (name: string) => Uint8Array,
): Promise<Pick<Results, 'manifest' | 'runs'>> {
  const text = new TextDecoder().decode(read('manifest.json'));
  return {
    manifest: JSON.parse(text) as Record<string, unknown>,
    runs: (await fromParquet(read('runs.parquet'))).table,
  };
}

/**
 * Reads a results folder through `read`, which gives the bytes of a file by its name inside the folder
 * (e.g. `(name) => readFileSync(join(folder, name))`); whatever it throws for a missing file is passed on.
 */
export async function readResults(read: (name: string) => Uint8Array): Promise<Results> {
  const table = async (name: string): Promise<ColumnTable> => (await fromParquet(read(name))).table;
  return {
    ...(await readRuns(read)),
    paths: await table('paths.parquet'),
    liquidations: await table('liquidations.parquet'),
  };
}
