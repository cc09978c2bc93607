import { describe, expect, test } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { ChangeableSchedule, scaledSchedule } from '../../src/accounts/changeable-margin.ts';
import { OUTSIDE } from '../../src/accounts/ledger.ts';
import { LiquidationIndex } from '../../src/accounts/liquidation-index.ts';
import { isDistressed, maintenanceMargin, RATE_MAX } from '../../src/accounts/margin.ts';
import type { MarginSchedule } from '../../src/accounts/margin.ts';
import { RandomSource } from '../../src/base/random.ts';
import { PPM } from '../../src/base/units.ts';
import { BINANCE_BTC, flat, XBTUSD } from '../fixtures/contracts.ts';
import { SlowLiquidationIndex } from '../oracles/liquidation-index.ts';

describe('a schedule at other rates', () => {
  test('has maintenance rates and leverages times their factors', () => {
    const twice = scaledSchedule(BINANCE_BTC, { maintenance: 2, leverage: 0.5 });
    expect(twice.rate[0]).toBe(2 * BINANCE_BTC.rate[0]);
    expect(twice.cap).toEqual(BINANCE_BTC.cap);
    const small = { lots: 1, notional: 1_000, openInterest: 0 };
    expect(twice.maxLeverage(small)).toBe(BINANCE_BTC.maxLeverage(small) / 2);
  });

  test.each([0.5, 1, 1.37, 3])(
    'times %f has a margin that is continuous from tier to tier',
    (maintenance) => {
      const { cap, rate, deduction } = scaledSchedule(BINANCE_BTC, { maintenance, leverage: 1 });
      for (let k = 1; k < cap.length; k++) {
        const [below, above] = [k - 1, k].map((tier) => (cap[k - 1] * rate[tier]) / PPM - deduction[tier]);
        // Deductions are whole units of money.
        expect(Math.abs(below - above)).toBeLessThanOrEqual(0.5);
      }
    },
  );

  test('never asks for more than the whole position', () => {
    const { rate } = scaledSchedule(BINANCE_BTC, { maintenance: 1_000, leverage: 1 });
    expect(Math.max(...rate)).toBe(RATE_MAX);
  });

  test('where the whole position takes one rate, the rate for each lot grows too', () => {
    const bySize: MarginSchedule = { ...flat(0.01), bySize: true, ratePerLot: 3 };
    const twice = scaledSchedule(bySize, { maintenance: 2, leverage: 1 });
    expect(maintenanceMargin(twice, 10_000, 100)).toBe(2 * maintenanceMargin(bySize, 10_000, 100));
  });
});

const SCHEDULES: readonly [string, MarginSchedule][] = [
  ['one tier', flat(0.01)],
  ['Binance BTCUSDT', BINANCE_BTC],
  ['an inverse contract', flat(0.01, XBTUSD)],
  ['a rate that grows with the size', { ...flat(0.01), bySize: true, ratePerLot: 2 }],
];

test.each(SCHEDULES)(
  'after a change the index names whom a mark breaks at the new rates, and nobody else: %s',
  (name, published) => {
    const random = new RandomSource('changeable-margin').stream(name);
    const schedule = new ChangeableSchedule(published);
    const accounts = new Accounts(305, schedule.contract);
    const index = new LiquidationIndex(accounts, schedule);
    const slow = new SlowLiquidationIndex(accounts, schedule);
    let mark = 100_000;
    for (let account = 5; account < accounts.size; account++) {
      const lots = 1 + random.below(2_000);
      if (account % 2 === 0) accounts.applyFill(account, 4, lots, mark);
      else accounts.applyFill(4, account, lots, mark);
      const collateral = Math.ceil((0.01 + 0.3 * random.uniform()) * accounts.notional(account, mark));
      accounts.ledger.transfer(OUTSIDE, account, collateral);
      index.update(account);
      slow.update(account);
    }
    const [fastOut, slowOut] = [new Int32Array(305), new Int32Array(305)];
    const watched = new Set(Array.from({ length: 300 }, (_, i) => 5 + i));
    let handedOut = 0;
    let now = published;
    for (let change = 0; change < 40; change++) {
      now = scaledSchedule(now, { maintenance: 0.6 + random.uniform(), leverage: 1 });
      schedule.change(now);
      index.renewSchedule();
      for (const account of watched) {
        index.update(account);
        slow.update(account);
      }
      mark = Math.round(mark * (1 + 0.02 * random.normal()));
      const broken = [...watched].filter((account) =>
        isDistressed(now, accounts.ledger.balance[account], accounts.lots[account], mark),
      );
      const count = index.crossed(mark, fastOut);
      expect(slow.crossed(mark, slowOut)).toBe(count);
      expect(fastOut.subarray(0, count)).toEqual(slowOut.subarray(0, count));
      expect([...fastOut.subarray(0, count)].sort((a, b) => a - b)).toEqual(broken);
      for (const account of broken) watched.delete(account);
      handedOut += count;
    }
    expect(handedOut).toBeGreaterThan(30);
  },
);
