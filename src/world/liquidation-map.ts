import { BUY, SELL } from '../base/units.ts';
import type { Lots, Micros, Side, Ticks } from '../base/units.ts';

/** Liquidation prices in the order in which the mark reaches them, with what is held there: those of one side at one time. */
interface Ladder {
  readonly prices: readonly Ticks[];
  readonly lots: readonly Lots[];
}

interface Snapshot {
  readonly time: Micros;
  readonly ladders: readonly Ladder[];
}

/** Tells the lots at each liquidation price of one side, from the nearest to the price `to`. */
type EachLiquidation = (side: Side, to: Ticks, tell: (price: Ticks, lots: Lots) => void) => void;

/**
 * What is public of the liquidation prices: pictures of the exchange's own index, taken at each mark after the margin check, kept for
 * as long as anybody sees them late. Longs lie below the mark, shorts above; accounts under liquidation are in none.
 */
export class LiquidationMap {
  private readonly each: EachLiquidation;
  private snapshots: Snapshot[] = [];
  /** How far from the mark anybody looks, a share of the mark. */
  private reach = 0;
  private longestLatency: Micros = 0;

  constructor(each: EachLiquidation) {
    this.each = each;
  }

  /** Somebody looks so far, so late. Without anybody no picture is taken. */
  watch(reach: number, latency: Micros): void {
    this.reach = Math.max(this.reach, reach);
    this.longestLatency = Math.max(this.longestLatency, latency);
  }

  take(now: Micros, mark: Ticks): void {
    const { longestLatency, reach } = this;
    if (reach === 0) return;
    const stillSeen = this.snapshots.findLastIndex(({ time }) => time <= now - longestLatency);
    if (stillSeen > 0) this.snapshots = this.snapshots.slice(stillSeen);
    const ladders = ([BUY, SELL] as const).map((side) => {
      const ladder = { prices: [] as Ticks[], lots: [] as Lots[] };
      this.each(side, mark * (1 - side * reach), (price, lots) => {
        ladder.prices.push(price);
        ladder.lots.push(lots);
      });
      return ladder;
    });
    this.snapshots.push({ time: now, ladders });
  }

  /** Lots of the positions that break from `from` to `to`, both included, as far as was known at that time. */
  lotsWithin(from: Ticks, to: Ticks, time: Micros): Lots {
    const snapshot = this.snapshots.findLast((one) => one.time <= time);
    let sum = 0;
    for (const { prices, lots } of snapshot?.ladders ?? [])
      for (let i = 0; i < prices.length; i++) if (prices[i] >= from && prices[i] <= to) sum += lots[i];
    return sum;
  }
}
