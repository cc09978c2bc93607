import { expect, test } from 'vitest';
import { estimationInWords, notConvergedInWords } from '../../src/cli/estimation-view.ts';
import { estimationOf } from '../../src/index.ts';
import type { Batch, CellResult } from '../../src/index.ts';

const estimation = estimationOf({ seed: '7', arms: ['off', 'closed'], level: 0.95, replicates: [40, 40] });

test('below the table stands what its numbers are', () => {
  const text = estimationInWords(estimation, [
    { correlation: 0.5, variance_reduction: 2 },
    { correlation: 1, variance_reduction: Infinity },
  ]).join('\n');
  expect(text).toContain('numbers 0 to 39, of seed 7, each in the arms off, closed');
  expect(text).toContain('95 % Fieller');
  expect(text).toContain('2,000 resamples of whole replicates');
  expect(text).toContain('correlate 0.5 to 1, and independent arms would need 2 to ∞ times the replicates');
  expect(text).toContain('assumes independent replicates');
});

test('without pairs it says so', () => {
  const text = estimationInWords(estimation, [{ correlation: NaN, variance_reduction: NaN }]).join('\n');
  expect(text).toContain('no pairs of closed and off');
});

test('a target that was not reached is named, with what was', () => {
  const until = { ruin: { absolute: 0.01 }, amplification: { relative: 0.05 }, drawdown: { relative: 0.5 } };
  const batch = {
    cells: [{ labels: { mark: 'mid', size: '5M' }, scenario: { measure: { replicates: { until } } } }],
  } as unknown as Batch;
  const cell = {
    cell: 0,
    converged: false,
    replicates: Array.from({ length: 60 }),
    reached: {
      ruin: { estimate: 0, relative: Infinity, absolute: 0.05 },
      amplification: { estimate: 2, relative: 0.25, absolute: 0.6 },
      drawdown: { estimate: 2, relative: 0.4, absolute: 0.9 },
    },
  } as unknown as CellResult;
  expect(notConvergedInWords(batch, [cell])).toEqual([
    'not converged: mid · 5M: ruin ± 5 pp after 60, asked for within 1 pp',
    'not converged: mid · 5M: amplification ± 25 % after 60, asked for within 5 %',
  ]);
  expect(notConvergedInWords(batch, [{ ...cell, converged: true }])).toEqual([]);
});
