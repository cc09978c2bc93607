import { describe, expect, it } from 'vitest';
import { FEES, FIRST_TRADER, INSURANCE_FUND, OUTSIDE } from '../../src/accounts/ledger.ts';
import { MINUTE } from '../../src/base/units.ts';
import { NO_ORDER, SelfTrade, TimeInForce } from '../../src/market/order.ts';
import type { NewOrder } from '../../src/market/order.ts';
import type { PoolRules } from '../../src/market/oracle-pool.ts';
import { PoolBackedFund } from '../../src/risk/pool-losses.ts';
import type { Fill } from '../../src/world/exchange.ts';
import { PoolExchange } from '../../src/world/pool-exchange.ts';
import { flat, PLAIN } from '../fixtures/contracts.ts';
import { FREE } from '../risk/made-up-pool.ts';
import { Notes } from '../risk/made-up-risk.ts';

const ANN = FIRST_TRADER;
const BEN = FIRST_TRADER + 1;

/** A pool at 100 with two traders of 10,000 each. */
function table(rules: Partial<PoolRules> = {}, schedule = flat(0.01)) {
  const fills: Fill[] = [];
  const refusals: (string | number)[][] = [];
  const oracle = { age: 0 };
  const exchange = new PoolExchange(
    {
      contract: PLAIN,
      schedule,
      accounts: FIRST_TRADER + 3,
      rules: { ...FREE, ...rules },
      onFill: (fill) => fills.push({ ...fill }),
      onBook: () => undefined,
      isDistressed: () => false,
      oracleAge: () => oracle.age,
      onRefused: (...refusal) => refusals.push(refusal),
    },
    100,
  );
  for (const trader of [ANN, BEN]) exchange.accounts.ledger.transfer(OUTSIDE, trader, 10_000);
  exchange.pool.open(100);
  exchange.statement.begin(100);
  const order = (more: Partial<NewOrder>): NewOrder => ({
    owner: ANN,
    side: 1,
    lots: 10,
    limit: 1_000,
    timeInForce: TimeInForce.IOC,
    postOnly: false,
    reduceOnly: false,
    selfTrade: SelfTrade.CANCEL_MAKER,
    tag: 0,
    ...more,
  });
  return { exchange, fills, refusals, oracle, order };
}

describe('the exchange of a pool', () => {
  it('trades a market order with the pool at the mark of its side', () => {
    const { exchange, fills, order } = table();
    exchange.setMark(100, 99, 101);
    expect(exchange.enter(order({}))).toBe(NO_ORDER);
    const { account } = exchange.pool;
    expect(fills).toEqual([{ price: 101, lots: 10, makerSide: -1, maker: account, taker: ANN }]);
    expect(exchange.accounts.lots[account]).toBe(-10);
  });
  it('refuses resting orders and says why', () => {
    const { exchange, refusals, order } = table();
    expect(exchange.enter(order({ timeInForce: TimeInForce.GTC, postOnly: true }))).toBe(NO_ORDER);
    expect(refusals).toEqual([[ANN, 10, 'resting-order']]);
    expect(exchange.statement.refused).toBe(0);
  });
  it('refuses to trade once the oracle is older than five minutes, and counts what it refused', () => {
    const { exchange, refusals, oracle, order } = table();
    oracle.age = 5 * MINUTE;
    exchange.enter(order({}));
    oracle.age = 5 * MINUTE + 1;
    exchange.enter(order({ lots: 7 }));
    expect(refusals).toEqual([[ANN, 7, 'stale-price']]);
    expect(exchange.statement.refused).toBe(700);
    expect(exchange.accounts.lots[ANN]).toBe(10);
  });
  it('c.2: asks more margin for a new position the larger its own side already is', () => {
    // A factor of one thousandth of the side's open interest: 50 % at 500, never below 1 %.
    const schedule = {
      ...flat(0.01),
      maxLeverage: ({ openInterest }: { openInterest: number }) => 1 / Math.max(0.01, openInterest / 1000),
    };
    const { exchange, refusals, order } = table({}, schedule);
    exchange.isMargined[BEN] = 1;
    exchange.enter(order({ lots: 5 }));
    // 10,000 of equity: half of 25,000 is too much, half of 20,000 is not; shorts are asked 1 %.
    exchange.enter(order({ owner: BEN, lots: 250 }));
    exchange.enter(order({ owner: BEN, lots: 200 }));
    expect(refusals).toEqual([[BEN, 250, 'too-little-margin']]);
    exchange.enter(order({ owner: BEN, side: -1, lots: 450, limit: 1 }));
    expect(exchange.accounts.lots[BEN]).toBe(-250);
  });
  it('shows one price a side, as deep as the caps leave room', () => {
    const { exchange, order } = table({ maxOpenInterest: 3_000 });
    exchange.setMark(100, 99, 101);
    exchange.enter(order({ lots: 20 }));
    const { view } = exchange;
    expect([view.bestBid(), view.bestAsk(), view.lastTrade()]).toEqual([99, 101, 100]);
    // 3,000 − 2,020 left for longs at 101; 3,000 for shorts at 99.
    expect([view.lotsAt(-1, 101), view.lotsAt(1, 99)]).toEqual([9, 30]);
    expect(view.nextLevel(1, 99)).toBe(NaN);
  });
  it('puts no band on a liquidation, which closes at the mark whatever it is', () => {
    const { exchange, order } = table();
    exchange.enter(order({ lots: 50 }));
    exchange.setMark(40);
    const closing = {
      side: -1,
      lots: 50,
      timeInForce: TimeInForce.IOC,
      limit: exchange.bandLimit(-1),
    } as const;
    expect(exchange.trade(ANN, closing)).toEqual({ lots: 50, value: 2_000 });
    expect(exchange.averagePrice(1, 10)).toBe(40);
  });
});

