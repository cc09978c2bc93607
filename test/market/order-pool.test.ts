import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { OrderBook } from '../../src/market/order-book.ts';
import { Field, Name } from '../../src/market/order-pool.ts';
import { ReportKind } from '../../src/market/reports.ts';
import {
  MAX_LOTS,
  NO_ORDER,
  SelfTrade,
  TimeInForce,
  type Handle,
  type NewOrder,
} from '../../src/market/order.ts';

const OWNER = 7;

/** A book with little room, and one more order at the same price each time. */
function smallBook(): { book: OrderBook; add: (changes?: Partial<NewOrder>) => Handle } {
  const book = new OrderBook({ capacity: 2 });
  const add = (changes: Partial<NewOrder> = {}): Handle =>
    book.place({
      owner: OWNER,
      side: 1,
      lots: 1,
      limit: 100,
      timeInForce: TimeInForce.GTC,
      postOnly: false,
      reduceOnly: false,
      selfTrade: SelfTrade.CANCEL_TAKER,
      tag: 0,
      ...changes,
    });
  return { book, add };
}

describe('OrderPool', () => {
  it('names records for ever: no handle that is stale, made up or yet to come finds an order', () => {
    const { book, add } = smallBook();
    const [first, second] = [add(), add()];
    book.cancel(first);
    const named = [first, first + 2 ** 21, first + 2 ** 22, 3].filter((made) => book.isLive(made));
    expect(named).toEqual([]); // neither a life that a free record had or will have, nor the bare number of one never used
    for (let i = 0; i < 4; i++) add(); // one of these is the record of the first again
    expect([book.isLive(first), book.isLive(second)]).toEqual([false, true]);
    const live = book.ordersOf(OWNER).map((record) => book.handleOf(record));
    expect(live).toHaveLength(5);
    const unlike = live.flatMap((x) => [x + 2 ** 21, x + 2 ** 22, x + 0.5, -x, x + 2 ** 32, x + 2 ** 53]);
    expect([...unlike, NaN, Infinity, 0, 1, 2 ** 52].filter((made) => book.isLive(made))).toEqual([]);
  });

  it('keeps the fields of a removed order until another order comes', () => {
    const { book, add } = smallBook();
    const handle = add();
    const record = book.recordOf(handle);
    book.cancel(handle);
    const next = add({ owner: OWNER + 1, side: -1, limit: 105, lots: MAX_LOTS, tag: 3 });
    expect(book.recordOf(next)).not.toBe(record);
    expect([book.lastHandleOf(record), book.words[record | Field.OWNER]]).toEqual([handle, OWNER]);
    expect([book.priceOfRecord(record), book.sideOfRecord(record)]).toEqual([100, 1]);
  });

  it('makes neither the order that rests nor its level of records that the same command freed', () => {
    const { book, add } = smallBook();
    const makers = [add({ side: -1, owner: 1, lots: 5 }), add({ side: -1, owner: 2, lots: 1, limit: 101 })];
    const records = makers.map((maker) => book.recordOf(maker));
    const rests = add({ lots: 8, limit: 102, tag: 9 });
    expect(records).not.toContain(book.recordOf(rests));
    const { reports } = book;
    for (const [row, [owner, price]] of [
      [1, 100],
      [2, 101],
    ].entries()) {
      const told = [reports.handle(row), reports.owner(row), reports.side(row), reports.price(row)];
      expect(told).toEqual([makers[row], owner, -1, price]);
    }
    expect([reports.owner(2), reports.tag(2), reports.lots(2)]).toEqual([OWNER, 9, 2]);
    book.checkInvariants();
  });

  it('makes the order that replaces another of another record', () => {
    const { book, add } = smallBook();
    const old = add({ lots: 5 });
    const record = book.recordOf(old);
    const rests = book.replace(old, 6, 103);
    const { reports } = book;
    expect(book.recordOf(rests)).not.toBe(record);
    expect([reports.handle(0), reports.price(0), reports.handle(1), reports.price(1)]).toEqual([
      old,
      100,
      rests,
      103,
    ]);
    book.checkInvariants();
  });

  it('retires a record that has used up its lives', () => {
    const { book, add } = smallBook();
    const record = book.recordOf(add());
    book.words[record | Field.FLAGS] = 1023 * Name.LIFE; // the last odd life, no flags
    const handle = book.handleOf(record);
    expect([handle === (handle | 0) && handle > 0, book.recordOf(handle)]).toEqual([true, record]);
    book.cancel(handle);
    expect([book.isLive(handle), book.orderCount()]).toEqual([false, 0]);
    expect(Array.from({ length: 50 }, () => book.recordOf(add()))).not.toContain(record);
  });

  it('gives 512 orders a record and then another, each a name of its own', () => {
    const { book, add } = smallBook();
    const names = new Set<Handle>();
    const uses = new Map<number, number>();
    for (let i = 0; i < 3_000; i++) {
      const handle = add();
      const record = book.recordOf(handle);
      uses.set(record, (uses.get(record) ?? 0) + 1);
      names.add(handle);
      book.cancel(handle);
    }
    expect(names.size).toBe(3_000);
    expect(Math.max(...uses.values())).toBe(512);
    book.checkInvariants();
  });

  it("lists an owner's orders from the best bid to the worst, then the asks, and by arrival at a price", () => {
    const { book, add } = smallBook();
    const [low, high, ask, worse, other] = [
      add({ limit: 98 }),
      add({ limit: 100 }),
      add({ side: -1, limit: 103 }),
      add({ side: -1, limit: 104 }),
      add({ owner: OWNER + 1 }),
    ];
    book.cancel(low);
    const [again, late] = [add({ limit: 98 }), add({ limit: 100 })]; // the first in the record that `low` had, or another
    const listed = book.ordersOf(OWNER).map((record) => book.handleOf(record));
    expect(listed).toEqual([high, late, again, ask, worse]);
    expect(book.ordersOf(OWNER + 1).map((record) => book.handleOf(record))).toEqual([other]);
    expect([book.ordersOf(OWNER + 2), book.orderCount()]).toEqual([[], 6]);
  });

  it('holds two million orders, each by its name, and reports them all when one order takes them', () => {
    const { book, add } = smallBook();
    const order: NewOrder = {
      ...{ owner: OWNER, side: 1, lots: 1, limit: 0, timeInForce: TimeInForce.GTC, postOnly: false },
      ...{ reduceOnly: false, selfTrade: SelfTrade.CANCEL_TAKER, tag: 0 },
    };
    const prices = 2 ** 18;
    const count = 2 ** 21 - prices - 4;
    const handles = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      order.limit = 1 + 8 * (i % prices); // in pages of their own, nearly
      order.tag = i;
      handles[i] = book.place(order);
    }
    expect(handles.findIndex((handle, i) => book.tagOf(handle) !== i)).toBe(-1);
    add({ side: -1, owner: 1, lots: count + 1, limit: 1, timeInForce: TimeInForce.IOC });
    const { reports } = book;
    let [fills, lots, tags] = [0, 0, 0];
    for (let row = 0; row < reports.count - 1; row++) {
      if (reports.kind(row) === ReportKind.FILL) fills++;
      lots += reports.lots(row);
      tags += reports.tag(row);
    }
    expect([fills, lots, tags]).toEqual([count, count, (count * (count - 1)) / 2]);
    expect([reports.kind(count), reports.lots(count)]).toEqual([ReportKind.EXPIRED, 1]);
    book.checkInvariants();
  });

  it('ends when all names are taken, as it was before the order that finds none, and goes on when one is gone', () => {
    const book = new OrderBook({ capacity: 2 ** 21 - 1 });
    const order: NewOrder = {
      ...{ owner: OWNER, side: 1, lots: 1, limit: 100, timeInForce: TimeInForce.GTC, postOnly: false },
      ...{ reduceOnly: false, selfTrade: SelfTrade.CANCEL_TAKER, tag: 0 },
    };
    const count = 2 ** 21 - 4; // record 0, the level, and those set aside for the order and the level to come
    let first = book.place(order);
    for (let i = 1; i < count; i++) book.place(order);
    const refused = (changes: Partial<NewOrder>) => {
      expect(() => book.place({ ...order, ...changes })).toThrow('a book ends with 2097152');
      expect([book.lotsAt(1, 100), book.bestBid(), book.bestAsk()]).toEqual([count, 100, NaN]);
    };
    for (const changes of [{}, {}, { limit: 101 }, { limit: 99 }, { side: -1, limit: 200 } as const])
      refused(changes);
    book.cancel(first);
    first = book.place(order);
    expect(book.isLive(first)).toBe(true);
    refused({});
    refused({ limit: 101 });
    book.cancel(first);
    expect([book.place(order) !== NO_ORDER, book.lotsAt(1, 101)]).toEqual([true, 0]);
  });

  it('refuses to make room for more orders than it has names for', () => {
    expect(() => new OrderBook({ capacity: 2 ** 21 })).toThrow('room for less than 2097152');
  });

  it('grows beyond its first room without losing an order', () => {
    const { book, add } = smallBook();
    const handles = Array.from({ length: 100 }, (_, i) => add({ limit: 100 - (i % 9), lots: i + 1 }));
    expect(handles.map((handle) => book.remaining(handle))).toEqual(handles.map((_, i) => i + 1));
    book.checkInvariants();
  });

  it('refuses owners that are no account numbers, and stays as it was', () => {
    for (const owner of [-1, 1.5, NaN, 2 ** 31]) {
      const { book, add } = smallBook();
      add();
      for (const limit of [book.bestBid(), book.bestBid() - 1]) {
        expect(() => add({ owner, limit })).toThrow('account number');
      }
      expect([book.orderCount(), book.totalLots(1)]).toEqual([1, 1]);
      book.checkInvariants();
    }
  });

  it("finds an owner's orders again after all have been cancelled", () => {
    const { book, add } = smallBook();
    add();
    expect([book.cancelAll(OWNER), book.cancelAll(OWNER)]).toEqual([1, 0]);
    const again = add();
    expect(book.ordersOf(OWNER)).toEqual([book.recordOf(again)]);
    expect([book.cancelAll(OWNER), book.orderCount()]).toEqual([1, 0]);
  });
});

