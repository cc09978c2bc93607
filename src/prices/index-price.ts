import type { Micros, Ticks } from '../base/units.ts';

export interface IndexRule {
  /** A source further from the median than this fraction counts as if it stood there; 0: no clip. */
  readonly clip: number;
  /** A source older than this does not count. */
  readonly stale: Micros;
}

/** One constituent as the index sees it. */
export interface IndexSource {
  readonly price: Ticks;
  readonly receivedAt: Micros;
}

/**
 * The index: weighted mean of the fresh sources, each clipped to the band `median · (1 ± clip)` first
 * (the rule of Binance and OKX at 3 %, of Deribit at 0.5 %). A source without weight has no say, not even in the
 * median. NaN when no source is fresh: the old index then stays.
 */
export function indexPrice(
  sources: readonly IndexSource[],
  weights: readonly number[],
  rule: IndexRule,
  now: Micros,
): number {
  const fresh: { price: Ticks; weight: number }[] = [];
  sources.forEach(({ price, receivedAt }, i) => {
    const weight = weights[i];
    if (weight > 0 && price > 0 && now - receivedAt <= rule.stale) fresh.push({ price, weight });
  });
  if (fresh.length === 0) return NaN;
  const centre = median(fresh.map((source) => source.price));
  let sum = 0;
  let weight = 0;
  for (const source of fresh) {
    const clipped =
      rule.clip === 0
        ? source.price
        : Math.min(Math.max(source.price, centre * (1 - rule.clip)), centre * (1 + rule.clip));
    sum += clipped * source.weight;
    weight += source.weight;
  }
  return sum / weight;
}

/** Middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
