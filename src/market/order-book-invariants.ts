import { assert } from '../base/check.ts';
import { BUY, SELL, type Side } from '../base/units.ts';
import type { LevelPool } from './level-pool.ts';
import { LEVEL, LOTS, OWNER, PRICE, SIDE, STRIDE_BITS, type OrderPool } from './order-pool.ts';
import type { Rings } from './rings.ts';
import type { TickLadder } from './tick-ladder.ts';

/** What an order book is made of. */
interface BookInside {
  readonly orders: OrderPool;
  readonly levels: LevelPool;
  readonly queues: Rings;
  readonly owners: Rings;
  readonly bids: TickLadder;
  readonly asks: TickLadder;
  readonly bestBidLevel: number;
  readonly bestAskLevel: number;
}

/** Stops at the first disagreement between orders, queues, owners' lists, levels and ladders. Walks the whole book. */
export function checkBook(book: BookInside): void {
  const { levels, bestBidLevel, bestAskLevel } = book;
  const queued = checkSide(book, BUY) + checkSide(book, SELL);
  assert(queued === book.orders.count, `${queued} orders are queued, ${book.orders.count} counted`);
  checkOrders(book);
  assert(levels.lots[0] === 0, 'level 0 holds lots');
  const [bid, ask] = [levels.prices[bestBidLevel], levels.prices[bestAskLevel]];
  assert(bestBidLevel === 0 || bestAskLevel === 0 || bid < ask, `the book is crossed: ${bid} to ${ask}`);
}

/** The number of orders in the queues of a side. */
function checkSide(book: BookInside, side: Side): number {
  const { levels } = book;
  const ladder = side > 0 ? book.bids : book.asks;
  const bestLevel = side > 0 ? book.bestBidLevel : book.bestAskLevel;
  let orders = 0;
  let better = side > 0 ? Infinity : -Infinity;
  ladder.checkInvariants();
  assert(bestLevel === ladder.get(ladder.best()), `the best level of side ${side} is not the ladder's`);
  for (let price = ladder.best(); price >= 0; price = ladder.worse(price)) {
    assert(side * (better - price) > 0, `price ${price} comes after ${better}`);
    better = price;
    const level = ladder.get(price);
    assert(levels.prices[level] === price && levels.sides[level] === side, `level ${level} is misplaced`);
    orders += checkQueue(book, level);
  }
  return orders;
}

/** The number of orders in a queue. */
function checkQueue({ orders, levels, queues }: BookInside, level: number): number {
  const { fields } = orders;
  let count = 0;
  let lots = 0;
  let ahead = 0;
  for (let slot = queues.first(level); slot !== 0; slot = queues.next(slot)) {
    const at = slot << STRIDE_BITS;
    assert(orders.handles[slot] > 0, `order ${slot} is queued and not live`);
    assert(queues.previous(slot) === ahead, `order ${slot} does not know who is ahead`);
    assert(fields[at + LOTS] > 0, `order ${slot} has no lots`);
    assert(
      fields[at + LEVEL] === level &&
        fields[at + PRICE] === levels.prices[level] &&
        fields[at + SIDE] === levels.sides[level],
      `order ${slot} is in the queue of level ${level}`,
    );
    lots += fields[at + LOTS];
    count++;
    ahead = slot;
  }
  assert(count > 0 && lots === levels.lots[level], `level ${level} has lost count of its lots`);
  return count;
}

/** Each live order has its own handle and stands in the list of its owner. */
function checkOrders({ orders, owners }: BookInside): void {
  const { fields } = orders;
  const seen = new Set<number>();
  const known = new Set<number>();
  for (let slot = 1; slot < orders.size; slot++) {
    if (orders.handles[slot] < 0) continue;
    seen.add(slot);
    known.add(fields[(slot << STRIDE_BITS) + OWNER]);
    assert(orders.slotOf(orders.handles[slot]) === slot, `the handle of slot ${slot} leads elsewhere`);
  }
  assert(seen.size === orders.count, `${seen.size} slots are live, ${orders.count} counted`);
  for (const owner of known) {
    for (let slot = owners.first(owner); slot !== 0; slot = owners.next(slot)) {
      assert(
        fields[(slot << STRIDE_BITS) + OWNER] === owner,
        `order ${slot} is in the list of owner ${owner}`,
      );
      assert(seen.delete(slot), `order ${slot} is listed twice, or not live`);
    }
  }
  assert(seen.size === 0, `${seen.size} orders are in no owner's list`);
}
