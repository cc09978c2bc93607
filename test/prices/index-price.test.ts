import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/base/units.ts';
import { clippedMean } from '../../src/prices/index/clipped-mean.ts';
import { dropOutliers } from '../../src/prices/index/drop-outliers.ts';
import type { IndexRule } from '../../src/prices/index/index-rule.ts';
import { inverseSquare } from '../../src/prices/index/inverse-square.ts';
import { medianRule } from '../../src/prices/index/median.ts';
import { weightedMedianRule } from '../../src/prices/index/weighted-median.ts';
import { calcIndex, IndexPrice } from '../../src/prices/index-price.ts';
import type { IndexHalt } from '../../src/prices/index-price.ts';
import { median } from '../../src/prices/median.ts';
import type { PriceSource } from '../../src/prices/price-source.ts';
import { made } from '../fixtures/variants.ts';

const STALE = 10 * SECOND;
const NOW = 100 * SECOND;

function fresh(...prices: number[]): PriceSource[] {
  return prices.map((price) => ({ price, receivedAt: NOW }));
}
function equal(n: number): number[] {
  return new Array<number>(n).fill(1);
}
const clip = (share: string) => made(clippedMean, undefined, { clip: share });
/** The index of sources that are all fresh. */
function indexOf(rule: IndexRule, prices: readonly number[], weights = equal(prices.length)): number {
  return calcIndex(fresh(...prices), weights, { rule, stale: STALE, atLeast: 1 }, NOW);
}

describe('a.2, index price, worked examples', () => {
  const oneBad = [100, 100.2, 99.9, 100.1, 90];

  it('clip rule (Binance, OKX): 99.44, unclipped 98.04', () => {
    expect(indexOf(clip('3%'), oneBad)).toBeCloseTo((100 + 100.2 + 99.9 + 100.1 + 97) / 5, 10);
    expect(indexOf(clip('3%'), oneBad).toFixed(2)).toBe('99.44');
    expect(indexOf(clip('0%'), oneBad).toFixed(2)).toBe('98.04');
  });

  it('clip rule: a single bad venue of weight 1/5 moves the index by at most 0.6 %, however wrong', () => {
    const alone = (price: number) => indexOf(clip('3%'), [100, 100, 100, 100, price]);
    expect(alone(1)).toBeCloseTo(100 * (1 - 0.006), 10);
    expect(alone(1e6)).toBeCloseTo(100 * (1 + 0.006), 10);
  });

  it('clip rule (Deribit, 0.5 %): 99.94', () => {
    expect(indexOf(clip('0.5%'), oneBad).toFixed(2)).toBe('99.94');
  });

  it('Bybit legacy inverse-square: 10,048.82 from the weights 57.4 %, 39.6 %, 3.1 %', () => {
    const [prices, weights] = [
      [10_048, 10_046, 10_100],
      [0.5, 0.3, 0.2],
    ];
    const vwap = 10_048 * 0.5 + 10_046 * 0.3 + 10_100 * 0.2;
    expect(vwap.toFixed(1)).toBe('10057.8');
    const shares = prices.map((price) => 1 / (price - vwap) ** 2);
    const total = shares.reduce((a, b) => a + b);
    expect(shares.map((share) => ((100 * share) / total).toFixed(1))).toEqual(['57.4', '39.6', '3.1']);
    expect(indexOf(made(inverseSquare, undefined), prices, weights).toFixed(2)).toBe('10048.82');
  });

  describe('Hyperliquid weighted median', () => {
    const rule = made(weightedMedianRule, undefined);
    const prices = [99_990, 100_000, 100_010, 100_020, 99_980, 100_005, 92_000];
    const weights = [3, 2, 2, 1, 1, 1, 1];

    it('is 100,000, where the cumulative weight passes 5.5', () => {
      expect(indexOf(rule, prices, weights)).toBe(100_000);
    });
    it('one venue at −8 % has no effect', () => {
      expect(indexOf(rule, prices.with(6, 99_995), weights)).toBe(100_000);
    });
    it('two heavy venues (5 of 11) are not enough alone', () => {
      // Both at 1, every other honest: the lowest honest price.
      expect(indexOf(rule, [1, 1, 100_010, 100_020, 99_980, 100_005, 99_990], weights)).toBe(99_980);
    });
  });
});

