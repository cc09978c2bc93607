import { describe, expect, it } from 'vitest';
import { FEES } from '../../src/accounts/ledger.ts';
import type { Desk } from '../../src/agents/agent.ts';
import { MILLISECOND, SECOND } from '../../src/base/units.ts';
import { BTC, PLAIN } from '../fixtures/contracts.ts';
import { constantly, MiniWorld, Puppet, TOM, UMA, VIC } from './mini-world.ts';
import type { Seated } from './mini-world.ts';

const MS = MILLISECOND;

function stage(o: Partial<Seated> & { contract?: typeof PLAIN; puppet?: Puppet } = {}) {
  const { contract = PLAIN, puppet = new Puppet(), ...seated } = o;
  const mini = new MiniWorld({ contract, price: 1_000, seated: [{ population: puppet, ...seated }] });
  mini.start();
  const [desk] = mini.desks;
  return {
    ...{ mini, puppet, desk, ANN: mini.firstAccounts[0], BEN: mini.firstAccounts[0] + 1 },
    /** The member acts at a time. */
    act(time: number, member: number, action: (desk: Desk) => void): void {
      mini.at(time, () => {
        puppet.onWake = (_member, at) => action(at);
        desk.wakeAt(member, mini.kernel.now);
      });
    },
  };
}

describe('what a population sees', () => {
  it('is one data latency old', () => {
    const { mini, act } = stage({ dataLatency: 50 * MS });
    const seen: number[] = [];
    mini.at(100 * MS, () => mini.setIndex(2_000));
    for (const time of [100, 149, 150, 200]) act(time * MS, 0, (desk) => seen.push(desk.seen.index));
    mini.run(SECOND);
    expect(seen).toEqual([1_000, 1_000, 2_000, 2_000]);
  });

  it('is the whole market: touch, last trade, index and mark', () => {
    const { mini, act } = stage();
    let seen: unknown;
    mini.makeBook(1_000, { spread: 3 });
    mini.place(TOM, 1, 5, 1_003);
    mini.setIndex(1_001.4);
    act(MS, 0, (desk) => (seen = { ...desk.seen }));
    mini.run(SECOND);
    expect(seen).toEqual({ bid: 997, ask: 1_003, last: 1_003, index: 1_001.4, mark: 1_001 });
  });

  it('of itself is what is: position, cash and resting orders', () => {
    const { mini, act } = stage({ dataLatency: SECOND, contract: BTC });
    mini.makeBook(1_000);
    const seen: number[][] = [];
    act(MS, 0, (desk) => desk.take(0, { side: 1, lots: 5_000, limit: 1_010, reduceOnly: false }));
    act(2 * MS, 0, (desk) => seen.push([desk.lots(0), desk.cashFlow(0), desk.lots(1), desk.cashFlow(1)]));
    mini.run(SECOND);
    // 5,000 at 1,001 and a fee of 0.05 %: 2,502.5, rounded up.
    expect(seen).toEqual([[5_000, -5_005_000 - 2_503, 0, 0]]);
  });
});

