import { describe, expect, it } from 'vitest';
import { FEES, OUTSIDE } from '../../src/accounts/ledger.ts';
import { bankruptcyPrice, triggerPrice } from '../../src/accounts/margin.ts';
import { contractFrom } from '../../src/market/contract.ts';
import { TimeInForce } from '../../src/market/order.ts';
import { RejectReason } from '../../src/market/reports.ts';
import { BTC, flat, PLAIN } from '../fixtures/contracts.ts';
import { MiniWorld, Puppet, TOM, UMA, VIC } from './mini-world.ts';

/** Taker 0.1 %, maker 0.02 %. */
const CHARGED = contractFrom({ ...PLAIN, takerFee: 0.001, makerFee: 0.0002, marketBand: 0.1 });
const REBATED = contractFrom({ ...PLAIN, takerFee: 0.001, makerFee: -0.0002, marketBand: 0.1 });

function world(contract = CHARGED, margined = true): { mini: MiniWorld; ANN: number } {
  const population = new Puppet({ size: 1, margined });
  const mini = new MiniWorld({
    contract,
    price: 1_000,
    schedule: flat(0.01, contract),
    seated: [{ population }],
  });
  return { mini, ANN: mini.firstAccounts[0] };
}

describe('an order of a margined account', () => {
  /** 1 % of maintenance margin, a leverage of 100, no fees; 1,000 of equity carry 100 lots at 1,000. */
  function withEquity(equity: number, margined = true): { mini: MiniWorld; ANN: number } {
    const { mini, ANN } = world(PLAIN, margined);
    const { ledger } = mini.exchange.accounts;
    ledger.transfer(ANN, OUTSIDE, ledger.balance[ANN] - equity);
    mini.makeBook(1_000);
    return { mini, ANN };
  }
  const reason = (mini: MiniWorld): unknown => mini.exchange.book.reports.reason(0);

  it('that would increase its position beyond its initial margin is rejected with the reason', () => {
    const { mini, ANN } = withEquity(1_000);
    mini.place(ANN, 1, 101, 1_001, { ioc: true });
    expect([mini.exchange.accounts.lots[ANN], reason(mini)]).toEqual([0, RejectReason.TOO_LITTLE_MARGIN]);
    mini.place(ANN, 1, 100, 1_001, { ioc: true });
    expect(mini.exchange.accounts.lots[ANN]).toBe(100);
    mini.place(ANN, 1, 1, 1_001, { ioc: true });
    expect(reason(mini)).toBe(RejectReason.TOO_LITTLE_MARGIN);
  });

  it('may always reduce, and turn as far as the other side is covered', () => {
    const { mini, ANN } = withEquity(1_000);
    mini.place(ANN, 1, 100, 1_001, { ioc: true });
    mini.setIndex(991);
    mini.place(ANN, -1, 150, 999, { ioc: true });
    expect(reason(mini)).toBe(RejectReason.TOO_LITTLE_MARGIN);
    mini.place(ANN, -1, 100, 999, { ioc: true });
    expect(mini.exchange.accounts.lots[ANN]).toBe(0);
    mini.place(ANN, -1, 1, 1_000, { ioc: true, reduceOnly: true });
    expect(reason(mini)).toBe(RejectReason.NOTHING_TO_REDUCE);
  });

  it('is not asked for when the account is not margined', () => {
    const { mini, ANN } = withEquity(0, false);
    mini.place(ANN, 1, 500, 1_001, { ioc: true });
    expect(mini.exchange.accounts.lots[ANN]).toBe(500);
  });
});

