import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEES } from '../../src/accounts/ledger.ts';
import type { Side } from '../../src/base/units.ts';
import type { OraclePrices, PoolRules } from '../../src/market/oracle-pool.ts';
import { ANN, at, BEN, CAT, FREE, PoolTable } from './made-up-pool.ts';

describe('a pool', () => {
  it('is the other side of every trade', () => {
    const table = new PoolTable();
    expect(table.trade(ANN, 1, 30, at(100))).toEqual({ lots: 30, value: 3_000 });
    expect(table.trade(BEN, -1, 10, at(100))).toEqual({ lots: 10, value: 1_000 });
    expect(table.accounts.lots[table.pool.account]).toBe(-20);
    expect(table.check(100)).toEqual([]);
  });
  it('sells at the upper oracle price and buys at the lower one', () => {
    const table = new PoolTable();
    expect(table.trade(ANN, 1, 1, { min: 99, max: 101 }).value).toBe(101);
    expect(table.trade(ANN, -1, 1, { min: 99, max: 101 }).value).toBe(99);
    expect(table.pool.equity(100)).toBe(1_000_002);
  });
  it('opens with half in the asset, half in quote currency', () => {
    const { pool } = new PoolTable();
    expect([pool.asset, pool.cash, pool.equity(100), pool.equity(110)]).toEqual([
      5_000, 500_000, 1_000_000, 1_050_000,
    ]);
  });

  it('pays longs out of the asset: 30 lots won 10 each are three lots of the stock at 110, rounded up', () => {
    const table = new PoolTable();
    table.trade(ANN, 1, 30, at(100));
    table.trade(ANN, -1, 30, at(110));
    expect(table.cash(ANN)).toBe(1_000_300);
    expect(table.pool.asset).toBe(4_997);
    expect(table.pool.cash).toBe(500_000 + 3 * 110 - 300);
    expect(table.pool.equity(110)).toBe(1_050_000 - 300);
  });
  it('pays shorts out of the quote currency and keeps what they lose', () => {
    const table = new PoolTable();
    table.trade(ANN, -1, 30, at(100));
    table.trade(BEN, -1, 30, at(100));
    table.trade(ANN, 1, 30, at(90));
    table.trade(BEN, 1, 30, at(120));
    expect([table.cash(ANN), table.cash(BEN)]).toEqual([1_000_300, 999_400]);
    expect([table.pool.asset, table.pool.cash]).toEqual([5_000, 500_300]);
  });
  it('cuts profits beyond 90 % of what backs them, in proportion', () => {
    const table = new PoolTable({ deposit: 10_000 });
    table.trade(ANN, -1, 200, at(100));
    table.trade(BEN, -1, 100, at(100));
    // Pending 300 · 20 = 6,000 over 5,000 in quote currency: 4,500 are paid for 6,000 of profit.
    table.trade(ANN, 1, 200, at(80));
    expect(table.cash(ANN)).toBe(1_000_000 + (4_000 * 4_500) / 6_000);
    expect(table.check(80)).toEqual([]);
  });
  it('turns a position round as a closing and an opening', () => {
    const table = new PoolTable();
    table.trade(ANN, 1, 10, at(100));
    expect(table.trade(ANN, -1, 25, at(105))).toEqual({ lots: 25, value: 2_625 });
    expect([table.accounts.lots[ANN], table.pool.longs.lots, table.pool.shorts.cost]).toEqual([
      -15, 0, 1_575,
    ]);
    expect(table.check(105)).toEqual([]);
  });
});

describe('what a pool refuses', () => {
  it('a price beyond the limit, with its impact', () => {
    const table = new PoolTable({ impact: { ...FREE.impact, worsening: 1e-4 } });
    const order = { account: ANN, side: 1 as Side, lots: 100, reduceOnly: false, prices: at(100) };
    // Impact ½ · 1e-4 · 10,000² = 5,000, capped at 0.5 % of 10,000 = 50: 100.5 a lot.
    expect(table.pool.trade({ ...order, limit: 100 })).toEqual({
      lots: 0,
      value: 0,
      refusal: 'beyond-limit',
    });
    expect(table.pool.trade({ ...order, limit: 101 })).toEqual({ lots: 100, value: 10_050 });
    expect(table.pool.impactPool).toBe(50);
  });
  it('new positions beyond the cap of a side, but no closing and nothing on the other side', () => {
    const table = new PoolTable({ maxOpenInterest: 1_000 });
    expect(table.trade(ANN, 1, 11, at(100)).refusal).toBe('open-interest-cap');
    expect(table.pool.room(1, at(100))).toBe(10);
    expect(table.trade(ANN, 1, 10, at(100)).refusal).toBeUndefined();
    expect(table.trade(BEN, -1, 10, at(100)).refusal).toBeUndefined();
    expect(table.trade(ANN, -1, 25, at(100))).toEqual({
      lots: 10,
      value: 1_000,
      refusal: 'open-interest-cap',
    });
  });
  it('new positions beyond the reserve: longs by what they are worth, shorts by what they sold for', () => {
    const table = new PoolTable({ deposit: 2_000, reserveFactor: 0.9 });
    expect(table.pool.room(1, at(100))).toBe(9);
    expect(table.trade(ANN, 1, 10, at(100)).refusal).toBe('reserve');
    expect(table.trade(ANN, 1, 9, at(100)).refusal).toBeUndefined();
    // The price doubles, and with it both the reserve of the longs and the asset that backs it.
    expect(table.pool.room(1, at(200))).toBe(0);
    expect(table.trade(ANN, -1, 9, at(200)).lots).toBe(9);
    expect(table.trade(BEN, -1, 10, at(100)).refusal).toBe('reserve');
  });
  it('a reduce-only order without a position', () => {
    const table = new PoolTable();
    const order = { side: 1 as Side, lots: 5, limit: Infinity, reduceOnly: true, prices: at(100) };
    expect(table.pool.trade({ ...order, account: ANN }).refusal).toBe('nothing-to-reduce');
    table.trade(ANN, -1, 3, at(100));
    expect(table.pool.trade({ ...order, account: ANN })).toEqual({ lots: 3, value: 300 });
  });
});

