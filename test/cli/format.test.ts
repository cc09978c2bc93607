import { describe, expect, test } from 'vitest';
import { ends, money, seconds, threeDigits, withInterval } from '../../src/cli/format.ts';

describe('numbers for people', () => {
  test.each([
    [0, '0'],
    [0.0029, '<1'],
    [12.345, '12.3'],
    [999.4, '999'],
    [12_345, '12.3k'],
    [999_960, '1M'],
    [-12_345_678, '−12.3M'],
    [2_000_000_000, '2B'],
    [NaN, '–'],
    [Infinity, '∞'],
  ])('%s is %s', (value, text) => expect(money(value)).toBe(text));

  test('a small number has the same minus in front and in its exponent', () => {
    expect(threeDigits(-1.884e-16)).toBe('−1.88e−16');
  });

  test('an interval compares with its neighbours', () => {
    expect(withInterval({ estimate: 1.5, low: 1.2345, high: 2 })).toBe('1.50 [1.23, 2.00]');
    expect(withInterval({ estimate: 1.5, low: -Infinity, high: Infinity })).toBe('1.50 [not bounded]');
    expect(withInterval({ estimate: 1.5, low: 1.25, high: Infinity })).toBe('1.50 [1.25, ∞]');
    expect(ends({ low: -100.4, high: 2 })).toBe('[−100, 2.00]');
    expect(ends({ low: NaN, high: NaN })).toBe('–');
    expect(withInterval({ estimate: -0.001, low: -0.009, high: 0 })).toBe('0.00 [−0.01, 0.00]');
    expect(withInterval({ estimate: NaN, low: NaN, high: NaN })).toBe('–');
  });

  test.each([
    [0.0881, '0.088 s'],
    [1.234, '1.2 s'],
    [83.4, '83 s'],
    [250, '4 min 10 s'],
  ])('%s s is %s', (value, text) => expect(seconds(value)).toBe(text));
});
