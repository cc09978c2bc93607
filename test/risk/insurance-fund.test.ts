import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { INSURANCE_FUND, OUTSIDE } from '../../src/accounts/ledger.ts';
import { AssertionError } from '../../src/base/check.ts';
import { InsuranceFund } from '../../src/risk/insurance-fund.ts';
import { closeAtBankruptcy } from '../../src/risk/vault.ts';
import { Notes, open } from './made-up-risk.ts';

const LOSER = 5;
const OTHER = 6;

/** A fund with so much cash beside a long of 10 from 100 with 100 of collateral, and its counterparty. */
function scene(cash: number) {
  const accounts = new Accounts(9);
  const notes = new Notes();
  const fund = new InsuranceFund(accounts, notes);
  accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, cash);
  open(accounts, LOSER, { lots: 10, entry: 100, collateral: 100 });
  open(accounts, OTHER, { lots: -10, entry: 100, collateral: 500 });
  return { accounts, notes, fund };
}

describe('the insurance fund', () => {
  it('has its equity at the mark as headroom, and none when that is negative', () => {
    const { accounts, fund } = scene(50);
    expect(fund.headroom(100)).toBe(50);
    accounts.applyFill(INSURANCE_FUND, OTHER, 5, 100);
    expect([fund.lots, fund.equity(90), fund.headroom(90), fund.headroom(80)]).toEqual([5, 0, 0, 0]);
    expect(fund.headroom(104)).toBe(70);
  });

  it('receives, and writes it down', () => {
    const { accounts, fund, notes } = scene(50);
    fund.receive(OTHER, 7);
    fund.receive(OTHER, 0);
    expect([fund.equity(100), accounts.wallet(OTHER), notes.lines]).toEqual([
      57,
      493,
      [['fund received', 7]],
    ]);
  });

  it('covers a shortfall as far as it reaches and says what is left', () => {
    const { accounts, fund, notes } = scene(50);
    expect(fund.cover(LOSER, 30, 100)).toBe(0);
    expect(fund.cover(LOSER, 30, 100)).toBe(10);
    expect(fund.cover(LOSER, 30, 100)).toBe(30);
    expect([fund.equity(100), accounts.wallet(LOSER)]).toEqual([0, 150]);
    expect(notes.of('fund paid')).toEqual([[30], [20]]);
    expect([...notes.items]).toEqual([[`${LOSER} fund`, 50]]);
  });

  it('never covers so much that its own equity at the mark is negative', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000),
        fc.integer({ min: -20, max: 20 }),
        fc.nat(3_000),
        fc.integer({ min: 1, max: 200 }),
        (cash, lots, shortfall, mark) => {
          const { accounts, fund } = scene(cash);
          if (lots > 0) accounts.applyFill(INSURANCE_FUND, OTHER, lots, 100);
          if (lots < 0) accounts.applyFill(OTHER, INSURANCE_FUND, -lots, 100);
          const before = fund.equity(mark);
          const uncovered = fund.cover(LOSER, shortfall, mark);
          expect(fund.equity(mark)).toBe(before - (shortfall - uncovered));
          expect(uncovered).toBeGreaterThanOrEqual(0);
          expect(fund.equity(mark)).toBeGreaterThanOrEqual(Math.min(0, before));
        },
      ),
    );
  });

  it.each([
    ['a surplus', 91, 10, [['fund received', 10]]],
    ['nothing', 90, 0, []],
    ['a loss', 86, -40, [['fund paid', 40]]],
  ])('takes over the whole position and all the cash with %s at the mark', (_what, mark, equity, told) => {
    const { accounts, fund, notes } = scene(50);
    fund.takeOver({ account: LOSER, lots: 10, price: 'bankruptcy' }, mark);
    expect([accounts.lots[LOSER], accounts.ledger.balance[LOSER]]).toEqual([0, 0]);
    expect([fund.lots, fund.equity(mark)]).toEqual([10, 50 + equity]);
    expect(notes.lines).toEqual(told);
    expect(notes.items.get(`${LOSER} taken-over`)).toBe(10 * mark);
    expect(notes.items.get(`${LOSER} paid-in`) ?? 0).toBe(Math.max(0, equity));
    expect(notes.items.get(`${LOSER} fund`) ?? 0).toBe(Math.max(0, -equity));
    accounts.checkInvariants();
  });

  it('takes over a short', () => {
    const { accounts, fund } = scene(2_000);
    fund.takeOver({ account: OTHER, lots: 10, price: 'bankruptcy' }, 152);
    expect([accounts.lots[OTHER], accounts.ledger.balance[OTHER], fund.lots, fund.equity(152)]).toEqual([
      0, 0, -10, 1980,
    ]);
  });

  it('refuses to take over what it cannot bear', () => {
    const { fund } = scene(50);
    expect(() => fund.takeOver({ account: LOSER, lots: 10, price: 'bankruptcy' }, 84)).toThrow(
      AssertionError,
    );
    fund.takeOver({ account: LOSER, lots: 10, price: 'bankruptcy' }, 85);
    expect(fund.equity(85)).toBe(0);
  });
});

describe('a closing at the bankruptcy price', () => {
  const scenes = fc.record({
    size: fc.integer({ min: 1, max: 1_000_000 }),
    side: fc.constantFrom(1, -1),
    balance: fc.integer({ min: -1e12, max: 1e12 }),
    parts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
    mark: fc.integer({ min: 1, max: 2_000_000 }),
  });

  it('in parts leaves exactly nothing behind: no lots, no money, and the counterparties have all of it', () => {
    fc.assert(
      fc.property(scenes, ({ size, side, balance, parts, mark }) => {
        const accounts = new Accounts(20);
        accounts.ledger.transfer(OUTSIDE, LOSER, balance);
        accounts.openPosition(LOSER, side * size, 1);
        accounts.openPosition(4, -side * size, 1);
        const equity = balance + side * size * mark;
        let left = size;
        const cuts = [...parts.map((part) => Math.floor(part * size)), size];
        cuts.forEach((cut, i) => {
          const lots = Math.min(cut, left);
          if (lots === 0) return;
          const share = (accounts.ledger.balance[LOSER] * (left - lots)) / left;
          closeAtBankruptcy(accounts, LOSER, 6 + i, lots);
          left -= lots;
          // In favour of the account: it keeps its share of the balance or a fraction of a unit more.
          const kept = accounts.ledger.balance[LOSER] - share;
          expect(kept).toBeGreaterThan(-0.001);
          expect(kept).toBeLessThan(1.001);
        });
        expect([accounts.lots[LOSER], accounts.ledger.balance[LOSER] + 0]).toEqual([0, 0]);
        let received = 0;
        for (let account = 6; account < 20; account++) received += accounts.equity(account, mark);
        expect(received).toBe(equity);
        accounts.checkInvariants();
      }),
      { numRuns: 400 },
    );
  });
});
