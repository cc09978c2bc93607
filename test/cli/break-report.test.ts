import { describe, expect, test } from 'vitest';
import { breakInFull, breakInWords } from '../../src/cli/risk-team/break-report.ts';
import type { Batch } from '../../src/index.ts';

const batch = { title: 'A title', cells: [{ scenario: { seed: 's' } }] } as unknown as Batch;
const threshold = (replicate: number, at: number) => ({ replicate, at, isReversed: false });
/** Replicate 1 was under way when somebody pressed Ctrl-C. */
const thresholds = [threshold(0, 1), threshold(2, 3), threshold(3, 0)];
const LEVELS = ['1M', '2M', '3M'];

const answerFor = (levels: readonly string[], worstLast: boolean, probability = 0.5) => ({
  ...{ batch, levels, probability, event: 'ruin', vary: 'x', interrupted: true },
  ...{ folder: 'results/x', command: 'cascade break' },
  groups: [{ labels: {}, worstLast, thresholds, checks: [] }],
});
const found = (...parameters: Parameters<typeof answerFor>) =>
  (breakInFull(answerFor(...parameters)) as { cells: [Record<string, unknown>] }).cells[0];

describe('the answer of a reverse stress', () => {
  test('keeps the numbers of the replicates when some are missing', () => {
    expect(found(LEVELS, true).thresholds).toEqual([
      { replicate: 0, threshold: '2M' },
      { replicate: 2, threshold: 'above 3M' },
      { replicate: 3, threshold: '1M' },
    ]);
  });

  test('tells what lies outside of the range by the end that it lies beyond', () => {
    // Of three replicates the smallest is at the mildest level, the largest beyond the worst.
    expect(found(LEVELS, true, 0.1)).toMatchObject({ worse: 'upwards', at: '1M', before: 'below 1M' });
    expect(found(LEVELS, true, 0.9)).toMatchObject({ at: 'above 3M', before: '3M', high: 'above 3M' });
    expect(found(LEVELS, false, 0.1)).toMatchObject({ worse: 'downwards', at: '3M', before: 'above 3M' });
    expect(found(LEVELS, false, 0.9)).toMatchObject({ at: 'below 1M', low: 'below 1M' });
  });

  test('says the same in words', () => {
    const words = breakInWords(answerFor(LEVELS, true, 0.9));
    expect(words).toMatch(/above 3M +3M +\S+ \S+ ?\S* to above 3M/);
    expect(words).toMatch(/^replicates \S.* of seed \S+ · closed arm · 95 % intervals/m);
    expect(words).toContain('assumes independent replicates');
  });
});
