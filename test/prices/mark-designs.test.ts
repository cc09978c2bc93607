import { describe, expect, it } from 'vitest';
import { BUY, MINUTE, SECOND, SELL } from '../../src/base/units.ts';
import type { Side } from '../../src/base/units.ts';
import { impactPrice } from '../../src/market/depth.ts';
import { OrderBook } from '../../src/market/order-book.ts';
import { blend } from '../../src/prices/mark/blend.ts';
import { cappedPush } from '../../src/prices/mark/capped-push.ts';
import { composite } from '../../src/prices/mark/composite.ts';
import { emaOfMid } from '../../src/prices/mark/ema-of-mid.ts';
import { impactMid } from '../../src/prices/mark/impact-mid.ts';
import { indexClamp } from '../../src/prices/mark/index-clamp.ts';
import { indexOnly } from '../../src/prices/mark/index-only.ts';
import { lastTrade } from '../../src/prices/mark/last-trade.ts';
import { localPrice } from '../../src/prices/mark/mark-design.ts';
import type { MarkDesign } from '../../src/prices/mark/mark-design.ts';
import { medianComposite } from '../../src/prices/mark/median-composite.ts';
import { medianOfThree } from '../../src/prices/mark/median-of-three.ts';
import { microprice } from '../../src/prices/mark/microprice.ts';
import { mid } from '../../src/prices/mark/mid.ts';
import { DecayedMean, ExponentialAverage, SimpleAverage } from '../../src/prices/mark/moving-average.ts';
import { signedBidAsk } from '../../src/prices/mark/signed-bid-ask.ts';
import { twapOfMid } from '../../src/prices/mark/twap-of-mid.ts';
import { worstOfTwo } from '../../src/prices/mark/worst-of-two.ts';
import { buy, sell } from '../market/book-dsl.ts';
import { PLAIN } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { at, feeds, local, PARTS } from './mark-inputs.ts';

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
    made(impactMid, { ...PARTS, contract }, { notional: '25k' }).price(
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

describe('microprice', () => {
  it('is that of the book, or the last trade while a side is empty', () => {
    expect(made(microprice, PARTS).price(at({ microprice: () => 99_999.5 }))).toBe(99_999.5);
    expect(made(microprice, PARTS).price(at({ last: 90_000 }))).toBe(90_000);
  });
});

describe('twap-of-mid', () => {
  it('is the mean of the mids of the window', () => {
    const design = made(twapOfMid, PARTS, { window: '3s' });
    const marks = [100_000, 97_000, 94_000, 94_000].map((price) => design.price(at(local(price))));
    expect(marks).toEqual([100_000, 98_500, 97_000, 95_000]);
  });
});

describe('composite', () => {
  const moment = at({
    bid: 89,
    ask: 91,
    last: 80,
    index: 100,
    now: MINUTE,
    ...feeds({ alpha: 110 }, MINUTE),
  });

  it('is the weighted mean of the chosen prices', () => {
    const written = { combine: 'mean', trade: 1, book: 2, index: 3, feeds: { alpha: 4 } };
    expect(made(composite, PARTS, written).price(moment)).toBeCloseTo(
      (80 + 2 * 90 + 3 * 100 + 4 * 110) / 10,
      10,
    );
  });
  it('or their weighted median', () => {
    expect(made(composite, PARTS).price(moment)).toBe(90);
    expect(made(composite, PARTS, { index: 0, feeds: { alpha: 5 } }).price(moment)).toBe(110);
  });
  it('does without what is stale', () => {
    const written = { combine: 'mean', book: 0, feeds: { alpha: 1 }, stale: '10s' };
    const mark = (lastAt: number, receivedAt: number) =>
      made(composite, PARTS, written).price({
        ...moment,
        lastAt,
        sources: { alpha: { price: 110, receivedAt } },
      });
    const [young, old] = [MINUTE - 10 * SECOND, MINUTE - 10 * SECOND - 1];
    expect(mark(young, young)).toBeCloseTo((80 + 100 + 110) / 3, 10);
    expect(mark(old, young)).toBe(105);
    expect(mark(young, old)).toBe(90);
    expect(mark(old, old)).toBe(100);
  });
  it('refuses to be made of nothing', () => {
    expect(() => made(composite, PARTS, { trade: 0, book: 0, index: 0 })).toThrow('trade: expected a weight');
  });
  it('takes the impact mid for the book when it has a notional', () => {
    const written = { trade: 0, index: 0, notional: 500 };
    const impactPrice = (side: Side, size: number) => (size === 500 ? 90 + 5 * side : NaN);
    expect(made(composite, PARTS, written).price({ ...moment, impactPrice })).toBe(90);
  });
});

describe('a design that names a feed', () => {
  it.each([
    [() => made(medianComposite, PARTS, { perps: { bata: 1 } }), 'perps.bata'],
    [() => made(composite, PARTS, { feeds: { bata: 1 } }), 'feeds.bata'],
    [() => made(cappedPush, PARTS, { feed: 'bata' }), 'feed'],
    [() => made(worstOfTwo, PARTS, { fast: 'bata' }), 'fast'],
    [() => made(signedBidAsk, PARTS, { reference: 'bata' }), 'reference'],
  ])('refuses one that does not exist (%#)', (build, path) => {
    expect(build).toThrow(`${path}: expected the name of a feed: alpha, beta, gamma`);
  });
});

describe('the decayed mean', () => {
  it('weighs each sample by the time since the one before, decayed by the time since then', () => {
    const mean = new DecayedMean(100 * SECOND, 10 * SECOND);
    expect(mean.value).toBeNaN();
    mean.add(20 * SECOND, 7);
    expect(mean.value).toBe(7);
    mean.add(50 * SECOND, 1);
    const decay = Math.exp(-0.3);
    expect(mean.value).toBeCloseTo((7 * 10 * decay + 1 * 30) / (10 * decay + 30), 10);
  });
  it('does not count a sample twice at the same instant', () => {
    const mean = new DecayedMean(SECOND, 0);
    mean.add(SECOND, 5);
    mean.add(SECOND, 50);
    expect(mean.value).toBe(5);
  });
});
