import { describe, expect, it } from 'vitest';
import { BUY, MINUTE, SECOND, SELL } from '../../src/base/units.ts';
import type { Micros } from '../../src/base/units.ts';
import { impactPrice } from '../../src/market/depth.ts';
import { OrderBook } from '../../src/market/order-book.ts';
import { blend } from '../../src/prices/mark/blend.ts';
import { emaOfMid } from '../../src/prices/mark/ema-of-mid.ts';
import { impactMid } from '../../src/prices/mark/impact-mid.ts';
import { indexClamp } from '../../src/prices/mark/index-clamp.ts';
import { indexOnly } from '../../src/prices/mark/index-only.ts';
import { lastTrade } from '../../src/prices/mark/last-trade.ts';
import { localPrice } from '../../src/prices/mark/mark-design.ts';
import type { MarkDesign, MarkInputs } from '../../src/prices/mark/mark-design.ts';
import { medianOfThree } from '../../src/prices/mark/median-of-three.ts';
import { mid } from '../../src/prices/mark/mid.ts';
import { ExponentialAverage, SimpleAverage } from '../../src/prices/mark/moving-average.ts';
import { buy, sell } from '../market/book-dsl.ts';
import { PLAIN } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';

const PARTS = { contract: PLAIN, every: SECOND };

/** A market at 100,000 in every respect but what is said. */
function at(inputs: Partial<MarkInputs> = {}): MarkInputs {
  return {
    now: 0,
    bid: 99_999,
    ask: 100_001,
    last: 100_000,
    index: 100_000,
    fundingRate: 0,
    fundingShare: 0,
    impactPrice: () => NaN,
    ...inputs,
  };
}
const local = (price: number): Partial<MarkInputs> => ({ bid: price - 1, ask: price + 1, last: price });

describe('the local price', () => {
  it('is the mid, or the last trade while a side of the book is empty', () => {
    expect(localPrice(at({ bid: 98, ask: 101, last: 90 }))).toBe(99.5);
    expect(localPrice(at({ bid: NaN, ask: 101, last: 90 }))).toBe(90);
    expect(localPrice(at({ bid: 98, ask: NaN, last: NaN }))).toBeNaN();
  });
});

describe('the plain designs', () => {
  const designs: [string, MarkDesign, number][] = [
    ['last-trade takes the last trade', made(lastTrade, PARTS), 90],
    ['mid takes the mid', made(mid, PARTS), 99.5],
    ['index-only takes the index', made(indexOnly, PARTS), 103],
    ['blend by default takes half of each', made(blend, PARTS), (99.5 + 103) / 2],
    ['blend with a local weight of 0.2', made(blend, PARTS, { localWeight: 0.2 }), 0.2 * 99.5 + 0.8 * 103],
  ];
  it.each(designs)('%s', (_name, design, expected) => {
    expect(design.price(at({ bid: 98, ask: 101, last: 90, index: 103 }))).toBeCloseTo(expected, 10);
  });

  it('are NaN while what they need is absent', () => {
    expect(made(lastTrade, PARTS).price(at({ last: NaN }))).toBeNaN();
    expect(made(mid, PARTS).price(at({ bid: NaN, last: NaN }))).toBeNaN();
    expect(made(indexOnly, PARTS).price(at({ index: NaN }))).toBeNaN();
    expect(made(blend, PARTS).price(at({ index: NaN }))).toBeNaN();
  });

  it('blend does not look at what has no weight', () => {
    expect(made(blend, PARTS, { localWeight: 0 }).price(at({ bid: NaN, last: NaN }))).toBe(100_000);
    expect(made(blend, PARTS, { localWeight: 1 }).price(at({ index: NaN }))).toBe(100_000);
  });
});

describe('index-clamp', () => {
  const clamp = () => made(indexClamp, PARTS, { band: '0.5%' });

  it('follows the local mid within the band and stops at its edges', () => {
    expect(clamp().price(at(local(100_400)))).toBe(100_400);
    expect(clamp().price(at(local(101_000)))).toBeCloseTo(100_500, 8);
    expect(clamp().price(at(local(90_000)))).toBeCloseTo(99_500, 8);
  });
});

