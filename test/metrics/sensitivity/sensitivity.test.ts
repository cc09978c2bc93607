import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { RandomSource } from '../../../src/base/random.ts';
import { bca } from '../../../src/metrics/estimates/bca.ts';
import { factorialEffects } from '../../../src/metrics/sensitivity/factorial.ts';
import { elementaryEffects, trajectories } from '../../../src/metrics/sensitivity/morris.ts';
import { sobolDesign, sobolIndices } from '../../../src/metrics/sensitivity/sobol.ts';

const stream = (name: string) => new RandomSource('sensitivity').stream(name);
/** A response without randomness, as two equal replicates. */
const twice = (value: number): Float64Array => Float64Array.of(value, value);

describe('the intervals of Sobol indices', () => {
  test('are those of the estimators on whole samples, also on the smaller ones of the jackknife', () => {
    // Heavy tails and few rows: the sums of a sample without one row are far from those of all.
    const draws = stream('heavy');
    const rows = 10;
    const heavy = () => Array.from({ length: rows }, () => Math.exp(2 * draws.normal()));
    const [a, b, mixed] = [heavy(), heavy(), heavy()];
    const [found] = sobolIndices(
      { a: a.map(twice), b: b.map(twice), mixed: [mixed.map(twice)] },
      stream('intervals'),
    ).parameters;
    const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    const centre = mean([...a, ...b]);
    const first = (sample: Int32Array): number => {
      const of = (values: readonly number[]) => Array.from(sample, (row) => values[row] - centre);
      const both = [...of(a), ...of(b)];
      const spread = mean(both.map((x) => x * x)) - mean(both) ** 2;
      const [ofA, ofB, ofMixed] = [of(a), of(b), of(mixed)];
      return mean(ofB.map((x, i) => x * (ofMixed[i] - ofA[i]))) / spread;
    };
    const { low, high } = bca(first, rows, stream('intervals'));
    expect(found.first.low / low).toBeCloseTo(1, 9);
    expect(found.first.high / high).toBeCloseTo(1, 9);
  });
});

describe('SENS-1 a factorial of channels', () => {
  const names = ['a', 'b', 'c'];
  const weights = [1, 2, 5];
  const sumOf = (mask: number): number => weights.reduce((sum, w, i) => sum + ((mask >> i) & 1) * w, 0);
  const game = (value: (mask: number) => number) =>
    factorialEffects(
      names,
      Array.from({ length: 8 }, (_, mask) => twice(value(mask))),
      stream('factorial'),
    );

  test('of an additive response: every effect is the channel’s own, nothing interacts', () => {
    const { channels, interactions, total } = game((mask) => 100 + sumOf(mask));
    weights.forEach((weight, i) => {
      expect(channels[i].main.estimate).toBeCloseTo(weight, 12);
      expect(channels[i].shapley.estimate).toBeCloseTo(weight, 12);
      expect(channels[i].share.estimate).toBeCloseTo(weight / 8, 12);
      expect(channels[i].share.low).toBeCloseTo(weight / 8, 12);
    });
    expect(interactions.map(({ pair }) => pair.join())).toEqual(['a,b', 'a,c', 'b,c']);
    expect(interactions.every(({ effect }) => Math.abs(effect.estimate) < 1e-12)).toBe(true);
    expect(total.estimate).toBeCloseTo(8, 12);
  });

  test('of the square of a sum: Shapley values are aᵢ Σa, interactions 2 aᵢ aⱼ', () => {
    const { channels, interactions } = game((mask) => sumOf(mask) ** 2);
    weights.forEach((weight, i) => expect(channels[i].shapley.estimate).toBeCloseTo(weight * 8, 12));
    expect(interactions.map(({ effect }) => effect.estimate)).toEqual(
      [4, 10, 20].map((x) => expect.closeTo(x, 12) as number),
    );
  });

  test('of two channels that do nothing alone: half each', () => {
    const { channels } = game((mask) => ((mask & 3) === 3 ? 10 : 0));
    expect(channels.map(({ shapley }) => shapley.estimate)).toEqual(
      [5, 5, 0].map((x) => expect.closeTo(x, 12) as number),
    );
  });

  test('of a channel that does nothing: exactly nothing, not what rounding leaves', () => {
    const values = [0.1, 1 / 3, 1e6 / 7, 2.3];
    const { channels, interactions } = game((mask) => values[mask & 3]);
    const nothing = { estimate: 0, low: 0, high: 0 };
    expect(channels[2]).toMatchObject({ main: nothing, shapley: nothing, share: nothing });
    expect(
      interactions.filter(({ pair }) => pair.includes('c')).map(({ effect }) => effect.estimate),
    ).toEqual([0, 0]);
  });

  test('counts only the scatter within replicates', () => {
    const seeds = Float64Array.of(0, 1_000, -500, 77);
    const responses = Array.from({ length: 8 }, (_, mask) => seeds.map((noise) => noise + sumOf(mask)));
    const { channels } = factorialEffects(names, responses, stream('paired'));
    expect(channels[2].shapley.high - channels[2].shapley.low).toBeLessThan(1e-9);
  });

  property.prop(
    [fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 16, maxLength: 16 })],
    { numRuns: 50 },
  )('Shapley values add up to the whole', (values) => {
    const four = factorialEffects(['a', 'b', 'c', 'd'], values.map(twice), stream('whole'));
    const sum = four.channels.reduce((all, { shapley }) => all + shapley.estimate, 0);
    expect(sum).toBeCloseTo(values[15] - values[0], 8);
  });
});

