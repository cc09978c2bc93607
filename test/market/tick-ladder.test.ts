import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Side } from '../../src/base/units.ts';
import { MAX_TICK } from '../../src/market/order.ts';
import { TickBitmap } from '../../src/market/tick-bitmap.ts';
import { TickLadder } from '../../src/market/tick-ladder.ts';

describe('TickBitmap', () => {
  it('finds the greatest member below a bound, as a sorted array does', () => {
    const step = fc.record({ add: fc.boolean(), member: fc.nat(), bound: fc.nat() });
    const sizes = fc.constantFrom(1, 2, 31, 32, 33, 1023, 1024, 1025, 32_768, 70_000);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), sizes, (steps, size) => {
        const bitmap = new TickBitmap(size);
        const members = new Set<number>();
        for (const step of steps) {
          const member = step.member % size;
          const bound = step.bound % (size + 1);
          if (step.add) bitmap.add(member);
          else bitmap.remove(member);
          if (step.add) members.add(member);
          else members.delete(member);
          for (const limit of [bound, size, member, member + 1]) {
            expect(bitmap.below(limit)).toBe(Math.max(-1, ...[...members].filter((m) => m < limit)));
          }
          expect(bitmap.has(member)).toBe(members.has(member));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Prices at which the ladder changes: around each power of two, where words, pages and the reach end. */
const borders = Array.from({ length: 31 }, (_, k) => [2 ** k - 1, 2 ** k, 2 ** k + 1])
  .flat()
  .concat(MAX_TICK - 1, MAX_TICK)
  .filter((price) => price <= MAX_TICK);

describe('a TickLadder with both sides occupied', () => {
  it.each([
    ['near', 2 ** 20],
    ['up to the greatest tick', MAX_TICK],
  ])('keeps the sides apart while it grows, prices %s', (_name, greatest) => {
    const price = fc.oneof(
      fc.constantFrom(...borders.filter((p) => p <= greatest)),
      fc.nat(Math.min(greatest, 300)),
      fc.nat(greatest),
    );
    const side = fc.constantFrom(1 as const, -1 as const);
    const step = fc.record({ side, value: fc.nat(3), price, probe: price });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const ladder = new TickLadder(1);
        const models = { 1: new Map<number, number>(), [-1]: new Map<number, number>() };
        for (const { side, value, price, probe } of steps) {
          const model = models[side];
          if (value > 0) {
            ladder.set(side, price, value);
            model.set(price, value);
          } else if (model.size > 0) {
            const leaving = [...model.keys()][probe % model.size];
            ladder.remove(side, leaving);
            model.delete(leaving);
          }
          for (const each of [1, -1] as const) {
            const sorted = [...models[each].keys()].sort((a, b) => each * (b - a));
            expect(walk(ladder, each)).toEqual(sorted);
            expect(sorted.map((p) => ladder.get(each, p))).toEqual(sorted.map((p) => models[each].get(p)));
            expect(ladder.get(each, probe)).toBe(models[each].get(probe) ?? 0);
            expect(ladder.worse(each, probe)).toBe(sorted.find((p) => each * (probe - p) > 0) ?? -1);
          }
        }
        // Every entry of the directory is looked at, and at the greatest reach there are 2²⁵.
        if (greatest < MAX_TICK) ladder.checkInvariants();
      }),
      { numRuns: greatest < MAX_TICK ? 100 : 12 },
    );
  });
});

/** The occupied prices of a side from the best to the worst. */
function walk(ladder: TickLadder, side: Side): number[] {
  const prices: number[] = [];
  for (let price = ladder.best(side); price >= 0; price = ladder.worse(side, price)) {
    prices.push(price);
    if (prices.length > 100) break; // it goes round in a circle
  }
  return prices;
}

describe.each([
  ['BUY', 1],
  ['SELL', -1],
] as const)('a %s TickLadder', (_name, side) => {
  it('keeps values and order of prices, as a sorted array does', () => {
    const price = fc.oneof(
      fc.integer({ min: 990, max: 1100 }),
      fc.nat(10_000_000),
      fc.nat(MAX_TICK),
      fc.constantFrom(0, 1023, 1024, MAX_TICK),
    );
    const step = fc.record({ value: fc.nat(3), price, probe: price });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom(1, 5_000, MAX_TICK),
        (steps, expected) => {
          const ladder = new TickLadder(expected);
          const model = new Map<number, number>();
          for (const { value, price, probe } of steps) {
            if (value > 0) {
              ladder.set(side, price, value);
              model.set(price, value);
            } else if (model.delete(price)) {
              ladder.remove(side, price);
            }
            const sorted = [...model.keys()].sort((a, b) => side * (b - a));
            expect(ladder.get(side, probe)).toBe(model.get(probe) ?? 0);
            expect(ladder.best(side)).toBe(sorted[0] ?? -1);
            expect(ladder.worse(side, probe)).toBe(sorted.find((p) => side * (probe - p) > 0) ?? -1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives pages back: prices that come and go over a wide range take no more and more memory', () => {
    const ladder = new TickLadder(1);
    for (let i = 0; i < 10_000; i++) {
      const price = 1 + ((i * 7_919) % 5_000_000);
      ladder.set(side, price, 1);
      expect(ladder.best(side)).toBe(price);
      ladder.remove(side, price);
    }
    expect(ladder.best(side)).toBe(-1);
    ladder.checkInvariants();
  });

  it('is emptied from the best price on, each time with the value of the next', () => {
    const near = fc.integer({ min: 1, max: 600 }); // several prices in a word, in a page, and in the next pages
    const prices = fc.uniqueArray(fc.oneof(near, fc.integer({ min: 1, max: 2 ** 20 })), { minLength: 1 });
    fc.assert(
      fc.property(prices, prices, (own, others) => {
        const ladder = new TickLadder(100);
        own.forEach((price, i) => ladder.set(side, price, i + 1));
        others.forEach((price) => ladder.set(side > 0 ? -1 : 1, price, 1_000)); // of no concern
        const sorted = own.toSorted((a, b) => side * (b - a));
        for (const [i, price] of sorted.entries()) {
          expect(ladder.removeBest(side, price)).toBe(own.indexOf(sorted[i + 1]) + 1);
          expect(ladder.get(side, price)).toBe(0);
        }
        ladder.checkInvariants();
      }),
      { numRuns: 200 },
    );
  });
});
