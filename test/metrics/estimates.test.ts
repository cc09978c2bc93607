import { describe, expect, test } from 'vitest';
import { RandomSource, type RandomStream } from '../../src/base/random.ts';
import { amplification } from '../../src/metrics/estimates/amplification.ts';
import { bca, bcaRatio } from '../../src/metrics/estimates/bca.ts';
import { meanDifference, meanWithInterval } from '../../src/metrics/estimates/mean.ts';
import { normalCdf, normalQuantile } from '../../src/metrics/estimates/normal.ts';
import { exactCoverage, proportion } from '../../src/metrics/estimates/proportion.ts';
import { quantileWithInterval } from '../../src/metrics/estimates/quantile.ts';
import { ratioOfMeans } from '../../src/metrics/estimates/ratio-of-means.ts';
import { reproduction } from '../../src/metrics/estimates/reproduction.ts';
import { tailMean, tailStatistic } from '../../src/metrics/estimates/tail-mean.ts';

const of = (...values: number[]): Float64Array => Float64Array.from(values);
const T_975_9 = 2.262157162798205; // tables: Student's t, 9 degrees of freedom
const TEN = of(2, 4, 4, 4, 5, 5, 7, 9, 10, 12);

describe('the normal distribution', () => {
  test('agrees with the tables', () => {
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalCdf(-3)).toBeCloseTo(0.001349898031630095, 14);
    expect(normalCdf(40)).toBe(1);
    expect(normalCdf(-40)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 11);
    expect(normalQuantile(0.5)).toBe(0);
  });
});

describe('a mean', () => {
  test("has Student's t interval", () => {
    const sum = TEN.reduce((a, b) => a + b, 0);
    const mean = sum / 10;
    const sd = Math.sqrt(TEN.reduce((s, x) => s + (x - mean) ** 2, 0) / 9);
    const { estimate, low, high, sd: got } = meanWithInterval(TEN);
    expect(estimate).toBe(mean);
    expect(got).toBeCloseTo(sd, 12);
    expect(high - mean).toBeCloseTo((T_975_9 * sd) / Math.sqrt(10), 10);
    expect(mean - low).toBeCloseTo((T_975_9 * sd) / Math.sqrt(10), 10);
  });

  test('of fewer than two values is not bounded', () => {
    expect(meanWithInterval(of(3))).toMatchObject({ estimate: 3, low: -Infinity, high: Infinity });
    expect(meanWithInterval(of())).toMatchObject({ estimate: NaN, n: 0, low: -Infinity, high: Infinity });
  });

  test('of constant data is a point, and so is the difference of equal arms', () => {
    expect(meanWithInterval(of(5, 5, 5))).toMatchObject({ estimate: 5, sd: 0, low: 5, high: 5 });
    expect(meanDifference(TEN, TEN)).toMatchObject({ estimate: 0, sd: 0, low: 0, high: 0 });
  });

  test('of differences looks at the pairs only', () => {
    const other = TEN.map((x, i) => 100 * i + x);
    expect(meanDifference(other, TEN)).toMatchObject(
      meanWithInterval(Float64Array.from({ length: 10 }, (_, i) => 100 * i)),
    );
  });
});

