import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawSizes, matchLeverageToSize } from '../../src/agents/opening-positions.ts';
import { draw } from '../../src/base/distributions.ts';
import type { Distribution } from '../../src/base/distributions.ts';
import { RandomSource } from '../../src/base/random.ts';

const stream = (name: string) => new RandomSource('opening').stream(name);
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** Spearman's: Pearson's correlation of the ranks. */
function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const ranks = (values: ArrayLike<number>): number[] => {
    const order = Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
    const rank: number[] = [];
    order.forEach((i, position) => (rank[i] = position));
    return rank;
  };
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (x.length - 1) / 2;
  let [xy, xx] = [0, 0];
  x.forEach((rank, i) => {
    xy += (rank - mean) * (y[i] - mean);
    xx += (rank - mean) ** 2;
  });
  return xy / xx;
}

describe('drawn sizes', () => {
  const heavy: Distribution = { kind: 'pareto', from: 1, alpha: 0.8 };
  const kinds: [string, Distribution][] = [
    ['constant', { kind: 'constant', value: 3 }],
    ['lognormal', { kind: 'lognormal', median: 700, sigma: 2.7 }],
    ['Pareto with an infinite mean', heavy],
    [
      'one whale',
      {
        kind: 'mixture',
        parts: [
          { weight: 999, of: { kind: 'constant', value: 1 } },
          { weight: 1, of: { kind: 'constant', value: 1e9 } },
        ],
      },
    ],
  ];

  it.each(kinds)('are shares that add up to 1, none above the largest allowed: %s', (_name, size) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.nat(),
        (members, largest, seed) => {
          const shares = drawSizes(members, size, largest, stream(`sizes ${seed}`));
          expect(shares).toHaveLength(members);
          expect(Math.abs(sum(shares) - 1)).toBeLessThan(1e-9);
          // With fewer members than 1/largest the cap cannot hold: all are equal then.
          const cap = Math.max(largest, 1 / members);
          for (const share of shares) {
            expect(share).toBeGreaterThanOrEqual(-1e-12);
            expect(share).toBeLessThanOrEqual(cap * (1 + 1e-9));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('keep their proportions below the cap', () => {
    const random = stream('proportions');
    const drawn = Array.from({ length: 500 }, () => draw(heavy, random));
    const shares = drawSizes(500, heavy, 0.02, stream('proportions'));
    const free = drawn.map((_, i) => i).filter((i) => shares[i] < 0.02 - 1e-12);
    expect(free.length).toBeLessThan(500);
    for (const i of free) expect(shares[i] / shares[free[0]]).toBeCloseTo(drawn[i] / drawn[free[0]], 6);
    // Whoever was cut is larger than everybody who was not.
    const largestFree = Math.max(...free.map((i) => drawn[i]));
    drawn.forEach((size, i) => {
      if (!free.includes(i)) expect(size).toBeGreaterThanOrEqual(largestFree);
    });
  });

  it('are as they were drawn when nobody is too large', () => {
    const shares = drawSizes(3, { kind: 'constant', value: 5 }, 1, stream('few'));
    expect([...shares].map((share) => share.toFixed(12))).toEqual(Array(3).fill((1 / 3).toFixed(12)));
  });
});

describe('leverage matched to size', () => {
  const n = 20_000;
  const random = stream('leverages');
  const sizes = Float64Array.from({ length: n }, () =>
    draw({ kind: 'lognormal', median: 700, sigma: 2.7 }, random),
  );
  const leverages = Float64Array.from({ length: n }, () =>
    draw({ kind: 'lognormal', median: 8, sigma: 0.9 }, random),
  );

  // With n = 20,000 the standard error is 0.007; the score of a uniform size makes the rank correlation that was asked for
  // only about right: 0.05 is what "about" means here.
  it.each([-0.9, -0.6, -0.3, 0, 0.3, 0.8])('has about the rank correlation asked for: %d', (wanted) => {
    const matched = matchLeverageToSize(leverages, sizes, wanted, stream('ranks'));
    expect(Math.abs(rankCorrelation(matched, sizes) - wanted)).toBeLessThan(0.05);
  });

  it.each([-1, 1])('goes with size entirely at %d', (wanted) => {
    const matched = matchLeverageToSize(leverages, sizes, wanted, stream('ranks'));
    expect(rankCorrelation(matched, sizes)).toBeCloseTo(wanted, 10);
  });

  it('is the leverages drawn, in another order', () => {
    const matched = matchLeverageToSize(leverages, sizes, -0.3, stream('ranks'));
    expect([...matched].sort((a, b) => a - b)).toEqual([...leverages].sort((a, b) => a - b));
  });
});
