import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/base/units.ts';
import type { Micros } from '../../src/base/units.ts';
import { calcMark } from '../../src/prices/calc-mark.ts';
import { cappedPush } from '../../src/prices/mark/capped-push.ts';
import { indexOnly } from '../../src/prices/mark/index-only.ts';
import { indexPlusEma } from '../../src/prices/mark/index-plus-ema.ts';
import { indexPlusSma } from '../../src/prices/mark/index-plus-sma.ts';
import { indexWithFunding } from '../../src/prices/mark/index-with-funding.ts';
import { lastPriceProtected } from '../../src/prices/mark/last-price-protected.ts';
import type { MarkDesign, MarkInputs } from '../../src/prices/mark/mark-design.ts';
import { medianComposite } from '../../src/prices/mark/median-composite.ts';
import { medianOfThree } from '../../src/prices/mark/median-of-three.ts';
import { preLaunch } from '../../src/prices/mark/pre-launch.ts';
import { signedBidAsk } from '../../src/prices/mark/signed-bid-ask.ts';
import { worstOfTwo } from '../../src/prices/mark/worst-of-two.ts';
import { made } from '../fixtures/variants.ts';
import { at, feeds, local, PARTS } from './mark-inputs.ts';

/** Binance 3, OKX 2, Bybit 2, Gate 1, MEXC 1. */
const PERPS = { alpha: 3, beta: 2, gamma: 2, delta: 1, epsilon: 1 };
const EVERY_3S = { ...PARTS, every: 3 * SECOND };

/** The last mark of a series. */
function lastMark(design: MarkDesign, series: readonly MarkInputs[]): number {
  return calcMark(design, series).at(-1)!.mark;
}

/** A long calm at 100,000, then `seconds` of a step of the local book alone to `price`; one look each `every`. */
function localStep({ seconds, every = SECOND, price = 98_000, elsewhere = {} }: Step): MarkInputs[] {
  const calm = HOUR + 30 * MINUTE;
  const moment = (now: Micros, own: Partial<MarkInputs>) => at({ now, ...own, ...feeds(elsewhere, now) });
  const series: MarkInputs[] = [];
  for (let now = 0; now <= calm; now += every) series.push(moment(now, local(100_000)));
  for (let t = every; t <= seconds * SECOND; t += every) series.push(moment(calm + t, local(price)));
  return series;
}
interface Step {
  readonly seconds: number;
  readonly every?: Micros;
  readonly price?: number;
  readonly elsewhere?: Readonly<Record<string, number>>;
}
const flat = { alpha: 100_000, beta: 100_000, gamma: 100_000, delta: 100_000, epsilon: 100_000 };

describe('b.1, Binance USDⓈ-M', () => {
  it('P1 100,005, P2 99,700, last trade 98,500: the mark is 99,700', () => {
    const moment = at({ bid: 99_699, ask: 99_701, last: 98_500, fundingRate: 0.0001, fundingShare: 4 / 8 });
    const series = Array.from({ length: 30 }, (_, second) => ({ ...moment, now: second * SECOND }));
    expect(lastMark(made(medianOfThree, PARTS, { window: '30s' }), series)).toBeCloseTo(99_700, 8);
  });
  it('a spike of the last trade cannot move the mark by itself', () => {
    const series = [...localStep({ seconds: 0 }), at({ last: 50_000 })];
    expect(lastMark(made(medianOfThree, PARTS, { window: '30s' }), series)).toBe(100_000);
  });
  it('a sustained dislocation of the book passes through completely once it fills the window', () => {
    const design = made(medianOfThree, PARTS, { window: '30s' });
    expect(lastMark(design, localStep({ seconds: 30 }))).toBeCloseTo(98_000, 8);
  });
});

describe('b.3, OKX', () => {
  it('the mark is the index plus the moving average of the basis', () => {
    const design = made(indexPlusSma, PARTS, { window: '60s' });
    expect(lastMark(design, localStep({ seconds: 15 }))).toBeCloseTo(100_000 - (2_000 * 15) / 60, 8);
    expect(design.price(at({ now: DAY, ...local(98_000), last: 1 }))).toBeCloseTo(
      100_000 - (2_000 * 16) / 60,
      8,
    );
  });
});

