import type { Lots, Side, Ticks } from '../base/units.ts';

/** What becomes of the lots that find no counterparty at once. */
export const TimeInForce = {
  /** Good till cancelled: they rest in the book. */
  GTC: 0,
  /** Immediate or cancel: they expire. */
  IOC: 1,
  /** Fill or kill: either all lots trade at once or the order is rejected and nothing happens. */
  FOK: 2,
} as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];

/** What happens when an incoming order meets a resting order of the same owner. The incoming order's choice counts. */
export const SelfTrade = {
  /** What is left of the incoming order is cancelled, the resting order stays. */
  CANCEL_TAKER: 0,
  /** The resting order is cancelled, the incoming order goes on. */
  CANCEL_MAKER: 1,
  CANCEL_BOTH: 2,
  /** They trade with each other. */
  ALLOW: 3,
} as const;
export type SelfTrade = (typeof SelfTrade)[keyof typeof SelfTrade];

/** An order on its way into the book. The book keeps no reference: callers reuse one object. */
export interface NewOrder {
  /** Account number, from 0 to 2³¹ − 1. */
  owner: number;
  side: Side;
  /** 1 to `MAX_LOTS`. */
  lots: Lots;
  /** Worst acceptable price, 1 to `MAX_TICK`. A market order is an IOC with its protection bound as limit. */
  limit: Ticks;
  timeInForce: TimeInForce;
  /** Reject the order rather than let it take liquidity. */
  postOnly: boolean;
  /** Never let the order open or turn the owner's position: see `OrderBook.place`. */
  reduceOnly: boolean;
  selfTrade: SelfTrade;
  /** A 32-bit integer of the sender's, given back in every report. */
  tag: number;
}

/** Names one resting order for ever: a handle is never given out twice, and a stale one is refused. */
export type Handle = number;
export const NO_ORDER: Handle = 0;

export const MAX_LOTS: Lots = 2 ** 31 - 1;
export const MAX_TICK: Ticks = 2 ** 31 - 1;

/** The positions before the running command, asked for reduce-only orders. */
export interface PositionView {
  /** Signed: positive is long. */
  lots(owner: number): Lots;
}
