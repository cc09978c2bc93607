import { assert } from '../base/check.ts';
import { BUY, SELL, type Side } from '../base/units.ts';
import { Field, Head, Name, type OrderPool, worstPrice } from './order-pool.ts';
import type { TickLadder } from './tick-ladder.ts';

const { NEXT, PREVIOUS, PRICE, SIDE, LOTS, LEVEL, OWNER, FLAGS } = Field;
const { BEST, BEST_PRICE, FREE, ORDER_TO_COME, LEVEL_TO_COME } = Head;
const { RECORD_BITS } = Name;

/** Stops at the first disagreement between orders, queues, owners, levels, ladder and records. Walks the whole book. */
export function checkBook(pool: OrderPool, ladder: TickLadder): void {
  ladder.checkInvariants();
  const queued = new Set([...checkSide(pool, ladder, BUY), ...checkSide(pool, ladder, SELL)]);
  assert(queued.size === pool.orderCount(), `${queued.size} orders are queued, ${pool.orderCount()} counted`);
  checkOwners(pool, queued);
  checkRecords(pool, queued);
  const [bid, ask] = [ladder.best(BUY), ladder.best(SELL)];
  assert(bid < 0 || ask < 0 || bid < ask, `the book is crossed: ${bid} to ${ask}`);
}

/** The orders in the queues of a side. */
function checkSide(pool: OrderPool, ladder: TickLadder, side: Side): number[] {
  const { words } = pool;
  const orders: number[] = [];
  let better = side > 0 ? Infinity : -Infinity;
  const best = ladder.get(side, ladder.best(side));
  assert(words[BEST + side] === best, `the best level of side ${side} is not the ladder's`);
  const bestPrice = best === 0 ? worstPrice(side) : words[best | PRICE];
  assert(words[BEST_PRICE + side] === bestPrice, `the best price of side ${side} is not ${bestPrice}`);
  for (let price = ladder.best(side); price >= 0; price = ladder.worse(side, price)) {
    assert(side * (better - price) > 0, `price ${price} comes after ${better}`);
    better = price;
    const level = ladder.get(side, price);
    assert(
      words[level | PRICE] === price && words[level | SIDE] === side,
      `level ${level} is misplaced: ${price}`,
    );
    for (const order of checkQueue(pool, level)) orders.push(order);
  }
  return orders;
}

/** The orders in a queue. */
function checkQueue(pool: OrderPool, level: number): number[] {
  const { words } = pool;
  const queue: number[] = [];
  let lots = 0;
  let ahead = level;
  for (let order = words[level | NEXT]; order !== level; order = words[order | NEXT]) {
    assert(pool.recordOf(pool.handleOf(order)) === order, `the handle of order ${order} leads elsewhere`);
    assert(words[order | PREVIOUS] === ahead, `order ${order} does not know who is ahead`);
    assert(words[order | LOTS] > 0, `order ${order} has no lots`);
    assert(words[order | LEVEL] === level, `order ${order} is in the queue of level ${level}`);
    lots += words[order | LOTS];
    queue.push(order);
    ahead = order;
  }
  assert(words[level | PREVIOUS] === ahead, `level ${level} does not know its last order`);
  assert(queue.length > 0 && lots === pool.levelLots(level), `level ${level} has lost count of its lots`);
  return queue;
}

/** Each owner's orders are found, and in the order of the book: `queued` are the bids from the best price on, then the asks. */
function checkOwners(pool: OrderPool, queued: ReadonlySet<number>): void {
  const { words } = pool;
  const owners = new Map<number, number[]>();
  for (const order of queued) {
    const owner = words[order | OWNER];
    if (!owners.has(owner)) owners.set(owner, []);
    owners.get(owner)!.push(order);
  }
  for (const [owner, orders] of owners) {
    assert(
      pool.ordersOf(owner).join() === orders.join(),
      `the orders of owner ${owner} are ${orders.join()}, not ${pool.ordersOf(owner).join()}`,
    );
  }
}

/**
 * Each record is one thing: an order, a level, free, the next order or level to come, or out of names. Record 0 is none of
 * them, and its word 6 says so.
 */
function checkRecords(pool: OrderPool, queued: ReadonlySet<number>): void {
  const { words } = pool;
  const levels = new Set(Array.from(queued, (order) => words[order | LEVEL]));
  const unused = new Set([words[ORDER_TO_COME], words[LEVEL_TO_COME]]);
  for (let record = words[FREE]; record !== 0; record = words[record | NEXT]) {
    assert(!unused.has(record), `record ${record} is free twice`);
    unused.add(record);
  }
  const retired: number[] = [];
  const step = 1 << RECORD_BITS;
  for (let record = step; record < words.length; record += step) {
    if (words[record | FLAGS] < 0) retired.push(record);
  }
  const all = [0, ...queued, ...levels, ...unused, ...retired];
  const records = words.length >> RECORD_BITS;
  assert(new Set(all).size === all.length, 'a record is two things at once');
  assert(all.length === records, `${records - all.length} records are lost`);
  assert(words[FLAGS] === 0, 'record 0 is in use');
}