describe('the providers', () => {
  it('earn what the traders lose, in all and against holding what they held', () => {
    const { exchange, order } = table();
    exchange.enter(order({ lots: 50 }));
    exchange.setMark(90);
    exchange.enter(order({ lots: 50, side: -1, limit: 1 }));
    // 500 from the trader; the 5,000 lots of asset in the pool lost 10 each.
    expect(exchange.statement.profit(90)).toBe(500 - 50_000);
    expect(exchange.statement.againstHolding(90)).toBe(500);
  });
  it('bear what a closed account lacks; a fee of 0.2 % goes to them by 63 %', () => {
    const { exchange, order } = table();
    const fund = new PoolBackedFund(exchange.accounts, new Notes(), exchange);
    exchange.accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, 1_000);
    exchange.enter(order({ lots: 200 }));
    exchange.setMark(45);
    exchange.enter(order({ lots: 200, side: -1, limit: 1 }));
    const { balance } = exchange.accounts.ledger;
    expect(balance[ANN]).toBe(-1_000);
    expect(fund.cover(ANN, 1_000)).toBe(0);
    expect([balance[ANN], balance[INSURANCE_FUND], exchange.statement.insolvency]).toEqual([0, 1_000, 1_000]);
    expect(exchange.statement.againstHolding(45)).toBe(10_000);
    fund.receive(BEN, 200);
    expect([balance[FEES], exchange.statement.againstHolding(45)]).toEqual([74, 10_126]);
  });
  it('d.5, V1 state 1: keep the collateral of a forfeited account and pay a fixed fee for the report', () => {
    const { exchange, order } = table({ keeperFee: 5 });
    const fund = new PoolBackedFund(exchange.accounts, new Notes(), exchange);
    exchange.enter(order({ lots: 200 }));
    exchange.setMark(51);
    // 10,000 − 200 · 49 = 200 of collateral is left.
    fund.takeOver({ account: ANN, lots: 200, price: 'bankruptcy' }, 51);
    expect([exchange.accounts.lots[ANN], exchange.accounts.ledger.balance[ANN]]).toEqual([0, 0]);
    expect(exchange.statement.againstHolding(51)).toBe(9_800 + 200 - 5);
    expect([exchange.statement.keeperFees, exchange.statement.insolvency]).toEqual([5, 0]);
  });
});
