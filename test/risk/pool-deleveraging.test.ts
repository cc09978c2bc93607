import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Side } from '../../src/base/units.ts';
import type { OraclePrices } from '../../src/market/oracle-pool.ts';
import { deleveragePool, needsDeleveraging } from '../../src/risk/pool-deleveraging.ts';
import { ANN, at, BEN, CAT, FREE, PoolTable } from './made-up-pool.ts';

function deleverage(
  table: PoolTable,
  side: Side,
  prices: OraclePrices,
  distressed: number[] = [],
): number[][] {
  const closed: number[][] = [];
  deleveragePool(side, prices, {
    accounts: table.accounts,
    pool: table.pool,
    isDistressed: (account) => distressed.includes(account),
    closed: (account, lots) => closed.push([account, lots]),
  });
  return closed;
}

describe('f.4: deleveraging by the profit of a side over its backing', () => {
  /** 500,000 in quote currency; shorts of 30,000 lots from 100. */
  const shorts = () => {
    const table = new PoolTable();
    table.trade(ANN, -1, 18_000, at(100));
    table.trade(BEN, -1, 12_000, at(100));
    return table;
  };

  it('leaves profits at or below 85 % alone', () => {
    const table = shorts();
    expect(table.pool.profitFactor(-1, at(86))).toBe((30_000 * 14) / 500_000);
    expect(deleverage(table, -1, at(86))).toEqual([]);
    expect(needsDeleveraging(table.pool, -1, at(85))).toBe(true);
  });
  it('above it closes the largest winner, only as far as 77 % is kept', () => {
    const table = shorts();
    // Pending 450,000 of 500,000 = 90 %. Closing k lots leaves (450,000 − 15k)/(500,000 − 15k) ≥ 0.77: k ≤ 18,840.57…
    expect(deleverage(table, -1, at(85))).toEqual([[ANN, 18_000]]);
    expect(table.pool.profitFactor(-1, at(85))).toBeCloseTo(180_000 / 230_000, 12);
    expect(table.check(85)).toEqual([]);
  });
  it('makes the last closing a partial one rather than fall below the lower bound', () => {
    const table = new PoolTable();
    table.trade(ANN, -1, 30_000, at(100));
    expect(deleverage(table, -1, at(85))).toEqual([[ANN, 18_840]]);
    expect(table.pool.profitFactor(-1, at(85))).toBeGreaterThanOrEqual(0.77);
    expect((450_000 - 15 * 18_841) / (500_000 - 15 * 18_841)).toBeLessThan(0.77);
  });
  it('passes over losers and accounts under liquidation', () => {
    const table = new PoolTable();
    table.trade(CAT, -1, 1_000, at(80));
    table.trade(ANN, -1, 18_000, at(100));
    table.trade(BEN, -1, 13_000, at(100));
    expect(deleverage(table, -1, at(85), [ANN])[0][0]).toBe(BEN);
  });
  it('reckons longs against the asset, which rises with them', () => {
    const table = new PoolTable();
    table.trade(ANN, 1, 20_000, at(100));
    // 20,000 · (P − 100) over 5,000 · P: 85 % at P = 126.98.
    expect(needsDeleveraging(table.pool, 1, at(126))).toBe(false);
    expect(needsDeleveraging(table.pool, 1, at(127))).toBe(true);
    const [[account, lots]] = deleverage(table, 1, at(128));
    expect(account).toBe(ANN);
    const left = (20_000 - lots) * 28;
    expect(table.pool.profitFactor(1, at(128))).toBeCloseTo(left / (5_000 * 128 - lots * 28), 3);
    expect(table.pool.profitFactor(1, at(128))).toBeGreaterThanOrEqual(0.77);
    expect(table.check(128)).toEqual([]);
  });

  it('never ends below the lower bound, whoever won what, with fees and impact', () => {
    const positions = fc.array(
      fc.record({
        account: fc.constantFrom(ANN, BEN, CAT),
        lots: fc.integer({ min: 1, max: 20_000 }),
        entry: fc.integer({ min: 90, max: 110 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const rules = {
      impact: { exponent: 2, improving: 3e-9, worsening: 9e-9, capImproving: 0.004, capWorsening: 0.005 },
      fee: { improving: 400, worsening: 600, toPool: 0.63 },
      profitCap: 1,
    };
    fc.assert(
      fc.property(
        positions,
        fc.constantFrom<Side>(1, -1),
        fc.integer({ min: 1, max: 60 }),
        (held, side, move) => {
          const table = new PoolTable({ ...FREE, ...rules });
          for (const { account, lots, entry } of held) table.trade(account, side, lots, at(entry));
          const prices = { min: 100 + side * move, max: 101 + side * move };
          const before = table.pool.profitFactor(side, prices);
          const closed = deleverage(table, side, prices);
          expect(
            closed.length > 0 || before <= 0.85 || table.pool.profitFactor(side, prices) === before,
          ).toBe(true);
          if (closed.length > 0) {
            expect(table.pool.profitFactor(side, prices)).toBeGreaterThanOrEqual(0.77);
            expect(table.pool.profitFactor(side, prices)).toBeLessThan(before);
          }
          expect(table.check(prices.min)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
