import { describe, expect, test } from 'vitest';
import { BUY, MINUTE, SECOND, SELL } from '../../src/base/units.ts';
import { indexAndPremium } from '../../src/prices/limits/index-and-premium.ts';
import { markAndPremium } from '../../src/prices/limits/mark-and-premium.ts';
import type { LimitPrices, PriceLimits } from '../../src/prices/limits/price-limits.ts';
import { roundIndex } from '../../src/prices/limits/round-index.ts';
import { roundLast } from '../../src/prices/limits/round-last.ts';
import { roundMark } from '../../src/prices/limits/round-mark.ts';
import { unlimited } from '../../src/prices/limits/unlimited.ts';
import { made } from '../fixtures/variants.ts';

/** A calm market at 100,000 in every respect but what is said. */
const at = (prices: Partial<LimitPrices> = {}): LimitPrices => ({
  ...{ now: 0, bid: 99_999, ask: 100_001, last: 100_000, mark: 100_000, index: 100_000 },
  ...prices,
});
const mid = (price: number): Partial<LimitPrices> => ({ bid: price - 1, ask: price + 1 });
/** [lowest sell, highest buy] */
const band = (limits: PriceLimits, prices: LimitPrices): [number, number] => [
  limits.limit!(SELL, prices),
  limits.limit!(BUY, prices),
];

test('a rule without limits has none', () => {
  expect(made(unlimited, undefined)).toEqual({});
});

test.each([
  ['the mark', roundMark, { mark: 90_000 }, [85_500, 94_500]],
  ['the last trade', roundLast, { last: 80_000 }, [76_000, 84_000]],
] as const)('round %s: a share of it to either side', (_what, rule, prices, expected) => {
  const limits = made(rule as typeof roundMark, undefined, { width: '5%' });
  const [sell, buy] = band(limits, at(prices));
  expect(sell).toBeCloseTo(expected[0], 8);
  expect(buy).toBeCloseTo(expected[1], 8);
});

test('round the last trade, before there is one, the band lies round the mark', () => {
  expect(made(roundLast, undefined).limit!(BUY, at({ last: NaN, mark: 80_000 }))).toBeCloseTo(84_000, 8);
});

describe('j, round the index and its premium (the larger contracts of OKX)', () => {
  const limits = (written = {}): PriceLimits => made(indexAndPremium, { every: SECOND }, written);

  test('the worked example: index 100,000 and an average premium of −300 give 97,700 and 101,700', () => {
    const rule = limits();
    rule.observe!(at(mid(99_700)));
    expect(band(rule, at()).map(Math.round)).toEqual([97_700, 101_700]);
  });

  test('a premium moves the band no further than the wide one, and never past the index', () => {
    const rule = limits({ window: '1s' });
    rule.observe!(at(mid(94_000)));
    // 92,000 and 96,000 by the premium of −6,000.
    expect(band(rule, at()).map(Math.round)).toEqual([95_000, 100_000]);
    rule.observe!(at(mid(106_000)));
    expect(band(rule, at()).map(Math.round)).toEqual([100_000, 105_000]);
  });

  test('the premium is the mean over the window', () => {
    const rule = limits({ window: '2s' });
    for (const price of [99_000, 99_900, 99_700]) rule.observe!(at(mid(price)));
    expect(band(rule, at()).map(Math.round)).toEqual([97_800, 101_800]);
  });

  test('a market without prices leaves it as it was', () => {
    const rule = limits();
    rule.observe!(at({ bid: NaN, ask: NaN, last: NaN }));
    expect(band(rule, at()).map(Math.round)).toEqual([98_000, 102_000]);
  });
});

describe('round the mark and the premium over it (Bybit)', () => {
  const limits = (written = {}): PriceLimits =>
    made(markAndPremium, { every: SECOND }, { near: '1%', far: '2%', window: '1s', ...written });

  test('is the narrow band in a calm market', () => {
    expect(band(limits(), at()).map(Math.round)).toEqual([99_000, 101_000]);
  });

  test('widens on the side of the premium only, up to the wide band', () => {
    const rule = limits();
    rule.observe!(at(mid(99_500)));
    expect(band(rule, at()).map(Math.round)).toEqual([98_500, 101_000]);
    rule.observe!(at(mid(101_700)));
    expect(band(rule, at()).map(Math.round)).toEqual([99_000, 102_000]);
  });

  test('lets orders reach the index, up to the wide band', () => {
    const rule = limits();
    expect(band(rule, at({ index: 101_500 })).map(Math.round)).toEqual([99_000, 101_500]);
    expect(band(rule, at({ index: 97_000 })).map(Math.round)).toEqual([98_000, 101_000]);
  });
});

describe('j, round the index, with the average premium (Deribit)', () => {
  const limits = (): PriceLimits => made(roundIndex, undefined);

  test('is the narrow band round index plus premium', () => {
    const rule = limits();
    rule.observe!(at(mid(99_000)));
    expect(band(rule, at()).map(Math.round)).toEqual([97_500, 100_500]);
  });

  test('takes 63 % of a step of the premium over in a minute', () => {
    const rule = limits();
    rule.observe!(at());
    rule.observe!(at({ now: MINUTE, ...mid(98_000) }));
    const premium = -2_000 * (1 - Math.exp(-1));
    expect(rule.limit!(BUY, at())).toBeCloseTo(100_000 + premium + 1_500, 6);
  });

  test('never leaves the wide band round the index', () => {
    const rule = limits();
    rule.observe!(at(mid(90_000)));
    expect(band(rule, at()).map(Math.round)).toEqual([92_500, 91_500]);
  });
});
