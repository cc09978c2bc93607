import { describe, expect, it } from 'vitest';
import { indexPrice, median } from '../../src/prices/index-price.ts';
import type { IndexRule } from '../../src/prices/index-price.ts';
import { SECOND } from '../../src/base/units.ts';

const RULE: IndexRule = { clip: 0.03, stale: 10 * SECOND };
const NOW = 100 * SECOND;

function fresh(...prices: number[]) {
  return prices.map((price) => ({ price, receivedAt: NOW }));
}
function equal(n: number): number[] {
  return new Array<number>(n).fill(1);
}

describe('the index', () => {
  const oneBad = fresh(100, 100.2, 99.9, 100.1, 90);

  it('clips at 3 % (Binance, OKX): 100, 100.2, 99.9, 100.1, 90 give 99.44', () => {
    expect(indexPrice(oneBad, equal(5), RULE, NOW)).toBeCloseTo((100 + 100.2 + 99.9 + 100.1 + 97) / 5, 10);
    expect(indexPrice(oneBad, equal(5), RULE, NOW).toFixed(2)).toBe('99.44');
  });

  it('unclipped gives the plain mean 98.04', () => {
    expect(indexPrice(oneBad, equal(5), { ...RULE, clip: 0 }, NOW)).toBeCloseTo(98.04, 10);
  });

  it('clips at 0.5 % (Deribit): the same give 99.94', () => {
    expect(indexPrice(oneBad, equal(5), { ...RULE, clip: 0.005 }, NOW)).toBeCloseTo(99.94, 10);
  });

  it('clips a source that is too high as well', () => {
    expect(indexPrice(fresh(100, 100, 120), equal(3), RULE, NOW)).toBeCloseTo((100 + 100 + 103) / 3, 10);
  });

  it('clips at the median of an even number of sources, which is the mean of the middle two', () => {
    // Median 101; 90 counts as 97.97, 120 as 104.03.
    expect(indexPrice(fresh(90, 100, 102, 120), equal(4), RULE, NOW)).toBeCloseTo(
      (97.97 + 100 + 102 + 104.03) / 4,
      10,
    );
  });

  it('weighs its sources', () => {
    expect(indexPrice(fresh(100, 101), [3, 1], RULE, NOW)).toBeCloseTo(100.25, 10);
  });

  it('a single source of weight 1/5 moves it by no more than 0.6 %, however wrong', () => {
    const alone = (price: number) => indexPrice(fresh(100, 100, 100, 100, price), equal(5), RULE, NOW);
    expect(alone(1)).toBeCloseTo(100 * (1 - 0.03 / 5), 10);
    expect(alone(1e6)).toBeCloseTo(100 * (1 + 0.03 / 5), 10);
  });

  it('leaves out a source older than `stale`, but not one just as old', () => {
    const aged = (age: number) => [
      { price: 100, receivedAt: NOW },
      { price: 102, receivedAt: NOW - age },
    ];
    expect(indexPrice(aged(RULE.stale), [1, 1], RULE, NOW)).toBe(101);
    expect(indexPrice(aged(RULE.stale + 1), [1, 1], RULE, NOW)).toBe(100);
  });

  it('leaves out a source that has never published', () => {
    const sources = [...fresh(100), { price: NaN, receivedAt: -Infinity }, { price: NaN, receivedAt: NOW }];
    expect(indexPrice(sources, equal(3), RULE, NOW)).toBe(100);
  });

  it('is NaN when no source is fresh, or none with a weight', () => {
    expect(indexPrice([{ price: 100, receivedAt: 0 }], [1], RULE, NOW)).toBeNaN();
    expect(indexPrice([], [], RULE, NOW)).toBeNaN();
    expect(indexPrice(fresh(100), [0], RULE, NOW)).toBeNaN();
  });

  it('does not see a source of no weight, not even to find the middle', () => {
    expect(indexPrice(fresh(100, 80), [1, 0], RULE, NOW)).toBe(100);
    expect(indexPrice(fresh(100, 100, 104, 80, 80), [1, 1, 1, 0, 0], RULE, NOW)).toBeCloseTo(
      (100 + 100 + 103) / 3,
      10,
    );
  });
});

describe('the median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    expect(median([3])).toBe(3);
    expect(median([30, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 100])).toBe(3.5);
    expect(median([100, 20, 3])).toBe(20);
  });
});
