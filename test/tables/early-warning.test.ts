import { describe, expect, test } from 'vitest';
import { RandomSource } from '../../src/base/random.ts';
import { earlyWarning } from '../../src/tables/early-warning.ts';
import { runsTable } from '../../src/tables/runs-table.ts';
import { madeUpBatch } from './made-up-batch.ts';

/** Leverage against depth doubles the excess within a cell; RSI is noise; the funding rate never moves; crowding tells the cell alone. */
function madeUpRuns(arms: ('off' | 'closed')[] = ['off', 'closed']) {
  const batch = madeUpBatch({ designs: { a: 0, b: 0 }, shocks: ['20M'], replicates: 40, arms });
  const random = new RandomSource('warnings').stream('signs');
  const results = batch.results.map(({ task, rows }) => {
    const fuel = random.uniform();
    const noise = random.uniform();
    return {
      task,
      rows: rows.map((row) => ({
        ...row,
        metrics: {
          ...row.metrics,
          drawdown: row.arm === 'closed' ? 100 + 50 * task.cell + 20 * fuel : 100,
          breakable_1pct: fuel,
          rsi_before: noise,
          crowding: task.cell,
        },
      })),
    };
  });
  return runsTable(results, batch.cells);
}
const QUESTION = { seed: '1', level: 0.95, folds: 5, permutations: 20 };

describe('early warning', () => {
  const found = earlyWarning(madeUpRuns(), QUESTION)!;
  const [excess] = found.severities;
  const of = (sign: string) => excess.warnings.find((warning) => warning.sign === sign)!;

  test('counts runs and replicates', () => {
    expect(found).toMatchObject({ n: 80, cells: 2, replicates: 40 });
    expect(excess.severe).toBe(0.5);
  });

  test('a sign of severity within the cell has a correlation of one there, and less over all', () => {
    expect(of('breakable_1pct').within.estimate).toBeCloseTo(1, 12);
    expect(of('breakable_1pct').correlation.estimate).toBeLessThan(0.7);
  });

  test('a sign of the cell alone tells which half is the severe one, and nothing within it', () => {
    const { auc, within, correlation } = of('crowding');
    expect(auc.estimate).toBe(1);
    expect(within.estimate).toBeNaN();
    // Two cells can be dealt out in two ways: of what the cell alone tells they prove nothing.
    expect(auc.placebo).toBe(1);
    // Ranks 20.5 and 60.5 against 1 … 80: √(3/4 · n² / (n² − 1)).
    expect(correlation.estimate).toBeCloseTo(Math.sqrt((0.75 * 6_400) / 6_399), 12);
  });

  test('noise is told as noise', () => {
    const { within, auc, r2 } = of('rsi_before');
    expect(within.low).toBeLessThan(0);
    expect(within.high).toBeGreaterThan(0);
    expect(auc.low).toBeLessThan(auc.placebo);
    expect(r2.estimate).toBeLessThan(Math.max(0.05, r2.placebo));
  });

  test('what does not vary has no correlation, and no interval', () => {
    expect(of('funding_before').correlation).toEqual({ estimate: NaN, low: NaN, high: NaN });
  });

  test('all together explain what the two signs make', () => {
    expect(of('all together').r2.estimate).toBeGreaterThan(0.99);
  });

  test('depends on the seed alone', () => {
    expect(earlyWarning(madeUpRuns(), QUESTION)).toEqual(found);
  });

  test('is undefined without the off arm, or with fewer replicates than folds', () => {
    expect(earlyWarning(madeUpRuns(['closed']), QUESTION)).toBeUndefined();
    expect(earlyWarning(madeUpRuns(), { ...QUESTION, folds: 41 })).toBeUndefined();
  });
});
