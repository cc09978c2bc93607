import { Hasher } from '../../src/base/hash.ts';
import type { Lots, Side, Ticks } from '../../src/base/units.ts';
import { MAX_LOTS, MAX_TICK, NO_ORDER, SelfTrade, TimeInForce } from '../../src/market/order.ts';
import type { Handle, NewOrder, PositionView } from '../../src/market/order.ts';
import { RejectReason, ReportKind } from '../../src/market/reports.ts';

/** A resting order: an object among others, in the order of arrival. */
interface Resting extends NewOrder {
  handle: Handle;
}

interface Row {
  kind: ReportKind;
  reason: RejectReason;
  handle: Handle;
  order: { owner: number; side: number; tag: number; limit: Ticks };
  lots: Lots;
  remaining: Lots;
  taker?: NewOrder;
}

/** `Reports` as a list of objects. */
class SlowReports {
  readonly rows: Row[] = [];

  get count(): number {
    return this.rows.length;
  }
  kind = (i: number) => this.rows[i].kind;
  reason = (i: number) => this.rows[i].reason;
  handle = (i: number) => this.rows[i].handle;
  owner = (i: number) => this.rows[i].order.owner;
  side = (i: number) => this.rows[i].order.side;
  tag = (i: number) => this.rows[i].order.tag;
  price = (i: number) => this.rows[i].order.limit;
  lots = (i: number) => this.rows[i].lots;
  remaining = (i: number) => this.rows[i].remaining;
  takerOwner = (i: number) => this.rows[i].taker?.owner;
  takerTag = (i: number) => this.rows[i].taker?.tag;
}

/** The slow, obvious twin of `OrderBook`: one array of orders, sorted by price and time at every step. */
export class SlowOrderBook {
  readonly reports = new SlowReports();
  private positions: PositionView;
  private orders: Resting[] = [];
  private lastPrice = NaN;
  private nextHandle = 1;

  constructor(options: { positions?: PositionView } = {}) {
    this.positions = options.positions ?? { lots: () => 0 };
  }

  place(order: NewOrder): Handle {
    this.reports.rows.length = 0;
    return this.enter(order);
  }

  cancel(handle: Handle): boolean {
    this.reports.rows.length = 0;
    const order = this.find(handle);
    if (order === undefined) return this.refuseUnknown(handle);
    this.cancelOrder(order, RejectReason.NONE);
    return true;
  }

  reduce(handle: Handle, byLots: Lots): boolean {
    this.reports.rows.length = 0;
    const order = this.find(handle);
    if (order === undefined) return this.refuseUnknown(handle);
    if (!isWhole(byLots, MAX_LOTS)) {
      this.report({ ...row(ReportKind.REJECTED, order), reason: RejectReason.BAD_SIZE, lots: byLots });
      return false;
    }
    if (byLots >= order.lots) this.cancelOrder(order, RejectReason.NONE);
    else this.reduceOrder(order, byLots, RejectReason.NONE);
    return true;
  }

  replace(handle: Handle, lots: Lots, limit: Ticks): Handle {
    this.reports.rows.length = 0;
    const order = this.find(handle);
    if (order === undefined) {
      this.refuseUnknown(handle);
      return NO_ORDER;
    }
    if (!isWhole(lots, MAX_LOTS) || !isWhole(limit, MAX_TICK)) {
      const reason = isWhole(lots, MAX_LOTS) ? RejectReason.BAD_PRICE : RejectReason.BAD_SIZE;
      this.report({ ...row(ReportKind.REJECTED, { ...order, limit }, handle), reason, lots });
      return handle;
    }
    if (limit === order.limit && lots <= order.lots) {
      this.reduceOrder(order, order.lots - lots, RejectReason.NONE);
      return handle;
    }
    this.cancelOrder(order, RejectReason.NONE);
    return this.enter({ ...order, lots, limit });
  }

  cancelAll(owner: number): number {
    this.reports.rows.length = 0;
    const mine = [...this.queue(1), ...this.queue(-1)].filter((order) => order.owner === owner);
    for (const order of mine) this.cancelOrder(order, RejectReason.NONE);
    return mine.length;
  }

  bestBid(): Ticks {
    return this.queue(1)[0]?.limit ?? NaN;
  }