describe('b.4, BitMEX', () => {
  it('index 8,000, funding −0.375 %, 6 h left: 7,977.50, wherever the book is', () => {
    const moment = at({ index: 8_000, fundingRate: -0.00375, fundingShare: 6 / 8 });
    expect(made(indexWithFunding, PARTS).price(moment).toFixed(2)).toBe('7977.50');
    expect(
      made(indexWithFunding, PARTS)
        .price({ ...moment, ...local(7_200) })
        .toFixed(2),
    ).toBe('7977.50');
    expect(made(indexWithFunding, PARTS).price({ ...moment, bid: NaN, ask: NaN, last: NaN })).toBeCloseTo(
      7_977.5,
    );
  });

  it('LastPriceProtected: the last trade inside index ± half the maintenance margin, else the edge', () => {
    // A maintenance margin of 0.5 %: 7,980 to 8,020.
    const design = made(lastPriceProtected, PARTS, { band: '0.25%' });
    const mark = (last: number) => design.price(at({ index: 8_000, ...local(last), bid: 1, ask: 2 }));
    expect([7_990, 8_019, 7_200, 9_000].map(mark)).toEqual([7_990, 8_019, 7_980, 8_020]);
  });
});

describe('b.5, Deribit', () => {
  const design = (written = {}) => made(indexPlusEma, PARTS, written);

  it('the mark follows the basis with a time constant of 30 s', () => {
    // 1 % below the index: inside every band.
    const after = (seconds: number) => lastMark(design(), localStep({ seconds, price: 99_000 }));
    for (const seconds of [1, 10, 30, 60])
      expect(after(seconds)).toBeCloseTo(100_000 - 1_000 * (1 - Math.exp(-seconds / 30)), 6);
  });

  it('the fair price is held to 1.5 % round the index plus the slower average of the basis', () => {
    // One second after a fall of 5 % only 1.5 % of it counts; the average has been at zero.
    const mark = lastMark(design(), localStep({ seconds: 1, price: 95_000 }));
    expect(mark).toBeCloseTo(100_000 - 1_500 * (1 - Math.exp(-1 / 30)), 6);
    // In the next second the slower average (60 s) has let the band down a little.
    const second = 1_500 + 1_500 * (1 - Math.exp(-1 / 60));
    const first = 1_500 * (1 - Math.exp(-1 / 30));
    const expected = first + (second - first) * (1 - Math.exp(-1 / 30));
    expect(lastMark(design(), localStep({ seconds: 2, price: 95_000 }))).toBeCloseTo(100_000 - expected, 6);
  });

  it('fair price and mark are held to 7.5 % round the index, however long it takes', () => {
    expect(lastMark(design(), localStep({ seconds: 3_600, price: 50_000 }))).toBeCloseTo(92_500, 6);
    // The average basis of −7,500 would be more than 7.5 % of an index that falls to 50,000.
    const fallen = at({ now: 6 * HOUR, ...local(50_000), index: 50_000 });
    const falling = [...localStep({ seconds: 3_600, price: 50_000 }), { ...fallen, now: 3 * HOUR }];
    expect(lastMark(design(), falling)).toBeCloseTo(50_000 * 0.925, 6);
  });

  it('may take the impact mid for the fair price, and the mid while the book cannot fill it', () => {
    const impact = design({ fair: 'impact-mid' });
    expect(impact.price(at({ impactPrice: (side) => 99_800 + 100 * side }))).toBeCloseTo(99_800, 8);
    expect(design({ fair: 'impact-mid' }).price(at())).toBeCloseTo(100_000, 8);
  });
});

