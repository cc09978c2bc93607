import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/base/units.ts';
import { calcVenueMark } from '../../../src/index.ts';
import type { MarkQuestion } from '../../../src/index.ts';
import { venue } from './rules.ts';

const marks = (
  design: string,
  moment: Partial<MarkQuestion['moment']>,
  seconds = 3600,
  name = 'binance-btcusdt',
) =>
  calcVenueMark(venue(name, ...(design === '' ? [] : [`exchange.mark=${design}`])), {
    moment: { index: 100_000, ...moment },
    since: seconds * SECOND,
  });
const at = (price: number) => ({ bid: price, ask: price, last: price });
const FLAT = Object.fromEntries(
  ['alpha', 'beta', 'gamma', 'delta', 'epsilon'].map((name) => [name, 100_000]),
);

describe('b.1 Binance USDⓈ-M', () => {
  it('the median of 100,005, 99,700 and 98,500', () => {
    const moment = { ...at(99_700), last: 98_500, fundingRate: 0.0001, fundingShare: 0.5 };
    expect(marks('', moment).mark).toBeCloseTo(99_700, 8);
  });
  it('a dislocation passes through in 30 s', () => {
    expect(marks('', at(98_000), 15).mark).toBeCloseTo(99_000, 8);
    expect(marks('', at(98_000), 30).mark).toBeCloseTo(98_000, 8);
  });
});

it('b.4 BitMEX fair price: 7,977.50, wherever the book is', () => {
  const moment = { index: 8000, ...at(7200), fundingRate: -0.00375, fundingShare: 6 / 8 };
  expect(marks('', moment, 3600, 'bitmex-xbtusd-2020').mark).toBeCloseTo(7977.5, 8);
});

describe('b.6 Hyperliquid', () => {
  it('local dump, perpetuals elsewhere flat: 99,637 after 30 s, 99,340 after 60 s', () => {
    const after = (seconds: number) =>
      Math.floor(marks('', { ...at(98_000), sources: FLAT }, seconds, 'hyperliquid-btc').mark);
    expect([30, 60].map(after)).toEqual([99_637, 99_340]);
  });
  it('without perpetuals elsewhere the mark has 63 % of it after 30 s', () => {
    const { mark } = marks('{ design: median-composite, every: 3s }', at(98_000), 30);
    expect(Math.round((100_000 - mark) / 20)).toBe(63);
  });
  it('takes the venues that are given: none is a launch without perpetuals elsewhere, one is their median', () => {
    const after = (sources: Record<string, number>) =>
      marks('', { ...at(98_000), sources }, 30, 'hyperliquid-btc').mark;
    // 100,000 − 2,000 · (1 − e^(−30/30)) of the average of the book, and − 2,000 · (1 − e^(−30/150)) of the average of the basis.
    expect(after({})).toBeCloseTo(100_000 - 2000 * (1 - Math.exp(-1)), 6);
    expect(after({ gamma: 100_000 })).toBeCloseTo(100_000 - 2000 * (1 - Math.exp(-0.2)), 6);
  });
  it('refuses a venue that the design does not look at', () => {
    const given = (name: string, of: string) => () => marks('', { sources: { [name]: 1 } }, 30, of);
    expect(given('alhpa', 'hyperliquid-btc')).toThrow(/no source alhpa: .* looks at alpha, beta, gamma/);
    expect(given('alpha', 'binance-btcusdt')).toThrow(/no source alpha: .* looks at no source/);
  });
});

describe('b.8 How strongly each design feeds the book back into the mark', () => {
  it.each([
    ['{ design: median-of-three, window: 30s }', [10, 50, 100, 100, 100]],
    ['{ design: median-of-three, window: 60s }', [5, 25, 50, 100, 100]],
    ['{ design: median-of-three, window: 300s }', [1, 5, 10, 20, 50]],
    ['{ design: median-of-three, window: 150s }', [2, 10, 20, 40, 100]],
    ['{ design: index-with-funding }', [0, 0, 0, 0, 0]],
    ['{ design: index-only }', [0, 0, 0, 0, 0]],
  ])('%s', (design, percent) => {
    const seen = [3, 15, 30, 60, 150].map((t) => (100_000 - marks(design, at(99_000), t).mark) / 10);
    for (const [i, share] of percent.entries()) expect(seen[i]).toBeCloseTo(share, 8);
  });
  it('Deribit: 10, 39, 63, 86, 99 %', () => {
    const after = (t: number) => marks('', at(99_000), t, 'deribit-btc-perpetual').mark;
    const seen = [3, 15, 30, 60, 150].map((t) => (100_000 - after(t)) / 10);
    expect(seen.map(Math.round)).toEqual([10, 39, 63, 86, 99]);
  });
});

it('longs and shorts have marks of their own where the design says so', () => {
  const { mark, long, short } = marks('{ design: worst-of-two, fast: alpha }', {
    sources: { alpha: 99_000 },
  });
  expect([long, mark, short]).toEqual([99_000, 99_500, 100_000]);
});