describe('fees', () => {
  it('i: 0.04 % for trades that mend the balance, 0.06 % for others; 37 % of them leave the pool', () => {
    const table = new PoolTable({ fee: { improving: 400, worsening: 600, toPool: 0.63 } });
    table.trade(ANN, 1, 10_000, at(100));
    expect(table.cash(ANN)).toBe(1_000_000 - 600);
    expect(table.accounts.ledger.balance[FEES]).toBe(600 - 378);
    table.trade(BEN, -1, 10_000, at(100));
    expect(table.cash(BEN)).toBe(1_000_000 - 400);
  });
  it('take no more than a closed account has left', () => {
    const table = new PoolTable({ fee: { improving: 10_000, worsening: 10_000, toPool: 1 } }, 100, 10_200);
    table.trade(ANN, 1, 100, at(100));
    expect(table.cash(ANN)).toBe(10_100);
    table.trade(ANN, -1, 100, at(0 + 1));
    expect(table.cash(ANN)).toBe(10_100 - 9_900 - 1);
  });
});

describe('borrowing', () => {
  it('g: an hour costs 0.01 % of the position times the utilisation of its side; who is flat pays nothing', () => {
    const borrow = { ...FREE.borrow, rate: 0.0001 };
    const table = new PoolTable({ borrow });
    table.trade(ANN, 1, 2_000, at(100));
    table.trade(BEN, -1, 1_000, at(100));
    const told: number[] = [];
    // Longs reserve 200,000 of 500,000; shorts 100,000 of 500,000.
    const paid = table.pool.chargeBorrowing(at(100), (account) => told.push(account));
    expect(table.cash(ANN)).toBe(1_000_000 - Math.ceil(200_000 * 0.0001 * 0.4));
    expect(table.cash(BEN)).toBe(1_000_000 - Math.ceil(100_000 * 0.0001 * 0.2));
    expect(table.cash(CAT)).toBe(1_000_000);
    expect([paid, told]).toEqual([8 + 2, [ANN, BEN]]);
    expect(table.check(100)).toEqual([]);
  });
});

describe('whatever is traded', () => {
  const rules: Partial<PoolRules> = {
    impact: { exponent: 1.5, improving: 3e-7, worsening: 9e-7, capImproving: 0.004, capWorsening: 0.005 },
    fee: { improving: 400, worsening: 600, toPool: 0.63 },
    borrow: { ...FREE.borrow, rate: 0.0001, optimalUtilisation: 0.5, rateAboveOptimal: 0.0004 },
    maxOpenInterest: 5_000_000,
    reserveFactor: 2,
  };
  const trade = fc.record({
    account: fc.constantFrom(ANN, BEN, CAT),
    side: fc.constantFrom<Side>(1, -1),
    lots: fc.integer({ min: 1, max: 900 }),
    reduceOnly: fc.boolean(),
  });
  const price = fc.integer({ min: 500, max: 2_000 });
  const spread = fc.integer({ min: 0, max: 3 });

  it('money and lots are conserved, and the sums by side are those of the accounts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(trade, price, spread), { maxLength: 40 }), (steps) => {
        const table = new PoolTable(rules, 1_000);
        for (const [order, min, width] of steps) {
          const prices: OraclePrices = { min, max: min + width };
          table.pool.trade({ ...order, limit: order.side * Infinity, prices });
          table.pool.chargeBorrowing(prices, () => undefined);
          expect(table.check(min)).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('no sequence of trades makes money out of a pool whose oracle stands still', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), spread, (steps, width) => {
        const prices: OraclePrices = { min: 1_000, max: 1_000 + width };
        const table = new PoolTable({ ...rules, fee: { ...FREE.fee } }, 1_000);
        const before = table.pool.equity(1_000);
        for (const order of steps) table.pool.trade({ ...order, limit: order.side * Infinity, prices });
        for (const account of [ANN, BEN, CAT]) {
          const lots = table.accounts.lots[account];
          if (lots !== 0) table.trade(account, lots > 0 ? -1 : 1, Math.abs(lots), prices);
        }
        expect(table.pool.equity(1_000)).toBeGreaterThanOrEqual(before);
        expect(table.check(1_000)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('a round trip on its own never gains at a standing oracle', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 8 }), trade, (steps, own) => {
        const table = new PoolTable(rules, 1_000);
        for (const order of steps)
          table.pool.trade({ ...order, limit: order.side * Infinity, prices: at(1_000) });
        if (table.accounts.lots[own.account] !== 0) return;
        const before = table.cash(own.account);
        const { lots } = table.trade(own.account, own.side, own.lots, at(1_000));
        if (lots > 0) table.trade(own.account, own.side === 1 ? -1 : 1, lots, at(1_000));
        expect(table.cash(own.account)).toBeLessThanOrEqual(before);
      }),
      { numRuns: 200 },
    );
  });
});
