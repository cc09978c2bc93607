import { describe, expect, test } from 'vitest';
import { meanDifference } from '../../src/metrics/estimates/mean.ts';
import { ratioOfMeans } from '../../src/metrics/estimates/ratio-of-means.ts';
import type { MetricName } from '../../src/metrics/metrics.ts';
import { toCsv } from '../../src/tables/csv.ts';
import { pairedRuns } from '../../src/tables/paired-runs.ts';
import { runsTable } from '../../src/tables/runs-table.ts';
import { SUMMARY_COLUMNS } from '../../src/tables/summary-columns.ts';
import { summaryTable } from '../../src/tables/summary.ts';
import { madeUpBatch } from './made-up-batch.ts';

type Row = Readonly<Record<string, number | string | boolean>>;
const tableOf = (options: Parameters<typeof madeUpBatch>[0]) => {
  const { results, cells } = madeUpBatch(options);
  return runsTable(results, cells);
};

describe('the summary', () => {
  const runs = tableOf({ replicates: 12 });
  const summary = summaryTable(runs, { seed: 's', targets: () => ({ amplification: { relative: 0.5 } }) });
  const rows = summary.objects() as Row[];

  test('has one row a cell: its labels and the listed columns', () => {
    expect(summary.columnNames()).toEqual([
      'cell',
      'mark',
      'shock',
      ...SUMMARY_COLUMNS.map(({ name }) => name),
    ]);
    expect(rows.map(({ mark, shock, n }) => [mark, shock, n]).slice(0, 4)).toEqual([
      ['index', '10M', 12],
      ['index', '20M', 12],
      ['index', '40M', 12],
      ['median', '10M', 12],
    ]);
  });

  test('holds the estimates of each cell', () => {
    const pairs = pairedRuns(runs)[14];
    const closed = pairs.column('closed', 'drawdown')!;
    const off = pairs.column('off', 'drawdown')!;
    const { estimate, fieller, correlation } = ratioOfMeans(closed, off);
    const excess = meanDifference(closed, off);
    expect(rows[14]).toMatchObject({
      amplification: estimate,
      amplification_low: fieller.low,
      amplification_high: fieller.high,
      correlation,
      excess_drawdown_bp: excess.estimate,
      excess_drawdown_bp_low: excess.low,
    });
    const { drawdown_off_bp, drawdown_open_bp, drawdown_closed_bp } = rows[14] as Record<string, number>;
    expect(drawdown_closed_bp / drawdown_off_bp).toBeCloseTo(estimate, 12);
    expect(rows[14].amplification_direct).toBeCloseTo(drawdown_open_bp / drawdown_off_bp, 12);
  });

  test('has quantiles between order statistics, the tail with its number, shares and R̂ twice', () => {
    const cell = pairedRuns(runs)[14];
    const closed = (metric: MetricName): Float64Array => cell.column('closed', metric)!;
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    const sorted = closed('drawdown').slice().sort();
    expect(rows[14]).toMatchObject({
      drawdown_p50: (sorted[5] + sorted[6]) / 2,
      // Twelve values: 19/4096 a side below the third and above the tenth; 79/4096 with the next.
      drawdown_p50_low: sorted[2],
      drawdown_p50_high: sorted[9],
      drawdown_p99_high: Infinity,
      drawdown_tail_mean: sorted[11],
      drawdown_tail_n: 1,
      drawdown_tail_mean_high: Infinity,
      late_liquidation_share: 0,
    });
    expect(rows[14].false_liquidation_share).toBeCloseTo(
      sum(closed('false_liquidations')) / sum(closed('liquidated_accounts')),
      12,
    );
    const open = cell.column('open-loop', 'forced_notional')!;
    expect(rows[14].reproduction_notional).toBeCloseTo(1 - sum(open) / sum(closed('forced_notional')), 12);
    const { reproduction, reproduction_bca_low, reproduction_bca_high } = rows[14] as Record<string, number>;
    expect(reproduction_bca_low).toBeLessThan(reproduction);
    expect(reproduction_bca_high).toBeGreaterThan(reproduction);
  });

  test('finds no amplification where the mark is the index', () => {
    expect(rows[0]).toMatchObject({
      amplification: 1,
      excess_drawdown_bp: 0,
      excess_drawdown_bp_low: 0,
      excess_drawdown_bp_high: 0,
      variance_reduction: Infinity,
    });
    expect(rows[0].ruin).toBe(0);
    expect(rows[0].ruin_high).toBe(3 / 12);
  });

  test('puts the bootstrap interval around the estimate, the same for the same seed', () => {
    const { amplification: a, amplification_bca_low: low, amplification_bca_high: high } = rows[14];
    expect(low).toBeLessThan(a as number);
    expect(high).toBeGreaterThan(a as number);
    const csv = (seed: string): string => toCsv(summaryTable(runs, { seed }));
    expect(csv('s')).toBe(csv('s'));
    expect(csv('s')).not.toBe(csv('t'));
  });

  test('says which cells reached their targets', () => {
    expect(rows.every(({ converged }) => converged === true)).toBe(true);
    const reached = (relative: number): Row[] =>
      summaryTable(runs, { seed: 's', targets: () => ({ amplification: { relative } }) }).objects() as Row[];
    expect(reached(1e-6).every(({ converged }) => converged === false)).toBe(true);
    // Without liquidation in the mark the ratio is exactly 1 in all 12: known to 3/12 of itself.
    const onIndex = (rows: Row[]) => rows.filter(({ mark }) => mark === 'index');
    expect(onIndex(reached(0.24)).every(({ converged }) => converged === false)).toBe(true);
    expect(onIndex(reached(0.26)).every(({ converged }) => converged === true)).toBe(true);
  });

  test('leaves blank what needs an arm that was not run', () => {
    const [first] = summaryTable(tableOf({ arms: ['off', 'open-loop'], replicates: 3 }), {
      seed: 's',
    }).objects() as Row[];
    expect(first.amplification_direct).toBe(1);
    for (const name of ['amplification', 'reproduction', 'drawdown_closed_bp', 'fund_used', 'correlation'])
      expect(first[name]).toBeNaN();

    const closedOnly = summaryTable(tableOf({ arms: ['closed'], replicates: 3 }), { seed: 's' });
    const [row] = closedOnly.objects() as Row[];
    expect(row.drawdown_closed_bp).toBeGreaterThan(0);
    expect(row.amplification).toBeNaN();
    expect(toCsv(closedOnly)).not.toContain('NaN');
  });

  test('bounds nothing with one replicate', () => {
    const [row] = summaryTable(tableOf({ replicates: 1 }), { seed: 's' }).objects() as Row[];
    expect(row).toMatchObject({
      n: 1,
      amplification: 1,
      amplification_low: -Infinity,
      amplification_high: Infinity,
    });
  });
});