  bestAsk(): Ticks {
    return this.queue(-1)[0]?.limit ?? NaN;
  }

  lastTrade(): Ticks {
    return this.lastPrice;
  }

  lotsAt(side: Side, price: Ticks): Lots {
    return sumOfLots(this.queue(side).filter((order) => order.limit === price));
  }

  nextLevel(side: Side, price: Ticks): Ticks {
    return this.queue(side).find((order) => side * (price - order.limit) > 0)?.limit ?? NaN;
  }

  orderCount(): number {
    return this.orders.length;
  }

  totalLots(side: Side): Lots {
    return sumOfLots(this.queue(side));
  }

  isLive(handle: Handle): boolean {
    return this.find(handle) !== undefined;
  }

  remaining(handle: Handle): Lots {
    return this.find(handle)?.lots ?? 0;
  }

  ownerOf(handle: Handle): number {
    return this.find(handle)!.owner;
  }

  tagOf(handle: Handle): number {
    return this.find(handle)!.tag;
  }

  priceIfLive(handle: Handle): Ticks {
    return this.find(handle)?.limit ?? NaN;
  }

  priceOf(handle: Handle): Ticks {
    return this.find(handle)!.limit;
  }

  sideOf(handle: Handle): Side {
    return this.find(handle)!.side;
  }

  orderAhead(handle: Handle): Handle {
    const order = this.find(handle)!;
    const level = this.queue(order.side).filter((other) => other.limit === order.limit);
    return level[level.indexOf(order) - 1]?.handle ?? NO_ORDER;
  }

  stateHash(): string {
    const hasher = new Hasher();
    hasher.add(this.lastPrice);
    for (const order of [...this.queue(1), ...this.queue(-1)]) {
      hasher.add(order.side);
      hasher.add(order.limit);
      hasher.add(order.lots);
      hasher.add(order.owner);
      hasher.add(order.tag);
      hasher.add(Number(order.reduceOnly) + 2 * Number(order.postOnly) + 4 * order.selfTrade);
    }
    return hasher.digest();
  }

  checkInvariants(): void {
    if (this.bestBid() >= this.bestAsk()) throw new Error('the twin is crossed');
  }

  private enter(order: NewOrder): Handle {
    const reject = (reason: RejectReason): Handle => {
      this.report({ ...row(ReportKind.REJECTED, order, NO_ORDER), reason });
      return NO_ORDER;
    };
    if (!isWhole(order.lots, MAX_LOTS)) return reject(RejectReason.BAD_SIZE);
    if (!isWhole(order.limit, MAX_TICK)) return reject(RejectReason.BAD_PRICE);
    const lots = order.reduceOnly ? Math.min(order.lots, this.reducible(order)) : order.lots;
    if (lots === 0) return reject(RejectReason.NOTHING_TO_REDUCE);
    if (order.postOnly && this.crossedBy(order).length > 0) return reject(RejectReason.WOULD_CROSS);
    if (order.timeInForce === TimeInForce.FOK && this.rehearse(order, lots) > 0) {
      return reject(RejectReason.CANNOT_FILL);
    }

    if (lots < order.lots) {
      const excess = { lots: order.lots - lots, remaining: lots, reason: RejectReason.NOTHING_TO_REDUCE };
      this.report({ ...row(ReportKind.REDUCED, order, NO_ORDER), ...excess });
    }
    const left = this.match(order, lots);
    if (left === 0) return NO_ORDER;
    if (order.timeInForce !== TimeInForce.GTC) {
      this.report({ ...row(ReportKind.EXPIRED, order, NO_ORDER), lots: left });
      return NO_ORDER;
    }
    const resting = { ...order, lots: left, handle: this.nextHandle++ };
    this.orders.push(resting);
    this.report({ ...row(ReportKind.ACCEPTED, resting), remaining: left });
    return resting.handle;
  }