describe('what a population sends', () => {
  it('arrives one order latency later', () => {
    const { mini, act } = stage({ orderLatency: constantly(30 * MS) });
    act(10 * MS, 0, (desk) => desk.quote(0, 0, { side: 1, lots: 5, price: 990 }));
    mini.run(40 * MS - 1);
    expect(mini.exchange.book.bestBid()).toBeNaN();
    mini.run(40 * MS);
    expect(mini.exchange.book.bestBid()).toBe(990);
  });

  it('travels together when it was sent at one waking: one event', () => {
    const { mini, act } = stage({ orderLatency: constantly(30 * MS) });
    act(10 * MS, 0, (desk) => {
      for (let slot = 0; slot < 4; slot++) desk.quote(0, slot, { side: 1, lots: 5, price: 990 - slot });
      desk.quote(1, 0, { side: -1, lots: 5, price: 1_010 });
    });
    mini.run(40 * MS - 1);
    const before = mini.kernel.processed;
    mini.run(SECOND);
    expect(mini.kernel.processed - before).toBe(1);
    expect(mini.exchange.book.bestAsk()).toBe(1_010);
  });

  it('is nothing when nothing was decided: no event', () => {
    const { mini, act } = stage();
    act(10 * MS, 0, () => undefined);
    mini.run(SECOND);
    expect(mini.kernel.processed).toBe(2);
  });

  it('never overtakes what it sent before, though the latency varies', () => {
    const { mini, act } = stage({ orderLatency: { kind: 'uniform', from: 0, to: 200 * MS } });
    mini.makeBook(1_000);
    for (let i = 1; i <= 300; i++)
      act(i * MS, i % 2, (desk) => desk.take(i % 2, { side: 1, lots: i, limit: 1_001, reduceOnly: false }));
    mini.run(SECOND);
    expect(mini.fills.map(({ lots }) => lots)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    const times = mini.fills.map(({ time }) => time);
    mini.fills.forEach(({ time, lots }) => expect(time).toBeGreaterThanOrEqual(lots * MS));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('waits in any number', () => {
    const { mini, act } = stage({ orderLatency: constantly(100 * MS) });
    mini.makeBook(1_000);
    for (let i = 1; i <= 90; i++) {
      act(i * MS, 0, (desk) => {
        for (let n = 0; n < i; n++) desk.take(0, { side: 1, lots: 1, limit: 1_001, reduceOnly: false });
      });
    }
    mini.run(SECOND);
    expect(mini.fills).toHaveLength((90 * 91) / 2);
  });
});

describe('a quote', () => {
  const quote = (lots: number, price: number) => (desk: Desk) => desk.quote(0, 0, { side: 1, lots, price });

  it('rests in its slot, and is replaced by the next one there', () => {
    const { mini, act, desk } = stage();
    act(MS, 0, quote(5, 990));
    act(2 * MS, 0, quote(7, 991));
    mini.run(1.5 * MS);
    expect([desk.restingLots(0, 0), desk.restingPrice(0, 0)]).toEqual([5, 990]);
    mini.run(SECOND);
    expect([desk.restingLots(0, 0), desk.restingPrice(0, 0)]).toEqual([7, 991]);
    expect(mini.exchange.book.lotsAt(1, 990)).toBe(0);
    expect([desk.restingLots(0, 1), desk.restingLots(1, 0)]).toEqual([0, 0]);
  });

  it('of no lots takes the one there away', () => {
    const { mini, act, desk } = stage();
    act(MS, 0, quote(5, 990));
    act(2 * MS, 0, quote(0, 990));
    mini.run(SECOND);
    expect([desk.restingLots(0, 0), desk.restingPrice(0, 0), mini.exchange.book.bestBid()]).toEqual([
      0,
      NaN,
      NaN,
    ]);
  });

  it('that is smaller at the same price keeps its place in the queue, one that is larger loses it', () => {
    const { mini, act, ANN } = stage();
    act(MS, 0, quote(5, 990));
    mini.at(2 * MS, () => mini.place(TOM, 1, 5, 990));
    act(3 * MS, 0, quote(3, 990));
    mini.at(4 * MS, () => mini.place(UMA, -1, 1, 990));
    act(5 * MS, 0, quote(4, 990));
    mini.at(6 * MS, () => mini.place(UMA, -1, 1, 990));
    mini.run(SECOND);
    expect(mini.fills.map(({ maker }) => maker)).toEqual([ANN, TOM]);
    expect(mini.exchange.book.lotsAt(1, 990)).toBe(4 + 4);
  });

  it('just like the one that rests changes nothing', () => {
    const { mini, act, ANN } = stage();
    act(MS, 0, quote(5, 990));
    mini.at(2 * MS, () => mini.place(TOM, 1, 5, 990));
    act(3 * MS, 0, quote(5, 990));
    mini.at(4 * MS, () => mini.place(UMA, -1, 5, 990));
    mini.run(SECOND);
    expect(mini.fills.map(({ maker }) => maker)).toEqual([ANN]);
  });

  it('that would trade at once is refused, and the old one is gone', () => {
    const { mini, act, desk } = stage();
    mini.makeBook(1_000);
    act(MS, 0, quote(5, 990));
    act(2 * MS, 0, quote(5, 1_001));
    mini.run(SECOND);
    expect([mini.fills, desk.restingLots(0, 0)]).toEqual([[], 0]);
  });
});

describe('a quote that is good till a time', () => {
  const LATE = 10 * MS;
  const staged = () =>
    stage({ puppet: new Puppet({ quoteLifetime: 100 * MS }), orderLatency: constantly(LATE) });
  const quote = (lots: number, price: number) => (desk: Desk) => desk.quote(0, 0, { side: 1, lots, price });

  it('rests for its lifetime after it reached the exchange, and everybody sees it go', () => {
    const { mini, act, desk } = staged();
    act(MS, 0, quote(5, 990));
    mini.run(MS + LATE + 100 * MS - 1);
    expect(desk.restingLots(0, 0)).toBe(5);
    mini.run(MS + LATE + 100 * MS);
    expect([desk.restingLots(0, 0), mini.exchange.book.bestBid()]).toEqual([0, NaN]);
    let bid = 0;
    act(500 * MS, 1, ({ seen }) => (bid = seen.bid));
    mini.run(SECOND);
    expect(bid).toBeNaN();
  });

  it('is renewed when it is sent again, in its place in the queue, and lapses once', () => {
    const { mini, act, desk } = staged();
    act(0, 0, quote(5, 990));
    mini.at(40 * MS, () => mini.place(TOM, 1, 5, 990));
    for (const time of [50, 120]) act(time * MS, 0, quote(5, 990));
    mini.at(150 * MS, () => mini.place(VIC, -1, 2, 990));
    mini.run(230 * MS - 1);
    expect(desk.restingLots(0, 0)).toBe(3);
    mini.run(230 * MS);
    expect([desk.restingLots(0, 0), mini.exchange.book.lotsAt(1, 990)]).toEqual([0, 5]);
    const before = mini.kernel.processed;
    mini.run(SECOND);
    expect(mini.kernel.processed).toBe(before);
  });

  it('lapses though its owner is cut off, and one that follows it has a time of its own', () => {
    const { mini, act, desk } = staged();
    act(0, 0, quote(5, 990));
    act(80 * MS, 0, quote(7, 991));
    mini.at(100 * MS, () => desk.disconnect(0, SECOND));
    mini.run(190 * MS - 1);
    expect([desk.restingLots(0, 0), desk.restingPrice(0, 0)]).toEqual([7, 991]);
    mini.run(190 * MS);
    expect(desk.restingLots(0, 0)).toBe(0);
  });

  it('that has traded or was taken away has nothing left to lapse', () => {
    const { mini, act, desk } = staged();
    act(0, 0, quote(5, 990));
    mini.at(20 * MS, () => mini.place(VIC, -1, 5, 990));
    act(MS, 1, (at) => at.quote(1, 0, { side: 1, lots: 4, price: 989 }));
    act(30 * MS, 1, (at) => at.quote(1, 0, { side: 1, lots: 0, price: 989 }));
    mini.run(SECOND);
    expect([desk.restingLots(0, 0), desk.restingLots(1, 0), mini.fills.length]).toEqual([0, 0, 1]);
  });
});

describe('an order that takes', () => {
  it('leaves nothing in the book', () => {
    const { mini, act } = stage();
    mini.place(TOM, -1, 3, 1_001);
    act(MS, 0, (desk) => desk.take(0, { side: 1, lots: 5, limit: 1_001, reduceOnly: false }));
    mini.run(SECOND);
    expect([mini.fills.length, mini.exchange.book.bestBid()]).toEqual([1, NaN]);
  });

  it('that reduces only never turns the position', () => {
    const { mini, act, desk } = stage();
    mini.makeBook(1_000);
    act(MS, 0, (at) => at.take(0, { side: -1, lots: 5, limit: 990, reduceOnly: true }));
    act(2 * MS, 0, (at) => at.take(0, { side: 1, lots: 5, limit: 1_010, reduceOnly: false }));
    act(3 * MS, 0, (at) => at.take(0, { side: -1, lots: 50, limit: 990, reduceOnly: true }));
    mini.run(SECOND);
    expect(desk.lots(0)).toBe(0);
    expect(mini.fills.map(({ lots }) => lots)).toEqual([5, 5]);
  });

  it('at market has the limit of the band round the mark it sees', () => {
    const { mini, act } = stage({ dataLatency: 50 * MS });
    const limits: number[] = [];
    mini.at(100 * MS, () => mini.setIndex(2_000));
    for (const time of [120, 160])
      act(time * MS, 0, (desk) => limits.push(desk.marketLimit(1), desk.marketLimit(-1)));
    mini.run(SECOND);
    expect(limits).toEqual([1_100, 900, 2_200, 1_800]);
  });

  it('pays the fee of a taker, a quote that of a maker', () => {
    const { mini, act } = stage({ contract: BTC });
    const { accounts } = mini.exchange;
    mini.place(TOM, -1, 1_000, 1_001);
    act(MS, 0, (desk) => desk.take(0, { side: 1, lots: 1_000, limit: 1_001, reduceOnly: false }));
    act(2 * MS, 1, (desk) => desk.quote(1, 0, { side: 1, lots: 1_000, price: 1_000 }));
    mini.at(3 * MS, () => mini.place(VIC, -1, 1_000, 1_000));
    mini.run(SECOND);
    const [ANN, BEN] = [mini.firstAccounts[0], mini.firstAccounts[0] + 1];
    expect(accounts.wallet(ANN)).toBe(1e12 - Math.ceil(1_001_000 * 0.0005));
    expect(accounts.wallet(BEN)).toBe(1e12 - Math.ceil(1_000_000 * 0.0002));
    expect(accounts.wallet(TOM)).toBe(1e14 - Math.ceil(1_001_000 * 0.0002));
    expect(accounts.wallet(VIC)).toBe(1e14 - Math.ceil(1_000_000 * 0.0005));
    expect(accounts.ledger.balance[FEES]).toBe(501 + 200 + 201 + 500);
  });
});

describe('a member', () => {
  it('that is being liquidated sends nothing: neither orders nor quotes, nor what was on its way', () => {
    const { mini, act, ANN } = stage({ orderLatency: constantly(10 * MS) });
    mini.makeBook(1_000);
    act(MS, 0, (desk) => {
      desk.take(0, { side: 1, lots: 5, limit: 1_001, reduceOnly: false });
      desk.quote(0, 0, { side: 1, lots: 5, price: 990 });
      desk.take(1, { side: 1, lots: 3, limit: 1_001, reduceOnly: false });
    });
    mini.at(5 * MS, () => mini.distressed.add(ANN));
    mini.run(SECOND);
    expect(mini.fills.map(({ lots }) => lots)).toEqual([3]);
    expect(mini.exchange.book.lotsAt(1, 990)).toBe(0);
  });

  it('hears of its fills, as a taker and as a maker, and may act on them', () => {
    const { mini, act, puppet } = stage({ orderLatency: constantly(10 * MS) });
    mini.makeBook(1_000);
    puppet.onFill = (member, desk) => {
      if (member === 0) desk.quote(0, 0, { side: -1, lots: 2, price: 1_000 });
    };
    act(MS, 0, (desk) => desk.take(0, { side: 1, lots: 2, limit: 1_001, reduceOnly: false }));
    mini.at(30 * MS, () => {
      puppet.onFill = () => undefined;
      mini.place(VIC, 1, 2, 1_000);
    });
    mini.run(SECOND);
    expect(puppet.heard).toEqual(['1000: 0 wakes', '11000: 0 bought 2', '30000: 0 sold 2']);
  });

  it('has one stop, on the side of its position, and acts on it with its own latency', () => {
    const { mini, act, puppet, desk, ANN } = stage({ orderLatency: constantly(10 * MS) });
    mini.makeBook(1_000);
    act(MS, 0, (at) => {
      at.stopAt(0, -1, 950);
      at.stopAt(0, -1, 960);
      at.stopAt(1, 1, 1_040);
    });
    mini.run(2 * MS);
    expect([mini.exchange.stops[0].priceOf(ANN), mini.exchange.stops[1].priceOf(ANN + 1)]).toEqual([
      960, 1_040,
    ]);
    puppet.onWake = (member, at) => at.take(member, { side: 1, lots: 1, limit: 1_001, reduceOnly: false });
    desk.onStop(0);
    mini.run(12 * MS - 1);
    expect(mini.fills).toEqual([]);
    mini.run(SECOND);
    expect(mini.fills).toHaveLength(1);
  });

  it('of a member that is offline sends nothing, but its stop works', () => {
    const { mini, act, puppet, desk } = stage({ orderLatency: constantly(10 * MS) });
    mini.makeBook(1_000);
    act(MS, 0, (at) => at.quote(0, 0, { side: 1, lots: 3, price: 990 }));
    mini.run(20 * MS);
    desk.disconnect(0, 100 * MS);
    act(30 * MS, 0, (at) => at.quote(0, 0, { side: 1, lots: 0, price: 990 }));
    act(40 * MS, 0, (at) => at.take(0, { side: 1, lots: 1, limit: 1_001, reduceOnly: false }));
    act(50 * MS, 1, (at) => at.take(1, { side: 1, lots: 5, limit: 1_001, reduceOnly: false }));
    mini.run(80 * MS);
    // Its order rests on, and others are served.
    expect([desk.restingLots(0, 0), mini.fills.map(({ lots }) => lots)]).toEqual([3, [5]]);
    puppet.onWake = (member, at) => at.take(member, { side: 1, lots: 7, limit: 1_001, reduceOnly: false });
    desk.onStop(0);
    mini.run(95 * MS);
    expect(mini.fills.map(({ lots }) => lots)).toEqual([5, 7]);
    act(100 * MS, 0, (at) => at.take(0, { side: 1, lots: 9, limit: 1_001, reduceOnly: false }));
    mini.run(SECOND);
    expect(mini.fills.map(({ lots }) => lots)).toEqual([5, 7, 9]);
  });

  it('trades outside at once', () => {
    const { mini, act } = stage({ orderLatency: constantly(SECOND) });
    act(MS, 0, (desk) => desk.tradeOutside(-7));
    mini.run(2 * SECOND);
    expect(mini.outside).toEqual([[MS, -7]]);
  });
});
