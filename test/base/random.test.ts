import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/base/check.ts';
import { LiveStreams, RandomSource } from '../../src/base/random.ts';
import type { RandomStream } from '../../src/base/random.ts';
import { exponentialLayers } from '../../src/base/ziggurat.ts';
import { chiSquare, kolmogorovSmirnov } from '../../src/metrics/goodness-of-fit.ts';
import { exponentialCdf, moments, normalCdf } from './laws.ts';

const stream = (path: string): RandomStream => new RandomSource('test').stream(path);
const draws = (n: number, draw: () => number): Float64Array => Float64Array.from({ length: n }, draw);
const N = 400_000;

describe('a random source', () => {
  test('finds the same stream by the same path, however it is walked', () => {
    const source = new RandomSource('s');
    const first = source.stream('replicate/3/agents/makers/arrivals');
    const second = source.child('replicate/3').child('agents').stream('makers/arrivals');
    expect(draws(100, () => first.uint32())).toEqual(draws(100, () => second.uint32()));
  });

  test('keeps streams apart whatever the seed and the names are', () => {
    const paths: [seed: string, path: string][] = [
      ['s', 'a/b'],
      ['s/a', 'b'],
      ['s%002fa', 'b'],
      ['s', 'ab'],
      ['s', 'a b'],
      ['s', 'a%0020b'],
      ['sa', 'b'],
      ['', 's/a/b'],
      ['s', 'x'],
      ['s', 'x/s/x'],
      // The same in the lower 8 bits of each character, which are all that seedrandom reads.
      ['s', 'é'],
      ['s', 'ǩ'],
      // Longer than RC4's 256 characters.
      ['s', `a${'x'.repeat(300)}`],
      ['s', `b${'x'.repeat(300)}`],
      ['s', `a${'x'.repeat(299)}y`],
      // Repetitions: RC4 alone would not tell these keys apart.
      ['z', 'z'],
      ['z', 'z/z/z'],
      ['z/z', 'z/z'],
    ];
    const firsts = paths.map(([seed, path]) => {
      const random = new RandomSource(seed).stream(path);
      return [random.uint32(), random.uint32()].join();
    });
    expect(new Set(firsts).size).toBe(paths.length);
  });

  test('refuses empty names', () => {
    expect(() => new RandomSource('s').stream('')).toThrow(AssertionError);
    expect(() => new RandomSource('s').child('a').stream('/b')).toThrow(AssertionError);
  });

  test('gives all streams of a run new keys in the middle of it, and those made later too', () => {
    const live = new LiveStreams();
    const run = new RandomSource('s', '', live).child('replicate/3');
    const early = run.stream('noise');
    const alone = new RandomSource('s').child('replicate/3');
    const before = alone.stream('noise');
    expect(draws(10, () => early.normal())).toEqual(draws(10, () => before.normal()));
    live.rekey('7');
    const branch = alone.branch('7');
    for (const name of ['noise', 'late']) {
      const stream = name === 'noise' ? early : run.stream(name);
      const same = branch.stream(name);
      expect(draws(10, () => stream.uint32())).toEqual(draws(10, () => same.uint32()));
      const other = alone.branch('8').stream(name);
      expect(branch.stream(name).uint32()).not.toBe(other.uint32());
    }
    live.rekey('8');
    expect(early.uint32()).toBe(alone.branch('8').stream('noise').uint32());
  });

  test('makes neighbouring paths independent', () => {
    // The first draws of ten thousand replicates: uniform, and uncorrelated from one to the next.
    const firsts = draws(10_000, () => 0).map((_, i) => stream(`replicate/${i}/arrivals`).uniform());
    expect(kolmogorovSmirnov(firsts, (x) => x)).toBeLessThan(1);
    let correlation = 0;
    for (let i = 1; i < firsts.length; i++) correlation += (firsts[i] - 0.5) * (firsts[i - 1] - 0.5) * 12;
    expect(Math.abs(correlation / Math.sqrt(firsts.length))).toBeLessThan(3.5);
    // Two streams side by side.
    const [x, y] = [stream('agents/1'), stream('agents/2')];
    let sum = 0;
    for (let i = 0; i < N; i++) sum += x.normal() * y.normal();
    expect(Math.abs(sum / Math.sqrt(N))).toBeLessThan(3.5);
  });
});

