import { fc, test as property } from '@fast-check/vitest';
import { fromCSV } from 'arquero';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { toCsv } from '../../src/tables/csv.ts';
import { fromParquet, toParquet } from '../../src/tables/parquet.ts';
import { runsTable } from '../../src/tables/runs-table.ts';
import { summaryTable } from '../../src/tables/summary.ts';
import { madeUpBatch } from './made-up-batch.ts';

const { results, cells } = madeUpBatch({ replicates: 3 });
const runs = runsTable(results, cells);

describe('a Parquet file', () => {
  test('reads back as the same table with its metadata', async () => {
    const { table, metadata } = await fromParquet(toParquet(runs, { manifest: '{"seed":"demo"}' }));
    expect(table.columnNames()).toEqual(runs.columnNames());
    expect(table.objects()).toEqual(runs.objects());
    expect(table.column('drawdown')).toBeInstanceOf(Float64Array);
    expect(table.column('replicate')).toBeInstanceOf(Int32Array);
    expect(metadata).toMatchObject({ manifest: '{"seed":"demo"}' });
  });

  test('of the summary keeps flags, and numbers that are infinite or missing', async () => {
    const summary = summaryTable(runs, { seed: 's' });
    const { table } = await fromParquet(toParquet(summary));
    expect(table.objects()).toEqual(summary.objects());
  });

  test('has the same bytes for the same data', () => {
    const again = runsTable(results.toReversed(), cells);
    expect(toParquet(again, { seed: 'a' })).toEqual(toParquet(runs, { seed: 'a' }));
    expect(toParquet(runs, { seed: 'b' })).not.toEqual(toParquet(runs, { seed: 'a' }));
  });

  test('may be written from plain columns, and of an empty table', async () => {
    const { table } = await fromParquet(toParquet({ time_s: Float64Array.of(0, 1), kind: ['a', 'b'] }));
    expect(table.objects()).toEqual([
      { time_s: 0, kind: 'a' },
      { time_s: 1, kind: 'b' },
    ]);
    const empty = await fromParquet(toParquet(runsTable([], cells)));
    expect([empty.table.numRows(), empty.table.columnNames()]).toEqual([0, runs.columnNames()]);
  });

  test('stores whole-numbered doubles as doubles', async () => {
    const bytes = toParquet({ x: Float64Array.of(1, 2, 3) });
    expect(await parquetReadObjects({ file: bytes.slice().buffer })).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
    const { table } = await fromParquet(bytes);
    expect(table.column('x')).toBeInstanceOf(Float64Array);
  });

  property.prop([fc.array(fc.double()), fc.array(fc.string())])(
    'keeps every double and string',
    async (x, s) => {
      const { table } = await fromParquet(toParquet({ x: Float64Array.from(x) }));
      expect(Array.from(table.array('x') as Float64Array)).toEqual(x);
      const strings = await fromParquet(toParquet({ s }));
      expect(strings.table.array('s')).toEqual(s);
    },
  );
});

describe('a CSV file', () => {
  test('reads back as the same numbers', () => {
    const read = fromCSV(toCsv(runs), { parse: { fingerprint: String, prefix_fingerprint: String } });
    expect(read.objects()).toEqual(runs.objects());
  });

  test('leaves missing numbers empty', () => {
    const closed = madeUpBatch({ arms: ['closed'], replicates: 2 });
    const [head, first] = toCsv(summaryTable(runsTable(closed.results, closed.cells), { seed: 's' })).split(
      '\n',
    );
    expect(first.split(',')[head.split(',').indexOf('amplification')]).toBe('');
  });
});
