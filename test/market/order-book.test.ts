import { describe, expect, it } from 'vitest';
import { MAX_LOTS, MAX_TICK, NO_ORDER, SelfTrade, TimeInForce } from '../../src/market/order.ts';
import { ReportKind } from '../../src/market/reports.ts';
import { ANN, BEN, BOOKS, buy, CAT, expectBook, placeAll, reportsOf, sell } from './book-dsl.ts';

const { IOC, FOK } = TimeInForce;

/** Positions by owner, as the exchange would keep them. */
const holding = (lots: Record<number, number>) => ({ lots: (owner: number) => lots[owner] ?? 0 });

describe.each(BOOKS)('%s', (_name, create) => {
  describe('an empty book', () => {
    it('has no prices, no lots and no orders', () => {
      const book = create();
      expectBook(book, {});
      expect([book.bestBid(), book.bestAsk(), book.lastTrade()]).toEqual([NaN, NaN, NaN]);
      expect([book.orderCount(), book.totalLots(1), book.totalLots(-1)]).toEqual([0, 0, 0]);
      expect([book.lotsAt(1, 100), book.lotsAt(-1, NaN), book.nextLevel(1, 100)]).toEqual([0, 0, NaN]);
    });

    it('lets a market order expire', () => {
      const book = create();
      expect(book.place(sell(ANN, 5, 1, { timeInForce: IOC }))).toBe(NO_ORDER);
      expect(reportsOf(book)).toEqual(['EXPIRED 5@1 left 0 of 1']);
      expectBook(book, {});
    });

    it('is empty again when its last order is filled', () => {
      const book = create();
      placeAll(book, buy(ANN, 5, 100), sell(BEN, 5, 100));
      expectBook(book, {});
      expect(book.lastTrade()).toBe(100);
      placeAll(book, buy(ANN, 1, 90), sell(BEN, 1, 91));
      expectBook(book, { bids: [[90, 1]], asks: [[91, 1]] });
    });
  });

  describe('limit orders', () => {
    it('rest by price, best first, and add up at a price', () => {
      const book = create();
      placeAll(
        book,
        buy(ANN, 5, 100),
        buy(BEN, 2, 101),
        buy(CAT, 3, 100),
        sell(ANN, 4, 103),
        sell(BEN, 1, 102),
      );
      expectBook(book, {
        bids: [
          [101, 2],
          [100, 8],
        ],
        asks: [
          [102, 1],
          [103, 4],
        ],
      });
      expect([book.orderCount(), book.totalLots(1), book.totalLots(-1)]).toEqual([5, 10, 5]);
      expect([book.nextLevel(1, 1000), book.nextLevel(-1, 1), book.nextLevel(1, 100)]).toEqual([
        101,
        102,
        NaN,
      ]);
    });

    it('remember owner, side, price, lots and tag', () => {
      const book = create();
      const order = book.place(sell(CAT, 7, 250, { tag: -42 }));
      expect(reportsOf(book)).toEqual(['ACCEPTED 7@250 left 7 of 3']);
      expect(book.reports.handle(0)).toBe(order);
      expect([book.ownerOf(order), book.sideOf(order), book.priceOf(order)]).toEqual([CAT, -1, 250]);
      expect([book.remaining(order), book.tagOf(order), book.isLive(order)]).toEqual([7, -42, true]);
    });

    it('trade at the price of the resting order, best price first, oldest order first', () => {
      const book = create();
      const [first] = placeAll(
        book,
        sell(ANN, 2, 101),
        sell(BEN, 2, 101),
        sell(ANN, 2, 100),
        sell(ANN, 9, 105),
      );
      book.place(buy(CAT, 5, 103, { tag: 7 }));
      expect(reportsOf(book)).toEqual([
        'FILL 2@100 left 0 of 1 by 3',
        'FILL 2@101 left 0 of 1 by 3',
        'FILL 1@101 left 1 of 2 by 3',
      ]);
      const r = book.reports;
      expect([r.handle(1), r.side(1), r.takerTag(1)]).toEqual([first, -1, 7]);
      expectBook(book, {
        asks: [
          [101, 1],
          [105, 9],
        ],
      });
      expect(book.lastTrade()).toBe(101);
    });

    it('rest with what they could not trade', () => {
      const book = create();
      book.place(buy(ANN, 2, 100));
      const order = book.place(sell(BEN, 5, 99));
      expect(reportsOf(book)).toEqual(['FILL 2@100 left 0 of 1 by 2', 'ACCEPTED 3@99 left 3 of 2']);
      expect(book.remaining(order)).toBe(3);
      expectBook(book, { asks: [[99, 3]] });
    });

    it('do not trade beyond their limit', () => {
      const book = create();
      placeAll(book, sell(ANN, 1, 100), sell(ANN, 1, 102));
      book.place(buy(BEN, 5, 101, { timeInForce: IOC }));
      expect(reportsOf(book)).toEqual(['FILL 1@100 left 0 of 1 by 2', 'EXPIRED 4@101 left 0 of 2']);
    });
  });

  describe('fill or kill', () => {
    const fok = { timeInForce: FOK };

    it('fills all of it over several levels', () => {
      const book = create();
      placeAll(book, sell(ANN, 2, 100), sell(ANN, 3, 101));
      book.place(buy(BEN, 5, 101, fok));
      expect(reportsOf(book)).toEqual(['FILL 2@100 left 0 of 1 by 2', 'FILL 3@101 left 0 of 1 by 2']);
    });

    it('or does nothing', () => {
      const book = create();
      placeAll(book, sell(ANN, 2, 100), sell(ANN, 3, 102));
      const before = book.stateHash();
      expect(book.place(buy(BEN, 3, 101, fok))).toBe(NO_ORDER);
      expect(reportsOf(book)).toEqual(['REJECTED 3@101 left 0 of 2, CANNOT_FILL']);
      expect(book.stateHash()).toBe(before);
      book.place(buy(BEN, 1, 99, fok));
      expect(reportsOf(book)).toEqual(['REJECTED 1@99 left 0 of 2, CANNOT_FILL']);
    });

    it('does not count own orders, and leaves them when it is rejected', () => {
      for (const selfTrade of [SelfTrade.CANCEL_TAKER, SelfTrade.CANCEL_MAKER, SelfTrade.CANCEL_BOTH]) {
        const book = create();
        placeAll(book, sell(ANN, 2, 100), sell(BEN, 3, 101));
        book.place(buy(BEN, 3, 101, { ...fok, selfTrade }));
        expect(reportsOf(book)).toEqual(['REJECTED 3@101 left 0 of 2, CANNOT_FILL']);
        expect(book.orderCount()).toBe(2);
      }
    });

    it('steps over own orders when they are to be cancelled', () => {
      const book = create();
      placeAll(book, sell(BEN, 2, 100), sell(ANN, 3, 101));
      book.place(buy(BEN, 3, 101, { ...fok, selfTrade: SelfTrade.CANCEL_MAKER }));
      expect(reportsOf(book)).toEqual([
        'CANCELLED 2@100 left 0 of 2, SELF_TRADE',
        'FILL 3@101 left 0 of 1 by 2',
      ]);
    });

    it('counts of reduce-only orders what they can still reduce', () => {
      const create4 = () => {
        const book = create({ positions: holding({ [ANN]: 4 }) });
        placeAll(book, sell(ANN, 3, 100, { reduceOnly: true }), sell(ANN, 3, 101, { reduceOnly: true }));
        return book;
      };
      const tooMuch = create4();
      tooMuch.place(buy(BEN, 5, 101, fok));
      expect(reportsOf(tooMuch)).toEqual(['REJECTED 5@101 left 0 of 2, CANNOT_FILL']);
      expect(tooMuch.orderCount()).toBe(2);
      const enough = create4();
      enough.place(buy(BEN, 4, 101, fok));
      expect(reportsOf(enough)).toEqual([
        'FILL 3@100 left 0 of 1 by 2',
        'REDUCED 2@101 left 1 of 1, NOTHING_TO_REDUCE',
        'FILL 1@101 left 0 of 1 by 2',
      ]);
    });
  });

  describe('post only', () => {
    it('rests when it does not cross', () => {
      const book = create();
      book.place(sell(ANN, 1, 101));
      expect(book.place(buy(BEN, 1, 100, { postOnly: true }))).not.toBe(NO_ORDER);
    });

    it('is rejected when it would cross, own orders included', () => {
      const book = create();
      book.place(sell(ANN, 1, 101));
      expect(book.place(buy(ANN, 1, 101, { postOnly: true }))).toBe(NO_ORDER);
      expect(reportsOf(book)).toEqual(['REJECTED 1@101 left 0 of 1, WOULD_CROSS']);
      expectBook(book, { asks: [[101, 1]] });
    });
  });

  describe('self-trade prevention', () => {
    const withOwnOrderFirst = () => {
      const book = create();
      placeAll(book, sell(BEN, 1, 99), sell(ANN, 2, 100), sell(BEN, 3, 101));
      return book;
    };

    it('CANCEL_TAKER cancels the rest of the incoming order', () => {
      const book = withOwnOrderFirst();
      expect(book.place(buy(ANN, 6, 101, { selfTrade: SelfTrade.CANCEL_TAKER }))).toBe(NO_ORDER);
      expect(reportsOf(book)).toEqual([
        'FILL 1@99 left 0 of 2 by 1',
        'CANCELLED 5@101 left 0 of 1, SELF_TRADE',
      ]);
      expectBook(book, {
        asks: [
          [100, 2],
          [101, 3],
        ],
      });
    });

    it('CANCEL_MAKER cancels the resting order and goes on', () => {
      const book = withOwnOrderFirst();
      book.place(buy(ANN, 6, 101, { selfTrade: SelfTrade.CANCEL_MAKER }));
      expect(reportsOf(book)).toEqual([
        'FILL 1@99 left 0 of 2 by 1',
        'CANCELLED 2@100 left 0 of 1, SELF_TRADE',
        'FILL 3@101 left 0 of 2 by 1',
        'ACCEPTED 2@101 left 2 of 1',
      ]);
      expectBook(book, { bids: [[101, 2]] });
    });

    it('CANCEL_BOTH cancels both', () => {
      const book = withOwnOrderFirst();
      book.place(buy(ANN, 6, 101, { selfTrade: SelfTrade.CANCEL_BOTH }));
      expect(reportsOf(book)).toEqual([
        'FILL 1@99 left 0 of 2 by 1',
        'CANCELLED 2@100 left 0 of 1, SELF_TRADE',
        'CANCELLED 5@101 left 0 of 1, SELF_TRADE',
      ]);
      expectBook(book, { asks: [[101, 3]] });
    });

    it('ALLOW lets them trade', () => {
      const book = withOwnOrderFirst();
      book.place(buy(ANN, 3, 101, { selfTrade: SelfTrade.ALLOW }));
      expect(reportsOf(book)).toEqual(['FILL 1@99 left 0 of 2 by 1', 'FILL 2@100 left 0 of 1 by 1']);
    });

    it('does nothing when the order is filled before it meets its owner', () => {
      const book = withOwnOrderFirst();
      book.place(buy(ANN, 1, 101));
      expect(reportsOf(book)).toEqual(['FILL 1@99 left 0 of 2 by 1']);
    });
  });

  describe('reduce only', () => {
    const reduceOnly = true;

    it('is clamped to the position at entry', () => {
      const book = create({ positions: holding({ [ANN]: 3, [BEN]: -2 }) });
      book.place(sell(ANN, 5, 100, { reduceOnly }));
      expect(reportsOf(book)).toEqual([
        'REDUCED 2@100 left 3 of 1, NOTHING_TO_REDUCE',
        'ACCEPTED 3@100 left 3 of 1',
      ]);
      book.place(buy(BEN, 2, 90, { reduceOnly }));
      expect(reportsOf(book)).toEqual(['ACCEPTED 2@90 left 2 of 2']);
    });

    it('is rejected when it would open or add to a position', () => {
      const book = create({ positions: holding({ [ANN]: 3 }) });
      book.place(buy(ANN, 5, 100, { reduceOnly }));
      expect(reportsOf(book)).toEqual(['REJECTED 5@100 left 0 of 1, NOTHING_TO_REDUCE']);
      book.place(sell(BEN, 5, 100, { reduceOnly }));
      expect(reportsOf(book)).toEqual(['REJECTED 5@100 left 0 of 2, NOTHING_TO_REDUCE']);
    });

    it('is rejected in a book that knows no positions', () => {
      const book = create();
      book.place(buy(ANN, 1, 100, { reduceOnly }));
      expect(reportsOf(book)).toEqual(['REJECTED 1@100 left 0 of 1, NOTHING_TO_REDUCE']);
    });

    it('is clamped again when it is about to trade and the position has shrunk', () => {
      const positions: Record<number, number> = { [ANN]: 5 };
      const book = create({ positions: holding(positions) });
      const order = book.place(sell(ANN, 5, 100, { reduceOnly }));
      positions[ANN] = 2;
      book.place(buy(BEN, 1, 100));
      expect(reportsOf(book)).toEqual([
        'REDUCED 3@100 left 2 of 1, NOTHING_TO_REDUCE',
        'FILL 1@100 left 1 of 1 by 2',
      ]);
      expect(book.remaining(order)).toBe(1);
    });

    it('is cancelled when nothing is left to reduce, and the taker goes on', () => {
      const positions: Record<number, number> = { [ANN]: 5 };
      const book = create({ positions: holding(positions) });
      placeAll(book, sell(ANN, 5, 100, { reduceOnly }), sell(CAT, 5, 100));
      positions[ANN] = -1;
      book.place(buy(BEN, 5, 100));
      expect(reportsOf(book)).toEqual([
        'CANCELLED 5@100 left 0 of 1, NOTHING_TO_REDUCE',
        'FILL 5@100 left 0 of 3 by 2',
      ]);
    });

    it('counts the fills of the running command', () => {
      const book = create({ positions: holding({ [ANN]: 4 }) });
      placeAll(book, sell(ANN, 3, 100), sell(ANN, 4, 101, { reduceOnly }));
      book.place(buy(BEN, 9, 101));
      expect(reportsOf(book)).toEqual([
        'FILL 3@100 left 0 of 1 by 2',
        'REDUCED 3@101 left 1 of 1, NOTHING_TO_REDUCE',
        'FILL 1@101 left 0 of 1 by 2',
        'ACCEPTED 5@101 left 5 of 2',
      ]);
    });
  });

  describe('reduce only and self-trading', () => {
    it('counts what the owner has taken in the running command', () => {
      const book = create({ positions: holding({ [ANN]: 2 }) });
      const [reducing] = placeAll(book, sell(ANN, 2, 101, { reduceOnly: true }), sell(BEN, 3, 100));
      book.place(buy(ANN, 4, 101, { selfTrade: SelfTrade.ALLOW }));
      expect(reportsOf(book)).toEqual(['FILL 3@100 left 0 of 2 by 1', 'FILL 1@101 left 1 of 1 by 1']);
      expect(book.remaining(reducing)).toBe(1);
    });

    it('lets a taker make room for its own reduce-only order', () => {
      const positions: Record<number, number> = { [ANN]: 2 };
      const book = create({ positions: holding(positions) });
      placeAll(book, sell(ANN, 2, 101, { reduceOnly: true }), sell(BEN, 3, 100));
      positions[ANN] = -1;
      book.place(buy(ANN, 5, 101, { selfTrade: SelfTrade.ALLOW }));
      expect(reportsOf(book)).toEqual(['FILL 3@100 left 0 of 2 by 1', 'FILL 2@101 left 0 of 1 by 1']);
    });
  });

  describe('cancel', () => {
    it('takes an order out of the front, the middle and the end of its queue', () => {
      const book = create();
      const orders = placeAll(book, buy(ANN, 1, 100), buy(BEN, 2, 100), buy(CAT, 4, 100), buy(ANN, 8, 100));
      for (const [which, left] of [
        [1, 13],
        [3, 5],
        [0, 4],
      ] as const) {
        expect(book.cancel(orders[which])).toBe(true);
        expectBook(book, { bids: [[100, left]] });
      }
      expect(reportsOf(book)).toEqual(['CANCELLED 1@100 left 0 of 1']);
    });

    it('finds the next best price, near or far', () => {
      const book = create();
      const orders = placeAll(
        book,
        sell(ANN, 1, 100),
        sell(ANN, 1, 101),
        sell(ANN, 1, 5_000),
        sell(ANN, 1, 9_999_999),
      );
      for (const next of [101, 5_000, 9_999_999, NaN]) {
        book.cancel(orders.shift()!);
        expect(book.bestAsk()).toBe(next);
      }
    });

    it('refuses a handle that was never given, and a stale one', () => {
      const book = create();
      for (const handle of [NO_ORDER, -1, 12_345, 2 ** 40, 1 - 2 ** 24, 2 ** 24 + 1]) {
        expect(book.cancel(handle)).toBe(false);
        expect(reportsOf(book)).toEqual(['REJECTED 0@NaN left 0 of -1, UNKNOWN_ORDER']);
        expect(book.reports.handle(0)).toBe(handle);
      }
      const order = book.place(buy(ANN, 1, 100));
      book.cancel(order);
      const successor = book.place(buy(BEN, 1, 100));
      expect(successor).not.toBe(order);
      expect([book.cancel(order), book.reduce(order, 1), book.replace(order, 1, 1)]).toEqual([
        false,
        false,
        NO_ORDER,
      ]);
      expect([book.isLive(order), book.remaining(order)]).toEqual([false, 0]);
      expectBook(book, { bids: [[100, 1]] });
    });

    it('refuses an order that was filled', () => {
      const book = create();
      const order = book.place(buy(ANN, 1, 100));
      book.place(sell(BEN, 1, 100));
      expect(book.cancel(order)).toBe(false);
    });
  });

  describe('cancelAll', () => {
    it("takes out one owner's orders, best bid first and best ask first, and no others", () => {
      const book = create();
      const [first, second, third] = placeAll(
        book,
        buy(ANN, 1, 100),
        sell(ANN, 2, 110),
        buy(ANN, 3, 99),
        buy(BEN, 4, 100),
      );
      book.replace(first, 5, 100);
      expect(book.cancelAll(ANN)).toBe(3);
      expect([book.reports.handle(1), book.reports.handle(2)]).toEqual([third, second]);
      expect(reportsOf(book)[0]).toBe('CANCELLED 5@100 left 0 of 1');
      expectBook(book, { bids: [[100, 4]] });
      expect([book.cancelAll(ANN), book.cancelAll(1_000_000)]).toEqual([0, 0]);
      expect(book.reports.count).toBe(0);
    });
  });

  describe('reduce', () => {
    it('takes lots away and keeps the place in the queue', () => {
      const book = create();
      const [order] = placeAll(book, buy(ANN, 5, 100), buy(BEN, 5, 100));
      expect(book.reduce(order, 2)).toBe(true);
      expect(reportsOf(book)).toEqual(['REDUCED 2@100 left 3 of 1']);
      book.place(sell(CAT, 4, 100));
      expect(reportsOf(book)).toEqual(['FILL 3@100 left 0 of 1 by 3', 'FILL 1@100 left 4 of 2 by 3']);
    });

    it('cancels when nothing or less is left', () => {
      const book = create();
      for (const byLots of [5, 6]) {
        expect(book.reduce(book.place(buy(ANN, 5, 100)), byLots)).toBe(true);
        expect(reportsOf(book)).toEqual(['CANCELLED 5@100 left 0 of 1']);
      }
      expectBook(book, {});
    });

    it('refuses lots that are no positive whole number', () => {
      const book = create();
      const order = book.place(buy(ANN, 5, 100));
      for (const byLots of [0, -1, 1.5, NaN]) {
        expect(book.reduce(order, byLots)).toBe(false);
        expect(reportsOf(book)).toEqual([`REJECTED ${byLots}@100 left 0 of 1, BAD_SIZE`]);
      }
      expectBook(book, { bids: [[100, 5]] });
    });
  });

  describe('replace', () => {
    it('keeps handle and priority when only the size shrinks', () => {
      const book = create();
      const [order] = placeAll(book, sell(ANN, 5, 100), sell(BEN, 5, 100));
      expect(book.replace(order, 3, 100)).toBe(order);
      expect(reportsOf(book)).toEqual(['REDUCED 2@100 left 3 of 1']);
      expect(book.replace(order, 3, 100)).toBe(order);
      expect(reportsOf(book)).toEqual(['REDUCED 0@100 left 3 of 1']);
      book.place(buy(CAT, 1, 100));
      expect(reportsOf(book)).toEqual(['FILL 1@100 left 2 of 1 by 3']);
    });

    it('goes to the back of the queue when the size grows', () => {
      const book = create();
      const [order] = placeAll(book, sell(ANN, 5, 100), sell(BEN, 5, 100));
      const replaced = book.replace(order, 6, 100);
      expect(reportsOf(book)).toEqual(['CANCELLED 5@100 left 0 of 1', 'ACCEPTED 6@100 left 6 of 1']);
      expect([book.isLive(order), book.remaining(replaced)]).toEqual([false, 6]);
      book.place(buy(CAT, 1, 100));
      expect(reportsOf(book)).toEqual(['FILL 1@100 left 4 of 2 by 3']);
    });

    it('moves to another price with owner, side and tag, and may trade there', () => {
      const book = create();
      const [order] = placeAll(book, buy(ANN, 5, 100, { tag: 9 }), sell(BEN, 2, 103));
      const replaced = book.replace(order, 6, 104);
      expect(reportsOf(book)).toEqual([
        'CANCELLED 5@100 left 0 of 1',
        'FILL 2@103 left 0 of 2 by 1',
        'ACCEPTED 4@104 left 4 of 1',
      ]);
      expect([book.ownerOf(replaced), book.tagOf(replaced), book.sideOf(replaced)]).toEqual([ANN, 9, 1]);
      expectBook(book, { bids: [[104, 4]] });
    });

    it('keeps the flags: post only, reduce only, self-trade mode', () => {
      const book = create({ positions: holding({ [ANN]: -3 }) });
      const post = placeAll(book, buy(ANN, 1, 100, { postOnly: true }), sell(BEN, 2, 103))[0];
      expect(book.replace(post, 1, 103)).toBe(NO_ORDER);
      expect(reportsOf(book)).toEqual([
        'CANCELLED 1@100 left 0 of 1',
        'REJECTED 1@103 left 0 of 1, WOULD_CROSS',
      ]);
      const reducing = book.place(buy(ANN, 1, 100, { reduceOnly: true }));
      book.replace(reducing, 9, 101);
      expect(reportsOf(book).slice(1)).toEqual([
        'REDUCED 6@101 left 3 of 1, NOTHING_TO_REDUCE',
        'ACCEPTED 3@101 left 3 of 1',
      ]);
      const own = book.place(buy(BEN, 1, 90, { selfTrade: SelfTrade.CANCEL_MAKER }));
      book.replace(own, 1, 103);
      expect(reportsOf(book)[1]).toBe('CANCELLED 2@103 left 0 of 2, SELF_TRADE');
    });

    it('refuses bad numbers and leaves the order alone', () => {
      const book = create();
      const order = book.place(buy(ANN, 5, 100));
      expect(book.replace(order, 0, 101)).toBe(order);
      expect(reportsOf(book)).toEqual(['REJECTED 0@101 left 0 of 1, BAD_SIZE']);
      expect(book.replace(order, 1, -4)).toBe(order);
      expect(reportsOf(book)).toEqual(['REJECTED 1@-4 left 0 of 1, BAD_PRICE']);
      expectBook(book, { bids: [[100, 5]] });
    });
  });

  describe('numbers', () => {
    it('refuses sizes and prices outside its range', () => {
      const book = create();
      for (const lots of [0, -1, 0.5, NaN, MAX_LOTS + 1, Infinity]) {
        expect(book.place(buy(ANN, lots, 100))).toBe(NO_ORDER);
        expect(reportsOf(book)).toEqual([`REJECTED ${lots}@100 left 0 of 1, BAD_SIZE`]);
      }
      for (const price of [0, -1, 0.5, NaN, MAX_TICK + 1, Infinity]) {
        expect(book.place(buy(ANN, 1, price))).toBe(NO_ORDER);
        expect(reportsOf(book)).toEqual([`REJECTED 1@${price} left 0 of 1, BAD_PRICE`]);
      }
      expectBook(book, {});
    });

    it('has a best ask at MAX_TICK, and without one is not crossed by a bid there', () => {
      const book = create({ centre: 100 });
      const bid = book.place(buy(ANN, 1, MAX_TICK, { postOnly: true }));
      expect([book.bestBid(), book.bestAsk()]).toEqual([MAX_TICK, NaN]);
      book.cancel(bid);
      book.place(sell(ANN, 2, MAX_TICK));
      expect([book.bestBid(), book.bestAsk()]).toEqual([NaN, MAX_TICK]);
      expect(book.place(buy(BEN, 1, MAX_TICK, { postOnly: true }))).toBe(NO_ORDER);
      book.place(buy(BEN, 2, MAX_TICK));
      expect([book.bestBid(), book.bestAsk(), book.lastTrade()]).toEqual([NaN, NaN, MAX_TICK]);
    });

    it('keeps any price up to MAX_TICK, on both sides at once', () => {
      const book = create({ centre: 100 });
      placeAll(
        book,
        buy(ANN, 1, 1),
        sell(ANN, 2, MAX_TICK),
        buy(ANN, 3, 2_000_000_000),
        sell(ANN, 4, 2_000_000_001),
      );
      placeAll(book, buy(ANN, 5, 70_000), sell(ANN, 6, 2_100_000_000));
      expectBook(book, {
        bids: [
          [2_000_000_000, 3],
          [70_000, 5],
          [1, 1],
        ],
        asks: [
          [2_000_000_001, 4],
          [2_100_000_000, 6],
          [MAX_TICK, 2],
        ],
      });
      book.place(sell(BEN, 9, 1));
      expectBook(book, {
        asks: [
          [2_000_000_001, 4],
          [2_100_000_000, 6],
          [MAX_TICK, 2],
        ],
      });
    });

    it('adds up more lots at a price than 32 bits hold', () => {
      const book = create();
      placeAll(book, buy(ANN, MAX_LOTS, 100), buy(BEN, MAX_LOTS, 100), buy(CAT, MAX_LOTS, 100));
      expectBook(book, { bids: [[100, 3 * MAX_LOTS]] });
      expect(book.totalLots(1)).toBe(3 * MAX_LOTS);
    });

    it('tells the order ahead in the queue', () => {
      const book = create();
      const [first, second, other] = placeAll(book, buy(ANN, 1, 100), buy(BEN, 1, 100), buy(BEN, 1, 99));
      expect([first, second, other].map((order) => book.orderAhead(order))).toEqual([
        NO_ORDER,
        first,
        NO_ORDER,
      ]);
    });

    it('grows: thousands of orders, owners, levels and report rows', () => {
      const book = create({ capacity: 4 });
      const count = 3_000;
      const handles = new Set<number>();
      for (let i = 0; i < count; i++) handles.add(book.place(sell(i, 1, 1_000 + ((i * 7) % count))));
      expect([handles.size, book.orderCount(), book.bestAsk()]).toEqual([count, count, 1_000]);
      book.checkInvariants();
      book.place(buy(count, count, 1_000 + count));
      expect(book.reports.count).toBe(count);
      expect(
        Array.from({ length: count }, (_, row) => book.reports.kind(row)).every(
          (kind) => kind === ReportKind.FILL,
        ),
      ).toBe(true);
      expectBook(book, {});
    });
  });

  it('keeps no reference to the order it was given', () => {
    const book = create();
    const order = buy(ANN, 5, 100);
    const handle = book.place(order);
    order.lots = 1;
    order.limit = 7;
    expect([book.remaining(handle), book.priceOf(handle)]).toEqual([5, 100]);
  });

  it('does not disturb another book in the same process', () => {
    const alone = create();
    const [left, right] = [create(), create()];
    for (let i = 0; i < 200; i++) {
      const order = i % 3 === 0 ? sell(i % 5, 3, 100 + (i % 7)) : buy(i % 4, 2, 98 + (i % 7));
      alone.place(order);
      left.place(order);
      right.place({ ...order, side: order.side > 0 ? -1 : 1, limit: 1_000_000 - order.limit });
      expect(reportsOf(left)).toEqual(reportsOf(alone));
    }
    expect(left.stateHash()).toBe(alone.stateHash());
    expect(right.stateHash()).not.toBe(alone.stateHash());
    expect(right.totalLots(1)).toBe(alone.totalLots(-1));
    right.checkInvariants();
  });
});