describe('b.6, Hyperliquid', () => {
  const withPerps = () => made(medianComposite, EVERY_3S, { perps: PERPS });
  const alone = () => made(medianComposite, EVERY_3S);
  const every = 3 * SECOND;

  it('local dump of 2 %, perpetuals elsewhere flat: 99,637 after 30 s, 99,340 after 60 s', () => {
    const after = (seconds: number) => lastMark(withPerps(), localStep({ seconds, every, elsewhere: flat }));
    // The source cuts the decimals off.
    expect([30, 60].map((seconds) => Math.floor(after(seconds)))).toEqual([99_637, 99_340]);
    for (const seconds of [3, 30, 60, 150])
      expect(after(seconds)).toBeCloseTo(100_000 - 2_000 * (1 - Math.exp(-seconds / 150)), 6);
  });

  it('18 % of the gap after 30 s, 33 % after 60 s, 63 % after 150 s', () => {
    const gap = (seconds: number) =>
      (100_000 - lastMark(withPerps(), localStep({ seconds, every, elsewhere: flat }))) / 20;
    expect([30, 60, 150].map((seconds) => Math.round(gap(seconds)))).toEqual([18, 33, 63]);
  });

  it('without perpetuals elsewhere: 63 % after 30 s, 3.5 times as fast', () => {
    const gap = (design: MarkDesign, elsewhere = {}) =>
      (100_000 - lastMark(design, localStep({ seconds: 30, every, elsewhere }))) / 2_000;
    expect(gap(alone()).toFixed(2)).toBe('0.63');
    expect((gap(alone()) / gap(withPerps(), flat)).toFixed(1)).toBe('3.5');
  });

  it('perpetuals elsewhere are a weighted median: two light ones that run off do not count', () => {
    const design = withPerps();
    design.price(at({ index: 98_000, ...local(98_000), ...feeds(flat) }));
    // c1 is half way, c2 at 101,000: the perpetuals stand between them.
    const high = at({ now: every, index: 98_000, ...local(101_000) });
    expect(design.price({ ...high, ...feeds({ ...flat, delta: 1, epsilon: 1 }, every) })).toBe(100_000);
  });

  it('a stale perpetual elsewhere does not count; when all are, the average of the book steps in', () => {
    const series = localStep({ seconds: 30, every, elsewhere: flat });
    const silenced = series.map((moment): MarkInputs => ({ ...moment, ...feeds(flat) }));
    expect(lastMark(withPerps(), silenced)).toBeCloseTo(lastMark(alone(), series), 8);
  });

  it('the median of bid, ask and last trade is the local book', () => {
    // c1 = 100,000 (calm basis), c3 = 90,000; the book at bid 95, ask 97, last 99 thousand: c2 = 97,000.
    const design = withPerps();
    design.price(at({ ...feeds(flat) }));
    const cheap = Object.fromEntries(Object.keys(flat).map((name) => [name, 90_000]));
    const moment = at({ now: every, bid: 95_000, ask: 97_000, last: 99_000, ...feeds(cheap, every) });
    expect(design.price(moment)).toBe(97_000);
  });

  it('has what is left when inputs are missing, and NaN when nothing is', () => {
    const empty = { bid: NaN, ask: NaN, last: NaN };
    expect(alone().price(at(empty))).toBe(100_000);
    expect(withPerps().price(at({ ...empty, ...feeds(flat), index: 99_000 }))).toBe(99_500);
    expect(alone().price(at({ ...empty, index: NaN }))).toBeNaN();
  });
});