// Bits, written down once: a change means that every recorded result changes.
test('draws these numbers and no others', () => {
  const random = stream('known/answers');
  expect([random.uint32(), random.uint32(), random.below(1000), random.uniform()]).toMatchInlineSnapshot(`
    [
      3760517346,
      2466650453,
      993,
      0.6337216491314035,
    ]
  `);
  expect(draws(3, () => random.exponential())).toMatchInlineSnapshot(`
    Float64Array [
      1.5419181559765995,
      1.5194686872622714,
      0.4396697033924065,
    ]
  `);
  expect(draws(3, () => random.normal())).toMatchInlineSnapshot(`
    Float64Array [
      -0.2946113399801228,
      -0.5319691010277282,
      -0.57513627576324,
    ]
  `);
  // Far enough to meet the wedges and tails, where exp is computed.
  let sum = 0;
  for (let i = 0; i < 100_000; i++) sum += random.exponential() + random.normal() + random.poisson(2);
  expect(sum).toMatchInlineSnapshot(`300105.1106126388`);
});

describe('draws', () => {
  test('of uint32 have 32 fair bits', () => {
    const random = stream('uint32');
    const ones = new Float64Array(32);
    for (let i = 0; i < N; i++) {
      const word = random.uint32();
      for (let bit = 0; bit < 32; bit++) ones[bit] += (word >>> bit) & 1;
    }
    for (const count of ones) expect(Math.abs(2 * count - N) / Math.sqrt(N)).toBeLessThan(4);
  });

  test('of uniform fill [0, 1), all 53 bits of it', () => {
    const random = stream('uniform');
    const sample = draws(N, () => random.uniform());
    expect(kolmogorovSmirnov(sample, (x) => x)).toBeLessThan(1);
    expect(Math.min(...sample.subarray(0, 1e5))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sample.subarray(0, 1e5))).toBeLessThan(1);
    // The lowest bit of the 53 is a fair coin.
    const odd = sample.filter((x) => (x * 2 ** 53) % 2 === 1).length;
    expect(Math.abs(2 * odd - N) / Math.sqrt(N)).toBeLessThan(4);
  });

  test.each([1, 2, 3, 6, 10, 64, 100])('of below(%i) are as likely as each other', (n) => {
    const random = stream(`below/${n}`);
    const counts = new Float64Array(n);
    for (let i = 0; i < 100_000; i++) counts[random.below(n)]++;
    expect(chiSquare(counts, () => 1 / n)).toBeLessThan(1);
  });

  test('of below are without bias for numbers just above a power of two, and refuse senseless ones', () => {
    const random = stream('below');
    const n = 3 * 2 ** 30; // a remainder of 2³² by n would favour the lower third, twice
    let low = 0;
    for (let i = 0; i < N; i++) if (random.below(n) < n / 3) low++;
    expect(Math.abs(low - N / 3) / Math.sqrt((N * 2) / 9)).toBeLessThan(4);
    expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
    for (const bad of [0, -1, 1.5, 2 ** 32 + 1, NaN]) expect(() => random.below(bad)).toThrow(AssertionError);
  });

  test('of exponential are exponential: distribution, moments, tail', () => {
    const random = stream('exponential');
    const sample = draws(2 * N, () => random.exponential());
    expect(kolmogorovSmirnov(sample, exponentialCdf)).toBeLessThan(1);
    expectEqualCells(sample, exponentialCdf);
    const { mean, variance, third } = moments(sample);
    // Standard errors from the moments of the exponential: var 1, var of (x−1)² 8, var of (x−1)³ 261.
    expectWithin(mean, 1, 1, sample.length);
    expectWithin(variance, 1, 8, sample.length);
    expectWithin(third, 2, 261, sample.length);
    // Beyond the last layer of the ziggurat, at 7.697.
    const beyond = sample.filter((x) => x > 7.7);
    expectCount(beyond.length, Math.exp(-7.7), sample.length);
    expect(
      kolmogorovSmirnov(
        beyond.map((x) => x - 7.7),
        exponentialCdf,
      ),
    ).toBeLessThan(1);
    expect(sample.every((x) => x > 0)).toBe(true);
  });

  test('of exponential are those of a ziggurat without the shortcut by the chord', () => {
    const [fast, words] = [stream('chord'), stream('chord')];
    const { edge, height, step, inside } = exponentialLayers(2 ** 24);
    const slow = (): number => {
      const word = words.uint32();
      const [layer, point] = [word & 0xff, word >>> 8];
      const x = (point + 0.5) * step[layer];
      if (point < inside[layer]) return x;
      if (layer === 0) return edge[1] + slow();
      const y = height[layer] + words.uniform() * (height[layer + 1] - height[layer]);
      return y < Math.exp(-x) ? x : slow();
    };
    // 2 % of the draws meet the chord.
    let differ = 0;
    for (let i = 0; i < 2e6; i++) if (fast.exponential() !== slow()) differ++;
    expect(differ).toBe(0);
    for (let layer = 1; layer < 256; layer++) {
      const width = edge[layer] - edge[layer + 1];
      const below = height[layer + 1] - height[layer];
      for (let i = 1; i < 64; i++) {
        const gap = height[layer] + (i / 64) * below - Math.exp(-(edge[layer] - (i / 64) * width));
        expect(gap / below).toBeGreaterThan(0);
        expect(gap / below).toBeLessThan(width / 4);
      }
    }
  });

  test('of normal are normal: distribution, moments, tails', () => {
    const random = stream('normal');
    const sample = draws(2 * N, () => random.normal());
    expect(kolmogorovSmirnov(sample, normalCdf)).toBeLessThan(1);
    expectEqualCells(sample, normalCdf);
    const { mean, variance, third } = moments(sample);
    expectWithin(mean, 0, 1, sample.length);
    expectWithin(variance, 1, 2, sample.length);
    expectWithin(third, 0, 15, sample.length);
    const fourth = sample.reduce((sum, x) => sum + x ** 4, 0) / sample.length;
    expectWithin(fourth, 3, 96, sample.length);
    // Beyond the last layer of the ziggurat, at 3.654, on either side.
    const upper = 1 - normalCdf(3.66);
    for (const side of [1, -1]) {
      const beyond = sample.map((x) => side * x).filter((x) => x > 3.66);
      expectCount(beyond.length, upper, sample.length);
      expect(kolmogorovSmirnov(beyond, (x) => (normalCdf(x) - 1 + upper) / upper)).toBeLessThan(1);
    }
  });

  test.each([0.05, 1, 7.5, 60])('of poisson(%d) are Poisson', (mean) => {
    const random = stream(`poisson/${mean}`);
    const counts = new Float64Array(200);
    for (let i = 0; i < 100_000; i++) counts[random.poisson(mean)]++;
    const probabilities = [Math.exp(-mean)];
    for (let k = 1; k < counts.length; k++) probabilities.push((probabilities[k - 1] * mean) / k);
    expect(chiSquare(counts, (k) => probabilities[k])).toBeLessThan(1);
  });

  test('of poisson(0) are 0, and senseless means are refused', () => {
    const random = stream('poisson');
    expect(random.poisson(0)).toBe(0);
    for (const bad of [-1, NaN, Infinity]) expect(() => random.poisson(bad)).toThrow(AssertionError);
  });
});

