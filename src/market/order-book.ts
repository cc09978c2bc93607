import { assert } from '../base/check.ts';
import { Hasher } from '../base/hash.ts';
import { BUY, SELL, type Lots, type Side, type Ticks } from '../base/units.ts';
import { checkBook } from './order-book-invariants.ts';
import { Field, Flag, OrderPool } from './order-pool.ts';
import { NO_ORDER, SelfTrade, TimeInForce } from './order.ts';
import type { Handle, NewOrder, PositionView } from './order.ts';
import { RejectReason, ReportKind, Reports } from './reports.ts';
import { TickLadder } from './tick-ladder.ts';

// Names of this file for numbers of others: V8 folds a file's own constants into the machine code and reloads imported
// ones at each use.
const { NEXT, PREVIOUS, PRICE, SIDE, LOTS, LEVEL, OWNER, TAG, FLAGS } = Field;
const { REDUCE_ONLY, POST_ONLY, SELF_TRADE_SHIFT, ALL } = Flag;
const { ACCEPTED, FILL, CANCELLED, REDUCED, EXPIRED } = ReportKind;
const { NONE, BAD_SIZE, BAD_PRICE, WOULD_CROSS, CANNOT_FILL, NOTHING_TO_REDUCE, SELF_TRADE } = RejectReason;
const { GTC, FOK } = TimeInForce;
const { CANCEL_TAKER, CANCEL_MAKER, ALLOW } = SelfTrade;

export interface OrderBookOptions {
  /** Whom reduce-only orders ask. Without it nobody has a position. */
  readonly positions?: PositionView;
  /** Orders to make room for beforehand (1024); the book grows beyond by doubling. */
  readonly capacity?: number;
  /** A price round which prices are expected (2¹⁹); it only spares growth later, any price works. */
  readonly centre?: Ticks;
}

/**
 * A limit order book with price-time priority: the matching engine of one contract.
 *
 * Every command overwrites `reports`, which tells what it did, and throws nothing at a market outcome: a refused order is
 * a REJECTED row. Whole numbers only, no allocation a command, cost independent of the distance between prices.
 * What the book does not know: money, fees, time, halts and price bands.
 */
export class OrderBook {
  // Fields that the constructor sets are `declare`d: else they begin as undefined, and V8 checks at each use what they are.
  /** What the last command did. */
  declare readonly reports: Reports;

  declare private readonly positions: PositionView;
  /** The resting orders, their queues and levels. What is called an order or a level below is a record of it. */
  declare private readonly pool: OrderPool;
  declare private readonly bids: TickLadder;
  declare private readonly asks: TickLadder;
  /** Best level of the bids, 0: none; likewise of the asks. */
  private bestBidLevel = 0;
  private bestAskLevel = 0;
  private lastPrice = NaN;
  /** `replace` re-enters orders through this one. */
  private readonly again: NewOrder = {
    owner: 0,
    side: BUY,
    lots: 0,
    limit: 0,
    timeInForce: GTC,
    postOnly: false,
    reduceOnly: false,
    selfTrade: CANCEL_TAKER,
    tag: 0,
  };

  constructor(options: OrderBookOptions = {}) {
    const centre = options.centre ?? 2 ** 19;
    this.positions = options.positions ?? { lots: () => 0 };
    this.pool = new OrderPool(options.capacity ?? 1024);
    this.reports = new Reports(this.pool);
    this.bids = new TickLadder(BUY, centre);
    this.asks = new TickLadder(SELL, centre);
  }

  /**
   * Enters an order: it trades with what it crosses, best price first and oldest order first, at the resting orders'
   * prices, and what is left rests, expires or is cancelled as the order says.
   *
   * Checked in this order, each a reason to reject: size, price, reduce-only, post-only, fill-or-kill.
   *
   * - Reduce-only: lots beyond the owner's position are taken away at entry (a REDUCED row), and again from a resting
   *   order each time it is about to trade, fills of the running command counted; with nothing left to reduce the order
   *   is rejected, or cancelled if it rests. The owner's other resting orders are not counted.
   * - Post-only: rejected if it crosses the best opposite price, whoever owns that.
   * - Fill-or-kill: rejected unless the very same match would fill it whole: resting orders that self-trade prevention
   *   or reduce-only would take away do not count, and they stay when the order is rejected.
   *
   * @returns the handle of the order if it rests now, `NO_ORDER` if not.
   */
  place(order: NewOrder): Handle {
    this.reports.count = 0;
    const slot = this.enter(order);
    return this.pool.handleOf(slot);
  }

