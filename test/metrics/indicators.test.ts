import { describe, expect, test } from 'vitest';
import { macd, realisedVolatility, rsi } from '../../src/metrics/indicators.ts';

describe('realised volatility', () => {
  test('of prices that double and halve is ln 2', () => {
    expect(realisedVolatility([1, 2, 1, 2])).toBeCloseTo(Math.LN2, 15);
  });

  test('is the root of the mean square, with nothing taken off', () => {
    expect(realisedVolatility([1, 1, 2])).toBeCloseTo(Math.LN2 / Math.SQRT2, 15);
    expect(realisedVolatility([5])).toBe(0);
  });
});

describe('MACD', () => {
  test('after a step of 1: what the slow average lacks more than the fast one', () => {
    // After n prices at the new level an average of weight a has (1 − a)^n of the step still to go.
    const left = (periods: number, n: number): number => (1 - 2 / (periods + 1)) ** n;
    expect(macd([10, 11])).toBeCloseTo(2 / 13 - 2 / 27, 14);
    expect(macd([10, 11, 11, 11])).toBeCloseTo(left(26, 3) - left(12, 3), 14);
  });

  test('of a long steady rise is the difference of the two lags, 12.5 − 5.5 periods', () => {
    expect(macd(Array.from({ length: 1_000 }, (_, i) => i))).toBeCloseTo(7, 9);
  });

  test('is 0 of nothing and of one price', () => {
    expect([macd([]), macd([7])]).toEqual([0, 0]);
  });
});

describe('RSI', () => {
  const steps = (...changes: number[]): number[] =>
    changes.reduce((prices, change) => [...prices, prices.at(-1)! + change], [100]);

  test('of 14 changes is the share of the gains', () => {
    // Gains 9 · 2, losses 5 · 1.
    expect(rsi(steps(...new Array<number>(9).fill(2), ...new Array<number>(5).fill(-1)))).toBeCloseTo(
      18 / 23,
      14,
    );
  });

  test('smooths as Wilder does from the fifteenth on', () => {
    // Averages 18/14 and 5/14; a loss of 3: (13 · 18/14)/14 and (13 · 5/14 + 3)/14.
    const changes = [...new Array<number>(9).fill(2), ...new Array<number>(5).fill(-1), -3];
    const gain = (13 * 18) / 14;
    const loss = (13 * 5) / 14 + 3;
    expect(rsi(steps(...changes))).toBeCloseTo(gain / (gain + loss), 14);
  });

  test('is 1 when all rose, 0 when all fell, half when nothing is known', () => {
    expect(rsi(steps(...new Array<number>(20).fill(1)))).toBe(1);
    expect(rsi(steps(...new Array<number>(20).fill(-1)))).toBe(0);
    expect(rsi(new Array<number>(30).fill(4))).toBe(0.5);
    expect(rsi(steps(...new Array<number>(13).fill(1)))).toBe(0.5);
  });
});