describe('a ratio of means', () => {
  test('is the ratio of the sums, not the mean of the ratios', () => {
    expect(ratioOfMeans(of(10, 1), of(1, 1)).estimate).toBe(5.5);
    expect(ratioOfMeans(of(10, 2), of(5, 2)).estimate).toBe(12 / 7);
  });

  test("has at the ends of Fieller's interval a paired t statistic of exactly ±t", () => {
    const closed = TEN.map((x, i) => 2 * x + (i % 3));
    const { fieller } = ratioOfMeans(closed, TEN);
    for (const r of [fieller.low, fieller.high]) {
      const residual = closed.map((x, i) => x - r * TEN[i]);
      const mean = residual.reduce((a, b) => a + b, 0) / 10;
      const sd = Math.sqrt(residual.reduce((s, x) => s + (x - mean) ** 2, 0) / 9);
      expect(Math.abs(mean / (sd / Math.sqrt(10)))).toBeCloseTo(T_975_9, 8);
    }
    expect(fieller.unbounded).toBe(false);
  });

  test('over a constant denominator has the interval of the mean', () => {
    const mean = meanWithInterval(TEN);
    const { fieller } = ratioOfMeans(
      TEN,
      TEN.map(() => 4),
    );
    expect(fieller.low).toBeCloseTo(mean.low / 4, 10);
    expect(fieller.high).toBeCloseTo(mean.high / 4, 10);
  });

  test('is a point, perfectly correlated, when every numerator is the same multiple', () => {
    const { estimate, fieller, correlation, varianceReduction } = ratioOfMeans(
      TEN.map((x) => 3 * x),
      TEN,
    );
    expect(estimate).toBe(3);
    expect(fieller.low).toBeCloseTo(3, 12);
    expect(fieller.high).toBeCloseTo(3, 12);
    expect(correlation).toBeCloseTo(1, 12);
    // Var(3x) + Var(x) over Var(2x)
    expect(varianceReduction).toBeCloseTo(10 / 4, 12);
  });

  test('of the same arm twice is exactly 1 and needs no second replicate', () => {
    const { estimate, varianceReduction, fieller } = ratioOfMeans(TEN, TEN);
    expect(estimate).toBe(1);
    expect(varianceReduction).toBe(Infinity);
    expect(fieller.low).toBeCloseTo(1, 12);
    expect(fieller.high).toBeCloseTo(1, 12);
  });

  test('is not bounded when the denominator may be zero', () => {
    const unbounded = { low: -Infinity, high: Infinity, unbounded: true };
    expect(ratioOfMeans(of(5, 6, 7), of(-1, 0.1, 1)).fieller).toEqual(unbounded);
    expect(ratioOfMeans(of(5, 6, 7), of(0, 0, 0))).toMatchObject({ estimate: Infinity, fieller: unbounded });
    expect(ratioOfMeans(of(0, 0), of(0, 0))).toMatchObject({ estimate: NaN, fieller: unbounded });
  });

  test('of fewer than two pairs bounds nothing', () => {
    expect(ratioOfMeans(of(6), of(3))).toMatchObject({ estimate: 2, n: 1, fieller: { unbounded: true } });
    expect(ratioOfMeans(of(), of())).toMatchObject({ estimate: NaN, n: 0, fieller: { unbounded: true } });
  });
});

describe('a proportion', () => {
  /** P(N = k) by the product, and P(N < k) + P(N = k)/2. */
  const chance = (k: number, n: number, p: number): number => {
    let value = (1 - p) ** (n - k);
    for (let i = 0; i < k; i++) value *= (p * (n - i)) / (i + 1);
    return value;
  };
  const fewer = (k: number, n: number, p: number): number => {
    let sum = chance(k, n, p) / 2;
    for (let j = 0; j < k; j++) sum += chance(j, n, p);
    return sum;
  };

  test('has the mid-P interval: at its ends as much is rarer as is allowed', () => {
    for (const [k, n] of [
      [5, 10],
      [3, 40],
      [39, 40],
      [100, 400],
    ]) {
      const { estimate, low, high, method } = proportion(k, n);
      expect([estimate, method]).toEqual([k / n, 'mid-p']);
      expect(fewer(k, n, high)).toBeCloseTo(0.025, 9);
      expect(1 - fewer(k, n, low)).toBeCloseTo(0.025, 9);
    }
    // Of 5 of 10 it is symmetric.
    const { low, high } = proportion(5, 10);
    expect(low + high).toBeCloseTo(1, 12);
    // SciPy's binomial distribution and a root finder give these.
    expect(proportion(3, 40).low).toBeCloseTo(0.0194318, 7);
    expect(proportion(3, 40).high).toBeCloseTo(0.1906774, 7);
  });

  test('covers as often as it says: 93 to 97 % at any p from 5 to 95 %, with 100 replicates', () => {
    const coverage = exactCoverage(100);
    for (let p = 0.05; p <= 0.95; p += 0.001) {
      expect(coverage(p)).toBeGreaterThan(0.93);
      expect(coverage(p)).toBeLessThan(0.97);
    }
    // SciPy, which also gives 0.927 and 0.988 as the lowest and the highest with 40 replicates.
    expect(exactCoverage(40)(0.199)).toBeCloseTo(0.9522, 3);
    // By hand: with one replicate, [0, 1] whatever is seen; with ten, p = 0.5 is covered by 2 to 8 of them.
    expect(exactCoverage(1)(0.3)).toBeCloseTo(1, 12);
    expect(exactCoverage(10)(0.5)).toBeCloseTo(1 - 22 / 1024, 9);
  });

  test('of zero ruins in n runs is bounded by 3/n, and of n by 1 − 3/n', () => {
    expect(proportion(0, 40)).toMatchObject({ estimate: 0, low: 0, high: 3 / 40, method: 'rule of three' });
    expect(proportion(40, 40)).toMatchObject({ estimate: 1, low: 1 - 3 / 40, high: 1 });
    expect(proportion(0, 2)).toMatchObject({ low: 0, high: 1 });
    expect(proportion(0, 0)).toMatchObject({ estimate: NaN, method: 'none' });
  });
});

