import { assert } from '../base/check.ts';
import { Hasher } from '../base/hash.ts';
import { BUY, SELL, type Lots, type Side, type Ticks } from '../base/units.ts';
import { LevelPool } from './level-pool.ts';
import { checkBook } from './order-book-invariants.ts';
import * as Pool from './order-pool.ts';
import { FLAGS, LEVEL, LOTS, OrderPool, OWNER, PRICE, SIDE, STRIDE_BITS, TAG } from './order-pool.ts';
import { NO_ORDER, SelfTrade, TimeInForce } from './order.ts';
import type { Handle, NewOrder, PositionView } from './order.ts';
import { RejectReason, ReportKind, Reports } from './reports.ts';
import { Rings } from './rings.ts';
import { TickLadder } from './tick-ladder.ts';

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
  /** What the last command did. The object stays, its columns may be replaced by longer ones. */
  readonly reports = new Reports();

  private readonly positions: PositionView;
  private readonly orders: OrderPool;
  private readonly levels = new LevelPool();
  /** Anchored by level: its orders, the oldest first. */
  private readonly queues = new Rings();
  /** Anchored by owner: the owner's resting orders, the oldest first. */
  private readonly owners = new Rings();
  private readonly bids: TickLadder;
  private readonly asks: TickLadder;
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
    timeInForce: TimeInForce.GTC,
    postOnly: false,
    reduceOnly: false,
    selfTrade: SelfTrade.CANCEL_TAKER,
    tag: 0,
  };

  constructor(options: OrderBookOptions = {}) {
    const centre = options.centre ?? 2 ** 19;
    this.positions = options.positions ?? { lots: () => 0 };
    this.orders = new OrderPool(options.capacity ?? 1024);
    this.queues.reserve(this.orders.size);
    this.owners.reserve(this.orders.size);
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
    return this.orders.handles[slot];
  }

  /** Takes a resting order out of the book. False: its handle is unknown or the order is gone. */
  cancel(handle: Handle): boolean {
    this.reports.count = 0;
    const slot = this.find(handle);
    if (slot === 0) return false;
    this.cancelSlot(slot, RejectReason.NONE);
    return true;
  }

  /** Takes lots away from a resting order, which keeps its place in the queue; all of them or more: cancels it. */
  reduce(handle: Handle, byLots: Lots): boolean {
    this.reports.count = 0;
    const slot = this.find(handle);
    if (slot === 0) return false;
    if (!isPositiveInt32(byLots)) {
      this.refuse(slot, RejectReason.BAD_SIZE, byLots, this.priceOfSlot(slot));
      return false;
    }
    if (byLots >= this.lotsOfSlot(slot)) this.cancelSlot(slot, RejectReason.NONE);
    else this.reduceSlot(slot, byLots, RejectReason.NONE);
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
    if (refusal !== RejectReason.NONE) {
      this.refuse(slot, refusal, lots, limit);
      return handle;
    }
    const left = this.lotsOfSlot(slot);
    if (limit === this.priceOfSlot(slot) && lots <= left) {
      this.reduceSlot(slot, left - lots, RejectReason.NONE);
      return handle;
    }
    const fields = this.orders.fields;
    const at = slot << STRIDE_BITS;
    const flags = fields[at + FLAGS];
    const again = this.again;
    again.owner = fields[at + OWNER];
    again.side = fields[at + SIDE] as Side;
    again.tag = fields[at + TAG];
    again.lots = lots;
    again.limit = limit;
    again.postOnly = (flags & Pool.POST_ONLY) !== 0;
    again.reduceOnly = (flags & Pool.REDUCE_ONLY) !== 0;
    again.selfTrade = (flags >> Pool.SELF_TRADE_SHIFT) as SelfTrade;
    this.cancelSlot(slot, RejectReason.NONE);
    const entered = this.enter(again);
    return this.orders.handles[entered];
  }

  /** Cancels all resting orders of one owner, in the order in which they came to rest; returns how many. */
  cancelAll(owner: number): number {
    this.reports.count = 0;
    for (let slot = this.owners.first(owner); slot !== 0; slot = this.owners.first(owner)) {
      this.cancelSlot(slot, RejectReason.NONE);
    }
    return this.reports.count;
  }

  /** NaN when nobody bids. */
  bestBid(): Ticks {
    return this.bestBidLevel === 0 ? NaN : this.levels.prices[this.bestBidLevel];
  }

  /** NaN when nobody offers. */
  bestAsk(): Ticks {
    return this.bestAskLevel === 0 ? NaN : this.levels.prices[this.bestAskLevel];
  }

  /** Price of the last fill, NaN before the first. */
  lastTrade(): Ticks {
    return this.lastPrice;
  }

  /** Lots resting on a side at a price, 0 at any price that is not occupied. */
  lotsAt(side: Side, price: Ticks): Lots {
    return this.levels.lots[this.ladder(side).get(price)];
  }

  /** The next occupied price of a side, away from the touch; `price` need not be occupied. NaN after the last. */
  nextLevel(side: Side, price: Ticks): Ticks {
    const next = this.ladder(side).worse(price);
    return next < 0 ? NaN : next;
  }

  /** Orders resting on both sides. */
  orderCount(): number {
    return this.orders.count;
  }

  /** Lots resting on a side; adds up its levels. */
  totalLots(side: Side): Lots {
    const ladder = this.ladder(side);
    let lots = 0;
    for (let price = ladder.best(); price >= 0; price = ladder.worse(price)) {
      lots += this.levels.lots[ladder.get(price)];
    }
    return lots;
  }

  isLive(handle: Handle): boolean {
    return this.orders.slotOf(handle) !== 0;
  }

  /** Lots that still rest, 0 when the order is gone. */
  remaining(handle: Handle): Lots {
    const slot = this.orders.slotOf(handle);
    return slot === 0 ? 0 : this.lotsOfSlot(slot);
  }

  /** The order must be live, as in the other questions about one order below. */
  ownerOf(handle: Handle): number {
    return this.orders.fields[(this.mustFind(handle) << STRIDE_BITS) + OWNER];
  }

  tagOf(handle: Handle): number {
    return this.orders.fields[(this.mustFind(handle) << STRIDE_BITS) + TAG];
  }

  priceOf(handle: Handle): Ticks {
    return this.priceOfSlot(this.mustFind(handle));
  }

  sideOf(handle: Handle): Side {
    return this.sideOfSlot(this.mustFind(handle));
  }

  /** The order that trades just before this one at the same price, `NO_ORDER` for the first in the queue. */
  orderAhead(handle: Handle): Handle {
    return this.orders.handles[this.queues.previous(this.mustFind(handle))];
  }

  /**
   * A digest of all that decides what the book will do: every order from the best bid to the worst, then the asks, each
   * queue from its front, and the last trade. Handles do not count, so books with different histories may agree.
   */
  stateHash(): string {
    const fields = this.orders.fields;
    const hasher = new Hasher();
    hasher.add(this.lastPrice);
    for (const ladder of [this.bids, this.asks]) {
      for (let price = ladder.best(); price >= 0; price = ladder.worse(price)) {
        let slot = this.queues.first(ladder.get(price));
        for (; slot !== 0; slot = this.queues.next(slot)) {
          const at = slot << STRIDE_BITS;
          for (const field of [SIDE, PRICE, LOTS, OWNER, TAG, FLAGS]) hasher.add(fields[at + field]);
        }
      }
    }
    return hasher.digest();
  }

  /** For tests: stops with an assertion when queues, lists, ladders and totals disagree. Walks the whole book. */
  checkInvariants(): void {
    const { orders, levels, queues, owners, bids, asks, bestBidLevel, bestAskLevel } = this;
    checkBook({ orders, levels, queues, owners, bids, asks, bestBidLevel, bestAskLevel });
  }

  // ---------------------------------------------------------------- entering an order

  /** Checks and matches an order; returns its slot if it rests now, 0 if not. */
  private enter(order: NewOrder): number {
    const { side, limit, timeInForce } = order;
    const reason = refusalOf(order.lots, limit);
    if (reason !== RejectReason.NONE) return this.reject(order, reason);
    let lots = order.lots;
    if (order.reduceOnly) lots = Math.min(lots, this.reducible(order.owner, side));
    if (lots === 0) return this.reject(order, RejectReason.NOTHING_TO_REDUCE);
    const crosses = this.crossable(side, limit) !== 0;
    if (crosses && order.postOnly) return this.reject(order, RejectReason.WOULD_CROSS);
    if (timeInForce === TimeInForce.FOK && !this.canFill(order, lots)) {
      return this.reject(order, RejectReason.CANNOT_FILL);
    }

    const excess = order.lots - lots;
    if (excess > 0) {
      this.reportTaker(ReportKind.REDUCED, RejectReason.NOTHING_TO_REDUCE, order, excess, lots);
    }
    if (crosses) lots = this.match(order, lots);
    if (lots === 0) return 0;
    if (timeInForce === TimeInForce.GTC) return this.rest(order, lots);
    this.reportTaker(ReportKind.EXPIRED, RejectReason.NONE, order, lots, 0);
    return 0;
  }

  /** Trades with everything the order crosses; returns the lots that found no partner (0 also when they were cancelled). */
  private match(order: NewOrder, wanted: Lots): Lots {
    const { side, owner, limit, selfTrade } = order;
    const fields = this.orders.fields;
    let lots = wanted;
    for (let level = this.crossable(side, limit); level !== 0; level = this.crossable(side, limit)) {
      const maker = this.queues.first(level);
      const at = maker << STRIDE_BITS;
      if (fields[at + OWNER] === owner && selfTrade !== SelfTrade.ALLOW) {
        if (selfTrade !== SelfTrade.CANCEL_TAKER) this.cancelSlot(maker, RejectReason.SELF_TRADE);
        if (selfTrade === SelfTrade.CANCEL_MAKER) continue;
        this.reportTaker(ReportKind.CANCELLED, RejectReason.SELF_TRADE, order, lots, 0);
        return 0;
      }
      if ((fields[at + FLAGS] & Pool.REDUCE_ONLY) !== 0 && !this.clampResting(maker)) continue;
      const left = fields[at + LOTS];
      const traded = Math.min(lots, left);
      lots -= traded;
      this.lastPrice = fields[at + PRICE];
      this.reportFill(order, maker, traded, left - traded);
      if (traded === left) this.remove(maker);
      else this.takeLots(maker, traded);
      if (lots === 0) return 0;
    }
    return lots;
  }

  /** Clamps a resting reduce-only order that is about to trade; false when it had to be cancelled. */
  private clampResting(maker: number): boolean {
    const left = this.lotsOfSlot(maker);
    const reducible = this.reducible(this.ownerOfSlot(maker), this.sideOfSlot(maker));
    if (reducible === 0) this.cancelSlot(maker, RejectReason.NOTHING_TO_REDUCE);
    else if (reducible < left) this.reduceSlot(maker, left - reducible, RejectReason.NOTHING_TO_REDUCE);
    return reducible > 0;
  }

  /** Lots by which an order of this side may still reduce the owner's position, the reported fills counted. */
  private reducible(owner: number, side: Side): Lots {
    const r = this.reports;
    let position = this.positions.lots(owner);
    for (let row = 0; row < r.count; row++) {
      if (r.kind[row] !== ReportKind.FILL) continue;
      if (r.owner[row] === owner) position += r.side[row] * r.lots[row];
      if (r.takerOwner[row] === owner) position -= r.side[row] * r.lots[row];
    }
    return Math.max(0, -side * position);
  }

  /** Would `match` fill all these lots? Plays it through in the report rows alone, and takes the rows back. */
  private canFill(order: NewOrder, wanted: Lots): boolean {
    const { side, owner, limit, selfTrade } = order;
    const before = this.reports.count;
    const ladder = this.ladder(side > 0 ? SELL : BUY);
    let lots = wanted;
    for (let price = ladder.best(); price >= 0 && side * (limit - price) >= 0; price = ladder.worse(price)) {
      let maker = this.queues.first(ladder.get(price));
      for (; maker !== 0 && lots > 0; maker = this.queues.next(maker)) {
        if (this.ownerOfSlot(maker) === owner && selfTrade !== SelfTrade.ALLOW) {
          if (selfTrade === SelfTrade.CANCEL_MAKER) continue;
          this.reports.count = before;
          return false;
        }
        let left = this.lotsOfSlot(maker);
        if ((this.orders.fields[(maker << STRIDE_BITS) + FLAGS] & Pool.REDUCE_ONLY) !== 0) {
          left = Math.min(left, this.reducible(this.ownerOfSlot(maker), this.sideOfSlot(maker)));
        }
        if (left === 0) continue;
        const traded = Math.min(lots, left);
        lots -= traded;
        this.reportFill(order, maker, traded, left - traded);
      }
      if (lots === 0) break;
    }
    this.reports.count = before;
    return lots === 0;
  }

  /** Puts an order at the end of the queue of its price. */
  private rest(order: NewOrder, lots: Lots): number {
    const { side, owner, limit } = order;
    const slot = this.orders.take();
    const level = this.levelAt(side, limit);
    const fields = this.orders.fields;
    const at = slot << STRIDE_BITS;
    fields[at + LOTS] = lots;
    fields[at + LEVEL] = level;
    fields[at + PRICE] = limit;
    fields[at + SIDE] = side;
    fields[at + OWNER] = owner;
    fields[at + TAG] = order.tag;
    fields[at + FLAGS] =
      (order.reduceOnly ? Pool.REDUCE_ONLY : 0) |
      (order.postOnly ? Pool.POST_ONLY : 0) |
      (order.selfTrade << Pool.SELF_TRADE_SHIFT);
    this.levels.lots[level] += lots;
    this.queues.append(level, slot);
    this.owners.append(owner, slot);
    this.reportSlot(ReportKind.ACCEPTED, RejectReason.NONE, slot, lots, lots);
    return slot;
  }

  // ---------------------------------------------------------------- resting orders

  /** Takes an order out of its queue and its owner's list, and frees it. */
  private remove(slot: number): void {
    const at = slot << STRIDE_BITS;
    const level = this.orders.fields[at + LEVEL];
    this.levels.lots[level] -= this.orders.fields[at + LOTS];
    this.owners.remove(slot);
    if (this.queues.remove(slot)) this.closeLevel(level);
    this.orders.release(slot);
  }

  private takeLots(slot: number, lots: Lots): void {
    const at = slot << STRIDE_BITS;
    this.orders.fields[at + LOTS] -= lots;
    this.levels.lots[this.orders.fields[at + LEVEL]] -= lots;
  }

  private cancelSlot(slot: number, reason: RejectReason): void {
    this.reportSlot(ReportKind.CANCELLED, reason, slot, this.lotsOfSlot(slot), 0);
    this.remove(slot);
  }

  private reduceSlot(slot: number, lots: Lots, reason: RejectReason): void {
    this.takeLots(slot, lots);
    this.reportSlot(ReportKind.REDUCED, reason, slot, lots, this.lotsOfSlot(slot));
  }

  private find(handle: Handle): number {
    const slot = this.orders.slotOf(handle);
    if (slot === 0) {
      const r = this.reports;
      const row = r.open(ReportKind.REJECTED, RejectReason.UNKNOWN_ORDER);
      r.handle[row] = handle;
      r.owner[row] = -1;
      r.side[row] = 0;
      r.tag[row] = 0;
      r.price[row] = NaN;
      r.lots[row] = 0;
      r.remaining[row] = 0;
    }
    return slot;
  }

  private mustFind(handle: Handle): number {
    const slot = this.orders.slotOf(handle);
    if (slot === 0) assert(false, `order ${handle} is not in the book`);
    return slot;
  }

  private lotsOfSlot(slot: number): Lots {
    return this.orders.fields[(slot << STRIDE_BITS) + LOTS];
  }

  private ownerOfSlot(slot: number): number {
    return this.orders.fields[(slot << STRIDE_BITS) + OWNER];
  }

  private priceOfSlot(slot: number): Ticks {
    return this.orders.fields[(slot << STRIDE_BITS) + PRICE];
  }

  private sideOfSlot(slot: number): Side {
    return this.orders.fields[(slot << STRIDE_BITS) + SIDE] as Side;
  }

  // ---------------------------------------------------------------- levels

  private ladder(side: Side): TickLadder {
    return side > 0 ? this.bids : this.asks;
  }

  /** The best opposite level if an order of this side and limit crosses it, else 0. */
  private crossable(side: Side, limit: Ticks): number {
    const level = side > 0 ? this.bestAskLevel : this.bestBidLevel;
    return level !== 0 && side * (limit - this.levels.prices[level]) >= 0 ? level : 0;
  }

  /** The level of a price, opened if there is none. */
  private levelAt(side: Side, price: Ticks): number {
    const ladder = this.ladder(side);
    const found = ladder.get(price);
    if (found !== 0) return found;
    const level = this.levels.take(side, price);
    ladder.set(price, level);
    const best = side > 0 ? this.bestBidLevel : this.bestAskLevel;
    if (best === 0 || side * (price - this.levels.prices[best]) > 0) this.setBest(side, level);
    return level;
  }

  private closeLevel(level: number): void {
    const price = this.levels.prices[level];
    const side = this.levels.sides[level] as Side;
    const ladder = this.ladder(side);
    ladder.remove(price);
    this.levels.release(level);
    if (level === (side > 0 ? this.bestBidLevel : this.bestAskLevel)) {
      const next = ladder.worse(price);
      this.setBest(side, next < 0 ? 0 : ladder.get(next));
    }
  }

  private setBest(side: Side, level: number): void {
    if (side > 0) this.bestBidLevel = level;
    else this.bestAskLevel = level;
  }

  // ---------------------------------------------------------------- reports

  /** Returns 0: no slot. */
  private reject(order: NewOrder, reason: RejectReason): number {
    this.reportTaker(ReportKind.REJECTED, reason, order, order.lots, 0);
    return 0;
  }

  private refuse(slot: number, reason: RejectReason, lots: Lots, price: Ticks): void {
    this.reportSlot(ReportKind.REJECTED, reason, slot, lots, 0);
    this.reports.price[this.reports.count - 1] = price;
  }

  private reportSlot(
    kind: ReportKind,
    reason: RejectReason,
    slot: number,
    lots: Lots,
    remaining: Lots,
  ): void {
    const r = this.reports;
    const fields = this.orders.fields;
    const at = slot << STRIDE_BITS;
    const row = r.open(kind, reason);
    r.handle[row] = this.orders.handles[slot]!;
    r.owner[row] = fields[at + OWNER]!;
    r.side[row] = fields[at + SIDE]!;
    r.tag[row] = fields[at + TAG]!;
    r.price[row] = fields[at + PRICE]!;
    r.lots[row] = lots;
    r.remaining[row] = remaining;
  }

  private reportFill(taker: NewOrder, maker: number, lots: Lots, remaining: Lots): void {
    this.reportSlot(ReportKind.FILL, RejectReason.NONE, maker, lots, remaining);
    const row = this.reports.count - 1;
    this.reports.takerOwner[row] = taker.owner;
    this.reports.takerTag[row] = taker.tag;
  }

  private reportTaker(
    kind: ReportKind,
    reason: RejectReason,
    order: NewOrder,
    lots: Lots,
    remaining: Lots,
  ): void {
    const r = this.reports;
    const row = r.open(kind, reason);
    r.handle[row] = NO_ORDER;
    r.owner[row] = order.owner;
    r.side[row] = order.side;
    r.tag[row] = order.tag;
    r.price[row] = order.limit;
    r.lots[row] = lots;
    r.remaining[row] = remaining;
  }
}

function isPositiveInt32(x: number): boolean {
  return (x | 0) === x && x > 0;
}

function refusalOf(lots: Lots, limit: Ticks): RejectReason {
  if (!isPositiveInt32(lots)) return RejectReason.BAD_SIZE;
  if (!isPositiveInt32(limit)) return RejectReason.BAD_PRICE;
  return RejectReason.NONE;
}