  private match(order: NewOrder, wanted: Lots): Lots {
    let lots = wanted;
    for (const maker of this.crossedBy(order)) {
      if (lots === 0) break;
      if (maker.owner === order.owner && order.selfTrade !== SelfTrade.ALLOW) {
        if (order.selfTrade !== SelfTrade.CANCEL_TAKER) this.cancelOrder(maker, RejectReason.SELF_TRADE);
        if (order.selfTrade === SelfTrade.CANCEL_MAKER) continue;
        const reason = RejectReason.SELF_TRADE;
        this.report({ ...row(ReportKind.CANCELLED, order, NO_ORDER), lots, reason });
        return 0;
      }
      if (maker.reduceOnly) {
        const reducible = this.reducible(maker);
        if (reducible === 0) {
          this.cancelOrder(maker, RejectReason.NOTHING_TO_REDUCE);
          continue;
        }
        if (reducible < maker.lots) {
          this.reduceOrder(maker, maker.lots - reducible, RejectReason.NOTHING_TO_REDUCE);
        }
      }
      const traded = Math.min(lots, maker.lots);
      lots -= traded;
      maker.lots -= traded;
      this.lastPrice = maker.limit;
      this.report({ ...row(ReportKind.FILL, maker), lots: traded, remaining: maker.lots, taker: order });
      if (maker.lots === 0) this.drop(maker);
    }
    return lots;
  }

  /** The lots that a copy of this book would leave unfilled or cancel. */
  private rehearse(order: NewOrder, lots: Lots): Lots {
    const copy = new SlowOrderBook({ positions: this.positions });
    copy.orders = this.orders.map((resting) => ({ ...resting }));
    copy.match(order, lots);
    return lots - sumOfLots(copy.reports.rows.filter(({ kind }) => kind === ReportKind.FILL));
  }

  private reducible(order: { owner: number; side: Side }): Lots {
    let position = this.positions.lots(order.owner);
    for (const { kind, order: maker, lots, taker } of this.reports.rows) {
      if (kind !== ReportKind.FILL) continue;
      if (maker.owner === order.owner) position += maker.side * lots;
      if (taker!.owner === order.owner) position -= maker.side * lots;
    }
    if (order.side > 0) return position < 0 ? -position : 0;
    return position > 0 ? position : 0;
  }

  /** Resting orders of a side, the first to trade first. Sorting is stable, so time decides at one price. */
  private queue(side: Side): Resting[] {
    const orders = this.orders.filter((order) => order.side === side);
    return orders.sort((a, b) => (side > 0 ? b.limit - a.limit : a.limit - b.limit));
  }

  private crossedBy({ side, limit }: NewOrder): Resting[] {
    if (side > 0) return this.queue(-1).filter((maker) => maker.limit <= limit);
    return this.queue(1).filter((maker) => maker.limit >= limit);
  }

  private find(handle: Handle): Resting | undefined {
    return this.orders.find((order) => order.handle === handle);
  }

  private drop(order: Resting): void {
    this.orders.splice(this.orders.indexOf(order), 1);
  }

  private cancelOrder(order: Resting, reason: RejectReason): void {
    this.drop(order);
    this.report({ ...row(ReportKind.CANCELLED, order), reason });
  }

  private reduceOrder(order: Resting, byLots: Lots, reason: RejectReason): void {
    order.lots -= byLots;
    this.report({ ...row(ReportKind.REDUCED, order), lots: byLots, remaining: order.lots, reason });
  }

  private refuseUnknown(handle: Handle): false {
    const nobody = { owner: -1, side: 0, tag: 0, limit: NaN, lots: 0 };
    this.report({ ...row(ReportKind.REJECTED, nobody, handle), reason: RejectReason.UNKNOWN_ORDER });
    return false;
  }

  /** Keeps what the order is now, not what it will be. */
  private report(row: Row): void {
    const taker = row.taker === undefined ? {} : { taker: { ...row.taker } };
    this.reports.rows.push({ ...row, order: { ...row.order }, ...taker });
  }
}

function row(
  kind: ReportKind,
  order: Row['order'] & { lots: Lots; handle?: Handle },
  handle = order.handle!,
): Row {
  return { kind, order, handle, reason: RejectReason.NONE, lots: order.lots, remaining: 0 };
}

function isWhole(x: number, most: number): boolean {
  return Number.isInteger(x) && x >= 1 && x <= most;
}

function sumOfLots(orders: readonly { lots: Lots }[]): Lots {
  return orders.reduce((sum, order) => sum + order.lots, 0);
}