describe('a quantile', () => {
  test('lies between order statistics chosen by the binomial tails', () => {
    // Median of ten: P(fewer than 2 of Binomial(10, ½)) = 11/1024 a side, and rank 3 would leave 56/1024.
    const { estimate, low, high, coverage } = quantileWithInterval(of(10, 1, 9, 2, 8, 3, 7, 4, 6, 5), 0.5);
    expect([estimate, low, high]).toEqual([5.5, 2, 9]);
    expect(coverage).toBeCloseTo(1 - 22 / 1024, 12);
  });

  test('of a small sample has no end where there is no rank for it', () => {
    expect(quantileWithInterval(of(1, 2, 3, 4, 5), 0.5)).toMatchObject({ low: -Infinity, high: Infinity });
    const tail = quantileWithInterval(
      Float64Array.from({ length: 40 }, (_, i) => i),
      0.95,
    );
    expect(tail.high).toBe(Infinity);
    expect(tail.low).toBeGreaterThan(0);
    expect(quantileWithInterval(of(), 0.5)).toMatchObject({ estimate: NaN, low: -Infinity, high: Infinity });
  });
});

describe('a tail mean', () => {
  const upTo = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => ((i * 7) % n) + 1);

  test('is the mean of the largest values, their number rounded up', () => {
    expect(tailMean(upTo(40), 0.05)).toMatchObject({ estimate: 39.5, tail: 2, n: 40 });
    expect(tailMean(upTo(41), 0.05)).toMatchObject({ estimate: 40, tail: 3 });
    expect(tailMean(of(3), 0.05)).toMatchObject({ estimate: 3, tail: 1 });
    expect(tailMean(of(), 0.05)).toMatchObject({ estimate: NaN, tail: 0 });
  });

  test('on a resample counts a value as often as it was drawn', () => {
    const statistic = tailStatistic(of(10, 40, 20, 30), 0.5);
    expect(statistic(Int32Array.of(1, 1, 0, 2))).toBe(40);
    expect(statistic(Int32Array.of(0, 0, 3, 2))).toBe(25);
  });

  test('is bounded only when twenty values are in the tail, the same each time', () => {
    expect(tailMean(upTo(399), 0.05)).toMatchObject({ tail: 20 });
    expect(tailMean(upTo(380), 0.05)).toMatchObject({ tail: 19, low: -Infinity, high: Infinity });
    const { low, high, estimate } = tailMean(upTo(399), 0.05);
    expect(low).toBeLessThan(estimate);
    expect(high).toBeGreaterThan(estimate);
    expect(high).toBeLessThan(399);
    expect(tailMean(upTo(399), 0.05)).toMatchObject({ low, high });
  });
});