  /** Reports an order as rejected for a reason of the exchange's own; the book stays as it is. */
  refuse(order: NewOrder, reason: RejectReason): Handle {
    this.reports.count = 0;
    return this.reject(order, reason);
  }

  /** Takes a resting order out of the book. False: its handle is unknown or the order is gone. */
  cancel(handle: Handle): boolean {
    this.reports.count = 0;
    const slot = this.find(handle);
    if (slot === 0) return false;
    this.cancelSlot(slot, NONE);
    return true;
  }

  /** Takes lots away from a resting order, which keeps its place in the queue; all of them or more: cancels it. */
  reduce(handle: Handle, byLots: Lots): boolean {
    this.reports.count = 0;
    const slot = this.find(handle);
    if (slot === 0) return false;
    if (!isPositiveInt32(byLots)) {
      this.reports.addRefusal(BAD_SIZE, slot, byLots, this.pool.priceOf(slot));
      return false;
    }
    if (byLots >= this.lotsOfSlot(slot)) this.cancelSlot(slot, NONE);
    else this.reduceSlot(slot, byLots, NONE);
    return true;
  }

  /**
   * Gives a resting order new lots and a new limit. At its price and with no more lots than are left, it keeps its handle
   * and its place in the queue (a REDUCED row, of 0 lots if nothing changes). Else it is cancelled and enters anew with
   * the same owner, side, tag and flags: it may trade, and it may be rejected, as any new order.
   *
   * @returns the handle under which the order rests now (the old one also when bad numbers are refused), or `NO_ORDER`.
   */
  replace(handle: Handle, lots: Lots, limit: Ticks): Handle {
    this.reports.count = 0;
    const slot = this.find(handle);
    if (slot === 0) return NO_ORDER;
    const refusal = refusalOf(lots, limit);
    if (refusal !== NONE) {
      this.reports.addRefusal(refusal, slot, lots, limit);
      return handle;
    }
    const left = this.lotsOfSlot(slot);
    if (limit === this.priceOfSlot(slot) && lots <= left) {
      this.reduceSlot(slot, left - lots, NONE);
      return handle;
    }
    const { words } = this.pool;
    const flags = words[slot | FLAGS] & ALL;
    const again = this.again;
    again.owner = words[slot | OWNER];
    again.side = this.pool.sideOf(slot);
    again.tag = words[slot | TAG];
    again.lots = lots;
    again.limit = limit;
    again.postOnly = (flags & POST_ONLY) !== 0;
    again.reduceOnly = (flags & REDUCE_ONLY) !== 0;
    again.selfTrade = (flags >> SELF_TRADE_SHIFT) as SelfTrade;
    this.cancelSlot(slot, NONE);
    const entered = this.enter(again);
    return this.pool.handleOf(entered);
  }

  /** Cancels all resting orders of one owner, in the order in which they came to rest; returns how many. */
  cancelAll(owner: number): number {
    this.reports.count = 0;
    for (const slot of this.pool.ordersOf(owner)) this.cancelSlot(slot, NONE);
    return this.reports.count;
  }

  /** NaN when nobody bids. */
  bestBid(): Ticks {
    return this.bestBidLevel === 0 ? NaN : this.pool.words[this.bestBidLevel | PRICE];
  }

  /** NaN when nobody offers. */
  bestAsk(): Ticks {
    return this.bestAskLevel === 0 ? NaN : this.pool.words[this.bestAskLevel | PRICE];
  }

  /** Price of the last fill, NaN before the first. */
  lastTrade(): Ticks {
    return this.lastPrice;
  }

  /** Lots resting on a side at a price, 0 at any price that is not occupied. */
  lotsAt(side: Side, price: Ticks): Lots {
    return this.pool.levelLots(this.ladder(side).get(price));
  }

