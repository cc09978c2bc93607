import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { INSURANCE_FUND, OUTSIDE } from '../../src/accounts/ledger.ts';
import { InsuranceFund } from '../../src/risk/insurance-fund.ts';
import { proRata } from '../../src/risk/adl/pro-rata.ts';
import { profitByMarginRatio } from '../../src/risk/adl/profit-by-margin-ratio.ts';
import type { LossRule } from '../../src/risk/losses.ts';
import type { AdlTrigger } from '../../src/risk/triggers/adl-trigger.ts';
import { fundDrawdown } from '../../src/risk/triggers/fund-drawdown.ts';
import { fundEmpty } from '../../src/risk/triggers/fund-empty.ts';
import { Waterfall } from '../../src/risk/waterfall.ts';
import { flat, PLAIN } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { Notes, open } from './made-up-risk.ts';

const LOSER = 5;

function waterfallOver(
  accounts: Accounts,
  o: {
    fund?: number;
    ranking?: 'queue' | 'pro-rata';
    distressed?: number[];
    trigger?: AdlTrigger;
    losses?: LossRule;
  } = {},
) {
  const notes = new Notes();
  const changed: number[] = [];
  const fund = new InsuranceFund(accounts, notes);
  accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, o.fund ?? 0);
  const waterfall = new Waterfall({
    accounts,
    schedule: flat(0.01),
    fund,
    trigger: o.trigger ?? made(fundEmpty, undefined),
    losses: o.losses ?? 'winners',
    ranking: o.ranking === 'pro-rata' ? made(proRata, undefined) : made(profitByMarginRatio, undefined),
    journal: notes,
    isDistressed: (account) => o.distressed?.includes(account) ?? false,
    changed: (account) => changed.push(account),
  });
  return { waterfall, notes, changed, fund };
}

/** A long of 100 from 100 that is bankrupt at 90, and shorts of 60, 30 and 10 in profit, the smallest account the most levered. */
function crash(): Accounts {
  const accounts = new Accounts(10);
  open(accounts, LOSER, { lots: 100, entry: 100, collateral: 1_000 });
  open(accounts, 6, { lots: -60, entry: 100, collateral: 60_000 });
  open(accounts, 7, { lots: -30, entry: 100, collateral: 3_000 });
  open(accounts, 8, { lots: -10, entry: 100, collateral: 100 });
  return accounts;
}

describe('deleveraging', () => {
  it('closes the loser against the head of the queue at its bankruptcy price, and at no cost to it', () => {
    const accounts = crash();
    const { waterfall, notes, changed } = waterfallOver(accounts);
    // At 80 the loser has −1,000; the queue is 8, 7, 6.
    expect(waterfall.deleverage(LOSER, { mark: 80 })).toBe(0);
    expect([accounts.lots[LOSER], accounts.ledger.balance[LOSER] + 0]).toEqual([0, 0]);
    expect([...accounts.lots.slice(6, 9)]).toEqual([0, 0, 0]);
    // Each one bought back at 90.
    expect([6, 7, 8].map((account) => accounts.wallet(account))).toEqual([60_600, 3_300, 200]);
    expect(notes.of('deleveraged')).toEqual([
      [LOSER, 8, 10, 80],
      [LOSER, 7, 30, 80],
      [LOSER, 6, 60, 80],
    ]);
    // Of the 20 that each of the 100 lots had fallen by they got 10.
    expect([...notes.items]).toEqual([[`${LOSER} others`, 1_000]]);
    expect(changed).toEqual([8, 7, 6]);
    accounts.checkInvariants();
  });

  it('takes no more than needed: winners further down keep everything', () => {
    const accounts = crash();
    accounts.applyFill(9, LOSER, 85, 90);
    const { waterfall } = waterfallOver(accounts, { distressed: [9] });
    // 15 lots and −1,350 are left: bankrupt at 90.
    expect(waterfall.deleverage(LOSER, { mark: 80 })).toBe(0);
    expect([...accounts.lots.slice(5, 9)]).toEqual([0, -60, -25, 0]);
    expect(accounts.equity(6, 80)).toBe(61_200);
  });

  it('pro rata takes the same share of everybody', () => {
    const accounts = crash();
    accounts.applyFill(9, LOSER, 50, 90);
    const { waterfall } = waterfallOver(accounts, { ranking: 'pro-rata', distressed: [9] });
    expect(waterfall.deleverage(LOSER, { mark: 80 })).toBe(0);
    expect([...accounts.lots.slice(5, 9)]).toEqual([0, -30, -15, -5]);
  });

  it('spares accounts on the same side, those being liquidated, and the fund', () => {
    const accounts = crash();
    open(accounts, 9, { lots: 5, entry: 100, collateral: 1_000 });
    open(accounts, INSURANCE_FUND, { lots: -5, entry: 100, collateral: 1_000 });
    const { waterfall } = waterfallOver(accounts, { distressed: [7] });
    expect(waterfall.deleverage(LOSER, { mark: 80 })).toBe(30);
    expect([...accounts.lots.slice(5, 10)]).toEqual([30, 0, -30, 0, 5]);
    expect(accounts.lots[INSURANCE_FUND]).toBe(-5);
    // What is left is still bankrupt at 90.
    expect(accounts.ledger.balance[LOSER]).toBe(-2_700);
  });

  it('winners together give up exactly what the loser is short of', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 89 }),
        fc.constantFrom('queue' as const, 'pro-rata' as const),
        (mark, ranking) => {
          const accounts = crash();
          const before = [6, 7, 8].reduce((sum, account) => sum + accounts.equity(account, mark), 0);
          const shortfall = -accounts.equity(LOSER, mark);
          waterfallOver(accounts, { ranking }).waterfall.deleverage(LOSER, { mark });
          const after = [6, 7, 8].reduce((sum, account) => sum + accounts.equity(account, mark), 0);
          expect(before - after).toBe(shortfall);
        },
      ),
    );
  });
});

