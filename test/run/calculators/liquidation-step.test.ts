import { describe, expect, it } from 'vitest';
import { calcLiquidationStep } from '../../../src/index.ts';
import type { LiquidationStepQuestion } from '../../../src/index.ts';
import { table, venue } from './rules.ts';

const step = (name: string, question: Partial<LiquidationStepQuestion>) =>
  calcLiquidationStep(venue(name), {
    kind: 'linear',
    table: table('dydx_v4-large-cap'),
    side: 1,
    entry: 100_000,
    size: 1,
    collateral: 2500,
    mark: 100_000,
    ...question,
  });

describe('d.3 dYdX v4 in detail', () => {
  it('long 1 BTC, oracle 100,000, quote −97,500, MMF 3 %: fillable 99,250, slice 0.1 BTC', () => {
    expect(step('dydx-v4', {})).toEqual({
      step: 'order',
      limit: 99_250,
      size: 0.1,
      bankruptcyPrice: 97_500,
      isDistressed: true,
    });
  });

  it('fillable is bankruptcy where net collateral is 0.6 of the requirement', () => {
    const { limit, bankruptcyPrice } = step('dydx-v4', { collateral: 1800 });
    expect(limit).toBe(bankruptcyPrice);
  });

  it('d.3 documentation example: 500 units at MMF 3 %, ratio 0: 4.5 % from the oracle; a short the other way', () => {
    const nothing = { size: 500, entry: 101, mark: 100, collateral: 500 };
    expect(step('dydx-v4', nothing).limit).toBeCloseTo(95.5, 9);
    const short = { ...nothing, side: -1, entry: 99 } as const;
    expect(step('dydx-v4', short).limit).toBeCloseTo(104.5, 9);
  });

  it('says that margin still holds', () => {
    expect(step('dydx-v4', { collateral: 3001 }).isDistressed).toBe(false);
  });
});

it('an order limited to the bankruptcy price leaves room for the fee: 97,500 / (1 − 0.05 %) up to a tick', () => {
  const { limit } = step('binance-btcusdt', { table: undefined, mark: 97_600 });
  expect(limit).toBe(97_548.8);
});

it('d.2 Hyperliquid: a fifth of a position above 100k first, then the backstop below two thirds', () => {
  const million = { table: table('hyperliquid-btc'), size: 10, collateral: 12_000 };
  expect(step('hyperliquid-btc', million)).toMatchObject({ step: 'order', size: 2 });
  expect(step('hyperliquid-btc', { ...million, collateral: 8000 }).step).toBe('take-over');
});