  /** The next occupied price of a side, away from the touch; `price` need not be occupied. NaN after the last. */
  nextLevel(side: Side, price: Ticks): Ticks {
    const next = this.ladder(side).worse(price);
    return next < 0 ? NaN : next;
  }

  /** Orders resting on both sides. */
  orderCount(): number {
    return this.pool.count;
  }

  /** Lots resting on a side; adds up its levels. */
  totalLots(side: Side): Lots {
    const ladder = this.ladder(side);
    let lots = 0;
    for (let price = ladder.best(); price >= 0; price = ladder.worse(price)) {
      lots += this.pool.levelLots(ladder.get(price));
    }
    return lots;
  }

  isLive(handle: Handle): boolean {
    return this.pool.find(handle) !== 0;
  }

  /** Lots that still rest, 0 when the order is gone. */
  remaining(handle: Handle): Lots {
    const slot = this.pool.find(handle);
    return slot === 0 ? 0 : this.lotsOfSlot(slot);
  }

  /** The order must be live, as in the other questions about one order below. */
  ownerOf(handle: Handle): number {
    return this.pool.words[this.mustFind(handle) | OWNER];
  }

  tagOf(handle: Handle): number {
    return this.pool.words[this.mustFind(handle) | TAG];
  }

  priceOf(handle: Handle): Ticks {
    return this.priceOfSlot(this.mustFind(handle));
  }

  sideOf(handle: Handle): Side {
    return this.sideOfSlot(this.mustFind(handle));
  }

  /** The order that trades just before this one at the same price, `NO_ORDER` for the first in the queue. */
  orderAhead(handle: Handle): Handle {
    const { pool } = this;
    const slot = this.mustFind(handle);
    const ahead = pool.words[slot | PREVIOUS];
    return ahead === pool.words[slot | LEVEL] ? NO_ORDER : pool.handleOf(ahead);
  }

  /**
   * A digest of all that decides what the book will do: every order from the best bid to the worst, then the asks, each
   * queue from its front, and the last trade. Handles do not count, so books with different histories may agree.
   */
  stateHash(): string {
    const { words } = this.pool;
    const hasher = new Hasher();
    hasher.add(this.lastPrice);
    for (const ladder of [this.bids, this.asks]) {
      for (let price = ladder.best(); price >= 0; price = ladder.worse(price)) {
        const level = ladder.get(price);
        for (let slot = words[level | NEXT]; slot !== level; slot = words[slot | NEXT]) {
          hasher.add(words[level | SIDE]);
          hasher.add(price);
          for (const field of [LOTS, OWNER, TAG]) hasher.add(words[slot | field]);
          hasher.add(words[slot | FLAGS] & ALL);
        }
      }
    }
    return hasher.digest();
  }

  /** For tests: stops with an assertion when queues, lists, ladders and totals disagree. Walks the whole book. */
  checkInvariants(): void {
    const { pool, bids, asks, bestBidLevel, bestAskLevel } = this;
    checkBook({ pool, bids, asks, bestBidLevel, bestAskLevel });
  }

  // ---------------------------------------------------------------- entering an order

  /** Checks and matches an order; returns its slot if it rests now, 0 if not. */
  private enter(order: NewOrder): number {
    const { side, limit, timeInForce } = order;
    const reason = refusalOf(order.lots, limit);
    if (reason !== NONE) return this.reject(order, reason);
    let lots = order.lots;
    if (order.reduceOnly === true) lots = Math.min(lots, this.reducible(order.owner, side));
    if (lots === 0) return this.reject(order, NOTHING_TO_REDUCE);
    const crosses = this.crossable(side, limit) !== 0;
    if (crosses && order.postOnly) return this.reject(order, WOULD_CROSS);
    if (timeInForce === FOK && !this.canFill(order, lots)) {
      return this.reject(order, CANNOT_FILL);
    }

    const excess = order.lots - lots;
    if (excess > 0) this.reportTaker(REDUCED, NOTHING_TO_REDUCE, order, excess, lots);
    if (crosses) lots = this.match(order, lots);
    if (lots === 0) return 0;
    if (timeInForce === GTC) return this.rest(order, lots);
    this.reportTaker(EXPIRED, NONE, order, lots, 0);
    return 0;
  }