describe('SENS-2 Morris screening', () => {
  const walks = trajectories(30, 3, stream('walks'));
  const effectsOf = (f: (x: readonly number[]) => number, noise = () => 0) =>
    elementaryEffects(
      walks,
      walks.map(({ points }) =>
        points.map((point) => Float64Array.from({ length: 4 }, () => f(point) + noise())),
      ),
      stream('effects'),
    );

  test('moves each parameter once, by two of three levels, inside the range', () => {
    for (const { points, moved } of walks) {
      expect([...moved].sort()).toEqual([0, 1, 2]);
      moved.forEach((i, s) => {
        const changes = points[s + 1].map((x, j) => x - points[s][j]);
        expect(Math.abs(changes[i])).toBeCloseTo(2 / 3, 12);
        expect(changes.filter((change) => change !== 0)).toHaveLength(1);
      });
      expect(points.flat().every((x) => x > -1e-9 && x < 1 + 1e-9)).toBe(true);
    }
  });

  test('of a linear response finds the slopes, without scatter', () => {
    const [a, b, c] = effectsOf((x) => 3 * x[0] - 7 * x[1]);
    expect([a.muStar.estimate, b.muStar.estimate, c.muStar.estimate]).toEqual(
      [3, 7, 0].map((x) => expect.closeTo(x, 9) as number),
    );
    expect(b.mu).toBeCloseTo(-7, 9);
    expect(b.sigma).toBeLessThan(1e-9);
  });

  test('tells an interaction by sigma', () => {
    const [a, , c] = effectsOf((x) => 10 * x[0] * x[1] + x[2]);
    // The effect of x₀ is 10 x₁, with x₁ uniform on the four levels: mean 5, sd 10 √(5/36).
    expect(Math.abs(a.mu - 5)).toBeLessThan((3.3 * 10 * Math.sqrt(5)) / 6 / Math.sqrt(30));
    expect(a.sigma).toBeGreaterThan(2.5);
    expect(c.sigma).toBeLessThan(1e-9);
  });

  test('gives a parameter without effect the mu* of its noise', () => {
    const normal = stream('noise');
    const [a, , c] = effectsOf(
      (x) => 100 * x[0],
      () => normal.normal(),
    );
    // Two means of 4 differ by 1/√2 (sd), over a step of 2/3.
    expect(c.noise).toBeGreaterThan(0.65);
    expect(c.noise).toBeLessThan(1.05);
    expect(Math.abs(c.muStar.estimate - c.noise)).toBeLessThan(0.35);
    expect(a.muStar.estimate).toBeGreaterThan(50);
    expect(a.muStar.low).toBeLessThan(100);
    expect(a.muStar.high).toBeGreaterThan(99);
  });
});

