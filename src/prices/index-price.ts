import type { Micros, Ticks } from '../base/units.ts';
import type { IndexRule } from './index/index-rule.ts';
import { freshPrices } from './price-source.ts';
import type { PriceSource } from './price-source.ts';

/**
 * A jump after which a venue no longer believes its own index (Deribit: 10 % in a second; how long the halt lasts is not
 * published).
 */
export interface IndexHalt {
  /** Relative move that halts it. */
  readonly move: number;
  /** Within so much time. */
  readonly within: Micros;
  /** How long the old index then stays. */
  readonly length: Micros;
}

/** Which sources count, whatever the rule. */
export interface IndexSettings {
  /** A source older than this does not count. */
  readonly stale: Micros;
  /** Fewer fresh sources than this give no index. */
  readonly atLeast: number;
  readonly halt?: IndexHalt | undefined;
}

/**
 * The index that these sources give now; `weights[i]` is that of `sources[i]`. A source that is stale or has no weight has
 * no say, not even in the median. NaN when too few are left: the old index then stays. It keeps nothing, so that a single
 * index can be worked out without a world.
 */
export function calcIndex(
  sources: readonly PriceSource[],
  weights: readonly number[],
  { rule, stale, atLeast }: { readonly rule: IndexRule } & Omit<IndexSettings, 'halt'>,
  now: Micros,
): number {
  const fresh = freshPrices(sources, weights, now, stale);
  return fresh.length === 0 || fresh.length < atLeast ? NaN : rule.price(fresh);
}

interface IndexParts extends IndexSettings {
  /** Looked at anew at each update. */
  readonly sources: readonly PriceSource[];
  /** weights[i]: that of sources[i]. */
  readonly weights: readonly number[];
  readonly rule: IndexRule;
  /** The index before the first update. */
  readonly start: Ticks;
}

/**
 * A composite of sources over time: the index that marks refer to, or one that values collateral. Each has its own sources, weights,
 * rule and settings; they share nothing but the feeds.
 */
export class IndexPrice {
  private readonly parts: IndexParts;
  private readonly guard: HaltGuard | undefined;
  private last: Ticks;

  constructor(parts: IndexParts) {
    this.parts = parts;
    this.guard = parts.halt === undefined ? undefined : new HaltGuard(parts.halt);
    this.last = parts.start;
  }

  /** Ticks, not rounded. */
  get price(): Ticks {
    return this.last;
  }

  /** Works the index out anew; it stays while there are too few sources, or while it is halted. */
  update(now: Micros): Ticks {
    const { sources, weights } = this.parts;
    const price = calcIndex(sources, weights, this.parts, now);
    if (price === price && this.guard?.refuses(now, price) !== true) this.last = price;
    return this.last;
  }
}

/** Refuses prices for a while after a jump; then it takes whatever the price is as the new level. */
class HaltGuard {
  private readonly halt: IndexHalt;
  /** Prices of the last `within`, oldest first. */
  private recent: { readonly at: Micros; readonly price: number }[] = [];
  private until: Micros = -Infinity;

  constructor(halt: IndexHalt) {
    this.halt = halt;
  }

  refuses(now: Micros, price: number): boolean {
    if (now < this.until) return true;
    const { move, within, length } = this.halt;
    this.recent = this.recent.filter(({ at }) => now - at <= within);
    if (this.recent.some((old) => Math.abs(price - old.price) > move * old.price)) {
      this.until = now + length;
      this.recent = [];
      return true;
    }
    this.recent.push({ at: now, price });
    return false;
  }
}