describe('the BCa bootstrap', () => {
  // Efron & Tibshirani (1993), An Introduction to the Bootstrap, Table 14.1: spatial data, test A.
  const SPATIAL = of(
    ...[48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41],
  );
  const plugInVariance = (indices: Int32Array): number => {
    const values = [...indices].map((i) => SPATIAL[i]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.reduce((s, x) => s + (x - mean) ** 2, 0) / values.length;
  };

  test('gives the published interval of a variance', () => {
    expect(plugInVariance(Int32Array.from(SPATIAL.keys()))).toBeCloseTo(171.5, 1);
    const { low, high } = bca(plugInVariance, 26, stream('spatial'), { level: 0.9, resamples: 20_000 });
    expect(Math.abs(low - 115.8)).toBeLessThan(4);
    expect(Math.abs(high - 259.6)).toBeLessThan(6);
  });

  test('is the same for the same stream', () => {
    const [a, b] = [1, 2].map(() => bcaRatio(TEN, TEN.toReversed(), stream('again')));
    expect(a).toEqual(b);
  });

  test('is a point for constant data', () => {
    expect(bcaRatio(of(6, 6, 6), of(3, 3, 3), stream('constant'))).toEqual({ low: 2, high: 2 });
  });

  test('bounds nothing when the ratio is not defined on some resample or n < 2', () => {
    const nothing = { low: -Infinity, high: Infinity };
    expect(bcaRatio(of(0, 1, 2), of(0, 1, 2), stream('zeros'))).toEqual(nothing);
    expect(bcaRatio(of(1), of(2), stream('one'))).toEqual(nothing);
    expect(bcaRatio(of(), of(), stream('none'))).toEqual(nothing);
  });
});

describe('amplification', () => {
  const dOff = TEN;
  const dOpen = TEN.map((x, i) => 1.5 * x + (i % 2));
  const dClosed = TEN.map((x, i) => 2 * x + (i % 3));

  test('is the product of its direct and its feedback part', () => {
    const parts = amplification({ dOff, dOpen, dClosed });
    expect(parts.direct!.estimate * parts.feedback!.estimate).toBeCloseTo(parts.amplification!.estimate, 12);
    expect(parts.excess!.estimate).toBeCloseTo(6.2 + 0.9, 12); // mean of TEN is 6.2, of i mod 3 is 0.9
  });

  test('has bootstrap intervals when there is a stream', () => {
    const plain = amplification({ dOff, dClosed }).amplification!;
    expect(plain.bca).toBeUndefined();
    const { bca: interval } = amplification({ dOff, dClosed }, { random: stream('a') }).amplification!;
    expect(interval!.low).toBeLessThan(plain.estimate);
    expect(interval!.high).toBeGreaterThan(plain.estimate);
  });

  test('leaves out the parts whose arms were not run', () => {
    expect(Object.keys(amplification({ dOff, dOpen }))).toEqual(['direct']);
    expect(amplification({ dClosed })).toEqual({});
  });
});

describe('the reproduction number', () => {
  test('is one minus the ratio of the first generation to all', () => {
    const nOpen = of(4, 6, 5, 5);
    const nClosed = of(5, 8, 6, 6);
    const { estimate, low, high } = reproduction({ nOpen, nClosed });
    expect(estimate).toBeCloseTo(1 - 20 / 25, 12);
    const { fieller } = ratioOfMeans(nOpen, nClosed);
    expect([low, high]).toEqual([1 - fieller.high, 1 - fieller.low]);
  });

  test('is unknown when nothing was liquidated', () => {
    const none = of(0, 0, 0);
    expect(reproduction({ nOpen: none, nClosed: none })).toMatchObject({
      estimate: NaN,
      low: -Infinity,
      high: Infinity,
    });
  });
});

describe('our 95 % intervals', () => {
  const DATA_SETS = 400;
  const PAIRS = 40;
  // A sound method misses 95 % by more than this (3.5 standard errors of 400 trials) once in 2,000 tries.
  const SLACK = 3.5 * Math.sqrt((0.95 * 0.05) / DATA_SETS);

  /** Drawdowns with a shared lognormal-like part: D_off = 10·X, D_closed = 25·X·Y with E[Y] = 1, so A = 2.5. */
  const pairs = Array.from({ length: DATA_SETS }, (_, i) => {
    const random = stream(`coverage/${i}`);
    const off = new Float64Array(PAIRS);
    const closed = new Float64Array(PAIRS);
    for (let k = 0; k < PAIRS; k++) {
      const shared = 1 + random.exponential();
      off[k] = 10 * shared;
      closed[k] = 25 * shared * (0.6 + 0.8 * random.uniform());
    }
    return { off, closed };
  });
  const covered = (hits: (data: { off: Float64Array; closed: Float64Array }, i: number) => boolean): number =>
    pairs.filter(hits).length / DATA_SETS;

  test('of the amplification by Fieller hold the true ratio about 95 % of the time', () => {
    const share = covered(({ off, closed }) => holds(ratioOfMeans(closed, off).fieller, 2.5));
    expect(Math.abs(share - 0.95)).toBeLessThan(SLACK);
  });

  test('of the amplification by BCa do so too', () => {
    const share = covered(({ off, closed }, i) => holds(bcaRatio(closed, off, stream(`bca/${i}`)), 2.5));
    expect(Math.abs(share - 0.95)).toBeLessThan(SLACK);
  });

  test('of the excess drawdown by Student do so too', () => {
    // E[25·X·Y − 10·X] with E[X] = 2
    const share = covered(({ off, closed }) => holds(meanDifference(closed, off), 30));
    expect(Math.abs(share - 0.95)).toBeLessThan(SLACK);
  });

  test('of a median hold it at least 95 % of the time', () => {
    const share = covered(({ off }) => holds(quantileWithInterval(off, 0.5), 10 * (1 + Math.LN2)));
    expect(share).toBeGreaterThan(0.95 - SLACK);
  });
});

function holds({ low, high }: { low: number; high: number }, truth: number): boolean {
  return low <= truth && truth <= high;
}

function stream(path: string): RandomStream {
  return new RandomSource('estimates').stream(path);
}
