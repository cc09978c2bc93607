import type { Micros, Ticks } from '../../base/units.ts';

/** Prices that may set something off: the last trade at every trade, mark and index whenever they are renewed. */
export const WATCHED_PRICES = ['last', 'mark', 'index'] as const;
export type WatchedPrice = (typeof WATCHED_PRICES)[number];

/** A rule that says when an exchange stops trading by itself: a circuit breaker. */
export interface HaltRule {
  /** The price that it is told; none for a rule that never halts. */
  readonly watches?: WatchedPrice;
  /** Told of every such price while trading goes on; returns how long trading halts now, 0 when it goes on. */
  haltFor?(now: Micros, price: Ticks): Micros;
}
