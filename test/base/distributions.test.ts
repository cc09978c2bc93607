import { describe, expect, test } from 'vitest';
import { Unbuildable } from '../../src/base/check.ts';
import { draw, mean } from '../../src/base/distributions.ts';
import type { Distribution } from '../../src/base/distributions.ts';
import { RandomSource } from '../../src/base/random.ts';
import { chiSquare, kolmogorovSmirnov } from '../../src/metrics/goodness-of-fit.ts';
import { exponentialCdf, normalCdf } from './laws.ts';

const N = 200_000;
const uniformCdf = (x: number, from: number, to: number): number => (x - from) / (to - from);

function sample(distribution: Distribution): Float64Array {
  const random = new RandomSource('distributions').stream(distribution.kind);
  return Float64Array.from({ length: N }, () => draw(distribution, random));
}

const lognormal: Distribution = { kind: 'lognormal', median: 8, sigma: 0.9 };
const pareto: Distribution = { kind: 'pareto', from: 7, alpha: 1.8 };
const mixture: Distribution = {
  kind: 'mixture',
  parts: [
    { weight: 7, of: { kind: 'exponential', mean: 2 } },
    { weight: 0, of: { kind: 'constant', value: -1 } },
    { weight: 3, of: { kind: 'uniform', from: 10, to: 12 } },
  ],
};

describe('draws follow the distribution:', () => {
  const cases: [Distribution, cdf: (x: number) => number][] = [
    [{ kind: 'uniform', from: -3, to: 5 }, (x) => uniformCdf(x, -3, 5)],
    [{ kind: 'normal', mean: 10, sd: 2.5 }, (x) => normalCdf((x - 10) / 2.5)],
    [lognormal, (x) => normalCdf(Math.log(x / 8) / 0.9)],
    [{ kind: 'exponential', mean: 42 }, (x) => exponentialCdf(x / 42)],
    [pareto, (x) => 1 - (7 / x) ** 1.8],
    [mixture, (x) => 0.7 * exponentialCdf(x / 2) + 0.3 * Math.min(1, Math.max(0, uniformCdf(x, 10, 12)))],
    [
      { kind: 'truncated', of: { kind: 'exponential', mean: 1 }, from: 0.5, to: 2 },
      (x) => uniformCdf(exponentialCdf(x), exponentialCdf(0.5), exponentialCdf(2)),
    ],
  ];
  test.each(cases.map(([of, cdf]) => ({ kind: of.kind, of, cdf })))('$kind', ({ of, cdf }) => {
    expect(kolmogorovSmirnov(sample(of), cdf)).toBeLessThan(1);
  });

  test('empirical', () => {
    const values = [1, 2, 2, 5];
    const counts = new Float64Array(6);
    for (const x of sample({ kind: 'empirical', values })) counts[x]++;
    expect(chiSquare(counts, (x) => values.filter((value) => value === x).length / 4)).toBeLessThan(1);
  });

  test('constant, of which truncated leaves the bounds in', () => {
    const constant: Distribution = { kind: 'constant', value: 3 };
    expect(new Set(sample({ kind: 'truncated', of: constant, from: 3, to: 3 }))).toEqual(new Set([3]));
  });
});

test('a truncated distribution whose range is never hit is an error, not a loop', () => {
  const random = new RandomSource('distributions').stream('never');
  const never: Distribution = { kind: 'truncated', of: { kind: 'constant', value: 3 }, from: 4, to: 5 };
  expect(() => draw(never, random)).toThrow(Unbuildable);
});

test('means are those of the draws where there is a closed form', () => {
  const finite: [Distribution, variance: number][] = [
    [{ kind: 'constant', value: 3 }, 0],
    [{ kind: 'uniform', from: -3, to: 5 }, 64 / 12],
    [{ kind: 'normal', mean: 10, sd: 2.5 }, 2.5 ** 2],
    [{ kind: 'exponential', mean: 42 }, 42 ** 2],
    [lognormal, 64 * Math.exp(0.81) * (Math.exp(0.81) - 1)],
    // alpha / ((alpha − 1)² (alpha − 2)) · from²
    [{ kind: 'pareto', from: 7, alpha: 3 }, 49 * (3 / 4)],
    // E[X²] − E[X]²: 0.7 · 2 · 2² + 0.3 · (11² + 1/3) − (0.7 · 2 + 0.3 · 11)²
    [mixture, 5.6 + 36.4 - 4.7 ** 2],
    [{ kind: 'empirical', values: [1, 2, 2, 5] }, 2.25],
  ];
  for (const [distribution, variance] of finite) {
    const drawn = sample(distribution).reduce((sum, x) => sum + x, 0) / N;
    expect(Math.abs(mean(distribution) - drawn)).toBeLessThanOrEqual(4 * Math.sqrt(variance / N));
  }
  expect(mean(mixture)).toBeCloseTo(4.7, 12);
  expect(mean({ kind: 'pareto', from: 7, alpha: 1 })).toBe(Infinity);
  expect(mean({ kind: 'truncated', of: lognormal, from: 1, to: 2 })).toBeNaN();
});
