import { BUY, SELL, type Lots, type Money, type Side, type Ticks } from '../base/units.ts';
import { LINEAR, notionalOf } from './contract.ts';
import type { Valuation } from './contract.ts';
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

/**
 * Average price of a market order of this notional (a part of a lot may be traded); NaN when the book cannot fill it.
 * For an inverse contract the average is harmonic: the price at which all its lots together have this notional.
 */
export function impactPrice(book: BookView, taker: Side, money: Money, contract: Valuation = LINEAR): Ticks {
  if (contract.isInverse) return inverseImpactPrice(book, taker, money, contract);
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

function inverseImpactPrice(book: BookView, taker: Side, money: Money, { inverseLot }: Valuation): Ticks {
  const maker = opposite(taker);
  let left = money;
  let lots = 0;
  for (let price = best(book, maker); !Number.isNaN(price); price = book.nextLevel(maker, price)) {
    const here = book.lotsAt(maker, price);
    const notional = (here * inverseLot) / price;
    if (notional >= left) return ((lots + (left * price) / inverseLot) * inverseLot) / money;
    left -= notional;
    lots += here;
  }
  return NaN;
}

/**
 * Average price of a market order of so many lots: at it they have the value that they trade for. NaN when the book cannot
 * fill it. Arithmetic mean for a linear contract, harmonic for an inverse one.
 */
export function averagePrice(book: BookView, taker: Side, lots: Lots, contract: Valuation = LINEAR): Ticks {
  if (!contract.isInverse) return costOf(book, taker, lots) / lots;
  const maker = opposite(taker);
  let left = lots;
  let inverse = 0;
  for (let p = best(book, maker); left > 0 && !Number.isNaN(p); p = book.nextLevel(maker, p)) {
    const traded = Math.min(left, book.lotsAt(maker, p));
    inverse += traded / p;
    left -= traded;
  }
  return left > 0 ? NaN : lots / inverse;
}

/** Price times lots of a market order of so many lots: what it pays or gets in a linear contract; NaN when the book cannot fill it. */
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

/** Notional that an order with this limit could trade at once. */
export function notionalWithin(
  book: BookView,
  taker: Side,
  limit: Ticks,
  contract: Valuation = LINEAR,
): Money {
  const maker = opposite(taker);
  let money = 0;
  for (let p = best(book, maker); taker * (limit - p) >= 0; p = book.nextLevel(maker, p)) {
    money += notionalOf(contract, book.lotsAt(maker, p), p);
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
