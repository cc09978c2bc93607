import { assert } from '../base/check.ts';
import { Hasher } from '../base/hash.ts';
import { BUY, SELL, type Lots, type Side, type Ticks } from '../base/units.ts';
import { checkBook } from './order-book-invariants.ts';
import * as pool from './order-pool.ts';
import { OrderPool, worstPrice } from './order-pool.ts';
import { NO_ORDER, SelfTrade, TimeInForce } from './order.ts';
import type { Handle, NewOrder, PositionView } from './order.ts';
import { RejectReason, ReportKind, Reports } from './reports.ts';
import { TickLadder } from './tick-ladder.ts';

// Names of this file for numbers of others: V8 folds a file's own constants into the machine code and reloads imported
// ones at each use.
const { NEXT, PREVIOUS, PRICE, SIDE, LEVEL_LOTS, CARRIES, LOTS, LEVEL, OWNER, TAG, FLAGS } = pool.Field;
const { BEST, BEST_PRICE, FREE, ORDER_TO_COME, LEVEL_TO_COME } = pool.Head;
const { REDUCE_ONLY, POST_ONLY, SELF_TRADE_SHIFT, ALL } = pool.Flag;
const { RECORD, LIFE, RECORD_BITS } = pool.Name;
const { ACCEPTED, FILL, CANCELLED, REDUCED, EXPIRED } = ReportKind;
const { NONE, BAD_SIZE, BAD_PRICE, WOULD_CROSS, CANNOT_FILL, NOTHING_TO_REDUCE, SELF_TRADE } = RejectReason;
const { GTC, FOK } = TimeInForce;
const { CANCEL_TAKER, CANCEL_MAKER, ALLOW } = SelfTrade;

/** Account numbers have 31 bits. */
const MAX_OWNER = 2 ** 31 - 1;

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
export class OrderBook extends OrderPool {
  // Fields that the constructor sets are `declare`d: else they begin as undefined, and V8 checks at each use what they are.
  /** What the last command did. */
  declare readonly reports: Reports;

  declare private readonly positions: PositionView;
  /** The level at each occupied price. */
  declare private readonly ladder: TickLadder;
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
    super(options.capacity ?? 1024);
    const centre = options.centre ?? 2 ** 19;
    this.positions = options.positions ?? { lots: () => 0 };
    this.reports = new Reports(this);
    this.ladder = new TickLadder(centre);
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
    return this.enter(order);
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
    if (this.refusalOf(byLots, 1) !== NONE) {
      this.reports.addRefusal(BAD_SIZE, slot, byLots, this.priceOfRecord(slot));
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
    const refusal = this.refusalOf(lots, limit);
    if (refusal !== NONE) {
      this.reports.addRefusal(refusal, slot, lots, limit);
      return handle;
    }
    const left = this.lotsOfSlot(slot);
    if (limit === this.priceOfSlot(slot) && lots <= left) {
      this.reduceSlot(slot, left - lots, NONE);
      return handle;
    }
    const { words } = this;
    const flags = words[slot | FLAGS] & ALL;
    const again = this.again;
    again.owner = words[slot | OWNER];
    again.side = this.sideOfRecord(slot);
    again.tag = words[slot | TAG];
    again.lots = lots;
    again.limit = limit;
    again.postOnly = (flags & POST_ONLY) !== 0;
    again.reduceOnly = (flags & REDUCE_ONLY) !== 0;
    again.selfTrade = (flags >> SELF_TRADE_SHIFT) as SelfTrade;
    this.cancelSlot(slot, NONE);
    return this.enter(again);
  }

  /**
   * Cancels all resting orders of one owner: bids from the best price on, then asks, the oldest first at a price; returns how
   * many. Looks at every order of the book: whoever asks often had better know who has none.
   */
  cancelAll(owner: number): number {
    this.reports.count = 0;
    for (const slot of this.ordersOf(owner)) this.cancelSlot(slot, NONE);
    return this.reports.count;
  }