  /** Trades with everything the order crosses; returns the lots that found no partner (0 also when they were cancelled). */
  private match(order: NewOrder, wanted: Lots): Lots {
    const { side, owner, limit, selfTrade } = order;
    const { words } = this.pool;
    this.reports.setTaker(order);
    let lots = wanted;
    for (let level = this.crossable(side, limit); level !== 0; level = this.crossable(side, limit)) {
      const maker = words[level | NEXT];
      if (words[maker | OWNER] === owner && selfTrade !== ALLOW) {
        if (selfTrade !== CANCEL_TAKER) this.cancelSlot(maker, SELF_TRADE);
        if (selfTrade === CANCEL_MAKER) continue;
        this.reportTaker(CANCELLED, SELF_TRADE, order, lots, 0);
        return 0;
      }
      if ((words[maker | FLAGS] & REDUCE_ONLY) !== 0 && !this.clampResting(maker)) continue;
      const left = words[maker | LOTS];
      const traded = left < lots ? left : lots;
      lots -= traded;
      this.lastPrice = words[level | PRICE];
      this.reports.add(FILL, NONE, maker, traded, left - traded);
      if (traded === left) this.remove(maker);
      else this.pool.takeLots(maker, traded);
      if (lots === 0) return 0;
    }
    return lots;
  }

  /** Clamps a resting reduce-only order that is about to trade; false when it had to be cancelled. */
  private clampResting(maker: number): boolean {
    const left = this.lotsOfSlot(maker);
    const reducible = this.reducible(this.ownerOfSlot(maker), this.sideOfSlot(maker));
    if (reducible === 0) this.cancelSlot(maker, NOTHING_TO_REDUCE);
    else if (reducible < left) this.reduceSlot(maker, left - reducible, NOTHING_TO_REDUCE);
    return reducible > 0;
  }

  /** Lots by which an order of this side may still reduce the owner's position, the reported fills counted. */
  private reducible(owner: number, side: Side): Lots {
    const r = this.reports;
    let position = this.positions.lots(owner);
    for (let row = 0; row < r.count; row++) {
      if (r.kind(row) !== FILL) continue;
      if (r.owner(row) === owner) position += r.side(row) * r.lots(row);
      if (r.takerOwner(row) === owner) position -= r.side(row) * r.lots(row);
    }
    return Math.max(0, -side * position);
  }

  /** Would `match` fill all these lots? Plays it through in the report rows alone, and takes the rows back. */
  private canFill(order: NewOrder, wanted: Lots): boolean {
    const { side, owner, limit, selfTrade } = order;
    const { words } = this.pool;
    const before = this.reports.count;
    this.reports.setTaker(order);
    const ladder = this.ladder(side > 0 ? SELL : BUY);
    let lots = wanted;
    for (let price = ladder.best(); price >= 0 && side * (limit - price) >= 0; price = ladder.worse(price)) {
      const level = ladder.get(price);
      for (let maker = words[level | NEXT]; maker !== level && lots > 0; maker = words[maker | NEXT]) {
        if (this.ownerOfSlot(maker) === owner && selfTrade !== ALLOW) {
          if (selfTrade === CANCEL_MAKER) continue;
          this.reports.count = before;
          return false;
        }
        let left = this.lotsOfSlot(maker);
        if ((words[maker | FLAGS] & REDUCE_ONLY) !== 0) {
          left = Math.min(left, this.reducible(this.ownerOfSlot(maker), this.sideOfSlot(maker)));
        }
        if (left === 0) continue;
        const traded = Math.min(lots, left);
        lots -= traded;
        this.reports.add(FILL, NONE, maker, traded, left - traded);
      }
      if (lots === 0) break;
    }
    this.reports.count = before;
    return lots === 0;
  }

