import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { CRUMBS, FIRST_TRADER } from '../../src/accounts/ledger.ts';
import { openInterestOf, payFunding } from '../../src/risk/funding/pay-funding.ts';
import { PLAIN, XBTUSD } from '../fixtures/contracts.ts';

/** Accounts with these positions, entered at 100; the first listed is the first trader. */
function holding(lots: readonly number[], contract = PLAIN): Accounts {
  const accounts = new Accounts(FIRST_TRADER + lots.length, contract);
  lots.forEach((size, i) => size !== 0 && accounts.openPosition(FIRST_TRADER + i, size, 100));
  return accounts;
}
const tradersOf = (accounts: Accounts): number[] => [...accounts.ledger.balance.slice(FIRST_TRADER)];

describe('funding among equal sides', () => {
  it('moves the notional at the price times the rate from longs to shorts, whole units, rounded against each', () => {
    const accounts = holding([10, -7, -3]);
    const told: number[] = [];
    // 10 · 101 · 1 % = 10.1; 7.07; 3.03.
    const payment = { accounts, contract: PLAIN, price: 101, rate: 0.01, split: 'alike' } as const;
    const paid = payFunding({ ...payment, changed: (account) => told.push(account - FIRST_TRADER) });
    expect(tradersOf(accounts)).toEqual([-11, 7, 3]);
    expect(paid).toBe(11);
    expect(accounts.ledger.balance[CRUMBS]).toBe(1);
    expect(told).toEqual([0, 1, 2]);
  });

  it('goes the other way when the rate is negative', () => {
    const accounts = holding([10, -10]);
    payFunding({
      accounts,
      contract: PLAIN,
      price: 100,
      rate: -0.01,
      split: 'alike',
      changed: () => undefined,
    });
    expect(tradersOf(accounts)).toEqual([10, -10]);
  });
});

describe('funding from the larger side', () => {
  const pay = (lots: number[], rate: number, isApart?: (account: number) => boolean) => {
    const accounts = holding(lots);
    const paid = payFunding({
      accounts,
      contract: PLAIN,
      price: 100,
      rate,
      split: 'larger-side',
      ...(isApart && { isApart }),
      changed: () => undefined,
    });
    return { balances: tradersOf(accounts), paid };
  };
  // 80 against 30: 1 % of 8,000 is 80, shared by size on both sides; the pool is apart.
  const pool = (account: number) => account === FIRST_TRADER + 4;

  it('is the rate on it, shared by size on either side, the pool apart', () => {
    expect(pay([60, 20, -20, -10, -50], 0.01, pool)).toEqual({ balances: [-60, -20, 53, 26, 0], paid: 80 });
  });
  it('is as much when the smaller side pays', () => {
    expect(pay([60, 20, -20, -10, -50], -0.01, pool)).toEqual({ balances: [60, 20, -54, -27, 0], paid: 81 });
  });
  it('is nothing without a rate or a side', () => {
    expect(pay([5, -5], 0).paid).toBe(0);
    expect(pay([5, -5], 0.01, (account) => account === FIRST_TRADER + 1).paid).toBe(0);
  });
  it('open interest leaves the pool out', () => {
    const accounts = holding([60, 20, -20, -10, -50]);
    expect(openInterestOf({ accounts, isApart: pool })).toEqual({ long: 80, short: 30 });
    expect(openInterestOf({ accounts })).toEqual({ long: 80, short: 80 });
  });
});

test.prop({
  sizes: fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
  price: fc.double({ min: 1, max: 1_000_000, noNaN: true }),
  rate: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
  split: fc.constantFrom('alike' as const, 'larger-side' as const),
  inverse: fc.boolean(),
})('money is conserved to the last unit, crumbs are never negative, flat accounts never pay', (world) => {
  const { sizes, price, rate, split, inverse } = world;
  const rest = -sizes.reduce((sum, size) => sum + size, 0);
  const contract = inverse ? XBTUSD : PLAIN;
  const accounts = holding([...sizes, rest, 0], contract);
  const before = accounts.ledger.total();
  const held = [...accounts.ledger.balance];
  payFunding({ accounts, contract, price, rate, split, changed: () => undefined });
  expect(accounts.ledger.total()).toBe(before);
  expect(accounts.ledger.balance[CRUMBS] - held[CRUMBS]).toBeGreaterThanOrEqual(0);
  expect(accounts.ledger.balance[CRUMBS] - held[CRUMBS]).toBeLessThanOrEqual(2 * sizes.length + 2);
  for (let account = 0; account < accounts.size; account++) {
    if (accounts.lots[account] === 0 && account !== CRUMBS) {
      expect(accounts.ledger.balance[account]).toBe(held[account]);
    }
  }
});