  /** NaN when nobody bids. */
  bestBid(): Ticks {
    return this.bestOf(BUY);
  }

  /** NaN when nobody offers. */
  bestAsk(): Ticks {
    return this.bestOf(SELL);
  }

  /** Price of the last fill, NaN before the first. */
  lastTrade(): Ticks {
    return this.lastPrice;
  }

  /** Lots resting on a side at a whole price, 0 at any that is not occupied. */
  lotsAt(side: Side, price: Ticks): Lots {
    return this.levelLots(this.ladder.get(side, price));
  }

  /** The next occupied price of a side, away from the touch; `price` is whole, but need not be occupied. NaN after the last. */
  nextLevel(side: Side, price: Ticks): Ticks {
    const next = this.ladder.worse(side, price);
    return next < 0 ? NaN : next;
  }

  /** Lots resting on a side; adds up its levels. */
  totalLots(side: Side): Lots {
    const { ladder } = this;
    let lots = 0;
    for (let price = ladder.best(side); price >= 0; price = ladder.worse(side, price)) {
      lots += this.levelLots(ladder.get(side, price));
    }
    return lots;
  }

  isLive(handle: Handle): boolean {
    return this.recordOf(handle) !== 0;
  }

  /** Lots that still rest, 0 when the order is gone. */
  remaining(handle: Handle): Lots {
    const slot = this.recordOf(handle);
    return slot === 0 ? 0 : this.lotsOfSlot(slot);
  }

  /** Its limit, NaN when the order is gone. */
  priceIfLive(handle: Handle): Ticks {
    const slot = this.recordOf(handle);
    return slot === 0 ? NaN : this.priceOfSlot(slot);
  }

  /** The order must be live, as in the other questions about one order below. */
  ownerOf(handle: Handle): number {
    return this.words[this.mustFind(handle) | OWNER];
  }

  tagOf(handle: Handle): number {
    return this.words[this.mustFind(handle) | TAG];
  }

  priceOf(handle: Handle): Ticks {
    return this.priceOfSlot(this.mustFind(handle));
  }

  sideOf(handle: Handle): Side {
    return this.sideOfSlot(this.mustFind(handle));
  }

  /** The order that trades just before this one at the same price, `NO_ORDER` for the first in the queue. */
  orderAhead(handle: Handle): Handle {
    const { words } = this;
    const slot = this.mustFind(handle);
    const ahead = words[slot | PREVIOUS];
    return ahead === words[slot | LEVEL] ? NO_ORDER : this.handleOf(ahead);
  }

