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

  it('Hyperliquid isolated long, 40x', () => {
    const answer = calcLiquidation({
      kind: 'linear',
      table: table('hyperliquid-btc'),
      side: 1,
      entry: 100_000,
      size: 1,
      leverage: 40,
    });
    expect(answer).toMatchObject({ collateral: 2500, bankruptcyPrice: 97_500 });
    expect(answer.liquidationPrice).toBeCloseTo(98_734.18, 2);
    expect(answer.tier).toMatchObject({ number: 1, maintenanceRate: 0.0125, maxLeverage: 40 });
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
      'more than a position of this size may have, 100',
    );
    expect(() => calcLiquidation({ ...long5At60k, size: 1e15 })).toThrow(/outside the exact integers/);
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
