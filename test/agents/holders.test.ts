import { describe, expect, it } from 'vitest';
import { hedgedHolder } from '../../src/agents/hedged-holder.ts';
import { leveragedHolder } from '../../src/agents/leveraged-holder.ts';
import { isDistressed } from '../../src/accounts/margin.ts';
import { SECOND } from '../../src/base/units.ts';
import { moneyFromQuote } from '../../src/market/contract.ts';
import { BINANCE_BTC, BTC } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { constantly, MiniWorld } from '../world/mini-world.ts';

const PRICE = 1_000_000;
const PARTS = { contract: BTC, startPrice: PRICE };

/** A world of leveraged holders with these parameters, and hedged ones for the rest. */
function worldOf(written: Record<string, unknown>, hedged: Record<string, unknown> = {}, orderLatency = 0) {
  const mini = new MiniWorld({
    contract: BTC,
    price: PRICE,
    seated: [
      { population: made(leveragedHolder, PARTS, written), orderLatency: constantly(orderLatency) },
      { population: made(hedgedHolder, PARTS, hedged) },
    ],
  });
  const { accounts } = mini.exchange;
  const [first, firstHedged] = mini.firstAccounts;
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  return {
    ...{ mini, accounts, first },
    holders: range(first, firstHedged),
    hedgers: range(firstHedged, accounts.size),
    /** Collateral of an account that has not traded yet. */
    collateral: (account: number) => accounts.wallet(account),
    entry: (account: number) => accounts.entryValue[account] / accounts.lots[account],
  };
}
const quantile = (values: number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(q * values.length)];

describe.each(['long', 'short'] as const)('leveraged holders, %s', (side) => {
  const sign = side === 'long' ? 1 : -1;
  const world = worldOf({
    longShare: side === 'long' ? 1 : 0,
    count: 4_000,
    openInterest: '600M',
    largestShare: '0.5%',
  });
  const { accounts, holders, hedgers } = world;
  const open = holders.filter((account) => accounts.lots[account] !== 0);

  it('hold the open interest that was asked for, to the rounding of a lot each', () => {
    const lots = holders.reduce((sum, account) => sum + Math.abs(accounts.lots[account]), 0);
    const wanted = moneyFromQuote(BTC, 600e6) / PRICE;
    expect(Math.abs(lots - wanted)).toBeLessThanOrEqual(holders.length / 2);
    expect(Math.abs(lots / wanted - 1)).toBeLessThan(0.001);
  });

  it('are all on their side, none larger than its largest share', () => {
    const largest = (0.005 * moneyFromQuote(BTC, 600e6)) / PRICE;
    for (const account of open) {
      expect(Math.sign(accounts.lots[account])).toBe(sign);
      expect(Math.abs(accounts.lots[account])).toBeLessThanOrEqual(Math.ceil(largest));
    }
    expect(Math.max(...open.map((account) => Math.abs(accounts.lots[account])))).toBeGreaterThan(
      0.9 * largest,
    );
  });

  it('are balanced by hedged ones to the lot', () => {
    accounts.checkInvariants();
    const hedged = hedgers.reduce((sum, account) => sum + accounts.lots[account], 0);
    expect(hedged).toBe(-holders.reduce((sum, account) => sum + accounts.lots[account], 0));
    expect(accounts.openInterest).toBe(Math.abs(hedged));
  });

  it('do not break at the start, and nor do the hedged', () => {
    for (const account of [...open, ...hedgers]) {
      if (accounts.lots[account] === 0) continue;
      expect(isDistressed(BINANCE_BTC, accounts.ledger.balance[account], accounts.lots[account], PRICE)).toBe(
        false,
      );
    }
  });

  it('are levered within what the tier of their position allows', () => {
    for (const account of open) {
      const leverage = Math.abs(accounts.entryValue[account]) / world.collateral(account);
      expect(leverage).toBeLessThanOrEqual(
        BINANCE_BTC.maxLeverage({
          notional: Math.abs(accounts.lots[account]) * PRICE,
          lots: 1,
          openInterest: 0,
        }) *
          (1 + 1e-9),
      );
      expect(leverage).toBeLessThanOrEqual(100);
    }
  });

  it('have the leverage that was asked for: median 8, a sixth of them below 8·e^−0.9', () => {
    const leverages = open.map(
      (account) => Math.abs(accounts.entryValue[account]) / world.collateral(account),
    );
    // Truncation to [1, 100] moves the quantiles by less than a percent; the standard error of the median of 4,000 is 1.8 %.
    expect(Math.abs(quantile(leverages, 0.5) / 8 - 1)).toBeLessThan(0.1);
    expect(Math.abs(quantile(leverages, 0.1587) / (8 * Math.exp(-0.9)) - 1)).toBeLessThan(0.15);
  });

  it('entered round the price at the start', () => {
    const entries = open.map((account) => world.entry(account) / PRICE - 1);
    expect(Math.abs(quantile(entries, 0.5))).toBeLessThan(0.005);
    expect(Math.max(...entries.map(Math.abs))).toBeLessThanOrEqual(0.3);
  });
});