describe('impact-mid', () => {
  // Bids: 5 at 100, 10 at 90. Asks: 5 at 102, 10 at 112.
  const book = new OrderBook();
  for (const order of [buy(1, 5, 100), buy(1, 10, 90), sell(2, 5, 102), sell(2, 10, 112)]) book.place(order);
  const inputs = at({ impactPrice: (side, notional) => impactPrice(book, side, notional) });

  it('is the mid while the touch holds the notional', () => {
    expect(made(impactMid, PARTS, { notional: 500 }).price(inputs)).toBe(101);
  });

  it('is the mean of the two average prices once it does not', () => {
    // Selling 950: 500 for 5 lots, the other 450 for 5 lots at 90. Buying 950: 510 for 5, 440 for 440/112 lots.
    const selling = 950 / 10;
    const buying = 950 / (5 + 440 / 112);
    expect(made(impactMid, PARTS, { notional: 950 }).price(inputs)).toBeCloseTo((selling + buying) / 2, 10);
  });

  it('is NaN when one side of the book cannot fill it', () => {
    // 1,400 of bids, 1,630 of asks.
    expect(made(impactMid, PARTS, { notional: 1_400 }).price(inputs)).not.toBeNaN();
    expect(made(impactMid, PARTS, { notional: 1_401 }).price(inputs)).toBeNaN();
  });

  it('reckons the notional in the money of the contract', () => {
    const asked: [number, number][] = [];
    const contract = { ...PLAIN, tick: 0.1, lot: 0.001, moneyUnit: 0.0001 };
    made(impactMid, { contract, every: SECOND }, { notional: '25k' }).price(
      at({ impactPrice: (side, notional) => asked.push([side, notional]) }),
    );
    expect(asked).toEqual([
      [SELL, 250_000_000],
      [BUY, 250_000_000],
    ]);
  });
});

describe('median-of-three', () => {
  it('P1 100,005 (index 100,000, funding 0.01 %, half the interval left), P2 99,700, last trade 98,500: the mark is 99,700', () => {
    const design = made(medianOfThree, PARTS, { window: '30s' });
    const inputs = at({ bid: 99_699, ask: 99_701, last: 98_500, fundingRate: 0.0001, fundingShare: 0.5 });
    for (let second = 0; second < 29; second++) design.price({ ...inputs, now: second * SECOND });
    expect(design.price({ ...inputs, now: 29 * SECOND })).toBeCloseTo(99_700, 8);
  });

  it('takes P1 when P2 and the last trade stand on its two sides', () => {
    const design = made(medianOfThree, PARTS);
    const inputs = at({ bid: 99_699, ask: 99_701, last: 101_000, fundingRate: 0.0001, fundingShare: 0.5 });
    expect(design.price(inputs)).toBeCloseTo(100_000 * (1 + 0.0001 * 0.5), 8);
  });

  it('takes the last trade when it lies between P1 and P2', () => {
    const design = made(medianOfThree, PARTS);
    expect(design.price(at({ bid: 99_699, ask: 99_701, last: 99_900 }))).toBe(99_900);
  });

  it.each([50_000, 99_000, 101_000, 200_000])(
    'a spike of the last trade alone to %d does not move it',
    (last) => {
      const design = made(medianOfThree, PARTS);
      for (let second = 0; second < 60; second++) design.price(at({ now: second * SECOND }));
      expect(design.price(at({ last }))).toBe(100_000);
    },
  );

  it('a sustained dislocation of the book is in it whole once it fills the window', () => {
    const design = made(medianOfThree, PARTS, { window: '30s' });
    for (let second = 0; second < 60; second++) design.price(at());
    let mark = NaN;
    for (let second = 0; second < 30; second++) mark = design.price(at(local(98_000)));
    expect(mark).toBeCloseTo(98_000, 8);
  });

  it('is the index while the book knows no price, and NaN while there is no index', () => {
    const design = made(medianOfThree, PARTS);
    expect(design.price(at({ bid: NaN, ask: NaN, last: NaN }))).toBe(100_000);
    expect(design.price(at({ index: NaN }))).toBeNaN();
  });

  it('does without the last trade before the first', () => {
    expect(made(medianOfThree, PARTS).price(at({ bid: 99_699, ask: 99_701, last: NaN }))).toBeCloseTo(
      99_700,
      8,
    );
  });
});

