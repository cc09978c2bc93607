import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { OUTSIDE } from '../../src/accounts/ledger.ts';
import { AssertionError } from '../../src/base/check.ts';

const ANN = 4;
const BEN = 5;
const CAT = 6;

/** Ann, Ben and Cat with 1000 each. */
function three(): Accounts {
  const accounts = new Accounts(7);
  for (const account of [ANN, BEN, CAT]) accounts.ledger.transfer(OUTSIDE, account, 1000);
  return accounts;
}

/** Position, entry value, and wallet of Ann. */
function ann(accounts: Accounts): [number, number, number] {
  return [accounts.lots[ANN], accounts.entryValue[ANN], accounts.wallet(ANN)];
}

describe('a fill', () => {
  it('opens a position at its price and costs no wallet', () => {
    const accounts = three();
    accounts.applyFill(ANN, BEN, 10, 100);
    expect(ann(accounts)).toEqual([10, 1000, 1000]);
    expect([accounts.lots[BEN], accounts.entryValue[BEN], accounts.wallet(BEN)]).toEqual([-10, -1000, 1000]);
    expect([accounts.side(ANN), accounts.side(BEN), accounts.side(CAT)]).toEqual([1, -1, 0]);
    expect(accounts.openInterest).toBe(10);
  });

  it('adds to a position at the average of the prices', () => {
    const accounts = three();
    accounts.applyFill(ANN, BEN, 10, 100);
    accounts.applyFill(ANN, BEN, 30, 120);
    // (10 · 100 + 30 · 120) / 40 = 115
    expect(ann(accounts)).toEqual([40, 4600, 1000]);
    expect(accounts.entryValue[ANN] / accounts.lots[ANN]).toBe(115);
  });

  it('reduces a position: entry price stays, the wallet realises the difference', () => {
    const accounts = three();
    accounts.applyFill(ANN, BEN, 10, 100);
    accounts.applyFill(CAT, ANN, 4, 90);
    // 4 lots lose 10 each.
    expect(ann(accounts)).toEqual([6, 600, 960]);
    expect(accounts.openInterest).toBe(10);
  });

  it('closes a position: all of it is realised', () => {
    const accounts = three();
    accounts.applyFill(ANN, BEN, 10, 100);
    accounts.applyFill(BEN, ANN, 10, 107);
    expect(ann(accounts)).toEqual([0, 0, 1070]);
    expect([accounts.wallet(BEN), accounts.openInterest]).toEqual([930, 0]);
  });

  it('turns a position: the old one is realised, the new one is entered at the price of the fill', () => {
    const accounts = three();
    accounts.applyFill(ANN, BEN, 10, 100);
    accounts.applyFill(CAT, ANN, 25, 90);
    expect(ann(accounts)).toEqual([-15, -1350, 900]);
    expect(accounts.openInterest).toBe(25);
  });

  it('treats the short side as the mirror of the long one', () => {
    const accounts = three();
    accounts.applyFill(BEN, ANN, 10, 100);
    accounts.applyFill(BEN, ANN, 10, 110);
    accounts.applyFill(ANN, BEN, 5, 90);
    // Entered at 105 on average; 5 lots gain 15 each.
    expect(ann(accounts)).toEqual([-15, -1575, 1075]);
    expect(accounts.unrealisedPnl(ANN, 100)).toBe(75);
    expect(accounts.equity(ANN, 100)).toBe(1150);
    expect(accounts.notional(ANN, 100)).toBe(1500);
  });

  it('may have a value that is no multiple of its size', () => {
    const accounts = three();
    accounts.exchange(ANN, BEN, 3, 100);
    expect([accounts.lots[ANN], accounts.entryValue[ANN], accounts.equity(ANN, 40)]).toEqual([3, 100, 1020]);
  });

  it('of no size, or of a value beyond exact integers, is refused', () => {
    expect(() => three().applyFill(ANN, BEN, 0, 100)).toThrow(AssertionError);
    expect(() => three().applyFill(ANN, BEN, -1, 100)).toThrow(AssertionError);
    expect(() => three().applyFill(ANN, BEN, 2 ** 30, 2 ** 24)).toThrow(AssertionError);
  });
});