describe('a fill', () => {
  it('moves lots at the resting price, and each side pays its own fee', () => {
    const { mini } = world();
    const { accounts } = mini.exchange;
    mini.place(TOM, 1, 20, 1_000);
    mini.place(UMA, -1, 12, 990, { ioc: true });
    expect(mini.fills).toMatchObject([{ maker: TOM, taker: UMA, makerSide: 1, lots: 12, price: 1_000 }]);
    expect([accounts.lots[TOM], accounts.lots[UMA], accounts.openInterest]).toEqual([12, -12, 12]);
    // 12,000 · 0.02 % = 2.4 and 12,000 · 0.1 % = 12, rounded up.
    expect(accounts.wallet(TOM)).toBe(1e14 - 3);
    expect(accounts.wallet(UMA)).toBe(1e14 - 12);
    expect(accounts.ledger.balance[FEES]).toBe(15);
    accounts.checkInvariants();
  });

  it('charges the buyer when the buyer takes', () => {
    const { mini } = world();
    const { accounts } = mini.exchange;
    mini.place(TOM, -1, 10, 1_000);
    mini.place(UMA, 1, 10, 1_050);
    expect([accounts.wallet(TOM), accounts.wallet(UMA)]).toEqual([1e14 - 2, 1e14 - 10]);
  });

  it('pays a rebate to the maker, rounded down', () => {
    const { mini } = world(REBATED);
    const { accounts } = mini.exchange;
    mini.place(TOM, -1, 12, 1_000);
    mini.place(UMA, 1, 12, 1_000);
    expect([accounts.wallet(TOM), accounts.ledger.balance[FEES]]).toEqual([1e14 + 2, 10]);
  });

  it('of many levels charges each one', () => {
    const { mini } = world();
    for (const price of [1_001, 1_002, 1_003]) mini.place(TOM, -1, 1, price);
    mini.place(UMA, 1, 3, 1_003);
    // Three times 1.001 … 1.003, rounded up.
    expect(mini.exchange.accounts.wallet(UMA)).toBe(1e14 - 6);
  });

  it('puts a margined account where its new margin gives out, and leaves the others out', () => {
    const { mini, ANN } = world();
    const { accounts, index } = mini.exchange;
    accounts.ledger.transfer(ANN, OUTSIDE, accounts.ledger.balance[ANN] - 1_000);
    mini.place(TOM, -1, 10, 1_000);
    mini.place(ANN, 1, 10, 1_000, { ioc: true });
    const trigger = triggerPrice(flat(0.01, CHARGED), accounts.ledger.balance[ANN], 10);
    // 10 from 1,000 with 990 after the fee.
    expect(bankruptcyPrice(accounts.ledger.balance[ANN], 10)).toBe(901);
    const out = new Int32Array(20);
    expect(index.crossed(trigger + 1, out)).toBe(0);
    expect(index.crossed(1, out)).toBe(1);
    expect(out[0]).toBe(ANN);
  });

  it('keeps an account that is being liquidated out of the liquidation index', () => {
    const { mini, ANN } = world();
    mini.distressed.add(ANN);
    mini.place(TOM, -1, 10, 1_000);
    mini.place(ANN, 1, 10, 1_000, { ioc: true });
    expect(mini.exchange.index.crossed(1, new Int32Array(20))).toBe(0);
    expect(mini.exchange.mayTrade(ANN)).toBe(false);
    mini.distressed.delete(ANN);
    mini.exchange.changed(ANN);
    expect(mini.exchange.mayTrade(ANN)).toBe(true);
  });
});

describe('orders', () => {
  it('that reduce only never turn a position', () => {
    const { mini } = world();
    const { accounts } = mini.exchange;
    mini.place(TOM, -1, 100, 1_000);
    mini.place(UMA, 1, 10, 1_000);
    mini.place(VIC, 1, 50, 999);
    mini.place(UMA, -1, 40, 999, { ioc: true, reduceOnly: true });
    expect([accounts.lots[UMA], accounts.lots[VIC]]).toEqual([0, 10]);
  });

  it('of forced traders go through the same book; the report adds up several levels', () => {
    const { mini } = world();
    mini.place(TOM, 1, 3, 1_000);
    mini.place(TOM, 1, 5, 990);
    const filled = mini.exchange.trade(VIC, { side: -1, lots: 6, limit: 985, timeInForce: TimeInForce.IOC });
    expect(filled).toEqual({ lots: 6, value: 3 * 1_000 + 3 * 990 });
    expect(mini.exchange.trade(VIC, { side: -1, lots: 6, limit: 985, timeInForce: TimeInForce.FOK })).toEqual(
      { lots: 0, value: 0 },
    );
    expect(mini.exchange.book.lotsAt(1, 990)).toBe(2);
  });

  it('at market go as far as the band round the mark lets them', () => {
    const { mini } = world();
    expect([mini.exchange.bandLimit(1), mini.exchange.bandLimit(-1)]).toEqual([1_100, 900]);
    mini.place(TOM, 1, 5, 900);
    mini.place(TOM, 1, 5, 899);
    expect(mini.exchange.tradeAtMarket(VIC, -1, 10)).toBe(5);
    mini.setIndex(999);
    // 10 % of 999 is 99.9: within it 899.1 … 1,098.9.
    expect([mini.exchange.bandLimit(1), mini.exchange.bandLimit(-1)]).toEqual([1_098, 900]);
  });

  it('the average price of a market order is that of the levels it would take, NaN beyond the book', () => {
    const { mini } = world();
    mini.place(TOM, 1, 3, 1_000);
    mini.place(TOM, 1, 5, 990);
    expect(mini.exchange.averagePrice(-1, 6)).toBe((3_000 + 2_970) / 6);
    expect(mini.exchange.averagePrice(-1, 9)).toBeNaN();
    expect(mini.exchange.averagePrice(1, 1)).toBeNaN();
  });

  it('of an account are taken away together with its stops', () => {
    const { mini, ANN } = world();
    mini.place(ANN, 1, 3, 900);
    mini.place(ANN, -1, 3, 1_100);
    mini.exchange.stops[0].set(ANN, 950);
    mini.exchange.cancelOrders(ANN);
    expect([mini.exchange.book.bestBid(), mini.exchange.book.bestAsk()]).toEqual([NaN, NaN]);
    expect(mini.exchange.stops[0].has(ANN)).toBe(false);
  });

  it('never lose money or lots', () => {
    const { mini } = world(BTC);
    for (let i = 0; i < 2_000; i++) {
      mini.place(4 + (i % 5), i % 3 === 0 ? 1 : -1, 1 + ((i * 7) % 13), 990 + ((i * 31) % 23), {
        ioc: i % 2 === 0,
      });
    }
    mini.exchange.accounts.checkInvariants();
    expect(mini.fills.length).toBeGreaterThan(100);
  });
});
