import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { RandomSource } from '../../src/base/random.ts';
import {
  drawFolds,
  outOfSampleR2,
  outOfSamplePredictor,
} from '../../src/metrics/estimates/cross-validation.ts';
import { auc, Ranked, spearman } from '../../src/metrics/estimates/rank-correlation.ts';
import { ranksOf } from '../../src/metrics/estimates/ranking.ts';

const once = (n: number) => new Int32Array(n).fill(1);
const rho = (a: readonly number[], b: readonly number[]): number =>
  spearman(new Ranked(Float64Array.from(a)), new Ranked(Float64Array.from(b)), once(a.length));
/** The next of an endless stream. */
const drawn = <Value>(stream: Iterator<Value>): Value => stream.next().value as Value;
const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 30 });

describe('ranks', () => {
  property.prop([values, fc.infiniteStream(fc.integer({ min: 0, max: 3 }))])(
    'with weights are those of the values written out so many times',
    (written, stream) => {
      const weights = written.map(() => drawn(stream));
      const ranks = new Ranked(Float64Array.from(written)).ranks(weights);
      const repeated = written.flatMap((value, i) => new Array<number>(weights[i]).fill(value));
      const expected = ranksOf(repeated);
      written.forEach((value, i) => {
        if (weights[i] > 0) expect(ranks[i]).toBe(expected[repeated.indexOf(value)]);
      });
    },
  );
});

describe("Spearman's correlation", () => {
  test('without ties is 1 − 6 Σd² / n(n² − 1)', () => {
    // Ranks 1 2 3 4 5 against 2 1 4 3 5: Σd² = 4.
    expect(rho([10, 20, 30, 40, 50], [0.2, 0.1, 4, 3, 99])).toBeCloseTo(1 - 24 / 120, 14);
  });

  test('with ties is the correlation of mean ranks', () => {
    // 1.5 1.5 3 against 1 2 3: products −0.5 · −1 + −0.5 · 0 + 1 · 1 = 1.5; squares 1.5 and 2.
    expect(rho([0, 0, 1], [1, 2, 3])).toBeCloseTo(1.5 / Math.sqrt(3), 14);
    expect(rho([1, 1, 1], [1, 2, 3])).toBeNaN();
  });
});

describe('the area under the curve', () => {
  property.prop([values, fc.infiniteStream(fc.boolean())])(
    'is the share of pairs in order',
    (scores, stream) => {
      const positive = scores.map((_, i) => i > 0 && (i === 1 || drawn(stream)));
      let wins = 0;
      let pairs = 0;
      scores.forEach((a, i) =>
        scores.forEach((b, j) => {
          if (!positive[i] || positive[j]) return;
          pairs++;
          wins += a > b ? 1 : a === b ? 0.5 : 0;
        }),
      );
      expect(auc(new Ranked(Float64Array.from(scores)), positive, once(scores.length))).toBeCloseTo(
        wins / pairs,
        12,
      );
    },
  );
});

describe('prediction out of sample', () => {
  const n = 200;
  const random = new RandomSource('prediction').stream('data');
  const x = Float64Array.from({ length: n }, () => random.normal());
  const noise = Float64Array.from({ length: n }, () => random.normal());
  const folds = drawFolds(n, 5, random);
  const r2 = (predictors: readonly Float64Array[], y: Float64Array): number =>
    outOfSampleR2(y, outOfSamplePredictor(predictors, folds)(y), once(n));

  test('has folds of equal size', () => {
    for (let fold = 0; fold < 5; fold++) expect(folds.filter((one) => one === fold)).toHaveLength(40);
  });

  test('finds what is there: a line with as much noise has R² near a half', () => {
    const y = x.map((value, i) => 3 * value + 3 * noise[i] + 7);
    // Standard error of R² about 2·√(R²(1 − R²)²/n) = 0.05.
    expect(Math.abs(r2([x], y) - 0.5)).toBeLessThan(0.15);
  });

  test('does not believe in predictors that say nothing: 30 of them are worse than the mean', () => {
    const nothing = Array.from({ length: 30 }, () => Float64Array.from({ length: n }, () => random.normal()));
    expect(r2(nothing, noise)).toBeLessThan(0);
  });

  test('never sees what it predicts: with two values alike in each fold the mean is that of the others', () => {
    const y = Float64Array.of(1, 1, 5, 5);
    const { predictions, means } = outOfSamplePredictor([Float64Array.of(2, 2, 2, 2)], [0, 0, 1, 1])(y);
    expect([...predictions]).toEqual([5, 5, 1, 1]);
    expect([...means]).toEqual([5, 5, 1, 1]);
  });

  test('solves the normal equations with the ridge', () => {
    // Seen: x = −1, 1 with y = −3, 3. Standardised x is itself: b = Σxy / (Σx² + 1) = 6 / 3.
    const { predictions } = outOfSamplePredictor(
      [Float64Array.of(-1, 1, 2)],
      [0, 0, 1],
    )(Float64Array.of(-3, 3, 0));
    expect(predictions[2]).toBeCloseTo(4, 14);
    // Two predictors that say the same share it: each b = 6 / (2 + 2 + 1).
    const twice = outOfSamplePredictor(
      [Float64Array.of(-1, 1, 2), Float64Array.of(-1, 1, 2)],
      [0, 0, 1],
    )(Float64Array.of(-3, 3, 0));
    expect(twice.predictions[2]).toBeCloseTo((2 * 2 * 6) / 5, 14);
  });
});
