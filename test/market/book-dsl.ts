import { expect } from 'vitest';
import type { Lots, Side, Ticks } from '../../src/base/units.ts';
import { OrderBook, type OrderBookOptions } from '../../src/market/order-book.ts';
import { SelfTrade, TimeInForce, type Handle, type NewOrder } from '../../src/market/order.ts';
import { RejectReason, ReportKind } from '../../src/market/reports.ts';
import { SlowOrderBook } from '../oracles/order-book.ts';

export type Book = OrderBook | SlowOrderBook;

/** Both implementations, for `describe.each`. */
export const BOOKS: readonly [string, (options?: OrderBookOptions) => Book][] = [
  ['OrderBook', (options) => new OrderBook(options)],
  ['its slow twin', (options) => new SlowOrderBook(options)],
];

export const ANN = 1;
export const BEN = 2;
export const CAT = 3;

type Flags = Partial<Pick<NewOrder, 'timeInForce' | 'postOnly' | 'reduceOnly' | 'selfTrade' | 'tag'>>;

function order(owner: number, side: Side, lots: Lots, limit: Ticks, flags: Flags): NewOrder {
  return {
    owner,
    side,
    lots,
    limit,
    timeInForce: TimeInForce.GTC,
    postOnly: false,
    reduceOnly: false,
    selfTrade: SelfTrade.CANCEL_TAKER,
    tag: 0,
    ...flags,
  };
}

/** `buy(ANN, 5, 101)`: Ann bids for 5 lots at 101, good till cancelled unless the flags say more. */
export function buy(owner: number, lots: Lots, limit: Ticks, flags: Flags = {}): NewOrder {
  return order(owner, 1, lots, limit, flags);
}

export function sell(owner: number, lots: Lots, limit: Ticks, flags: Flags = {}): NewOrder {
  return order(owner, -1, lots, limit, flags);
}

/** Places orders one after the other and gives their handles. */
export function placeAll(book: Book, ...orders: NewOrder[]): Handle[] {
  return orders.map((each) => book.place(each));
}

/** The levels of a side, from the touch outwards, as [price, lots]. */
export function levelsOf(book: Book, side: Side): [Ticks, Lots][] {
  const levels: [Ticks, Lots][] = [];
  let price = side > 0 ? book.bestBid() : book.bestAsk();
  for (; !Number.isNaN(price); price = book.nextLevel(side, price)) {
    levels.push([price, book.lotsAt(side, price)]);
  }
  return levels;
}

/** The whole book, level by level, from the touch outwards; a side left out is empty. */
export function expectBook(book: Book, expected: { bids?: [Ticks, Lots][]; asks?: [Ticks, Lots][] }): void {
  book.checkInvariants();
  expect({ bids: levelsOf(book, 1), asks: levelsOf(book, -1) }).toEqual({ bids: [], asks: [], ...expected });
}

const KINDS = Object.keys(ReportKind);
const REASONS = Object.keys(RejectReason);

/**
 * What the last command reported, one line a row:
 * `FILL 3@101 left 2 of 1 by 2` is 3 lots at 101 between maker 1, who has 2 left, and taker 2;
 * `REJECTED 3@101 left 0 of 1, BAD_SIZE` is about owner 1.
 */
export function reportsOf(book: Book): string[] {
  const r = book.reports;
  return Array.from({ length: r.count }, (_, i) => {
    const taker = r.kind(i) === ReportKind.FILL ? ` by ${r.takerOwner(i)}` : '';
    const reason = r.reason(i) === RejectReason.NONE ? '' : `, ${REASONS[r.reason(i)]}`;
    const what = `${KINDS[r.kind(i)]} ${r.lots(i)}@${r.price(i)} left ${r.remaining(i)}`;
    return `${what} of ${r.owner(i)}${taker}${reason}`;
  });
}