describe('a.1, index price, rules', () => {
  it('OKX: three valid sources or more are clipped, two give their mean, one gives itself', () => {
    expect(indexOf(clip('3%'), [100, 100, 120])).toBeCloseTo((100 + 100 + 103) / 3, 10);
    expect(indexOf(clip('3%'), [100, 120])).toBeCloseTo(110, 10);
    expect(indexOf(clip('3%'), [120])).toBe(120);
  });

  it('Binance 2020: one source beyond 5 % has no weight, with several the median is taken', () => {
    const rule = made(dropOutliers, undefined, { several: 2 });
    expect(indexOf(rule, [100, 100.2, 99.9, 100.1, 90])).toBeCloseTo((100 + 100.2 + 99.9 + 100.1) / 4, 10);
    expect(indexOf(rule, [100, 100.2, 99.9, 110, 90])).toBe(100);
    expect(indexOf(rule, [100, 101, 90], [3, 1, 1])).toBeCloseTo(100.25, 10);
  });

  it('Deribit, median-of-quotes indices: every source beyond 5 % is dropped, however many', () => {
    expect(indexOf(made(dropOutliers, undefined), [100, 101, 99, 110, 90])).toBeCloseTo(100, 10);
  });

  it('drop-outliers: two sources far apart both stand away from their median, which is taken', () => {
    expect(indexOf(made(dropOutliers, undefined), [90, 110])).toBe(100);
  });

  it('Bybit legacy: a source further than 3 % from the mean of the others is dropped', () => {
    const rule = made(inverseSquare, undefined);
    expect(indexOf(rule, [100, 101, 105])).toBeCloseTo(100.5, 10);
    expect(indexOf(rule, [100, 101, 105])).toBe(indexOf(rule, [100, 101]));
  });

  it('Bybit legacy: one source gives itself, equal ones their price, two far apart their mean', () => {
    const rule = made(inverseSquare, undefined);
    expect(indexOf(rule, [120])).toBe(120);
    expect(indexOf(rule, [100, 100, 100])).toBe(100);
    expect(indexOf(rule, [100, 120])).toBeCloseTo(110, 10);
  });

  it('dYdX v3: the median, whatever the weights', () => {
    expect(indexOf(made(medianRule, undefined), [100, 104, 90], [1, 9, 9])).toBe(100);
  });
});

describe('the clipped mean', () => {
  it('clips at the median of an even number of sources, which is the mean of the middle two', () => {
    // Median 101; 90 counts as 97.97, 120 as 104.03.
    expect(indexOf(clip('3%'), [90, 100, 102, 120])).toBeCloseTo((97.97 + 100 + 102 + 104.03) / 4, 10);
  });
  it('weighs its sources', () => {
    expect(indexOf(clip('3%'), [100, 101], [3, 1])).toBeCloseTo(100.25, 10);
  });
});

describe('which sources count', () => {
  const settings = { rule: clip('3%'), stale: STALE, atLeast: 1 };

  it('leaves out a source older than `stale`, but not one just as old', () => {
    const aged = (age: number) => [
      { price: 100, receivedAt: NOW },
      { price: 102, receivedAt: NOW - age },
    ];
    expect(calcIndex(aged(STALE), [1, 1], settings, NOW)).toBe(101);
    expect(calcIndex(aged(STALE + 1), [1, 1], settings, NOW)).toBe(100);
  });

  it('leaves out a source that has never published', () => {
    const sources = [...fresh(100), { price: NaN, receivedAt: -Infinity }, { price: NaN, receivedAt: NOW }];
    expect(calcIndex(sources, equal(3), settings, NOW)).toBe(100);
  });

  it('is NaN when no source is fresh, none has a weight, or fewer than `atLeast` do', () => {
    expect(calcIndex([{ price: 100, receivedAt: 0 }], [1], settings, NOW)).toBeNaN();
    expect(calcIndex([], [], settings, NOW)).toBeNaN();
    expect(calcIndex(fresh(100), [0], settings, NOW)).toBeNaN();
    expect(calcIndex(fresh(100, 101), [1, 1], { ...settings, atLeast: 3 }, NOW)).toBeNaN();
    expect(calcIndex(fresh(100, 101, 102), equal(3), { ...settings, atLeast: 3 }, NOW)).toBe(101);
  });

  it('does not see a source of no weight, not even to find the middle', () => {
    expect(calcIndex(fresh(100, 80), [1, 0], settings, NOW)).toBe(100);
    expect(calcIndex(fresh(100, 100, 104, 80, 80), [1, 1, 1, 0, 0], settings, NOW)).toBeCloseTo(
      (100 + 100 + 103) / 3,
      10,
    );
  });
});