describe('b.6, Hyperliquid before the launch (hyperps)', () => {
  const minute = (n: number, price: number, more: Partial<MarkInputs> = {}) =>
    at({ now: n * MINUTE, index: NaN, ...local(price), ...more });
  const minutely = { ...PARTS, every: MINUTE };

  it('needs no index, and starts at the local book', () => {
    expect(made(preLaunch, minutely).price(minute(0, 0.5e6))).toBe(0.5e6);
    expect(made(preLaunch, minutely).price(at({ bid: NaN, ask: NaN, last: NaN }))).toBeNaN();
  });

  it('the mark is at most 3 times the 8 h average of its minutely marks', () => {
    const design = made(preLaunch, minutely);
    design.price(minute(0, 100_000));
    // Everything local at tenfold: the average knows a day of 100,000.
    const first = design.price(minute(1, 1_000_000));
    expect(first).toBeCloseTo(300_000, 6);
    // That mark is the youngest of 1440 weights e^(−k/480).
    const share = 1 / Array.from({ length: 1440 }, (_, k) => Math.exp(-k / 480)).reduce((a, b) => a + b);
    const average = 100_000 + 200_000 * share;
    expect(design.price(minute(2, 1_000_000))).toBeCloseTo(3 * average, 4);
  });

  it('and at most 1.5 times the perpetual elsewhere, where there is one', () => {
    const design = made(preLaunch, minutely, { perps: { alpha: 1 } });
    design.price(minute(0, 100_000));
    expect(design.price(minute(1, 1_000_000, feeds({ alpha: 110_000 }, MINUTE)))).toBeCloseTo(165_000, 6);
  });

  it('the oracle is held to a multiple of the listing mark and of the average of a month', () => {
    // Averages so slow that they are plain means, a memory of a minute, and two minutes of a local price of 1,000,000.
    const slow = { constant: '100000d', bookConstant: '100000d', memory: '1m', averageCap: 1e6 };
    const markAfterTwo = (caps: Record<string, number>) => {
      const design = made(preLaunch, minutely, { ...slow, listingCap: 1e6, monthCap: 1e6, ...caps });
      return lastMark(design, [minute(0, 100_000), minute(1, 1_000_000), minute(2, 1_000_000)]);
    };
    // Minute 1: the oracle is 100,000, c1 and the mean of the book are both 550,000, which is the mark.
    // Minute 2: c1 = oracle + (0 + 900,000 + 1,000,000 − oracle) / 3, between the mean of the book (700,000) and the book.
    const markFor = (oracle: number) => oracle + (1_900_000 - oracle) / 3;
    const remembered = 100_000 + 450_000 * (1 - Math.exp(-1));
    const month = 100_000 + 450_000 / (30 * 1440);
    expect(markAfterTwo({})).toBeCloseTo(markFor(remembered), 0);
    expect(markAfterTwo({ listingCap: 2 })).toBeCloseTo(markFor(2 * 100_000), 0);
    expect(markAfterTwo({ monthCap: 2 })).toBeCloseTo(markFor(2 * month), 0);
  });
});

describe('b.6, HIP-3', () => {
  const design = () => made(cappedPush, PARTS, { feed: 'alpha' });
  const push = (second: number, price: number) =>
    at({ now: second * SECOND, ...local(70_000), ...feeds({ alpha: price }, second * SECOND) });

  it('each push moves the mark by at most 1 %', () => {
    const marks = calcMark(design(), [push(0, 100), push(1, 100.5), push(2, 200), push(3, 50)]);
    expect(marks.map(({ mark }) => mark)).toEqual([100, 100.5, 100.5 * 1.01, 100.5 * 1.01 * 0.99]);
  });
  it('the same push does not move it twice', () => {
    const [first, second] = [push(0, 100), push(1, 200)];
    expect(lastMark(design(), [first, second, { ...second, now: 2 * SECOND }])).toBe(101);
  });
  it('at most tenfold from the start of the day', () => {
    const free = made(cappedPush, PARTS, { feed: 'alpha', step: '100%' });
    const series = [1, 2, 4, 8, 16, 32].map((factor, second) => push(second, 100 * factor));
    expect(lastMark(free, series)).toBe(1_000);
    expect(free.price(push(24 * 3600, 3_200))).toBe(2_000);
  });
  it('after more than 10 s without a push it is the local book', () => {
    const silent = push(0, 100);
    expect(lastMark(design(), [silent, { ...silent, now: 10 * SECOND }])).toBe(100);
    expect(lastMark(design(), [silent, { ...silent, now: 10 * SECOND + 1 }])).toBe(70_000);
  });
});