  /** Puts an order at the end of the queue of its price. */
  private rest(order: NewOrder, lots: Lots): number {
    // `=== true` spares the machine code of asking whether a flag is an empty string, a zero or a NaN.
    const flags =
      (order.reduceOnly === true ? REDUCE_ONLY : 0) |
      (order.postOnly === true ? POST_ONLY : 0) |
      (order.selfTrade << SELF_TRADE_SHIFT);
    const level = this.levelAt(order.side, order.limit);
    const slot = this.pool.addOrder(level, order.owner, lots, order.tag, flags);
    this.reports.add(ACCEPTED, NONE, slot, lots, lots);
    return slot;
  }

  // ---------------------------------------------------------------- resting orders

  private remove(slot: number): void {
    if (this.pool.removeOrder(slot)) this.closeLevel(this.pool.words[slot | LEVEL]);
  }

  private cancelSlot(slot: number, reason: RejectReason): void {
    this.reports.add(CANCELLED, reason, slot, this.lotsOfSlot(slot), 0);
    this.remove(slot);
  }

  private reduceSlot(slot: number, lots: Lots, reason: RejectReason): void {
    this.pool.takeLots(slot, lots);
    this.reports.add(REDUCED, reason, slot, lots, this.lotsOfSlot(slot));
  }

  private find(handle: Handle): number {
    const slot = this.pool.find(handle);
    if (slot === 0) this.reports.addUnknown(handle);
    return slot;
  }

  private mustFind(handle: Handle): number {
    const slot = this.pool.find(handle);
    if (slot === 0) assert(false, `order ${handle} is not in the book`);
    return slot;
  }

  private lotsOfSlot(slot: number): Lots {
    return this.pool.words[slot | LOTS];
  }

  private ownerOfSlot(slot: number): number {
    return this.pool.words[slot | OWNER];
  }

  private priceOfSlot(slot: number): Ticks {
    return this.pool.priceOf(slot);
  }

  private sideOfSlot(slot: number): Side {
    return this.pool.sideOf(slot);
  }

  // ---------------------------------------------------------------- levels

  private ladder(side: Side): TickLadder {
    return side > 0 ? this.bids : this.asks;
  }

  /** The best opposite level if an order of this side and limit crosses it, else 0. */
  private crossable(side: Side, limit: Ticks): number {
    const level = side > 0 ? this.bestAskLevel : this.bestBidLevel;
    return level !== 0 && Math.imul(side, limit - this.pool.words[level | PRICE]) >= 0 ? level : 0;
  }

  /** The level of a price, opened if there is none. */
  private levelAt(side: Side, price: Ticks): number {
    const ladder = this.ladder(side);
    const found = ladder.get(price);
    if (found !== 0) return found;
    const level = this.pool.addLevel(side, price);
    ladder.set(price, level);
    const best = side > 0 ? this.bestBidLevel : this.bestAskLevel;
    if (best === 0 || Math.imul(side, price - this.pool.words[best | PRICE]) > 0) this.setBest(side, level);
    return level;
  }

  private closeLevel(level: number): void {
    const price = this.pool.words[level | PRICE];
    const side = this.pool.words[level | SIDE] as Side;
    const ladder = this.ladder(side);
    ladder.remove(price);
    this.pool.removeLevel(level);
    if (level === (side > 0 ? this.bestBidLevel : this.bestAskLevel)) {
      const next = ladder.worse(price);
      this.setBest(side, next < 0 ? 0 : ladder.get(next));
    }
  }

  private setBest(side: Side, level: number): void {
    if (side > 0) this.bestBidLevel = level;
    else this.bestAskLevel = level;
  }

  /** Returns 0: no slot. */
  private reject(order: NewOrder, reason: RejectReason): number {
    this.reports.setTaker(order);
    this.reports.addRefusal(reason, 0, order.lots, order.limit);
    return 0;
  }

  /** A row about an order that does not rest. */
  private reportTaker(kind: ReportKind, reason: RejectReason, order: NewOrder, lots: Lots, left: Lots): void {
    this.reports.setTaker(order);
    this.reports.add(kind, reason, 0, lots, left);
  }
}

function isPositiveInt32(x: number): boolean {
  return (x | 0) === x && x > 0;
}

function refusalOf(lots: Lots, limit: Ticks): RejectReason {
  if (!isPositiveInt32(lots)) return BAD_SIZE;
  if (!isPositiveInt32(limit)) return BAD_PRICE;
  return NONE;
}
