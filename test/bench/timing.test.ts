import { expect, test } from 'vitest';
import { ratios, spreadOf } from './timing.ts';

test('the quiet time is the least, and of rates the greatest', () => {
  expect(spreadOf([8, 1, 7, 2, 6, 3, 5, 4])).toEqual({ quiet: 1, median: 4.5, low: 1, high: 8 });
  expect(spreadOf([3, 9, 4], { rates: true })).toEqual({ quiet: 9, median: 4, low: 3, high: 9 });
});

test('a quiet ratio is that of the quiet times, and its spread is within rounds', () => {
  const slow = [40, 80, 44, 40];
  const fast = [4, 8, 4, 2];
  expect(ratios(slow, fast)).toEqual({ quiet: 40 / 2, median: 10.5, low: 10, high: 20 });
});