describe('the index over time', () => {
  function overTime(halt?: IndexHalt) {
    const source = { price: 100, receivedAt: 0 };
    const parts = { sources: [source], weights: [1], rule: clip('3%'), stale: STALE, atLeast: 1, start: 77 };
    const index = new IndexPrice({ ...parts, halt });
    const set = (second: number, price: number) => {
      Object.assign(source, { price, receivedAt: second * SECOND });
      return index.update(second * SECOND);
    };
    return { index, set };
  }

  it('is the start before the first update, and stays while no source is fresh', () => {
    const { index, set } = overTime();
    expect(index.price).toBe(77);
    expect(set(1, 101)).toBe(101);
    expect(index.update(1 * SECOND + STALE + 1)).toBe(101);
    expect(set(30, 99)).toBe(99);
  });

  it('a.1 Deribit: a move of more than 10 % in a second halts it; then any price is taken', () => {
    const { set } = overTime({ move: 0.1, within: SECOND, length: 5 * SECOND });
    expect(set(1, 100)).toBe(100);
    expect(set(2, 110)).toBe(110);
    expect(set(3, 98)).toBe(110);
    expect(set(7, 120)).toBe(110);
    expect(set(8, 98)).toBe(98);
  });

  it('does not halt on the same move over a longer time', () => {
    const { set } = overTime({ move: 0.1, within: SECOND, length: 5 * SECOND });
    expect([set(1, 100), set(2, 92), set(3, 84), set(5, 60)]).toEqual([100, 92, 84, 60]);
  });
});

describe('whatever the rule, an index', () => {
  const rules: [string, () => IndexRule][] = [
    ['clipped-mean', () => clip('3%')],
    ['weighted-median', () => made(weightedMedianRule, undefined)],
    ['median', () => made(medianRule, undefined)],
    ['drop-outliers', () => made(dropOutliers, undefined, { several: 2 })],
    ['inverse-square', () => made(inverseSquare, undefined)],
  ];
  const source = fc.record({
    price: fc.integer({ min: 1, max: 200_000 }),
    weight: fc.integer({ min: 1, max: 9 }),
  });
  const some = fc.array(source, { minLength: 1, maxLength: 9 });

  for (const [name, rule] of rules) {
    property.prop([some])(`lies between its sources (${name})`, (sources) => {
      const index = rule().price(sources);
      const prices = sources.map(({ price }) => price);
      expect(index).toBeGreaterThanOrEqual(Math.min(...prices) * (1 - 1e-12));
      expect(index).toBeLessThanOrEqual(Math.max(...prices) * (1 + 1e-12));
    });
    // Powers of two, which rounding does not touch.
    property.prop([some, fc.constantFrom(0.25, 0.5, 2, 1024)])(
      `grows with its sources, and does not know the unit of the weights (${name})`,
      (sources, factor) => {
        const index = rule().price(sources);
        const dearer = sources.map(({ price, weight }) => ({ price: price * factor, weight }));
        const heavier = sources.map(({ price, weight }) => ({ price, weight: weight * factor }));
        expect(rule().price(dearer)).toBe(index * factor);
        expect(rule().price(heavier)).toBe(index);
      },
    );
  }

  property.prop([some])('with equal weights the weighted median is the median', (sources) => {
    const alike = sources.map(({ price }) => ({ price, weight: 1 }));
    expect(made(weightedMedianRule, undefined).price(alike)).toBe(median(alike.map(({ price }) => price)));
  });

  property.prop([some, fc.integer({ min: 1, max: 1_000_000 })])(
    'whoever holds less than half of the weight cannot carry the weighted median beyond the others',
    (sources, liar) => {
      const total = sources.reduce((sum, { weight }) => sum + weight, 0);
      const lied = made(weightedMedianRule, undefined).price([
        ...sources,
        { price: liar, weight: total - 0.5 },
      ]);
      const prices = sources.map(({ price }) => price);
      expect(lied).toBeGreaterThanOrEqual(Math.min(...prices));
      expect(lied).toBeLessThanOrEqual(Math.max(...prices));
    },
  );
});

describe('the median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    expect(median([3])).toBe(3);
    expect(median([30, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 100])).toBe(3.5);
    expect(median([100, 20, 3])).toBe(20);
  });
});