describe('a position from before the first event', () => {
  it('has its entry value and leaves the wallet at the collateral', () => {
    const accounts = new Accounts(7);
    // As the world opens it: collateral − lots · entry.
    accounts.ledger.transfer(OUTSIDE, ANN, 500 - 10 * 100);
    accounts.openPosition(ANN, 10, 100);
    expect(ann(accounts)).toEqual([10, 1000, 500]);
    expect(accounts.equity(ANN, 95)).toBe(450);
  });

  it('alone does not pass the invariants: positions must net to zero', () => {
    const accounts = new Accounts(7);
    accounts.openPosition(ANN, 10, 100);
    expect(() => accounts.checkInvariants()).toThrow(AssertionError);
    accounts.openPosition(BEN, -10, 130);
    accounts.checkInvariants();
    expect(accounts.openInterest).toBe(10);
  });
});

describe('after any fills', () => {
  const fill = fc.record({
    buyer: fc.integer({ min: 4, max: 8 }),
    seller: fc.integer({ min: 4, max: 8 }),
    lots: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1_000_000 })),
    price: fc.integer({ min: 1, max: 2_000_000 }),
  });
  const fills = fc.array(fill, { minLength: 1, maxLength: 60 });

  it('balances and positions add up to 0, open interest is the sum of the longs, and equity is wallet plus unrealised', () => {
    fc.assert(
      fc.property(fills, fc.integer({ min: 1, max: 2_000_000 }), (sequence, mark) => {
        const accounts = new Accounts(9);
        for (let account = 4; account < 9; account++) accounts.ledger.transfer(OUTSIDE, account, 1e9);
        for (const { buyer, seller, lots, price } of sequence) {
          if (buyer !== seller) accounts.applyFill(buyer, seller, lots, price);
        }
        accounts.checkInvariants();
        const balances = accounts.ledger.balance.reduce((sum, balance) => sum + balance, 0);
        const positions = accounts.lots.reduce((sum, lots) => sum + lots, 0);
        const longs = accounts.lots.reduce((sum, lots) => sum + Math.max(0, lots), 0);
        expect([balances, positions, accounts.openInterest]).toEqual([0, 0, longs]);
        for (let account = 4; account < 9; account++) {
          const equity = accounts.equity(account, mark);
          expect(accounts.wallet(account) + accounts.unrealisedPnl(account, mark)).toBe(equity);
          if (accounts.lots[account] === 0) expect(accounts.entryValue[account]).toBe(0);
          else
            expect(Math.sign(accounts.entryValue[account]) * Math.sign(accounts.lots[account])).not.toBe(-1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('equity at the mark is what was deposited plus what each fill has gained since', () => {
    fc.assert(
      fc.property(fills, fc.integer({ min: 1, max: 2_000_000 }), (sequence, mark) => {
        const accounts = new Accounts(9);
        const gained = new Array<bigint>(9).fill(0n);
        for (const { buyer, seller, lots, price } of sequence) {
          if (buyer === seller) continue;
          accounts.applyFill(buyer, seller, lots, price);
          gained[buyer] += BigInt(lots) * BigInt(mark - price);
          gained[seller] -= BigInt(lots) * BigInt(mark - price);
        }
        for (let account = 4; account < 9; account++)
          expect(BigInt(accounts.equity(account, mark))).toBe(gained[account]);
      }),
      { numRuns: 300 },
    );
  });

  it('the entry price lies between the lowest and the highest price traded, within the rounding of a unit of money a fill', () => {
    fc.assert(
      fc.property(fills, (sequence) => {
        const accounts = new Accounts(9);
        const prices = sequence.map(({ price }) => price);
        for (const { buyer, seller, lots, price } of sequence) {
          if (buyer !== seller) accounts.applyFill(buyer, seller, lots, price);
        }
        for (let account = 4; account < 9; account++) {
          const lots = accounts.lots[account];
          if (lots === 0) continue;
          const entry = accounts.entryValue[account] / lots;
          const rounding = sequence.length / Math.abs(lots);
          expect(entry).toBeGreaterThanOrEqual(Math.min(...prices) - rounding);
          expect(entry).toBeLessThanOrEqual(Math.max(...prices) + rounding);
        }
      }),
      { numRuns: 300 },
    );
  });
});