it('leveraged holders of both sides split accounts and open interest by the share of the longs', () => {
  const { accounts, holders } = worldOf({ longShare: '80%', count: 1_000, openInterest: '500M' });
  const sum = (of: number[]) => of.reduce((total, account) => total + accounts.lots[account], 0);
  const total = moneyFromQuote(BTC, 500e6) / PRICE;
  expect(Math.abs(sum(holders.slice(0, 800)) - 0.8 * total)).toBeLessThanOrEqual(400);
  expect(Math.abs(sum(holders.slice(800)) + 0.2 * total)).toBeLessThanOrEqual(100);
  expect(Math.min(...holders.slice(0, 800).map((account) => accounts.lots[account]))).toBeGreaterThanOrEqual(
    0,
  );
});

describe('a holder with a stop', () => {
  const stopped = (side: 'long' | 'short', more = {}) =>
    worldOf(
      {
        ...{
          longShare: side === 'long' ? 1 : 0,
          count: 50,
          openInterest: '1M',
          stopLoss: 1,
          stopDistance: 0.05,
        },
        ...{ leverage: 2, size: 1, largestShare: 1, ...more },
      },
      { count: 5 },
      20_000,
    );

  it('has it below its position when long and above when short', () => {
    for (const [side, price] of [
      ['long', 950_000],
      ['short', 1_050_000],
    ] as const) {
      const { mini, holders } = stopped(side);
      mini.start();
      const stops = mini.exchange.stops[side === 'long' ? 0 : 1];
      for (const account of holders) expect(stops.priceOf(account)).toBe(price);
      expect(mini.exchange.stops[side === 'long' ? 1 : 0].count).toBe(0);
    }
  });

  it('has a take-profit on the other side, if it has one, and stops as they were drawn without', () => {
    for (const [side, price] of [
      ['long', 1_080_000],
      ['short', 920_000],
    ] as const) {
      const { mini, holders } = stopped(side, { takeProfit: 1, takeProfitDistance: 0.08, stopLoss: '50%' });
      mini.start();
      const [stops, profits] = side === 'long' ? [0, 1] : [1, 0];
      for (const account of holders) expect(mini.exchange.stops[profits].priceOf(account)).toBe(price);
      const without = stopped(side, { stopLoss: '50%' });
      without.mini.start();
      for (const account of holders)
        expect(mini.exchange.stops[stops].priceOf(account)).toEqual(
          without.mini.exchange.stops[stops].priceOf(account),
        );
    }
  });

  it('closes the whole position at market when it is reached, one order latency later, and not more', () => {
    const { mini, accounts, holders, first } = stopped('long');
    mini.start();
    mini.makeBook(PRICE);
    mini.run(SECOND);
    const lots = accounts.lots[first];
    expect(lots).toBe(200);
    mini.desks[0].onStop(0);
    mini.run(SECOND + 19_999);
    expect(accounts.lots[first]).toBe(lots);
    mini.run(2 * SECOND);
    expect(accounts.lots[first]).toBe(0);
    expect(mini.fills).toMatchObject([{ taker: first, lots, makerSide: 1, price: PRICE - 1 }]);
    // A second alarm finds nothing to close.
    mini.desks[0].onStop(0);
    mini.run(3 * SECOND);
    expect([mini.fills.length, accounts.lots[first]]).toEqual([1, 0]);
    expect(accounts.lots[holders[1]]).toBe(lots);
  });

  it('is as likely as was asked for', () => {
    const { mini, holders } = stopped('long', { count: 4_000, openInterest: '100M', stopLoss: '20%' });
    mini.start();
    // Four standard errors of a share of 20 % of 4,000: 2.5 %.
    expect(Math.abs(mini.exchange.stops[0].count / holders.length - 0.2)).toBeLessThan(0.025);
  });
});

describe('hedged holders', () => {
  it('are barely levered: position over equity as asked for, whatever their entry', () => {
    const { accounts, hedgers } = worldOf({ count: 200 }, { count: 1_000, leverage: 0.5 });
    for (const account of hedgers) {
      const lots = accounts.lots[account];
      if (lots === 0) continue;
      const leverage = (Math.abs(lots) * PRICE) / accounts.equity(account, PRICE);
      expect(leverage).toBeLessThanOrEqual(0.5 * (1 + 1e-9));
    }
  });

  it('open nothing when longs equal shorts', () => {
    const mini = new MiniWorld({
      contract: BTC,
      price: PRICE,
      seated: [{ population: made(hedgedHolder, PARTS) }],
    });
    expect(mini.exchange.accounts.openInterest).toBe(0);
  });
});
