import { doubled } from './grow.ts';

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

/**
 * What the last command did, one row an event, in the order in which it happened; overwritten by the next command.
 *
 * A row is about one order. In a FILL that is the *maker*, and the taker stands in the `taker…` columns; the taker's side
 * is `-side[row]`. An order that does not rest has handle 0.
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
  kind = new Int32Array(64);
  reason = new Int32Array(64);
  handle = new Float64Array(64);
  owner = new Int32Array(64);
  side = new Int32Array(64);
  tag = new Int32Array(64);
  price = new Float64Array(64);
  lots = new Float64Array(64);
  remaining = new Float64Array(64);
  /** Meaningful in a FILL only. */
  takerOwner = new Int32Array(64);
  /** Meaningful in a FILL only. */
  takerTag = new Int32Array(64);

  /** Adds a row and returns its number; the caller fills the other columns in. */
  open(kind: ReportKind, reason: RejectReason): number {
    if (this.count === this.kind.length) this.grow();
    const row = this.count++;
    this.kind[row] = kind;
    this.reason[row] = reason;
    return row;
  }

  private grow(): void {
    this.kind = doubled(this.kind);
    this.reason = doubled(this.reason);
    this.handle = doubled(this.handle);
    this.owner = doubled(this.owner);
    this.side = doubled(this.side);
    this.tag = doubled(this.tag);
    this.price = doubled(this.price);
    this.lots = doubled(this.lots);
    this.remaining = doubled(this.remaining);
    this.takerOwner = doubled(this.takerOwner);
    this.takerTag = doubled(this.takerTag);
  }
}