describe('the lots of a level', () => {
  const DO = fc.constantFrom('rest', 'rest', 'cancel', 'reduce', 'take');
  /** Sums of these lie on, and next to, the multiples of 2³¹ at which a carry is due. */
  const lots = fc.oneof(
    fc.constantFrom(1, 2, 2 ** 30, 2 ** 30 + 1, MAX_LOTS - 1, MAX_LOTS),
    fc.integer({ min: 1, max: MAX_LOTS }),
  );
  const step = fc.record({ what: DO, side: fc.constantFrom(1 as const, -1 as const), lots, which: fc.nat() });

  it('are the exact sum of what rests, across 2³¹ upwards and downwards', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const { book, add } = smallBook();
        const resting = { 1: new Set<Handle>(), [-1]: new Set<Handle>() };
        for (const { what, side, lots, which } of steps) {
          const own = [...resting[side]];
          const handle = own[which % own.length] ?? 0;
          const limit = side > 0 ? 100 : 101;
          if (what === 'rest') resting[side].add(add({ side, lots, limit, tag: -lots }));
          else if (what === 'cancel') book.cancel(handle);
          else if (what === 'reduce') book.reduce(handle, lots);
          else add({ side: side > 0 ? -1 : 1, owner: 1, lots, limit, timeInForce: TimeInForce.IOC });
          for (const each of own) if (!book.isLive(each)) resting[side].delete(each);
          for (const [of, price] of [
            [1, 100],
            [-1, 101],
          ] as const) {
            const sum = [...resting[of]].reduce((sum, each) => sum + BigInt(book.remaining(each)), 0n);
            expect(BigInt(book.lotsAt(of, price))).toBe(sum);
            expect(BigInt(book.totalLots(of))).toBe(sum);
          }
        }
        book.checkInvariants();
      }),
      { numRuns: 100 },
    );
  });
});