describe('the share of a local-only step that is in the mark after so many seconds (venue rules, b.8)', () => {
  /** Percent of the step in the mark, the market having been calm for long before. */
  function shareAfter(design: MarkDesign, seconds: number): number {
    let now: Micros = 0;
    for (; now <= 10 * MINUTE; now += SECOND) design.price(at({ now }));
    let mark = NaN;
    for (let second = 1; second <= seconds; second++, now += SECOND)
      mark = design.price(at({ now, ...local(98_000) }));
    return (100 * (100_000 - mark)) / 2_000;
  }
  const sma = (window: string) => () => made(medianOfThree, PARTS, { window });
  const ema = (constant: string) => () => made(emaOfMid, PARTS, { constant });

  const printed: [string, () => MarkDesign, Record<number, number>][] = [
    ['Binance 30 s SMA', sma('30s'), { 3: 10, 15: 50, 30: 100, 60: 100, 150: 100 }],
    ['Binance 60 s SMA', sma('60s'), { 3: 5, 15: 25, 30: 50, 60: 100, 150: 100 }],
    ['Bybit 300 s SMA', sma('300s'), { 3: 1, 15: 5, 30: 10, 60: 20, 150: 50 }],
    ['150 s SMA', sma('150s'), { 3: 2, 15: 10, 30: 20, 60: 40, 150: 100 }],
    ['30 s EMA', ema('30s'), { 3: 10, 15: 39, 30: 63, 60: 86, 150: 99 }],
    ['150 s EMA', ema('150s'), { 3: 2, 15: 10, 30: 18, 60: 33, 150: 63 }],
    ['the index', () => made(indexOnly, PARTS), { 3: 0, 15: 0, 30: 0, 60: 0, 150: 0 }],
  ];
  const rows = printed.flatMap(([name, design, shares]) =>
    Object.entries(shares).map(([seconds, share]) => ({ name, design, seconds: Number(seconds), share })),
  );

  it.each(rows)('$name, $seconds s: $share %', ({ design, seconds, share }) => {
    expect(Math.round(shareAfter(design(), seconds))).toBe(share);
  });

  it('to more digits: t/window for the SMA, 1 − e^(−t/constant) for the EMA', () => {
    for (const seconds of [1, 7, 29]) {
      expect(shareAfter(sma('30s')(), seconds)).toBeCloseTo((100 * seconds) / 30, 8);
      expect(shareAfter(ema('30s')(), seconds)).toBeCloseTo(100 * (1 - Math.exp(-seconds / 30)), 8);
    }
  });
});

describe('the simple average', () => {
  it('is over as many samples as the window has, and over all of them before', () => {
    const average = new SimpleAverage(3 * SECOND, SECOND);
    expect([6, 0, 3, 3, 9].map((x) => average.add(x))).toEqual([6, 3, 3, 2, 5]);
  });

  it('is the sample itself when the window is shorter than the pause', () => {
    const average = new SimpleAverage(SECOND / 10, SECOND);
    expect([6, 0].map((x) => average.add(x))).toEqual([6, 0]);
  });
});

describe('the exponential average', () => {
  it('starts at the first sample and takes irregular steps as they are', () => {
    const average = new ExponentialAverage(30 * SECOND);
    expect(average.add(5 * SECOND, 10)).toBe(10);
    expect(average.add(35 * SECOND, 20)).toBeCloseTo(20 - 10 * Math.exp(-1), 10);
    expect(average.add(35 * SECOND, 0)).toBeCloseTo(20 - 10 * Math.exp(-1), 10);
    expect(average.add(95 * SECOND, 0)).toBeCloseTo((20 - 10 * Math.exp(-1)) * Math.exp(-2), 10);
  });
});

describe('ema-of-mid', () => {
  it('starts at the mid, and says nothing while there is none', () => {
    const design = made(emaOfMid, PARTS, { constant: '30s' });
    expect(design.price(at({ bid: NaN, ask: NaN, last: NaN }))).toBeNaN();
    expect(design.price(at({ now: SECOND }))).toBe(100_000);
    expect(design.price(at({ now: 2 * SECOND, bid: NaN, last: NaN }))).toBeNaN();
    expect(design.price(at({ now: 31 * SECOND, ...local(90_000) }))).toBeCloseTo(
      90_000 + 10_000 * Math.exp(-1),
      8,
    );
  });
});
