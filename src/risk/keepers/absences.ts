import type { RandomSource, RandomStream } from '../../base/random.ts';
import type { Micros } from '../../base/units.ts';
import type { KeeperId } from './keepers.ts';

interface AbsenceSettings {
  readonly count: number;
  /** Share of the time in which a keeper is out, below 1. */
  readonly outageShare: number;
  /** Mean length of an outage. */
  readonly outageLength: Micros;
}

/**
 * Which keepers are there. Each has its own outages, of exponential length and at exponential times, in their long-run state when the run
 * begins; besides, a shock may take some away until a stated time.
 */
export class Absences {
  private readonly settings: AbsenceSettings;
  private readonly streams: readonly RandomStream[];
  /** The random outage of each keeper that is under way or comes next: [from, to]. */
  private readonly outages: [Micros, Micros][];
  /** backAfter[keeper]: end of what a shock did to it. */
  private readonly backAfter: Float64Array;

  constructor(settings: AbsenceSettings, random: RandomSource) {
    const { count, outageShare } = settings;
    this.settings = settings;
    this.backAfter = new Float64Array(count);
    this.streams = Array.from({ length: count }, (_, keeper) => random.stream(`outages/${keeper}`));
    this.outages = this.streams.map((stream) => {
      const isOut = stream.uniform() < outageShare;
      return this.outageFrom(isOut ? 0 : this.pause(stream), stream);
    });
  }

  /** The first ⌈share · count⌉ keepers are out until then. */
  fail(share: number, until: Micros): void {
    const failing = Math.ceil(share * this.settings.count);
    for (let keeper = 0; keeper < failing; keeper++)
      this.backAfter[keeper] = Math.max(this.backAfter[keeper], until);
  }

  /** When a keeper is there again; `now` when it is. To be asked with times that never go back. */
  backAt(keeper: KeeperId, now: Micros): Micros {
    const stream = this.streams[keeper];
    while (this.outages[keeper][1] <= now) {
      const [, to] = this.outages[keeper];
      this.outages[keeper] = this.outageFrom(to + this.pause(stream), stream);
    }
    const [from, to] = this.outages[keeper];
    return Math.max(now, this.backAfter[keeper], from <= now ? to : now);
  }

  /** Time between two outages: such that `outageShare` of all time is out. */
  private pause(stream: RandomStream): Micros {
    const { outageShare, outageLength } = this.settings;
    if (outageShare === 0) return Infinity;
    return Math.round((stream.exponential() * outageLength * (1 - outageShare)) / outageShare);
  }

  private outageFrom(from: Micros, stream: RandomStream): [Micros, Micros] {
    return [from, from + Math.max(1, Math.round(stream.exponential() * this.settings.outageLength))];
  }
}
