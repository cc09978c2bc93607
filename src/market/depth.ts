import { BUY, SELL, type Lots, type Money, type Side, type Ticks } from '../base/units.ts';
import { NO_ORDER, type Handle } from './order.ts';

/**
 * Pure questions about what rests in a book. Where a function takes a `taker` side, it is the side of the order that
 * would come: a BUY trades with the asks.
 */

/** What they ask of a book. */
export interface BookView {
  bestBid(): Ticks;
  bestAsk(): Ticks;
  nextLevel(side: Side, price: Ticks): Ticks;
  lotsAt(side: Side, price: Ticks): Lots;
}

/** What `lotsAhead` asks of a book. */
interface QueueView {
  orderAhead(handle: Handle): Handle;
  remaining(handle: Handle): Lots;
}

/** Half way between the best prices, in ticks and half ticks; NaN when a side is empty. */
export function mid(book: BookView): Ticks {
  return (book.bestBid() + book.bestAsk()) / 2;
}

/** Best prices weighted by the lots on the *other* side: it leans to the side that is about to be used up. NaN when a side is empty. */
export function microprice(book: BookView): Ticks {
  const bid = book.bestBid();
  const ask = book.bestAsk();
  const bidLots = book.lotsAt(BUY, bid);
  const askLots = book.lotsAt(SELL, ask);
  return (bid * askLots + ask * bidLots) / (bidLots + askLots);
}

/** Average price of a market order worth `money` (a part of a lot may be traded); NaN when the book cannot fill it. */
export function impactPrice(book: BookView, taker: Side, money: Money): Ticks {
  const maker = opposite(taker);
  let left = money;
  let lots = 0;
  for (let price = best(book, maker); !Number.isNaN(price); price = book.nextLevel(maker, price)) {
    const here = book.lotsAt(maker, price);
    if (price * here >= left) return money / (lots + left / price);
    left -= price * here;
    lots += here;
  }
  return NaN;
}

/** What a market order of so many lots pays or gets; NaN when the book cannot fill it. */
export function costOf(book: BookView, taker: Side, lots: Lots): Money {
  const maker = opposite(taker);
  let left = lots;
  let cost = 0;
  for (let p = best(book, maker); left > 0 && !Number.isNaN(p); p = book.nextLevel(maker, p)) {
    const traded = Math.min(left, book.lotsAt(maker, p));
    cost += traded * p;
    left -= traded;
  }
  return left > 0 ? NaN : cost;
}

/** Lots that an order with this limit could trade at once. */
export function lotsWithin(book: BookView, taker: Side, limit: Ticks): Lots {
  const maker = opposite(taker);
  let lots = 0;
  for (let p = best(book, maker); taker * (limit - p) >= 0; p = book.nextLevel(maker, p)) {
    lots += book.lotsAt(maker, p);
  }
  return lots;
}

/** Price times lots that an order with this limit could trade at once. */
export function notionalWithin(book: BookView, taker: Side, limit: Ticks): Money {
  const maker = opposite(taker);
  let money = 0;
  for (let p = best(book, maker); taker * (limit - p) >= 0; p = book.nextLevel(maker, p)) {
    money += p * book.lotsAt(maker, p);
  }
  return money;
}

/** Queue position of a live order: lots at its price that trade before it. */
export function lotsAhead(book: QueueView, handle: Handle): Lots {
  let lots = 0;
  for (let order = book.orderAhead(handle); order !== NO_ORDER; order = book.orderAhead(order)) {
    lots += book.remaining(order);
  }
  return lots;
}

function best(book: BookView, side: Side): Ticks {
  return side > 0 ? book.bestBid() : book.bestAsk();
}

function opposite(side: Side): Side {
  return side > 0 ? SELL : BUY;
}
