import { describe, expect, it } from 'vitest';
import { calcFunding } from '../../../src/index.ts';
import type { FundingQuestion } from '../../../src/index.ts';
import { venue } from './rules.ts';

const ask = (rule: string, question: Partial<FundingQuestion>) =>
  calcFunding(venue('binance-btcusdt', `exchange.funding=${rule}`), {
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

  it('premiums one after the other share the interval, later ones weigh more', () => {
    // Weights 1 … 5,760: the second half weighs (5,760 · 5,761 − 2,880 · 2,881) / (5,760 · 5,761) = 3/4 nearly.
    const share = 1 - (2880 * 2881) / (5760 * 5761);
    const { rates } = ask('{ rule: clamped-premium, clamp: 0 }', { premiums: [0, 0.002] });
    expect(rates[0]).toBeCloseTo(0.002 * share, 12);
  });

  it('Hyperliquid: 0.00375 % an hour at a premium of 0.08 %', () => {
    const rule = '{ rule: clamped-premium, interval: 1h, ratePeriod: 8h, cap: 32%, notional: index }';
    const answer = ask(rule, { premiums: [0.0008] });
    expect(answer.rates[0]).toBeCloseTo(0.0000375, 15);
    expect(answer.notional).toBe('index');
  });

  it('BitMEX: an interval later', () => {
    const rule =
      '{ rule: clamped-premium, reference: mark, sampleEvery: 1m, weights: equal, cap: 0.375%, maxChange: 0.3%, applyNext: true }';
    const { rates } = ask(rule, { premiums: [0.0015], intervals: 3 });
    expect(rates[0]).toBe(0.0001);
    expect(rates[1]).toBeCloseTo(0.001, 15);
  });

  it('Deribit: a premium of the mark of +0.10 % gives +0.075 % per 8 h, ±0.025 % nothing', () => {
    const rate = (markPremium: number) =>
      ask('{ rule: continuous-premium, interval: 8h }', { markPremium }).rates[0];
    expect(rate(0.001)).toBeCloseTo(0.00075, 15);
    expect(rate(0.00025)).toBeCloseTo(0, 15);
    expect(rate(-0.00025)).toBeCloseTo(0, 15);
  });

  it('dYdX v3: P / 8 + 0.00125 %', () => {
    const rule =
      '{ rule: premium-plus-interest, interval: 1h, ratePeriod: 8h, sampleEvery: 1m, weights: equal }';
    expect(ask(rule, { premiums: [0.0008] }).rates[0]).toBeCloseTo(0.0001 + 0.0000125, 15);
  });

  it('dYdX v4: BTC is capped at 12 % per 8 h', () => {
    const rule =
      '{ rule: premium-plus-interest, interval: 1h, ratePeriod: 8h, sampleEvery: 1s, medianOver: 60s, leastVotes: 15, weights: equal, interest: 0, cap: 12% }';
    expect(ask(rule, { premiums: [0.5] }).rates[0] * 8).toBeCloseTo(0.12, 15);
  });

  it('GMX V2: grows over the intervals while longs are more', () => {
    const { rates } = ask('{ rule: adaptive-skew, interval: 1h }', {
      openInterest: { long: 60, short: 40 },
      intervals: 16,
    });
    const year = 365 * 24;
    expect(rates[0] * year).toBeCloseTo(0.06, 12);
    expect(rates[14] * year).toBeCloseTo(0.9, 12);
    expect(rates[15] * year).toBeCloseTo(0.9, 12);
  });

  it('none is none', () => expect(ask('{ rule: none }', {}).rates).toEqual([0]));
});
