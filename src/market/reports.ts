import type { Lots, Side, Ticks } from '../base/units.ts';
import { doubled } from './grow.ts';
import { Field, type OrderPool } from './order-pool.ts';
import { NO_ORDER, type Handle, type NewOrder } from './order.ts';

/** What a report row says. */
export const ReportKind = {
  /** The order rests now, with `lots`. */
  ACCEPTED: 0,
  /** `lots` traded at `price`, the resting order's price. */
  FILL: 1,
  /** The order is gone, `lots` were left of it. `reason` NONE: on request. */
  CANCELLED: 2,
  /** The order lost `lots` and keeps `remaining`. `reason` NONE: on request. */
  REDUCED: 3,
  /** The command was refused for `reason` and changed nothing. */
  REJECTED: 4,
  /** `lots` of an IOC order found no counterparty. */
  EXPIRED: 5,
} as const;
export type ReportKind = (typeof ReportKind)[keyof typeof ReportKind];

/** Why a command was refused, or why the book itself cancelled or reduced an order. */
export const RejectReason = {
  NONE: 0,
  /** The handle was never given out, or its order is gone. */
  UNKNOWN_ORDER: 1,
  /** Lots are no whole number from 1 to `MAX_LOTS`. */
  BAD_SIZE: 2,
  /** The price is no whole number from 1 to `MAX_TICK`; the exchange also uses it for prices outside its bands. */
  BAD_PRICE: 3,
  /** A post-only order would have taken liquidity. */
  WOULD_CROSS: 4,
  /** A fill-or-kill order cannot trade all its lots now. */
  CANNOT_FILL: 5,
  /** Reduce-only, but the owner has no position left for these lots to reduce. */
  NOTHING_TO_REDUCE: 6,
  /** Self-trade prevention. */
  SELF_TRADE: 7,
  /** Trading is halted. The exchange's word: the book never says it. */
  HALTED: 8,
} as const;
export type RejectReason = (typeof RejectReason)[keyof typeof RejectReason];

// A row is one cache line: 32-bit words at `words[(row << 4) + …]` …
const KIND = 0;
const REASON = 1;
const OWNER = 2;
const SIDE = 3;
const TAG = 4;
const REMAINING = 5;
const TAKER_OWNER = 6;
const TAKER_TAG = 7;
// … and in its second half doubles at `doubles[(row << 3) + …]`, since a refused number may be anything.
const HANDLE = 4;
const PRICE = 5;
const LOTS = 6;

const { FILL, REJECTED } = ReportKind;
const { NONE, UNKNOWN_ORDER } = RejectReason;
const Order = Field;

/**
 * What the last command did, one row an event, in the order in which it happened; overwritten by the next command.
 *
 * A row is about one order. In a FILL that is the *maker*, and the taker stands in `taker…`; the taker's side is
 * `-side(row)`. An order that does not rest has handle 0.
 *
 * | kind      | handle          | lots                  | remaining     |
 * |-----------|-----------------|-----------------------|---------------|
 * | ACCEPTED  | of the order    | resting               | = lots        |
 * | FILL      | of the maker    | traded                | of the maker  |
 * | CANCELLED | 0 for the taker | that were left        | 0             |
 * | REDUCED   | 0 for the taker | taken away            | of the order  |
 * | REJECTED  | as asked for    | asked for             | 0             |
 * | EXPIRED   | 0               | that found no partner | 0             |
 *
 * Lots are conserved: what an order entered with is the sum of its FILL, CANCELLED, REDUCED, REJECTED and EXPIRED rows
 * and of what rests. A taker without a row after its last FILL is filled.
 * Rows that refuse an unknown handle have owner −1, side 0 and price NaN.
 */
export class Reports {
  /** Rows that are valid. */
  count = 0;
  private words = new Int32Array(16 * 64);
  /** The same memory as doubles. */
  private doubles = new Float64Array(this.words.buffer);