describe('a shortfall', () => {
  /** The loser sold everything at 85: flat, and short of 500. */
  function flatLoser(): Accounts {
    const accounts = crash();
    accounts.applyFill(9, LOSER, 100, 85);
    accounts.ledger.transfer(OUTSIDE, 9, 20_000);
    return accounts;
  }

  it('is covered by the fund alone while it reaches', () => {
    const accounts = flatLoser();
    const { waterfall, notes, fund } = waterfallOver(accounts, { fund: 600 });
    waterfall.coverShortfall(LOSER, 80);
    expect([accounts.ledger.balance[LOSER] + 0, fund.equity(80)]).toEqual([0, 100]);
    expect(notes.lines).toEqual([['fund paid', 500]]);
  });

  it('beyond the fund is paid by the winners in proportion to their profit', () => {
    const accounts = flatLoser();
    const { waterfall, notes, changed } = waterfallOver(accounts, { fund: 100 });
    // At 80 the shorts have won 1,200, 600 and 200; 9 has bought at 85 and lost. 400 are spread: 240, 120, 40.
    waterfall.coverShortfall(LOSER, 80);
    expect(notes.lines).toEqual([
      ['fund paid', 100],
      ['socialised', 400, 0],
    ]);
    expect([...notes.items]).toEqual([
      [`${LOSER} fund`, 100],
      [`${LOSER} others`, 400],
    ]);
    expect([6, 7, 8].map((account) => accounts.equity(account, 80))).toEqual([
      60_000 + 960,
      3_000 + 480,
      100 + 160,
    ]);
    expect(accounts.equity(9, 80)).toBe(20_000 - 500);
    expect(accounts.ledger.balance[LOSER] + 0).toBe(0);
    expect(changed).toEqual([6, 7, 8]);
  });

  it('balances to the unit; nobody pays more than its profit and its equity, and a flat account never pays', () => {
    const winner = fc.record({
      lots: fc.integer({ min: -1_000, max: 1_000 }),
      entry: fc.integer({ min: 1, max: 200 }),
      collateral: fc.integer({ min: -50_000, max: 100_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(winner, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 500_000 }),
        fc.integer({ min: 1, max: 200 }),
        fc.nat(1_000),
        (people, shortfall, mark, cash) => {
          const accounts = new Accounts(6 + people.length);
          accounts.ledger.transfer(LOSER, OUTSIDE, shortfall);
          people.forEach((person, i) => open(accounts, 6 + i, person));
          const ids = people.map((_, i) => 6 + i);
          const before = ids.map((id) => accounts.equity(id, mark));
          const able = ids.map((id) =>
            accounts.lots[id] === 0
              ? 0
              : Math.max(0, Math.min(accounts.unrealisedPnl(id, mark), accounts.equity(id, mark))),
          );
          const { waterfall, notes } = waterfallOver(accounts, { fund: cash });
          waterfall.coverShortfall(LOSER, mark);
          const paid = ids.map((id, i) => before[i] - accounts.equity(id, mark));
          paid.forEach((amount, i) => {
            expect(amount).toBeGreaterThanOrEqual(0);
            expect(amount).toBeLessThanOrEqual(able[i]);
          });
          const sum = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0);
          const wanted = Math.max(0, shortfall - cash);
          expect(sum(paid)).toBe(Math.min(wanted, sum(able)));
          expect(accounts.ledger.balance[LOSER]).toBe(-shortfall + Math.min(shortfall, cash) + sum(paid));
          expect(sum(notes.of('socialised').map(([amount]) => amount as number))).toBe(sum(paid));
          // In proportion, to the unit that rounding up takes early.
          const share = sum(able) === 0 ? 0 : sum(paid) / sum(able);
          ids.forEach((_, i) => expect(paid[i]).toBeLessThan(able[i] * share + 1 + 1e-6));
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('a loss that nobody bears stays with the account as a debt; the fund pays before, below its drawdown too', () => {
  const accounts = crash();
  accounts.applyFill(9, LOSER, 100, 85);
  accounts.ledger.transfer(OUTSIDE, 9, 20_000);
  const { waterfall, notes, fund } = waterfallOver(accounts, {
    fund: 100,
    losses: 'nobody',
    trigger: made(fundDrawdown, { contract: PLAIN }, { start: '30%' }),
  });
  // Flat and short of 500 after selling at 85.
  waterfall.coverShortfall(LOSER, 80);
  expect(notes.lines).toEqual([
    ['fund paid', 100],
    ['socialised', 0, 400],
  ]);
  expect([accounts.ledger.balance[LOSER], fund.equity(80)]).toEqual([-400, 0]);
  accounts.checkInvariants();
});

describe('a loss by open interest', () => {
  it('is borne by every position alike, winner or loser, as far as its equity reaches, and by nobody who is flat', () => {
    const accounts = crash();
    accounts.applyFill(9, LOSER, 100, 85);
    accounts.ledger.transfer(OUTSIDE, 9, 600);
    const { waterfall, notes } = waterfallOver(accounts, { losses: 'open-interest' });
    // 500 over 60 + 30 + 10 + 100 lots, 2.5 a lot: 150, 75, 25 and 250. At 80 account 9 has only 100 left: 400 over 100 lots.
    waterfall.coverShortfall(LOSER, 80);
    expect([6, 7, 8, 9].map((account) => accounts.equity(account, 80))).toEqual([
      60_000 + 1_200 - 240,
      3_000 + 600 - 120,
      100 + 200 - 40,
      0,
    ]);
    expect(notes.of('socialised')).toEqual([[500, 0]]);
    accounts.checkInvariants();
  });
});
