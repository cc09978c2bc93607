import { describe, expect, it } from 'vitest';
import {
  averagePrice,
  costOf,
  impactPrice,
  lotsAhead,
  lotsWithin,
  microprice,
  mid,
  notionalWithin,
} from '../../src/market/depth.ts';
import { contractFrom } from '../../src/market/contract.ts';
import { ANN, BEN, BOOKS, buy, CAT, placeAll, sell } from './book-dsl.ts';

describe.each(BOOKS)('depth of %s', (_name, create) => {
  /** Bids 3 at 100, 4 at 98; asks 1 at 102, 5 at 105. */
  const twoLevels = () => {
    const book = create();
    placeAll(book, buy(ANN, 2, 100), buy(BEN, 1, 100), buy(ANN, 4, 98), sell(CAT, 1, 102), sell(CAT, 5, 105));
    return book;
  };

  it('mid lies half way, microprice leans to the thinner side', () => {
    expect(mid(twoLevels())).toBe(101);
    expect(microprice(twoLevels())).toBe((100 * 1 + 102 * 3) / 4);
  });

  it('has no mid when a side is empty', () => {
    const book = create();
    book.place(buy(ANN, 1, 100));
    expect([mid(book), microprice(book)]).toEqual([NaN, NaN]);
  });

  it('costOf walks the levels', () => {
    expect(costOf(twoLevels(), 1, 1)).toBe(102);
    expect(costOf(twoLevels(), 1, 4)).toBe(102 + 3 * 105);
    expect(costOf(twoLevels(), -1, 7)).toBe(3 * 100 + 4 * 98);
    expect(costOf(twoLevels(), -1, 8)).toBe(NaN);
    expect(costOf(twoLevels(), 1, 0)).toBe(0);
  });

  it('averages harmonically in an inverse contract', () => {
    // A lot is worth 10,000 at a price of one.
    const inverse = contractFrom({
      ...{ name: 'INVERSE', kind: 'inverse', tick: 1, lot: 1e-4, price: 100, coinUnit: 1e-8 },
      ...{ takerFee: 0, makerFee: 0, marketBand: 1 },
    });
    expect(inverse.inverseLot).toBe(10_000);
    expect(averagePrice(twoLevels(), 1, 4)).toBe((102 + 3 * 105) / 4);
    expect(averagePrice(twoLevels(), 1, 4, inverse)).toBeCloseTo(4 / (1 / 102 + 3 / 105), 9);
    expect(averagePrice(twoLevels(), -1, 8, inverse)).toBe(NaN);
    const worth = 10_000 * (1 / 102 + 3 / 105);
    expect(impactPrice(twoLevels(), 1, worth, inverse)).toBeCloseTo(4 / (1 / 102 + 3 / 105), 9);
    expect(impactPrice(twoLevels(), 1, 50, inverse)).toBeCloseTo(102, 9);
    expect(impactPrice(twoLevels(), 1, 1000, inverse)).toBe(NaN);
    expect(notionalWithin(twoLevels(), -1, 98, inverse)).toBe(3 * 100 + Math.round(4 * (10_000 / 98)));
  });

  it('impactPrice is money over lots, parts of a lot included', () => {
    const book = twoLevels();
    expect(impactPrice(book, 1, 51)).toBe(102);
    expect(impactPrice(book, 1, 102 + 2 * 105)).toBeCloseTo((102 + 2 * 105) / 3, 12);
    expect(impactPrice(book, -1, 300 + 49)).toBeCloseTo(349 / 3.5, 12);
    expect(impactPrice(book, -1, 300 + 4 * 98)).toBeCloseTo(692 / 7, 12);
    expect(impactPrice(book, -1, 300 + 4 * 98 + 1)).toBe(NaN);
    expect(impactPrice(create(), 1, 1)).toBe(NaN);
  });

  it('lotsWithin and notionalWithin stop at the limit', () => {
    const book = twoLevels();
    expect([101, 102, 104, 105, 200].map((limit) => lotsWithin(book, 1, limit))).toEqual([0, 1, 1, 6, 6]);
    expect([101, 100, 99, 98, 1].map((limit) => lotsWithin(book, -1, limit))).toEqual([0, 3, 3, 7, 7]);
    expect(notionalWithin(book, 1, 105)).toBe(102 + 5 * 105);
    expect(notionalWithin(book, -1, 99)).toBe(300);
    expect(notionalWithin(create(), -1, 1)).toBe(0);
  });

  it('lotsAhead counts the lots that trade before an order', () => {
    const book = create();
    const orders = placeAll(book, buy(ANN, 2, 100), buy(BEN, 3, 100), buy(CAT, 4, 100), buy(CAT, 9, 101));
    expect(orders.map((order) => lotsAhead(book, order))).toEqual([0, 2, 5, 0]);
    placeAll(book, sell(ANN, 10, 100, { selfTrade: 3 }));
    expect(lotsAhead(book, orders[2])).toBe(1 + 3);
    book.cancel(orders[1]);
    expect(lotsAhead(book, orders[2])).toBe(1);
  });
});
