import { Accounts } from '../accounts/accounts.ts';
import type { CrossMargin } from '../accounts/cross-margin.ts';
import { FEES } from '../accounts/ledger.ts';
import type { AccountId, Ledger } from '../accounts/ledger.ts';
import { LiquidationIndex } from '../accounts/liquidation-index.ts';
import { coversInitialMargin } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import { BUY, PPM, ppmOfRoundedUp } from '../base/units.ts';
import type { Lots, Micros, Money, Ppm, Side, Ticks } from '../base/units.ts';
import { notionalOf } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import { averagePrice, lotsWithin } from '../market/depth.ts';
import type { BookView } from '../market/depth.ts';
import { OrderBook } from '../market/order-book.ts';
import { RejectReason, ReportKind } from '../market/reports.ts';
import { NO_ORDER, SelfTrade, TimeInForce } from '../market/order.ts';
import type { Handle, NewOrder } from '../market/order.ts';
import { PriceTriggers } from '../market/price-triggers.ts';
import type { TradingSession } from '../market/trading-session.ts';
import type { BeyondLimit } from '../prices/limits/price-limits.ts';
import type { ForcedOrder, ForcedTrading } from '../risk/liquidation-engine.ts';

/** What everybody sees of the market. */
export interface MarketView extends BookView {
  lastTrade(): Ticks;
}

/** Why the exchange itself, and not its book, refused an order. */
export type Refusal = 'halted' | 'beyond-price-limit';

/** How far from the market orders are taken. */
export interface PriceLimit {
  /** Worst whole tick for an order of this side. */
  limit(side: Side): Ticks;
  /** What becomes of an order beyond it that would rest; all others are cut to it. */
  readonly beyond: BeyondLimit;
}

/** One fill as it is settled. The object is reused: copy what must be kept. */
export interface Fill {
  price: Ticks;
  lots: Lots;
  makerSide: Side;
  maker: AccountId;
  taker: AccountId;
}

export interface ExchangeParts {
  readonly contract: Contract;
  readonly schedule: MarginSchedule;
  /** Number of ledger accounts, those of the exchange included. */
  readonly accounts: number;
  /** That of the other contracts of the exchange; its own when left out. */
  readonly ledger?: Ledger | undefined;
  /** Told of every fill, after it is settled. */
  onFill(fill: Readonly<Fill>): void;
  /** Told when commands of an account may have changed the book: once for all that arrive together, by the last of them. */
  onBook(by: AccountId): void;
  /** Accounts that are being liquidated are kept out of the liquidation index. */
  isDistressed(account: AccountId): boolean;
  /** Always open when left out. */
  readonly session?: TradingSession | undefined;
  /** Orders are taken at any price when left out. */
  readonly priceLimit?: PriceLimit | undefined;
  /** Told of every order that did not reach the book. */
  onRefused?(account: AccountId, lots: Lots, reason: Refusal): void;
}

/**
 * The exchange under study: an order comes in, is matched, every fill is settled between two accounts with its fees, and
 * the accounts' places in the liquidation index follow. The mark, the margin check and the liquidation engine stand
 * behind it and come to it as any other sender does.
 */
export class Exchange implements ForcedTrading {
  readonly contract: Contract;
  readonly book: OrderBook;
  /** The book, unless traders meet elsewhere. */
  readonly view: MarketView;
  readonly accounts: Accounts;
  readonly index: LiquidationIndex;
  /** Stop and take-profit orders: [those that a fall sets off, those that a rise does]. */
  readonly stops: readonly [PriceTriggers, PriceTriggers];
  /** isMargined[account] = 1: subject to liquidation. */
  readonly isMargined: Uint8Array;
  /** hasRested[account] = 0: no order of this account can rest in the book, and cancelling all need not look. */
  private readonly hasRested: Uint8Array;
  /** The mark of whatever has no side: bands, funding, records. */
  mark: Ticks;
  /** What longs are valued at, and shorts: `mark`, unless the mark design tells them apart. */
  longMark: Ticks;
  shortMark: Ticks;
  /** Where accounts lie that may have positions in several contracts; undefined when there is one. */
  crossMargin: CrossMargin | undefined;
  private readonly parts: ExchangeParts;
  private readonly fill: Fill = { price: 0, lots: 0, makerSide: BUY, maker: 0, taker: 0 };

