import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTheTop } from '../../src/risk/adl/adl-ranking.ts';
import type { AdlRanking, Opponent } from '../../src/risk/adl/adl-ranking.ts';
import { RandomSource } from '../../src/base/random.ts';
import { leveragedReturn } from '../../src/risk/adl/leveraged-return.ts';
import { priceGainByLeverage } from '../../src/risk/adl/price-gain-by-leverage.ts';
import { profitByLeverage } from '../../src/risk/adl/profit-by-leverage.ts';
import { randomWalk } from '../../src/risk/adl/random-walk.ts';
import { returnByMarginRatio } from '../../src/risk/adl/return-by-margin-ratio.ts';
import { waterFilling } from '../../src/risk/adl/water-filling.ts';
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

describe('water-filling', () => {
  const kept = (ranking: AdlRanking, lots: number, people: Opponent[]): number[] => {
    const given = ranking.allocate(lots, people, TERMS);
    return people.map(
      ({ account, lots: held }) => held - (given.find((one) => one.account === account)?.lots ?? 0),
    );
  };
  const people = (held: readonly number[], equity: readonly number[] = []): Opponent[] =>
    held.map((lots, i) => opponent({ account: 5 + i, lots, equity: equity[i] ?? 1 }));

  it('cuts the largest to a common level and leaves the others alone', () => {
    const ranking = made(waterFilling, undefined);
    // 100, 60, 10 less 70: 45, 45, 10.
    expect(kept(ranking, 70, people([100, 60, 10]))).toEqual([45, 45, 10]);
    expect(kept(ranking, 150, people([100, 60, 10]))).toEqual([7, 7, 6]);
    expect(kept(ranking, 500, people([100, 60, 10]))).toEqual([0, 0, 0]);
  });

  it('of leverage: cuts whom equity backs least, and first of all who has none', () => {
    const ranking = made(waterFilling, undefined, { level: 'leverage' });
    // Positions of 100 on 10, 20 and 100: a common level of 3 lots for a unit of equity.
    expect(kept(ranking, 110, people([100, 100, 100], [10, 20, 100]))).toEqual([30, 60, 100]);
    expect(kept(ranking, 100, people([100, 100], [0, 50]))).toEqual([0, 100]);
  });

  it('leaves the smallest maximum that any way of taking so many lots leaves', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 12_000 }),
        (held, lots) => {
          const left = kept(made(waterFilling, undefined), lots, people(held));
          const level = Math.max(...left);
          // With everybody cut to one lot less than that, more would have been taken.
          const lower = held.reduce((sum, one) => sum + Math.max(0, one - (level - 1)), 0);
          if (level > 0) expect(lower).toBeGreaterThan(lots);
          expect(
            held.every((one, i) => left[i] === Math.min(one, level) || left[i] === Math.min(one, level - 1)),
          ).toBe(true);
        },
      ),
    );
  });
});

describe('pro rata of something else than lots', () => {
  const people = [
    opponent({ account: 5, lots: 100, unrealisedPnl: 30, equity: 300 }),
    opponent({ account: 6, lots: 100, unrealisedPnl: 10, equity: 100 }),
    opponent({ account: 7, lots: 5, unrealisedPnl: 60, equity: 600 }),
    opponent({ account: 8, lots: 100, unrealisedPnl: -5, equity: 0 }),
  ];
  it.each(['profit', 'equity'] as const)('takes in proportion to the %s, as far as positions reach', (by) => {
    const ranking = made(proRata, undefined, { by });
    // 45 on weights 3 : 1 : 6 would be 13.5, 4.5 and 27; the last has 5, so that 40 go 3 : 1.
    expect(ranking.allocate(45, people, TERMS)).toEqual([
      { account: 5, lots: 30 },
      { account: 6, lots: 10 },
      { account: 7, lots: 5 },
    ]);
  });
  it('takes from those without any only when the others have nothing left', () => {
    expect(made(proRata, undefined, { by: 'profit' }).allocate(210, people, TERMS).at(-1)).toEqual({
      account: 8,
      lots: 5,
    });
  });
});

describe('the random walk', () => {
  const stream = (seed: string) => new RandomSource(seed).stream('adl');
  const people = [50, 50, 50, 50].map((lots, i) =>
    opponent({ account: 5 + i, lots, bankruptcyPrice: i === 1 ? 99 : 101 }),
  );
  it('goes round from a random one on, and passes over whose own bankruptcy price does not overlap', () => {
    const starts = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const given = made(randomWalk, { random: stream(String(seed)) }).allocate(120, people, TERMS);
      expect(given.map(({ lots }) => lots)).toEqual([50, 50, 20]);
      expect(given.map(({ account }) => account)).not.toContain(6);
      starts.add(given[0].account);
    }
    expect([...starts].sort()).toEqual([5, 7, 8]);
  });
  it('looks at no more than so many, and draws the same walk from the same stream', () => {
    const few = () => made(randomWalk, { random: stream('7') }, { scans: 1 }).allocate(120, people, TERMS);
    expect(few().length).toBeLessThanOrEqual(1);
    expect(few()).toEqual(few());
    expect(made(randomWalk, { random: stream('7') }).allocate(1, [], TERMS)).toEqual([]);
  });
});

describe.each<[string, () => AdlRanking]>([
  ['the queue by margin ratio', () => made(profitByMarginRatio, undefined)],
  ['the queue by leverage', () => made(profitByLeverage, undefined)],
  ['the queue by leveraged return', () => made(leveragedReturn, undefined)],
  ['the queue in two branches', () => made(returnByMarginRatio, undefined)],
  ['the queue by price gain', () => made(priceGainByLeverage, undefined)],
  ['the random walk', () => made(randomWalk, { random: new RandomSource('walk').stream('adl') })],
  ['pro rata', () => made(proRata, undefined)],
  ['pro rata of profit', () => made(proRata, undefined, { by: 'profit' })],
  ['pro rata of equity', () => made(proRata, undefined, { by: 'equity' })],
  ['water-filling', () => made(waterFilling, undefined)],
  ['water-filling of leverage', () => made(waterFilling, undefined, { level: 'leverage' })],
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
