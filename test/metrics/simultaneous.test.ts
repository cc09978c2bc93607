import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { RandomSource, type RandomStream } from '../../src/base/random.ts';
import { mean, variance } from '../../src/metrics/estimates/moments.ts';
import { kendallTau, ranksOf } from '../../src/metrics/estimates/ranking.ts';
import { holm, simultaneous } from '../../src/metrics/estimates/simultaneous.ts';

/** Means of columns with their resamples, all columns drawn together. */
function resampledMeans(columns: readonly Float64Array[], random: RandomStream, times: number) {
  const n = columns[0].length;
  const family = columns.map((column) => ({ estimate: mean(column), resamples: new Float64Array(times) }));
  for (let b = 0; b < times; b++) {
    const at = Int32Array.from({ length: n }, () => random.below(n));
    family.forEach(({ resamples }, k) => {
      let sum = 0;
      for (const i of at) sum += columns[k][i];
      resamples[b] = sum / n;
    });
  }
  return family;
}

describe('simultaneous intervals', () => {
  const random = new RandomSource('simultaneous').stream('x');
  const column = Float64Array.from({ length: 40 }, () => random.normal());

  test("of one mean are Student's t interval", () => {
    const [{ low, high }] = simultaneous(resampledMeans([column], random, 40_000), 40);
    // Student's t, 39 degrees of freedom, 97.5 %: 2.0227.
    const half = 2.0227 * Math.sqrt(variance(column) / 40);
    expect((high - low) / 2 / half).toBeCloseTo(1, 1.5);
    expect((high + low) / 2).toBeCloseTo(mean(column), 12);
  });

  test('of the same quantity many times are no wider than of it once', () => {
    const [once] = resampledMeans([column], random, 2_000);
    const [alone] = simultaneous([once], 40);
    for (const { low, high } of simultaneous([once, once, once], 40))
      expect([low, high]).toEqual([alone.low, alone.high]);
  });

  test('leave a point a point, and what is undefined unbounded, at no cost to the others', () => {
    const [once] = resampledMeans([column], random, 2_000);
    const point = { estimate: 3, resamples: new Float64Array(2_000).fill(3) };
    const none = { estimate: NaN, resamples: new Float64Array(2_000).fill(NaN) };
    const [first, second, third] = simultaneous([point, none, once], 40);
    expect(first).toMatchObject({ low: 3, high: 3 });
    expect(second).toMatchObject({ low: -Infinity, high: Infinity, holm: 1 });
    const [alone] = simultaneous([once], 40);
    expect([third.low, third.high]).toEqual([alone.low, alone.high]);
  });

  test('hold all at once about as often as they say, where pointwise ones do not', () => {
    const DATA_SETS = 150;
    let together = 0;
    let pointwise = 0;
    for (let set = 0; set < DATA_SETS; set++) {
      const draw = new RandomSource('coverage').stream(`${set}`);
      // Eight normals with a shared part, n = 40.
      const shared = Array.from({ length: 40 }, () => draw.normal());
      const columns = Array.from({ length: 8 }, () =>
        Float64Array.from(shared, (x) => 1 + 0.3 * x + 0.7 * draw.normal()),
      );
      const intervals = simultaneous(resampledMeans(columns, draw, 600), 40);
      if (intervals.every(({ low, high }) => low <= 1 && 1 <= high)) together++;
      const half = columns.map((one) => 2.0227 * Math.sqrt(variance(one) / 40));
      if (columns.every((one, k) => Math.abs(mean(one) - 1) <= half[k])) pointwise++;
    }
    // 3.5 standard errors of 150 trials.
    expect(together / DATA_SETS).toBeGreaterThan(0.95 - 0.062);
    expect(pointwise / DATA_SETS).toBeLessThan(0.8);
  });
});

describe("Holm's procedure", () => {
  test('adjusts a worked example', () => {
    // Sorted: 0.005 · 4, 0.01 · 3, 0.03 · 2, then 0.04 · 1 held at the one before.
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.5, 0.6])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('ranks', () => {
  test('share their mean on a tie', () => {
    expect([...ranksOf([5, 1, 5, 0])]).toEqual([3.5, 2, 3.5, 1]);
  });

  test("Kendall's τ counts pairs in the same order", () => {
    // Of six pairs, five in the same order and one not.
    expect(kendallTau([1, 2, 3, 4], [1, 2, 4, 3])).toBeCloseTo(4 / 6, 12);
    expect(kendallTau([1, 2, 3], [3, 2, 1])).toBe(-1);
    // τ-b: three pairs, one tied in b, the other two in order.
    expect(kendallTau([1, 2, 3], [1.5, 1.5, 3])).toBeCloseTo(2 / Math.sqrt(3 * 2), 12);
    expect(kendallTau([1, 2], [1.5, 1.5])).toBeNaN();
  });

  prop.prop([fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 8 })])(
    'are the same order as the values',
    (values) => {
      fc.pre(new Set(values).size > 1);
      expect(kendallTau(values, ranksOf(values))).toBeCloseTo(1, 12);
    },
  );
});