describe('SENS-3 Sobol indices', () => {
  const ROWS = 1_000;
  const indicesOf = (k: number, f: (x: readonly number[]) => number, name: string) => {
    const { a, b, mixed } = sobolDesign(ROWS, k, stream(name));
    const at = (points: readonly (readonly number[])[]) => points.map((x) => twice(f(x)));
    return sobolIndices({ a: at(a), b: at(b), mixed: mixed.map(at) }, stream(`${name}/intervals`));
  };

  test('of Ishigami’s function', () => {
    const [a, b] = [7, 0.1];
    const { parameters, variance } = indicesOf(
      3,
      (u) => {
        const [x, y, z] = u.map((value) => Math.PI * (2 * value - 1));
        return Math.sin(x) + a * Math.sin(y) ** 2 + b * z ** 4 * Math.sin(x);
      },
      'ishigami',
    );
    const [pi4, pi8] = [Math.PI ** 4, Math.PI ** 8];
    const whole = a ** 2 / 8 + (b * pi4) / 5 + (b ** 2 * pi8) / 18 + 1 / 2;
    const v1 = 0.5 * (1 + (b * pi4) / 5) ** 2;
    const v2 = a ** 2 / 8;
    const v13 = (b ** 2 * pi8 * 8) / 225;
    const theory = [
      [v1, v1 + v13],
      [v2, v2],
      [0, v13],
    ].map(([first, total]) => ({ first: first / whole, total: total / whole }));
    expect(Math.abs(variance / whole - 1)).toBeLessThan(0.08);
    theory.forEach((expected, i) => {
      for (const index of ['first', 'total'] as const) {
        const { estimate, low, high } = parameters[i][index];
        expect(Math.abs(estimate - expected[index]), `${index} ${i}`).toBeLessThan(0.11);
        // Six intervals at 95 %, widened to hold at 99.9 % each.
        const margin = 0.7 * (high - low);
        expect(estimate - margin).toBeLessThan(expected[index]);
        expect(estimate + margin).toBeGreaterThan(expected[index]);
      }
    });
    expect(parameters[2].first.high).toBeLessThan(parameters[2].total.low);
  });

  test('of the g-function', () => {
    const as = [0, 1, 9];
    const { parameters } = indicesOf(
      3,
      (x) => x.reduce((product, u, i) => (product * (Math.abs(4 * u - 2) + as[i])) / (1 + as[i]), 1),
      'g',
    );
    const own = as.map((a) => 1 / (3 * (1 + a) ** 2));
    const whole = own.reduce((product, v) => product * (1 + v), 1) - 1;
    own.forEach((v, i) => {
      const total = own.reduce((product, other, j) => (j === i ? product : product * (1 + other)), v);
      expect(Math.abs(parameters[i].first.estimate - v / whole)).toBeLessThan(0.11);
      expect(Math.abs(parameters[i].total.estimate - total / whole)).toBeLessThan(0.11);
    });
  });

  test('says how much of the variance is the seed’s', () => {
    const { a, b, mixed } = sobolDesign(600, 1, stream('seed'));
    const normal = stream('seeds');
    const at = (points: readonly (readonly number[])[]) =>
      points.map(([x]) => Float64Array.from({ length: 5 }, () => Math.sqrt(12) * x + normal.normal()));
    const { noise, seedShare } = sobolIndices({ a: at(a), b: at(b), mixed: mixed.map(at) }, stream('i'));
    // Variance 1 of the parameter, 1 of the seed: a half; 1/5 of it is left in the means.
    expect(Math.abs(seedShare - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(noise - 0.2 / 1.2)).toBeLessThan(0.03);
  });
});
