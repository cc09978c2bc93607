import type { Micros, Ticks } from '../base/units.ts';
import type { WeightedPrice } from './median.ts';

/** A price from elsewhere as we know it. */
export interface PriceSource {
  /** NaN before the first. */
  readonly price: Ticks;
  readonly receivedAt: Micros;
}

/** There is a price, and it is no older than `stale`. */
export function isFresh({ price, receivedAt }: PriceSource, now: Micros, stale: Micros): boolean {
  return price > 0 && now - receivedAt <= stale;
}

/** The prices that count now: fresh, and with a weight. `weights[i]` is that of `sources[i]`. */
export function freshPrices(
  sources: readonly PriceSource[],
  weights: readonly number[],
  now: Micros,
  stale: Micros,
): WeightedPrice[] {
  const fresh: WeightedPrice[] = [];
  sources.forEach((source, i) => {
    const weight = weights[i];
    if (weight > 0 && isFresh(source, now, stale)) fresh.push({ price: source.price, weight });
  });
  return fresh;
}