  constructor(
    parts: ExchangeParts,
    startPrice: Ticks,
    accounts = new Accounts(parts.accounts, parts.contract, parts.ledger),
  ) {
    this.parts = parts;
    this.contract = parts.contract;
    this.mark = this.longMark = this.shortMark = startPrice;
    this.accounts = accounts;
    this.index = new LiquidationIndex(this.accounts, parts.schedule);
    this.isMargined = new Uint8Array(parts.accounts);
    this.hasRested = new Uint8Array(parts.accounts);
    const { lots } = this.accounts;
    this.book = new OrderBook({ positions: { lots: (owner) => lots[owner] }, centre: startPrice });
    this.view = this.book;
    this.stops = [
      new PriceTriggers({ ids: parts.accounts, direction: -1 }),
      new PriceTriggers({ ids: parts.accounts, direction: 1 }),
    ];
  }

  /**
   * Sends an order into the book and settles what it trades. Returns the resting order, if any. An order of a margined account
   * that would increase or turn its position is rejected unless equity covers the initial margin of the position after it.
   * Before that, all orders are rejected while trading is halted, and those that would rest beyond the price limit.
   * Whoever sends, cancels or reduces calls `publish` after the last command of a message.
   */
  enter(order: NewOrder): Handle {
    const { session, priceLimit } = this.parts;
    if (session?.takes(order) === false) {
      this.parts.onRefused?.(order.owner, order.lots, 'halted');
      return this.book.refuse(order, RejectReason.HALTED);
    }
    if (priceLimit === undefined) return this.admit(order);
    const limit = priceLimit.limit(order.side);
    if (order.side * (order.limit - limit) <= 0) return this.admit(order);
    if (order.timeInForce === TimeInForce.GTC && priceLimit.beyond === 'refuse') {
      this.parts.onRefused?.(order.owner, order.lots, 'beyond-price-limit');
      return this.book.refuse(order, RejectReason.BAD_PRICE);
    }
    return this.admit({ ...order, limit });
  }

  private admit(order: NewOrder): Handle {
    if (this.isMargined[order.owner] === 1 && !this.isBacked(order))
      return this.book.refuse(order, RejectReason.TOO_LITTLE_MARGIN);
    const handle = this.book.place(order);
    if (handle !== NO_ORDER) this.hasRested[order.owner] = 1;
    this.settle();
    return handle;
  }

  cancel(handle: Handle): void {
    this.book.cancel(handle);
  }

  reduce(handle: Handle, byLots: Lots): void {
    this.book.reduce(handle, byLots);
  }

  setMark(mark: Ticks, longMark = mark, shortMark = mark): void {
    this.mark = mark;
    this.longMark = longMark;
    this.shortMark = shortMark;
  }

  /** What an account's position is valued at. */
  markOf(account: AccountId): Ticks {
    return this.accounts.lots[account] > 0 ? this.longMark : this.shortMark;
  }

  /** Lets everybody know the book as it is now, after commands of this account. */
  publish(by: AccountId): void {
    this.parts.onBook(by);
  }

  /** To be called after anything but a fill that changes an account's balance or position. */
  changed(account: AccountId): void {
    if (this.isMargined[account] === 0 || this.parts.isDistressed(account)) return;
    if (this.crossMargin === undefined) this.index.update(account);
    else this.crossMargin.register(account);
  }

  /** The rates of the margin have changed: every account lies where it breaks now, in the order of account numbers. */
  marginsChanged(): void {
    const { lots } = this.accounts;
    this.index.renewSchedule();
    for (let account = 0; account < lots.length; account++) if (lots[account] !== 0) this.changed(account);
  }

  /** Whether an account may send orders now. */
  mayTrade(account: AccountId): boolean {
    return !this.parts.isDistressed(account);
  }

  /** From when on the orders of a liquidation are taken; −Infinity when they always are. */
  get liquidatesFrom(): Micros {
    return this.parts.session?.liquidatesFrom ?? -Infinity;
  }

  /** The band of market orders round the mark, or the price limit where that is stricter. */
  bandLimit(side: Side): Ticks {
    const band = (this.mark * this.contract.marketBand) / PPM;
    const limit = Math.max(1, side === BUY ? Math.floor(this.mark + band) : Math.ceil(this.mark - band));
    return this.withinLimit(side, limit);
  }

  private withinLimit(side: Side, limit: Ticks): Ticks {
    const { priceLimit } = this.parts;
    if (priceLimit === undefined) return limit;
    return side * Math.min(side * limit, side * priceLimit.limit(side));
  }