  kind(row: number): ReportKind {
    return this.words[(row << 4) | KIND] as ReportKind;
  }
  reason(row: number): RejectReason {
    return this.words[(row << 4) | REASON] as RejectReason;
  }
  handle(row: number): Handle {
    return this.doubles[(row << 3) | HANDLE];
  }
  owner(row: number): number {
    return this.words[(row << 4) | OWNER];
  }
  side(row: number): Side {
    return this.words[(row << 4) | SIDE] as Side;
  }
  tag(row: number): number {
    return this.words[(row << 4) | TAG];
  }
  price(row: number): Ticks {
    return this.doubles[(row << 3) | PRICE];
  }
  lots(row: number): Lots {
    return this.doubles[(row << 3) | LOTS];
  }
  remaining(row: number): Lots {
    return this.words[(row << 4) | REMAINING];
  }
  /** Meaningful in a FILL only, as `takerTag`. */
  takerOwner(row: number): number {
    return this.words[(row << 4) | TAKER_OWNER];
  }
  takerTag(row: number): number {
    return this.words[(row << 4) | TAKER_TAG];
  }

  // ---------------------------------------------------------------- for the book

  /** A row about a resting order of `pool`. */
  addResting(
    kind: ReportKind,
    reason: RejectReason,
    pool: OrderPool,
    order: number,
    lots: Lots,
    remaining: Lots,
  ): void {
    if (this.count << 4 === this.words.length) this.grow();
    const row = this.count++;
    const { words, doubles } = this;
    const orders = pool.words;
    const level = orders[order | Order.LEVEL];
    const at = row << 4;
    words[at | KIND] = kind | 0;
    words[at | REASON] = reason | 0;
    words[at | OWNER] = orders[order | Order.OWNER];
    words[at | SIDE] = orders[level | Order.SIDE];
    words[at | TAG] = orders[order | Order.TAG];
    words[at | REMAINING] = remaining | 0;
    const half = row << 3;
    doubles[half | HANDLE] = pool.handleOf(order);
    doubles[half | PRICE] = orders[level | Order.PRICE];
    doubles[half | LOTS] = lots;
  }

  /** A trade of `lots` between `maker`, a resting order of `pool`, and `taker`. */
  addFill(pool: OrderPool, maker: number, taker: NewOrder, lots: Lots, remaining: Lots): void {
    const at = this.count << 4;
    this.addResting(FILL, NONE, pool, maker, lots, remaining);
    const { words } = this;
    words[at | TAKER_OWNER] = taker.owner;
    words[at | TAKER_TAG] = taker.tag;
  }

  /** A row about an order that does not rest. */
  addTaker(kind: ReportKind, reason: RejectReason, order: NewOrder, lots: Lots, remaining: Lots): void {
    if (this.count << 4 === this.words.length) this.grow();
    const row = this.count++;
    const { words, doubles } = this;
    const at = row << 4;
    words[at | KIND] = kind | 0;
    words[at | REASON] = reason | 0;
    words[at | OWNER] = order.owner;
    words[at | SIDE] = order.side;
    words[at | TAG] = order.tag;
    words[at | REMAINING] = remaining | 0;
    const half = row << 3;
    doubles[half | HANDLE] = NO_ORDER;
    doubles[half | PRICE] = order.limit;
    doubles[half | LOTS] = lots;
  }

  /** The refusal of new lots or of a new price for a resting order. */
  addRefusal(reason: RejectReason, pool: OrderPool, order: number, lots: Lots, price: Ticks): void {
    const half = this.count << 3;
    this.addResting(REJECTED, reason, pool, order, lots, 0);
    this.doubles[half | PRICE] = price;
  }

  /** The refusal of a handle that names no resting order. */
  addUnknown(handle: Handle): void {
    if (this.count << 4 === this.words.length) this.grow();
    const row = this.count++;
    const { words, doubles } = this;
    words.fill(0, row << 4, (row + 1) << 4);
    words[(row << 4) | KIND] = REJECTED;
    words[(row << 4) | REASON] = UNKNOWN_ORDER;
    words[(row << 4) | OWNER] = -1;
    doubles[(row << 3) | HANDLE] = handle;
    doubles[(row << 3) | PRICE] = NaN;
  }

  private grow(): void {
    this.words = doubled(this.words);
    this.doubles = new Float64Array(this.words.buffer);
  }
}