describe('b.7, GMX', () => {
  it('V1: longs are valued at the lower, shorts at the higher of primary and fast price', () => {
    const design = made(worstOfTwo, PARTS, { fast: 'beta' });
    const below = at({ index: 100_000, ...feeds({ beta: 99_000 }) });
    const above = at({ index: 100_000, ...feeds({ beta: 101_000 }) });
    expect(calcMark(design, [below, above])).toEqual([
      { mark: 99_500, long: 99_000, short: 100_000 },
      { mark: 100_500, long: 100_000, short: 101_000 },
    ]);
  });

  it('V1: two prices that agree within the tolerance give the fast one to both sides', () => {
    const design = made(worstOfTwo, PARTS, { primary: 'alpha', fast: 'beta', tolerance: '1%' });
    const moment = (fast: number) => at({ ...feeds({ alpha: 100_000, beta: fast }) });
    expect(calcMark(design, [moment(99_000)])).toEqual([{ mark: 99_000, long: 99_000, short: 99_000 }]);
    expect(calcMark(design, [moment(98_999)])).toMatchObject([{ long: 98_999, short: 100_000 }]);
  });

  it('V1: a stale fast price widens the spread round the primary', () => {
    const design = made(worstOfTwo, PARTS, { fast: 'beta', stale: '5m', spread: '0.2%' });
    const marks = calcMark(design, [at({ now: 5 * MINUTE + 1, ...feeds({ beta: 50_000 }) })]);
    expect(marks).toEqual([{ mark: 100_000, long: 99_800, short: 100_200 }]);
  });

  it('V2: longs at the signed bid, shorts at the signed ask', () => {
    const design = made(signedBidAsk, PARTS, { feed: 'alpha', spread: '0.1%' });
    const [{ mark, long, short }] = calcMark(design, [at({ ...feeds({ alpha: 90_000 }) })]);
    expect([mark, long, short].map((price) => price.toFixed(2))).toEqual([
      '90000.00',
      '89955.00',
      '90045.00',
    ]);
  });

  it('V2: a price older than 5 minutes or more than 50 % from the reference is not taken', () => {
    const design = () => made(signedBidAsk, PARTS, { feed: 'alpha', reference: 'beta', spread: 0 });
    const prices = { alpha: 100_000, beta: 100_000 };
    const marks = (later: MarkInputs) => calcMark(design(), [at(feeds(prices)), later]).at(-1)!.mark;
    const now = 5 * MINUTE;
    expect(marks(at({ now, ...feeds({ ...prices, alpha: 60_000 }, now) }))).toBe(60_000);
    expect(marks(at({ now, ...feeds({ ...prices, alpha: 49_999 }, now) }))).toBe(100_000);
    expect(design().price(at({ now, ...feeds(prices) }))).toBe(100_000);
    expect(design().price(at({ now: now + 1, ...feeds(prices) }))).toBeNaN();
  });

  it('dYdX: the oracle and nothing else', () => {
    expect(made(indexOnly, PARTS).price(at(local(50_000)))).toBe(100_000);
  });
});

describe('b.8, share of a local-only step that is in the mark after so many seconds', () => {
  const SECONDS = [3, 15, 30, 60, 150] as const;
  const every = 3 * SECOND;
  const sma = (window: string) => () => made(medianOfThree, PARTS, { window });
  const columns: [string, () => MarkDesign, readonly number[], Partial<Step>?][] = [
    ['Binance 30 s SMA', sma('30s'), [10, 50, 100, 100, 100]],
    ['Binance 60 s SMA', sma('60s'), [5, 25, 50, 100, 100]],
    ['Bybit 300 s SMA', sma('300s'), [1, 5, 10, 20, 50]],
    ['150 s SMA', sma('150s'), [2, 10, 20, 40, 100]],
    // Within its bands, as the table says.
    ['Deribit 30 s EMA', () => made(indexPlusEma, PARTS), [10, 39, 63, 86, 99], { price: 99_000 }],
    [
      'Hyperliquid c1, externals flat',
      () => made(medianComposite, EVERY_3S, { perps: PERPS }),
      [2, 10, 18, 33, 63],
      { every, elsewhere: flat },
    ],
    ['Hyperliquid without externals', () => made(medianComposite, EVERY_3S), [10, 39, 63, 86, 99], { every }],
    ['BitMEX', () => made(indexWithFunding, PARTS), [0, 0, 0, 0, 0]],
    ['dYdX', () => made(indexOnly, PARTS), [0, 0, 0, 0, 0]],
    ['GMX V1', () => made(worstOfTwo, PARTS, { fast: 'alpha' }), [0, 0, 0, 0, 0], { elsewhere: flat }],
    ['GMX V2', () => made(signedBidAsk, PARTS), [0, 0, 0, 0, 0]],
  ];
  const cells = columns.flatMap(([column, design, shares, step]) =>
    SECONDS.map((seconds, i) => ({ column, design, step, seconds, share: shares[i] })),
  );

  it.each(cells)('$column, $seconds s: $share %', ({ design, step = {}, seconds, share }) => {
    const mark = lastMark(design(), localStep({ seconds, ...step }));
    const printed = Math.round((100 * (100_000 - mark)) / (100_000 - (step.price ?? 98_000)));
    expect(Math.abs(printed)).toBe(share);
  });
});
