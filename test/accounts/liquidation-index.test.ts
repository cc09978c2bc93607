import { describe, expect, it } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { OUTSIDE } from '../../src/accounts/ledger.ts';
import { LiquidationIndex } from '../../src/accounts/liquidation-index.ts';
import { isDistressed } from '../../src/accounts/margin.ts';
import type { MarginSchedule } from '../../src/accounts/margin.ts';
import { RandomSource } from '../../src/base/random.ts';
import type { RandomStream } from '../../src/base/random.ts';
import { BINANCE_BTC, flat, XBTUSD } from '../fixtures/contracts.ts';
import { SlowLiquidationIndex } from '../oracles/liquidation-index.ts';

const COUNTERPARTY = 4;

/** Isolated position against the account that takes every other side. */
function open(
  accounts: Accounts,
  account: number,
  position: { lots: number; entry: number; collateral: number },
): void {
  accounts.ledger.transfer(OUTSIDE, account, position.collateral - position.lots * position.entry);
  accounts.ledger.transfer(OUTSIDE, COUNTERPARTY, position.lots * position.entry);
  accounts.openPosition(account, position.lots, position.entry);
  accounts.openPosition(COUNTERPARTY, -position.lots, position.entry);
}

describe('the liquidation index', () => {
  const brokenBy = (index: LiquidationIndex, mark: number): number[] => {
    const out = new Int32Array(10);
    return [...out.subarray(0, index.crossed(mark, out))];
  };
  /** Longs 5, 6, 7 with 100, 50, 100 of collateral for 10 lots at 100, and the short 8 with 100. */
  function four(): { accounts: Accounts; index: LiquidationIndex } {
    const accounts = new Accounts(9);
    const index = new LiquidationIndex(accounts, flat(0.01));
    [100, 50, 100].forEach((collateral, i) => open(accounts, 5 + i, { lots: 10, entry: 100, collateral }));
    open(accounts, 8, { lots: -10, entry: 100, collateral: 100 });
    for (let account = 5; account < 9; account++) index.update(account);
    return { accounts, index };
  }

  it('hands out whom a mark breaks, the nearest first, equally near ones in the order of their updates', () => {
    // 10·P − 950 ≤ 0.1·P from 95 on, 10·P − 900 ≤ 0.1·P from 90 on.
    const { index } = four();
    expect(brokenBy(index, 96)).toEqual([]);
    expect(brokenBy(index, 90)).toEqual([6, 5, 7]);
  });

  it('hands everybody out once', () => {
    const { index } = four();
    expect(brokenBy(index, 95)).toEqual([6]);
    expect(brokenBy(index, 95)).toEqual([]);
    expect(brokenBy(index, 80)).toEqual([5, 7]);
  });

  it('breaks shorts on the way up', () => {
    // 1100 − 10·P ≤ 0.1·P from 109 on.
    const { index } = four();
    expect(brokenBy(index, 108)).toEqual([]);
    expect(brokenBy(index, 109)).toEqual([8]);
  });

  it('follows deposits and withdrawals', () => {
    const { accounts, index } = four();
    accounts.ledger.transfer(OUTSIDE, 6, 100);
    accounts.ledger.transfer(5, OUTSIDE, 90);
    index.update(6);
    index.update(5);
    expect(brokenBy(index, 99)).toEqual([5]);
    expect(brokenBy(index, 90)).toEqual([7]);
    expect(brokenBy(index, 85)).toEqual([6]);
  });

  it('forgets who is taken out or is flat', () => {
    const { accounts, index } = four();
    index.remove(6);
    accounts.applyFill(COUNTERPARTY, 5, 10, 100);
    index.update(5);
    expect(brokenBy(index, 1)).toEqual([7]);
  });

  it('hands out longs before shorts when one mark breaks both', () => {
    const { accounts, index } = four();
    accounts.ledger.transfer(8, OUTSIDE, 95);
    accounts.ledger.transfer(6, OUTSIDE, 45);
    for (const account of [8, 6]) index.update(account);
    expect(brokenBy(index, 100)).toEqual([6, 8]);
  });
});

interface Twins {
  readonly accounts: Accounts;
  readonly fast: LiquidationIndex;
  readonly slow: SlowLiquidationIndex;
}

/** One random account event: a fill, a deposit, or a withdrawal. */
function something({ accounts, fast, slow }: Twins, mark: number, random: RandomStream): void {
  const someone = () => 5 + random.below(accounts.size - 5);
  const changed = [someone()];
  const [account] = changed;
  const size = Math.ceil(2 ** (12 * random.uniform()));
  if (random.below(3) > 0) {
    const other = someone();
    if (other === account) return;
    const price = Math.max(1, Math.round(mark * (0.99 + 0.02 * random.uniform())));
    accounts.applyFill(account, other, size, price);
    changed.push(other);
  } else {
    // From half to all of what keeps the account just alive, and sometimes more than there is.
    const notional = Math.max(1, accounts.notional(account, mark));
    const amount = Math.round((random.uniform() - 0.4) * 0.2 * notional);
    accounts.ledger.transfer(OUTSIDE, account, amount);
  }
  for (const id of changed) {
    fast.update(id);
    slow.update(id);
  }
}

/** CASCADE_TWIN_COMMANDS asks for more of them. */
const EVENTS = Number(process.env['CASCADE_TWIN_COMMANDS'] ?? 30_000);

const SCHEDULES: readonly [string, MarginSchedule][] = [
  ['one tier', flat(0.02)],
  ['Binance BTCUSDT', BINANCE_BTC],
  ['an inverse contract', flat(0.02, XBTUSD)],
];

it.each(SCHEDULES)(
  'the index and the twin that asks everybody name the same accounts in the same order under %s',
  (name, schedule) => {
    const random = new RandomSource('liquidation-index').stream(name);
    const accounts = new Accounts(205, schedule.contract);
    const twins = {
      accounts,
      fast: new LiquidationIndex(accounts, schedule),
      slow: new SlowLiquidationIndex(accounts, schedule),
    };
    const fast = new Int32Array(accounts.size);
    const slow = new Int32Array(accounts.size);
    for (let account = 5; account < accounts.size; account++) accounts.ledger.transfer(OUTSIDE, account, 1e6);
    let mark = 100_000;
    let handedOut = 0;
    for (let event = 0; event < EVENTS; event++) {
      something(twins, mark, random);
      if (event % 5 !== 0) continue;
      mark = Math.max(1_000, Math.round(mark * (1 + 0.01 * random.normal())));
      const count = twins.fast.crossed(mark, fast);
      expect(twins.slow.crossed(mark, slow)).toBe(count);
      expect(fast.subarray(0, count)).toEqual(slow.subarray(0, count));
      handedOut += count;
      for (let i = 0; i < count; i++) {
        const id = fast[i];
        const { balance } = accounts.ledger;
        if (!isDistressed(schedule, balance[id], accounts.lots[id], mark))
          throw new Error(`${id} is healthy`);
        // As the exchange would: topped up to a margin of 3 to 30 % and put back.
        const missing = Math.ceil((0.03 + 0.27 * random.uniform()) * accounts.notional(id, mark));
        accounts.ledger.transfer(OUTSIDE, id, missing - accounts.equity(id, mark));
        twins.fast.update(id);
        twins.slow.update(id);
      }
    }
    accounts.checkInvariants();
    expect(handedOut).toBeGreaterThan(500);
  },
);
