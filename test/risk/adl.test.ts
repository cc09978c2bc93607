import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTheTop } from '../../src/risk/adl/adl-ranking.ts';
import type { AdlRanking, Opponent } from '../../src/risk/adl/adl-ranking.ts';
import { proRata } from '../../src/risk/adl/pro-rata.ts';
import { marginRatioScore, profitByMarginRatio } from '../../src/risk/adl/profit-by-margin-ratio.ts';
import { made } from '../fixtures/variants.ts';

function opponent(o: Partial<Opponent>): Opponent {
  return {
    account: 5,
    side: -1,
    lots: 1,
    unrealisedPnl: 0,
    wallet: 0,
    equity: 0,
    notional: 0,
    entryNotional: 0,
    maintenance: 0,
    bankruptcyPrice: 1_000,
    ...o,
  };
}

const TERMS = { price: 100 };

/** Unrealised profit, wallet and maintenance margin. */
function winner(
  account: number,
  unrealisedPnl: number,
  wallet: number,
  maintenance: number,
  lots = 10,
): Opponent {
  return opponent({ account, lots, unrealisedPnl, wallet, equity: wallet + unrealisedPnl, maintenance });
}

const A = winner(5, 30_000, 20_000, 1_500);
const B = winner(6, 5_000, 2_000, 300);
const C = winner(7, 200_000, 1_000_000, 5_000);

describe("Binance's queue", () => {
  it('scores A 0.045, B 0.107 and C 0.0008: the biggest winner is last', () => {
    expect(marginRatioScore(A)).toBeCloseTo(1.5 * 0.03, 12);
    expect(marginRatioScore(B)).toBeCloseTo(2.5 * (300 / 7_000), 12);
    expect(marginRatioScore(B).toFixed(3)).toBe('0.107');
    expect(marginRatioScore(C)).toBeCloseTo(0.2 * (5_000 / 1_200_000), 12);
    expect(marginRatioScore(C).toFixed(4)).toBe('0.0008');
  });

  it('gives nothing for a loss, for an account under water, and takes a wallet below 1 as 1', () => {
    expect(marginRatioScore(winner(5, -10, 100, 5))).toBe(0);
    expect(marginRatioScore(winner(5, 10, -20, 5))).toBe(0);
    expect(marginRatioScore(winner(5, 10, -5, 2))).toBeCloseTo(10 * (2 / 5), 12);
  });

  it('takes from the top down, and no more than needed', () => {
    const queue = made(profitByMarginRatio, undefined);
    expect(queue.allocate(14, [A, B, C], TERMS)).toEqual([
      { account: 6, lots: 10 },
      { account: 5, lots: 4 },
    ]);
    expect(queue.allocate(100, [A, B, C], TERMS)).toEqual([
      { account: 6, lots: 10 },
      { account: 5, lots: 10 },
      { account: 7, lots: 10 },
    ]);
    expect(queue.allocate(5, [], TERMS)).toEqual([]);
  });

  it('leaves equal scores in the order of their accounts', () => {
    const alike = [winner(9, 10, 100, 1), winner(7, 10, 100, 1), winner(8, 10, 100, 1)];
    const all = fromTheTop(30, alike, marginRatioScore);
    expect(all.map(({ account }) => account)).toEqual([7, 8, 9]);
  });

  it('is the order of a sort by score and account, without those who have no score', () => {
    const scores = fc.array(fc.constantFrom(0, 1, 2, 3, Infinity, NaN), { maxLength: 60 });
    fc.assert(
      fc.property(scores, fc.nat(60), (scored, lots) => {
        const opponents = scored.map((_, account) => opponent({ account }));
        const taken = fromTheTop(lots, opponents, ({ account }) => scored[account]);
        const sorted = opponents
          .map(({ account }) => account)
          .filter((account) => !Number.isNaN(scored[account]))
          .sort((a, b) => (scored[a] === scored[b] ? a - b : scored[a] > scored[b] ? -1 : 1));
        expect(taken.map(({ account }) => account)).toEqual(sorted.slice(0, lots));
      }),
    );
  });
});

describe('pro rata', () => {
  const shares = (lots: number, held: number[]): number[] => {
    const opponents = held.map((each, i) => opponent({ account: 5 + i, lots: each }));
    const given = made(proRata, undefined).allocate(lots, opponents, TERMS);
    return held.map((_, i) => given.find(({ account }) => account === 5 + i)?.lots ?? 0);
  };

  it('takes the same share of each position', () => {
    expect(shares(50, [20, 30, 50])).toEqual([10, 15, 25]);
  });

  it('deals out what rounding leaves over in order of account number', () => {
    // 10 · (1, 1, 1)/3 = 3.33 each: 3, 3, 3 and one left over.
    expect(shares(10, [10, 10, 10])).toEqual([4, 3, 3]);
    expect(shares(2, [1, 1, 1])).toEqual([1, 1, 0]);
  });

  it('differs from the exact share by less than a lot', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (held, part) => {
          const total = held.reduce((sum, lots) => sum + lots, 0);
          const lots = Math.ceil(part * total);
          shares(lots, held).forEach((share, i) => {
            expect(Math.abs(share - (held[i] * lots) / total)).toBeLessThan(1 + 1e-6);
          });
        },
      ),
    );
  });
});

describe.each<[string, () => AdlRanking]>([
  ['the queue', () => made(profitByMarginRatio, undefined)],
  ['pro rata', () => made(proRata, undefined)],
])('%s', (_name, ranking) => {
  it('takes no more than needed, no more than each one holds, and all of it if they hold that much', () => {
    const someone = fc.record({
      lots: fc.integer({ min: 1, max: 1_000_000 }),
      pnl: fc.integer({ min: -1e6, max: 1e6 }),
      wallet: fc.integer({ min: -1e5, max: 1e6 }),
      maintenance: fc.integer({ min: 0, max: 1e5 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.array(someone, { maxLength: 40 }),
        (lots, people) => {
          const opponents = people.map((p, i) => winner(5 + i, p.pnl, p.wallet, p.maintenance, p.lots));
          const given = ranking().allocate(lots, opponents, TERMS);
          const held = people.reduce((sum, p) => sum + p.lots, 0);
          expect(given.reduce((sum, one) => sum + one.lots, 0)).toBe(Math.min(lots, held));
          for (const one of given) {
            expect(one.lots).toBeGreaterThan(0);
            expect(one.lots).toBeLessThanOrEqual(people[one.account - 5].lots);
          }
          expect(new Set(given.map((one) => one.account)).size).toBe(given.length);
        },
      ),
    );
  });
});