test('an error of 3 % in the scale of a distribution would be noticed', () => {
  const random = stream('wrong');
  const exponential = draws(2 * N, () => 1.03 * random.exponential());
  const normal = draws(2 * N, () => 1.03 * random.normal());
  expect(kolmogorovSmirnov(exponential, exponentialCdf)).toBeGreaterThan(1);
  expect(kolmogorovSmirnov(normal, normalCdf)).toBeGreaterThan(1);
  const counts = new Float64Array(2).map((_, i) => (i === 0 ? 51_500 : 48_500));
  expect(chiSquare(counts, () => 1 / 2)).toBeGreaterThan(1);
});

/** A thousand cells of equal probability: a layer of the ziggurat that is wrong shows in one of them. */
function expectEqualCells(sample: Float64Array, cdf: (x: number) => number): void {
  const counts = new Float64Array(1000);
  for (const x of sample) counts[Math.min(999, Math.floor(1000 * cdf(x)))]++;
  expect(chiSquare(counts, () => 1 / 1000)).toBeLessThan(1);
}

/** Four standard errors around the expected value, given the variance of one term. */
function expectWithin(seen: number, expected: number, variance: number, n: number): void {
  expect(Math.abs(seen - expected)).toBeLessThan(4 * Math.sqrt(variance / n));
}

function expectCount(seen: number, probability: number, n: number): void {
  expectWithin(seen / n, probability, probability, n);
}
