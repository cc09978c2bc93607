import type { Lots, Side, Ticks } from '../base/units.ts';
import { doubled } from './grow.ts';
import { Field, Name, type OrderPool } from './order-pool.ts';
import type { Handle, NewOrder } from './order.ts';

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
  /** The owner's equity does not cover the initial margin of the position it would have. The exchange's word too. */
  TOO_LITTLE_MARGIN: 9,
} as const;
export type RejectReason = (typeof RejectReason)[keyof typeof RejectReason];

// A row is three 32-bit words, and a fourth that is not used: `words[4 · row + …]`.
/** ReportKind | record of the resting order that the row is about (0: one that does not rest) | RejectReason · 2²⁴. */
const WHAT = 0;
const KIND = 7;
const REASON_SHIFT = 24;
/** These two are not written in rows that say that an order rests or has ceased to rest: its record has the lots. */
const LOTS = 1;
const REMAINING = 2;
/** `row & ROWS` is the row; from the mask V8 knows that a place in it is neither negative nor too large. */
const ROWS = 2 ** 24 - 1;

// Places in `asked`.
const HANDLE = 0;
const PRICE = 1;
const ASKED_LOTS = 2;

const { ACCEPTED, FILL, CANCELLED, REJECTED } = ReportKind;
const { UNKNOWN_ORDER } = RejectReason;
const { OWNER, TAG, LOTS: LOTS_LEFT } = Field;
const { RECORD } = Name;

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
  private words = new Int32Array(4 * 256);
  /** Rows that there is room for. */
  private room = 256;
  /** The records that rows are about. They keep their fields until the next command. */
  declare private readonly pool: OrderPool;
  /** The command's order that does not rest, or not yet: the only one there may be. */
  private readonly taker = { owner: 0, side: 0, tag: 0 };
  /** What rows without a record, and refusals, are about: numbers as they were sent, which may be anything. */
  private readonly asked = new Float64Array(3);

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  kind(row: number): ReportKind {
    return (this.words[(row & ROWS) << 2] & KIND) as ReportKind;
  }
  reason(row: number): RejectReason {
    return (this.words[(row & ROWS) << 2] >> REASON_SHIFT) as RejectReason;
  }
  handle(row: number): Handle {
    const order = this.order(row);
    return order === 0 ? this.asked[HANDLE] : this.pool.lastHandleOf(order);
  }
  owner(row: number): number {
    const order = this.order(row);
    return order === 0 ? this.taker.owner : this.pool.words[order | OWNER];
  }
  side(row: number): Side {
    const order = this.order(row);
    return order === 0 ? (this.taker.side as Side) : this.pool.sideOfRecord(order);
  }
  tag(row: number): number {
    const order = this.order(row);
    return order === 0 ? this.taker.tag : this.pool.words[order | TAG];
  }
  price(row: number): Ticks {
    const order = this.order(row);
    return order === 0 || this.kind(row) === REJECTED ? this.asked[PRICE] : this.pool.priceOfRecord(order);
  }
  lots(row: number): Lots {
    return this.kind(row) === FILL ? this.words[((row & ROWS) << 2) + LOTS] : this.lotsNotFilled(row);
  }
  remaining(row: number): Lots {
    if (this.isWhole(row)) return this.kind(row) === ACCEPTED ? this.lotsNotFilled(row) : 0;
    return this.words[((row & ROWS) << 2) + REMAINING];
  }
  /** Meaningful in a FILL only, as `takerTag`. */
  takerOwner(_row: number): number {
    return this.taker.owner;
  }
  takerTag(_row: number): number {
    return this.taker.tag;
  }

  // ---------------------------------------------------------------- for the book

  /** Names the order that the following fills and rows without a record are about. */
  setTaker({ owner, side, tag, limit }: NewOrder): void {
    this.taker.owner = owner;
    this.taker.side = side;
    this.taker.tag = tag;
    this.asked[HANDLE] = 0; // NO_ORDER
    this.asked[PRICE] = limit;
  }

  /** A row about some of the lots of a resting order, or (0) of the taker. */
  add(kind: ReportKind, reason: RejectReason, order: number, lots: Lots, remaining: Lots): void {
    const at = this.addRow() << 2;
    const { words } = this;
    words[at + WHAT] = kind | order | (reason << REASON_SHIFT);
    words[at + LOTS] = lots | 0;
    words[at + REMAINING] = remaining | 0;
  }

  /** A row about all the lots of an order that rests now (ACCEPTED), or rests no more (CANCELLED). */
  addWhole(kind: typeof ACCEPTED | typeof CANCELLED, reason: RejectReason, order: number): void {
    const row = this.addRow();
    this.words[(row << 2) + WHAT] = kind | order | (reason << REASON_SHIFT);
  }

  private addRow(): number {
    const row = this.count & ROWS;
    if (row === this.room) this.makeRoom();
    this.count = row + 1;
    return row;
  }

  private makeRoom(): void {
    this.words = doubled(this.words);
    this.room *= 2;
  }

  /** The refusal of an order, or of new lots or a new price for a resting one (else `order` is 0). */
  addRefusal(reason: RejectReason, order: number, lots: Lots, price: Ticks): void {
    this.asked[ASKED_LOTS] = lots;
    this.asked[PRICE] = price;
    this.add(REJECTED, reason, order, 0, 0);
  }

  /** The refusal of a handle that names no resting order. */
  addUnknown(handle: Handle): void {
    this.taker.owner = -1;
    this.taker.side = 0;
    this.taker.tag = 0;
    this.asked[HANDLE] = handle;
    this.addRefusal(UNKNOWN_ORDER, 0, 0, NaN);
  }

  private lotsNotFilled(row: number): Lots {
    if (this.isWhole(row)) return this.pool.words[this.order(row) | LOTS_LEFT];
    return this.kind(row) === REJECTED ? this.asked[ASKED_LOTS] : this.words[((row & ROWS) << 2) + LOTS];
  }

  /** Was the row written by `addWhole`? */
  private isWhole(row: number): boolean {
    const kind = this.kind(row);
    return (kind === ACCEPTED || kind === CANCELLED) && this.order(row) !== 0;
  }

  private order(row: number): number {
    return this.words[(row & ROWS) << 2] & RECORD;
  }
}