  averagePrice(side: Side, lots: Lots): Ticks {
    return averagePrice(this.book, side, lots, this.contract);
  }

  lotsWithin(side: Side, limit: Ticks): Lots {
    return lotsWithin(this.view, side, limit);
  }

  cancelOrders(account: AccountId): void {
    this.stops[0].clear(account);
    this.stops[1].clear(account);
    if (this.hasRested[account] === 0) return;
    this.hasRested[account] = 0;
    if (this.book.cancelAll(account) > 0) this.publish(account);
  }

  /** An order of a liquidation or a vault: refused during a halt unless the rules let liquidation go on, cut to the price limit. */
  trade(account: AccountId, order: ForcedOrder): { lots: Lots; value: Money } {
    const { session } = this.parts;
    if (session?.takesLiquidations !== false) return this.tradeNow(account, order);
    this.parts.onRefused?.(account, order.lots, 'halted');
    return { lots: 0, value: 0 };
  }

  protected tradeNow(
    account: AccountId,
    { side, lots, limit, timeInForce }: ForcedOrder,
  ): { lots: Lots; value: Money } {
    this.admit({
      owner: account,
      side,
      lots,
      limit: this.withinLimit(side, limit),
      timeInForce,
      postOnly: false,
      reduceOnly: false,
      selfTrade: SelfTrade.CANCEL_MAKER,
      tag: 0,
    });
    const traded = this.lastTraded();
    this.publish(account);
    return traded;
  }

  /** A market order within the band, from an account that is not liquidated (a shock's). */
  tradeAtMarket(account: AccountId, side: Side, lots: Lots): Lots {
    const { session } = this.parts;
    if (session?.takes({ postOnly: false }) === false) {
      this.parts.onRefused?.(account, lots, 'halted');
      return 0;
    }
    return this.tradeNow(account, { side, lots, limit: this.bandLimit(side), timeInForce: TimeInForce.IOC })
      .lots;
  }

  /** Reckoned at the mark, as if the whole order traded there; other resting orders of the account are not counted. */
  protected isBacked({ owner, side, lots, reduceOnly }: NewOrder): boolean {
    const { accounts, mark } = this;
    const held = accounts.lots[owner];
    if (reduceOnly || (held * side < 0 && lots <= Math.abs(held))) return true;
    return coversInitialMargin(this.parts.schedule, {
      equity: accounts.equity(owner, mark) - accounts.maintenanceElsewhere(owner),
      mark,
      lots: held + side * lots,
      openInterest: this.openInterestOf(side),
    });
  }

  /** What an order of this side adds to, at the mark; the sides of a book are equal. */
  protected openInterestOf(_side: Side): Money {
    return notionalOf(this.contract, this.accounts.openInterest, this.mark);
  }

  private settle(): void {
    const { reports } = this.book;
    const { fill } = this;
    for (let row = 0; row < reports.count; row++) {
      if (reports.kind(row) !== ReportKind.FILL) continue;
      fill.price = reports.price(row);
      fill.lots = reports.lots(row);
      fill.makerSide = reports.side(row);
      fill.maker = reports.owner(row);
      fill.taker = reports.takerOwner(row);
      this.settleFill(fill);
    }
  }

  private settleFill(fill: Fill): void {
    const { maker, taker, price, lots } = fill;
    if (fill.makerSide === BUY) this.accounts.applyFill(maker, taker, lots, price);
    else this.accounts.applyFill(taker, maker, lots, price);
    const notional = notionalOf(this.contract, lots, price);
    this.chargeFee(maker, notional, this.contract.makerFee);
    this.chargeFee(taker, notional, this.contract.takerFee);
    this.changed(maker);
    this.changed(taker);
    this.parts.onFill(fill);
  }

  private chargeFee(account: AccountId, value: Money, rate: Ppm): void {
    if (rate !== 0) this.accounts.ledger.transfer(account, FEES, ppmOfRoundedUp(value, rate));
  }

  /** What the order just sent traded, from the book's report of it. */
  private lastTraded(): { lots: Lots; value: Money } {
    const { reports } = this.book;
    let lots = 0;
    let value = 0;
    for (let row = 0; row < reports.count; row++) {
      if (reports.kind(row) !== ReportKind.FILL) continue;
      lots += reports.lots(row);
      value += notionalOf(this.contract, reports.lots(row), reports.price(row));
    }
    return { lots, value };
  }
}
