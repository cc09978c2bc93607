import { describe, expect, it } from 'vitest';
import { calcFunding, calcLiquidation, marginTableFrom } from '../../../src/index.ts';
import type { FundingQuestion } from '../../../src/index.ts';
import { table, venue } from './rules.ts';

const ask = (name: string, question: Partial<FundingQuestion>, ...set: string[]) =>
  calcFunding(venue(name, ...set), {
    premiums: [0],
    markPremium: 0,
    openInterest: { long: 1, short: 1 },
    intervals: 1,
    ...question,
  });

describe('g.1 Formulas', () => {
  it.each([
    [0.0008, 0.0003],
    [0.0003, 0.0001],
    [-0.0003, 0.0001],
    [0, 0.0001],
    [0.0006, 0.0001],
    [-0.0006, -0.0001],
  ])('standard rate: a premium of %d gives %d', (premium, rate) => {
    const answer = calcFunding(venue('binance-btcusdt'), {
      premiums: [premium],
      markPremium: 0,
      openInterest: { long: 1, short: 1 },
      intervals: 1,
    });
    expect(answer.rates[0]).toBeCloseTo(rate, 15);
    expect(answer).toMatchObject({ interval: 8 * 3600e6, notional: 'mark' });
  });

  it('Binance: the impact notional is 200 USDT over the initial margin rate at the largest leverage', () => {
    const small = { kind: 'linear', side: 1, entry: 60_000, size: 0.1, collateral: 1_000 } as const;
    const { maxLeverage } = calcLiquidation({ ...small, table: table('binance-btcusdt') });
    const { funding } = venue('binance-btcusdt').exchange;
    expect(maxLeverage).toBe(125);
    expect(funding.parameters).toMatchObject({ impactNotional: 200 * maxLeverage });
  });

  it.each([
    [125, 25_000],
    [20, 4_000],
  ])('Binance: at a largest leverage of %dx that is %d', (leverage, notional) => {
    const tier = { minNotional: 0, maxNotional: null, maintenanceMarginRate: 0.004, maxLeverage: leverage };
    const table = marginTableFrom([tier], () => ({ file: '', line: 0, column: 0, path: '' }));
    const position = { kind: 'linear', side: 1, entry: 100, size: 1, collateral: 50 } as const;
    const initialRate = 1 / calcLiquidation({ ...position, table }).maxLeverage;
    expect(200 / initialRate).toBeCloseTo(notional, 9);
  });

  it('dYdX: the impact notional is 500 over the initial margin fraction, 10k, 5k and 2.5k', () => {
    const impact = ['dydx_v3-btc-usd', 'dydx_v4-large-cap', 'dydx_v4-mid-cap', 'dydx_v4-long-tail'].map(
      (name) => {
        const rule = table(name);
        if (rule.rule !== 'oi-scaled') throw new Error(name);
        expect(rule.impactNotional).toBeCloseTo(500 / rule.initialMarginFraction, 9);
        return rule.impactNotional;
      },
    );
    expect(impact).toEqual([10_000, 10_000, 5_000, 2_500]);
  });

  it('premiums one after the other share the interval, later ones weigh more', () => {
    // Weights 1 … 5,760: the second half weighs (5,760 · 5,761 − 2,880 · 2,881) / (5,760 · 5,761) = 3/4 nearly.
    const share = 1 - (2880 * 2881) / (5760 * 5761);
    const { rates } = ask('binance-btcusdt', { premiums: [0, 0.002] }, 'exchange.funding.clamp=0');
    expect(rates[0]).toBeCloseTo(0.002 * share, 12);
  });

  it('Hyperliquid: 0.00375 % an hour at a premium of 0.08 %, at most 4 %', () => {
    const answer = ask('hyperliquid-btc', { premiums: [0.0008] });
    expect(answer.rates[0]).toBeCloseTo(0.0000375, 15);
    expect(answer).toMatchObject({ notional: 'index', interval: 3600e6 });
    expect(ask('hyperliquid-btc', { premiums: [0.9] }).rates[0]).toBeCloseTo(0.04, 15);
  });

  it('BitMEX: an interval later, at most 0.375 %', () => {
    const { rates } = ask('bitmex-xbtusd-2020', { premiums: [0.0015], intervals: 3 });
    expect(rates[0]).toBe(0.0001);
    expect(rates[1]).toBeCloseTo(0.001, 15);
    const one = ask('bitmex-xbtusd-2020', { premiums: [0.0015] });
    expect(one).toMatchObject({ paid: 'an interval later' });
    expect(one.rate).toBeCloseTo(0.001, 15);
    expect(ask('binance-btcusdt', { premiums: [0.0015] })).toMatchObject({ paid: 'at once' });
    expect(ask('bitmex-xbtusd-2020', { premiums: [-0.1], intervals: 3 }).rates[2]).toBe(-0.00375);
  });

  it('OKX: BTC at most 0.375 %', () => {
    expect(ask('okx-btc-usdt-swap', { premiums: [0.1] }).rates[0]).toBe(0.00375);
  });

  it('Deribit: a premium of the mark of +0.10 % gives +0.075 % per 8 h, ±0.025 % nothing', () => {
    const per8h = (markPremium: number) => {
      const { rates, interval } = ask('deribit-btc-perpetual', { markPremium });
      return (rates[0] * 8 * 3600e6) / interval;
    };
    expect(per8h(0.001)).toBeCloseTo(0.00075, 15);
    expect(per8h(0.00025)).toBeCloseTo(0, 15);
    expect(per8h(-0.00025)).toBeCloseTo(0, 15);
  });

  it('dYdX v3: P / 8 + 0.00125 %', () => {
    expect(ask('dydx-v3-btc-usd', { premiums: [0.0008] }).rates[0]).toBeCloseTo(0.0001 + 0.0000125, 15);
  });

  it('dYdX v4: the mean of the medians of votes; BTC is capped at 12 % per 8 h', () => {
    // The first half of the hour at 0, the second at 0.4 %: an eighth of 0.2 %.
    expect(ask('dydx-v4', { premiums: [0, 0.004] }).rates[0]).toBeCloseTo(0.002 / 8, 15);
    expect(ask('dydx-v4', { premiums: [0.5] }).rates[0] * 8).toBeCloseTo(0.12, 15);
  });

  it('GMX V2: to 90 % a year in 15 h at 60 : 40', () => {
    const sides = { openInterest: { long: 60, short: 40 }, intervals: 960 };
    const { rates, interval } = ask('gmx-v2-btc-usd', sides);
    const perYear = (365 * 24 * 3600e6) / interval;
    expect(rates[0] * perYear).toBeCloseTo(0.001, 12);
    expect(rates[899] * perYear).toBeCloseTo(0.9, 9);
    expect(rates[959] * perYear).toBeCloseTo(0.9, 9);
  });

  it('none is none', () =>
    expect(ask('binance-btcusdt', {}, 'exchange.funding={ rule: none }').rates).toEqual([0]));
});
