import { describe, expect, test } from 'vitest';
import { METRICS } from '../../src/metrics/metrics.ts';
import { pairedRuns } from '../../src/tables/paired-runs.ts';
import { axesOf, runsTable } from '../../src/tables/runs-table.ts';
import { madeUpBatch } from './made-up-batch.ts';

describe('the runs table', () => {
  const { results, cells } = madeUpBatch({ replicates: 3 });
  const runs = runsTable(results, cells);

  test('has one row for each cell, replicate and arm, and a column for each axis and metric', () => {
    expect(runs.numRows()).toBe(5 * 3 * 3 * 3);
    expect(runs.columnNames()).toEqual([
      'cell',
      'mark',
      'shock',
      'replicate',
      'arm',
      'fingerprint',
      'prefix_fingerprint',
      ...METRICS.map(({ name }) => name),
    ]);
    expect(axesOf(runs)).toEqual(['mark', 'shock']);
  });

  test('does not depend on the order in which results came in', () => {
    expect(runsTable(results.toReversed(), cells).toCSV()).toBe(runs.toCSV());
  });

  test('keeps every number', () => {
    const [{ rows }] = results.filter(({ task }) => task.cell === 4 && task.replicate === 2);
    expect(runs.object((4 * 3 + 2) * 3 + 1)).toMatchObject({
      cell: 4,
      mark: 'median',
      shock: '20M',
      replicate: 2,
      arm: 'open-loop',
      fingerprint: rows[1].fingerprint,
      ...rows[1].metrics,
    });
  });

  test('refuses an axis with the name of another column', () => {
    const clash = cells.map(() => ({ labels: { drawdown: 'deep' } }));
    expect(() => runsTable(results, clash)).toThrow('two columns are called drawdown: rename the axis');
  });

  test('may be of a batch without axes', () => {
    const alone = madeUpBatch({ designs: { index: 0 }, shocks: ['10M'], replicates: 2 });
    const table = runsTable(alone.results, [{ labels: {} }]);
    expect(axesOf(table)).toEqual([]);
    expect(table.numRows()).toBe(6);
  });

  test('falls into cells with paired columns', () => {
    const pairs = pairedRuns(runs);
    expect(pairs).toHaveLength(15);
    expect(pairs[4]).toMatchObject({
      cell: 4,
      labels: { mark: 'median', shock: '20M' },
      replicates: [0, 1, 2],
    });
    const drawdowns = results.slice(12, 15).map(({ rows }) => rows[2].metrics.drawdown);
    expect([...pairs[4].column('closed', 'drawdown')!]).toEqual(drawdowns);
  });

  test('has no pairs where the arms went through different replicates', () => {
    const [first, ...others] = results;
    const broken = [{ ...first, rows: first.rows.slice(1) }, ...others];
    expect(() => pairedRuns(runsTable(broken, cells))).toThrow('cannot be paired');
  });
});