  /**
   * A digest of all that decides what the book will do: every order from the best bid to the worst, then the asks, each
   * queue from its front, and the last trade. Handles do not count, so books with different histories may agree.
   */
  stateHash(): string {
    const { words, ladder } = this;
    const hasher = new Hasher();
    hasher.add(this.lastPrice);
    for (const side of [BUY, SELL] as const) {
      for (let price = ladder.best(side); price >= 0; price = ladder.worse(side, price)) {
        const level = ladder.get(side, price);
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

  /** For tests: stops with an assertion when queues, levels, ladder, owners, totals and records disagree. Walks the whole book. */
  checkInvariants(): void {
    checkBook(this, this.ladder);
  }

  // ---------------------------------------------------------------- entering an order

  /**
   * Checks an order, trades with what it crosses, and puts what is left at the end of the queue of its price; returns its handle
   * if it rests now, `NO_ORDER` if not.
   *
   * All in one function, since V8 joins functions of up to 460 bytes of byte code to their callers as far as a budget goes, and it was
   * luck which it joined when this was three: in half of the processes an order took a tenth longer. A longer one is called.
   *
   * Here and wherever every command passes, a record goes through the mask `Name.RECORD`, and a number that comes from outside
   * is stored `x | 0`, without which V8 stores it by way of a double. Elsewhere a place is written `slot | FIELD`, which needs
   * no mask, while V8 would check `+` for overflow. `=== true` spares the machine code of asking whether a flag is an empty
   * string, a zero or a NaN.
   */
  private enter(order: NewOrder): Handle {
    const { side, limit, owner, tag } = order;
    let { lots } = order;
    const refusal = this.refusalOf(lots, limit);
    if (refusal !== NONE) return this.reject(order, refusal);
    if (order.reduceOnly === true || order.timeInForce === FOK) {
      lots = this.lotsOnCondition(order);
      if (lots === 0) return NO_ORDER;
    }
    if (this.crosses(side, limit)) {
      if (order.postOnly === true) return this.reject(order, WOULD_CROSS);
      lots = this.match(order, lots);
      if (lots === 0) return NO_ORDER;
    }
    if (order.timeInForce !== GTC) {
      this.reportTaker(EXPIRED, NONE, order, lots, 0);
      return NO_ORDER;
    }

    const flags = this.flagsOf(order);
    this.checkOwner(owner);
    // Before the words are looked at, since it may make room and so give the book other words.
    let level = this.ladder.get(side, limit) & RECORD;
    if (level === 0) level = this.openLevel(side, limit) & RECORD;

    const { words } = this;
    const slot = words[ORDER_TO_COME] & RECORD;
    const next = words[FREE] & RECORD;
    if (next === 0) this.grow(); // throws: else it would have grown with the last order
    const free = words[next + NEXT];
    words[ORDER_TO_COME] = next;
    words[FREE] = free;
    const last = words[level + PREVIOUS] & RECORD;
    words[slot + NEXT] = level;
    words[slot + PREVIOUS] = last;
    words[last + NEXT] = slot;
    words[level + PREVIOUS] = slot;
    words[slot + LEVEL] = level;
    words[slot + LOTS] = lots | 0;
    words[slot + OWNER] = owner | 0;
    words[slot + TAG] = tag | 0;
    const lives = ((words[slot + FLAGS] & -LIFE) + LIFE) | flags;
    words[slot + FLAGS] = lives;
    this.countLots(level, lots);
    this.reports.addWhole(ACCEPTED, NONE, slot);
    if (free === 0 && this.mayGrow()) this.grow();
    return (lives & -LIFE) | (slot >> RECORD_BITS);
  }

  /** Lots of an order that may be for fewer than it says, or is for all of them or none; 0 when it is rejected. */
  private lotsOnCondition(order: NewOrder): Lots {
    const { owner, side } = order;
    let { lots } = order;
    if (order.reduceOnly) lots = Math.min(lots, this.reducible(owner, side));
    const refusal = this.refusalOnCondition(order, lots);
    if (refusal !== NONE) {
      this.reject(order, refusal);
      return 0;
    }
    const excess = order.lots - lots;
    if (excess > 0) this.reportTaker(REDUCED, NOTHING_TO_REDUCE, order, excess, lots);
    return lots;
  }

  /** Post-only comes before fill-or-kill, so that it is asked here and not only on the way of all orders. */
  private refusalOnCondition(order: NewOrder, lots: Lots): RejectReason {
    if (lots === 0) return NOTHING_TO_REDUCE;
    if (order.postOnly && this.crosses(order.side, order.limit)) return WOULD_CROSS;
    if (order.timeInForce === FOK && !this.canFill(order, lots)) return CANNOT_FILL;
    return NONE;
  }

  private crosses(side: Side, limit: Ticks): boolean {
    const { words } = this;
    return Math.imul(side, limit - words[BEST_PRICE - side]) >= 0 && words[BEST - side] !== 0;
  }

  /**
   * Trades with everything that an order crosses, beginning at the best opposite level; returns the lots that found no
   * partner (0 also when they were cancelled).
   */
  private match(order: NewOrder, wanted: Lots): Lots {
    const { side, owner, limit, selfTrade } = order;
    const { words, reports } = this;
    reports.setTaker(order);
    let lots = wanted | 0;
    let level = words[BEST - side] & RECORD;
    do {
      const maker = words[level + NEXT] & RECORD;
      if (words[maker + OWNER] === owner && selfTrade !== ALLOW) {
        if (selfTrade !== CANCEL_TAKER) this.cancelSlot(maker, SELF_TRADE);
        if (selfTrade !== CANCEL_MAKER) {
          this.reportTaker(CANCELLED, SELF_TRADE, order, lots, 0);
          return 0;
        }
      } else if ((words[maker + FLAGS] & REDUCE_ONLY) === 0 || this.clampResting(maker)) {
        const left = words[maker + LOTS];
        this.lastPrice = words[level + PRICE];
        if (lots < left) {
          reports.add(FILL, NONE, maker, lots, (left - lots) | 0);
          this.takeLots(maker, lots);
          return 0;
        }
        lots = (lots - left) | 0;
        reports.add(FILL, NONE, maker, left, 0);
        this.remove(maker);
        if (lots === 0) return 0;
      }
      level = words[BEST - side] & RECORD;
    } while (level !== 0 && Math.imul(side, limit - words[BEST_PRICE - side]) >= 0);
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
    const { words } = this;
    const before = this.reports.count;
    this.reports.setTaker(order);
    const { ladder } = this;
    const other = side > 0 ? SELL : BUY;
    let lots = wanted;
    for (
      let price = ladder.best(other);
      price >= 0 && side * (limit - price) >= 0;
      price = ladder.worse(other, price)
    ) {
      const level = ladder.get(other, price);
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

  private checkOwner(owner: number): void {
    if ((owner & MAX_OWNER) !== owner) assert(false, `${owner} is no account number`);
  }

  /** The bits of `pool.Flag`. */
  private flagsOf(order: NewOrder): number {
    let flags = order.selfTrade << SELF_TRADE_SHIFT;
    if (order.reduceOnly === true) flags |= REDUCE_ONLY;
    if (order.postOnly === true) flags |= POST_ONLY;
    return flags;
  }

  // ---------------------------------------------------------------- resting orders

  /** Takes an order out of its queue and ends its life: its handle is stale from now on. */
  private remove(slot: number): void {
    const { words } = this;
    const order = slot & RECORD;
    const next = words[order + NEXT] & RECORD;
    const previous = words[order + PREVIOUS] & RECORD;
    const level = words[order + LEVEL] & RECORD;
    words[previous + NEXT] = next;
    words[next + PREVIOUS] = previous;
    this.countLots(level, (0 - words[order + LOTS]) | 0);
    const lives = (words[order + FLAGS] + LIFE) | 0;
    words[order + FLAGS] = lives;
    if (lives >= 0) {
      words[order + NEXT] = words[FREE];
      words[FREE] = order;
    }
    if (next === previous) this.closeLevel(level);
  }

  /** Takes lots away from an order that keeps some. */
  private takeLots(slot: number, lots: Lots): void {
    const { words } = this;
    const order = slot & RECORD;
    words[order + LOTS] -= lots;
    this.countLots(words[order + LEVEL] & RECORD, (0 - lots) | 0);
  }

  private cancelSlot(slot: number, reason: RejectReason): void {
    const order = slot & RECORD;
    this.reports.addWhole(CANCELLED, reason, order);
    this.remove(order);
  }

  private reduceSlot(slot: number, lots: Lots, reason: RejectReason): void {
    this.takeLots(slot, lots);
    this.reports.add(REDUCED, reason, slot, lots, this.lotsOfSlot(slot));
  }

  private find(handle: Handle): number {
    const slot = this.recordOf(handle);
    if (slot === 0) this.reports.addUnknown(handle);
    return slot;
  }

  private mustFind(handle: Handle): number {
    const slot = this.recordOf(handle);
    if (slot === 0) assert(false, `order ${handle} is not in the book`);
    return slot;
  }

  private lotsOfSlot(slot: number): Lots {
    return this.words[slot | LOTS];
  }

  private ownerOfSlot(slot: number): number {
    return this.words[slot | OWNER];
  }

  private priceOfSlot(slot: number): Ticks {
    return this.priceOfRecord(slot);
  }

  private sideOfSlot(slot: number): Side {
    return this.sideOfRecord(slot);
  }

  // ---------------------------------------------------------------- levels

  /** NaN when the side is empty. */
  private bestOf(side: Side): Ticks {
    return this.words[BEST + side] === 0 ? NaN : this.words[BEST_PRICE + side];
  }

  /** Opens a level at a price that has none. */
  private openLevel(side: Side, price: Ticks): number {
    // One for the level that will be next and one for the order, lest the level be left without.
    if (this.words[FREE] === 0 || this.words[this.words[FREE] | NEXT] === 0) this.grow();
    const { words } = this;
    const level = words[LEVEL_TO_COME] & RECORD;
    const next = words[FREE] & RECORD;
    words[LEVEL_TO_COME] = next;
    words[FREE] = words[next + NEXT];
    words[level + NEXT] = level;
    words[level + PREVIOUS] = level;
    words[level + PRICE] = price | 0;
    words[level + SIDE] = side | 0;
    words[level + LEVEL_LOTS] = 0;
    words[level + CARRIES] = 0;
    this.ladder.set(side, price, level);
    if (Math.imul(side, price - words[BEST_PRICE + side]) >= 0) {
      words[BEST + side] = level;
      words[BEST_PRICE + side] = price | 0;
    }
    return level;
  }

  /**
   * Adds lots, a number of 32 bits, to what a level counts; takes them away when they are less than 0. The sum has
   * its sign bit set exactly when it has left 0 … 2³¹ − 1, upwards or downwards: the carry is 1 with the sign of `lots`.
   * (The same array read as doubles takes longer.)
   */
  private countLots(level: number, lots: Lots): void {
    const { words } = this;
    const sum = (words[level + LEVEL_LOTS] + lots) | 0;
    words[level + LEVEL_LOTS] = sum;
    if (sum < 0) this.carry(level, lots);
  }

  private carry(level: number, lots: Lots): void {
    this.words[level | LEVEL_LOTS] &= 2 ** 31 - 1;
    this.words[level | CARRIES] += lots < 0 ? -1 : 1;
  }

  /** Closes a level that has lost its last order. */
  private closeLevel(level: number): void {
    const { words, ladder } = this;
    const at = level & RECORD;
    const price = words[at + PRICE];
    const side = words[at + SIDE] as Side;
    words[at + NEXT] = words[FREE];
    words[FREE] = at;
    if (at === words[BEST + side]) {
      const best = ladder.removeBest(side, price) & RECORD;
      words[BEST + side] = best;
      words[BEST_PRICE + side] = best === 0 ? worstPrice(side) : words[best + PRICE];
    } else ladder.remove(side, price);
  }

  /** Why an order with these numbers cannot be. A method, as V8 asks at each call of a function of the file which it is. */
  private refusalOf(lots: Lots, limit: Ticks): RejectReason {
    if ((lots | 0) !== lots || lots <= 0) return BAD_SIZE;
    if ((limit | 0) !== limit || limit <= 0) return BAD_PRICE;
    return NONE;
  }

  private reject(order: NewOrder, reason: RejectReason): Handle {
    this.reports.setTaker(order);
    this.reports.addRefusal(reason, 0, order.lots, order.limit);
    return NO_ORDER;
  }

  /** A row about an order that does not rest. */
  private reportTaker(kind: ReportKind, reason: RejectReason, order: NewOrder, lots: Lots, left: Lots): void {
    this.reports.setTaker(order);
    this.reports.add(kind, reason, 0, lots, left);
  }
}
