import { readdirSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { calcLiquidation } from '../../../src/index.ts';
import type { LiquidationQuestion } from '../../../src/index.ts';
import { table } from './rules.ts';

const BINANCE = table('binance-btcusdt');
const long5At60k: LiquidationQuestion = {
  kind: 'linear',
  table: BINANCE,
  side: 1,
  entry: 60_000,
  size: 5,
  collateral: 15_000,
};

describe('c.3 Liquidation price', () => {
  it('Binance isolated long', () => {
    const answer = calcLiquidation(long5At60k);
    expect(answer.liquidationPrice).toBeCloseTo(57_276.38, 2);
    expect(answer.liquidationPrice).toBeCloseTo((15_000 + 50 - 300_000) / (5 * 0.005 - 5), 9);
    expect(answer.bankruptcyPrice).toBe(57_000);
    expect(answer.tier).toMatchObject({ number: 2, maintenanceRate: 0.005, deduction: 50 });
    expect(answer.tier?.maintenanceMargin).toBeCloseTo(1381.91, 2);
    expect(answer.leverage).toBe(20);
    // The cushion: 276 USDT of price, 0.48 %.
    const cushion = answer.liquidationPrice! - answer.bankruptcyPrice!;
    expect(Math.round(cushion)).toBe(276);
    expect((cushion / answer.liquidationPrice!) * 100).toBeCloseTo(0.48, 2);
  });

  it('Bybit isolated, single tier: the margin is that of the entry', () => {
    const position = {
      kind: 'linear',
      table: table('bybit-btcusdt'),
      entry: 100_000,
      size: 1,
      leverage: 50,
    } as const;
    const long = calcLiquidation({ ...position, side: 1 });
    expect(long.liquidationPrice).toBeCloseTo(98_500, 8);
    expect(long.bankruptcyPrice).toBe(98_000);
    expect(calcLiquidation({ ...position, side: -1 }).liquidationPrice).toBeCloseTo(101_500, 8);
    // Under cross margin it is that of the mark: (2,000 − 100,000) / (0.005 − 1).
    const { leverage: _, ...rest } = position;
    const cross = calcLiquidation({ ...rest, side: 1, collateral: 2000, others: [] });
    expect(cross.liquidationPrice).toBeCloseTo(98_000 / 0.995, 8);
  });

  it('dYdX v4 isolated: short 3 ETH at 3,000, equity 1,000, MMF 5 %', () => {
    const answer = calcLiquidation({
      kind: 'linear',
      table: table('dydx_v4-mid-cap'),
      side: -1,
      entry: 3000,
      size: 3,
      collateral: 1000,
    });
    expect(answer.liquidationPrice).toBeCloseTo(3174.6, 2);
    expect(answer.liquidationPrice).toBeCloseTo((1000 + 9000) / (0.15 + 3), 9);
  });

  it('GMX V1: 59,950 or 59,350 for its leverage, 58,816.25 for the fees', () => {
    const long = { kind: 'linear', side: 1, entry: 60_000, size: 0.8, collateral: 1000 } as const;
    const at50 = calcLiquidation({ ...long, table: table('gmx_v1-50x') });
    expect(at50.liquidationPrice).toBeCloseTo(59_950, 8);
    expect(at50.thresholds?.fees).toBeCloseTo(58_816.25, 8);
    expect(calcLiquidation({ ...long, table: table('gmx_v1-100x') }).liquidationPrice).toBeCloseTo(59_350, 8);
  });

  it('GMX V2: long 200,000 with 2,000, closing fee 0.06 %: 99,560', () => {
    const long = { kind: 'linear', side: 1, entry: 100_000, size: 2, collateral: 2000 } as const;
    const answer = calcLiquidation({ ...long, table: table('gmx_v2-btcusd'), feeToClose: 0.0006 });
    expect(answer.liquidationPrice).toBeCloseTo(99_560, 8);
    expect(answer).toMatchObject({ leverage: 100, maxLeverage: 200, bankruptcyPrice: 99_000 });
  });

  it('Deribit / BitMEX inverse: Q · (1 + mmr) / (W + Q / E)', () => {
    const long = { kind: 'inverse', side: 1, entry: 8000, size: 800_000, collateral: 5 } as const;
    const bitmex = calcLiquidation({ ...long, table: table('bitmex-xbtusd-2020') });
    expect(bitmex.liquidationPrice).toBeCloseTo((800_000 * 1.004) / (5 + 100), 6);
    expect(bitmex.bankruptcyPrice).toBeCloseTo(800_000 / 105, 6);
    // 100 BTC: 1 % + 0.5 %.
    const deribit = calcLiquidation({ ...long, table: table('deribit-btc-perpetual') });
    expect(deribit.liquidationPrice).toBeCloseTo((800_000 * 1.015) / 105, 6);
    expect(deribit.tier?.maintenanceRate).toBeCloseTo(0.015, 9);
  });

  it('Hyperliquid isolated long, 40x', () => {
    const answer = calcLiquidation({
      kind: 'linear',
      table: table('hyperliquid-btc'),
      side: 1,
      entry: 100_000,
      size: 1,
      leverage: 40,
      marginShare: 2 / 3,
    });
    expect(answer.marginSharePrice).toBeCloseTo(98_319.33, 2);
    expect(answer).toMatchObject({ collateral: 2500, bankruptcyPrice: 97_500 });
    expect(answer.liquidationPrice).toBeCloseTo(98_734.18, 2);
    expect(answer.tier).toMatchObject({ number: 1, maintenanceRate: 0.0125 });
    expect(answer.maxLeverage).toBe(40);
  });

  it('under cross margin: other positions lend their profit and lock their margin', () => {
    // ETH: 10 short from 3,000, now 2,900: profit 1,000; margin 29,000 · 0.4 % = 116.
    const other = { table: table('binance-ethusdt'), side: -1, size: 10, entry: 3000, mark: 2900 } as const;
    const answer = calcLiquidation({ ...long5At60k, others: [other] });
    const published = (15_000 - 116 + 1000 + 50 - 300_000) / (5 * 0.005 - 5);
    expect(answer.liquidationPrice).toBeCloseTo(published, 9);
    // The margin of the others is theirs until they are closed; bankrupt is an account without any equity.
    expect(answer.bankruptcyPrice).toBe(56_800);
  });

  it('what is owed counts as spent', () => {
    const { liquidationPrice, bankruptcyPrice } = calcLiquidation({ ...long5At60k, accrued: 12.5 });
    expect(liquidationPrice).toBeCloseTo((15_000 - 12.5 + 50 - 300_000) / (5 * 0.005 - 5), 9);
    expect(bankruptcyPrice).toBe(57_002.5);
  });

  it('takes the tier at the price that comes out: a short grows into the next', () => {
    const answer = calcLiquidation({ ...long5At60k, side: -1, size: 0.8, collateral: 4_000 });
    // 48,000 at entry is tier 1; it breaks in tier 2: (4,000 + 50 + 48,000) / (0.8 · 0.005 + 0.8).
    expect(answer.tier?.number).toBe(2);
    expect(answer.liquidationPrice).toBeCloseTo(52_050 / 0.804, 9);
    expect(answer.distance).toBeCloseTo((52_050 / 0.804 - 60_000) / 60_000, 12);
  });

  it('there is none for a long that is paid in full', () => {
    expect(calcLiquidation({ ...long5At60k, collateral: 300_100 })).toMatchObject({
      liquidationPrice: null,
      bankruptcyPrice: null,
      distance: null,
      tier: null,
    });
  });

  it('refuses more leverage than the tier allows, and numbers beyond what can be counted exactly', () => {
    const { collateral: _, ...rest } = long5At60k;
    expect(() => calcLiquidation({ ...rest, leverage: 101 })).toThrow(
      'more than such a position may have, 100',
    );
    expect(() => calcLiquidation({ ...long5At60k, size: 1e15 })).toThrow(/outside the exact integers/);
  });
});

describe('c.2 Real brackets', () => {
  const rates = (question: Partial<LiquidationQuestion> & Pick<LiquidationQuestion, 'table' | 'size'>) => {
    const answer = calcLiquidation({ kind: 'linear', side: 1, entry: 8000, leverage: 1, ...question });
    return { initial: 1 / answer.maxLeverage, maintenance: answer.tier?.maintenanceRate };
  };

  it.each([
    [10e6, 0.1],
    [30e6, 0.4],
    [45e6, 0.85],
    [60e6, 1],
  ])('dYdX v4 Mid-Cap at an open interest of %d: initial margin fraction %d', (openInterest, initial) => {
    const question = { table: table('dydx_v4-mid-cap'), size: 1, leverage: 1, openInterest };
    expect(rates(question).initial).toBeCloseTo(initial, 12);
  });

  it('Deribit: 350 BTC need 3.75 %', () => {
    expect(rates({ table: table('deribit-btc-perpetual'), size: 350 }).initial).toBeCloseTo(0.0375, 12);
  });

  it('BitMEX 2020: 350 XBT are two steps, 1.2 % and 1.8 %', () => {
    const question = { table: table('bitmex-xbtusd-2020'), kind: 'inverse', size: 350 * 8000 } as const;
    const { initial, maintenance } = rates(question);
    expect(initial).toBeCloseTo(0.018, 12);
    expect(maintenance).toBeCloseTo(0.012, 12);
  });

  it('OKX AAVE: 20,000 contracts of 0.1 are the second step after the listed tiers, 2.5 % and 6 %', () => {
    const { initial, maintenance } = rates({
      table: table('okx-aave-usdt-swap'),
      entry: 100,
      size: 2000,
      leverage: 2,
    });
    expect(initial).toBeCloseTo(0.06, 12);
    expect(maintenance).toBeCloseTo(0.025, 12);
  });

  it('GMX V2: the factor to open grows with open interest from 83M on', () => {
    const at = (openInterest: number) =>
      rates({ table: table('gmx_v2-btcusd'), size: 1, openInterest }).initial;
    expect(at(83e6)).toBeCloseTo(0.005, 9);
    expect(at(90e6)).toBeCloseTo(0.0054, 9);
  });

  it('a fragment has no price', () => {
    expect(() => rates({ table: table('binance-lunausdt-2022-05-12'), size: 1 })).toThrow(
      'no maintenance margin',
    );
  });
});

test.prop({
  side: fc.constantFrom(1 as const, -1 as const),
  entry: fc.integer({ min: 100, max: 9_999_999 }).map((cents) => cents / 100),
  size: fc.integer({ min: 1, max: 10_000_000 }).map((lots) => lots / 1000),
  leverage: fc.integer({ min: 1, max: 100 }),
})('at the price equity is the maintenance margin of the tier that the table has there', (held) => {
  const { side, entry, size, leverage } = held;
  const collateral = Math.round((entry * size * 100) / leverage) / 100;
  fc.pre(collateral > 0 && entry * size < 1e9);
  const answer = calcLiquidation({ kind: 'linear', table: BINANCE, side, entry, size, collateral });
  fc.pre(answer.liquidationPrice !== null);
  const price = answer.liquidationPrice;
  const notional = size * price;
  if (BINANCE.rule !== 'marginal-tiers') throw new Error();
  const { tiers } = BINANCE.table;
  const tier = tiers.find(({ cap }) => notional <= cap) ?? tiers.at(-1)!;
  const equity = collateral + side * size * (price - entry);
  const margin = notional * tier.maintenanceRate - tier.deduction;
  expect(Math.abs(equity - margin)).toBeLessThan(1e-5 + 1e-9 * size * entry);
});

// Of LUNAUSDT only a fragment is known.
describe('of every linear table that ships', () => {
  const TABLES = readdirSync(new URL('../../../scenarios/tiers/', import.meta.url))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''))
    .filter((name) => !/^(bitmex|deribit-(btc|eth)-perpetual|binance-lunausdt)/.test(name));

  it.each(TABLES)('%s: equity is the margin at the price, nothing at that of bankruptcy', (name) => {
    const rules = table(name);
    for (const side of [1, -1] as const)
      for (const size of [0.01, 0.5, 5]) {
        const { maxLeverage } = calcLiquidation({
          ...{ kind: 'linear', table: rules, side, entry: 60_000, size, collateral: 60_000 * size },
        });
        // In cents: the calculators take no more digits than they can count exactly.
        const collateral = Math.round((200 * 60_000 * size) / maxLeverage) / 100;
        const answer = calcLiquidation({
          ...{ kind: 'linear', table: rules, side, entry: 60_000, size, collateral },
        });
        const { liquidationPrice, bankruptcyPrice, tier } = answer;
        const equityAt = (price: number): number => collateral + side * size * (price - 60_000);
        if (bankruptcyPrice === null) {
          // Only a long with all its notional as collateral has nothing to fear.
          expect([side, collateral >= 60_000 * size]).toEqual([1, true]);
          continue;
        }
        expect(Math.abs(equityAt(bankruptcyPrice))).toBeLessThan(1e-6 * collateral);
        expect(side * (liquidationPrice! - bankruptcyPrice)).toBeGreaterThan(0);
        expect(side * (60_000 - liquidationPrice!)).toBeGreaterThan(0);
        // Bybit's margin of a position that is held apart is that of its entry.
        if (tier === null || name.startsWith('bybit')) continue;
        expect(Math.abs(equityAt(liquidationPrice!) - tier.maintenanceMargin)).toBeLessThan(
          1e-6 * collateral,
        );
        expect(tier.notional).toBeCloseTo(size * liquidationPrice!, 4);
        expect(tier.maintenanceMargin).toBeCloseTo(tier.notional * tier.maintenanceRate - tier.deduction, 4);
      }
  });
});
