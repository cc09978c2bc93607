import { expect, test } from 'vitest';
import { enoughOf } from '../../src/cli/risk-team/fund-report.ts';
import { proportion } from '../../src/index.ts';

/** Ten replicates with each fund, of which so many are ruined. */
const checks = (...ruined: readonly number[]) => ({
  checks: ruined.map((count, i) => ({ fund: 100 * (i + 1), ruin: proportion(count, 10), otherwise: 0 })),
});

test('a fund is enough where it and all larger ones that were tried are', () => {
  expect(enoughOf(checks(5, 2, 1, 0), 0.1)).toBe(300);
  // Not the 100 that happened to do.
  expect(enoughOf(checks(1, 2, 0), 0.1)).toBe(300);
});

test('no fund is the answer where the largest was too small, or none was tried', () => {
  expect(enoughOf(checks(9, 9, 8), 0.1)).toBeUndefined();
  expect(enoughOf(checks(), 0.1)).toBeUndefined();
});
