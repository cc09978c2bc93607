import { duration, real, variant, weights } from '../../base/parameters.ts';
import { exp } from '../../base/pinned-math.ts';
import { DAY, MINUTE } from '../../base/units.ts';
import type { Micros, Ticks } from '../../base/units.ts';
import { weightedMedian } from '../median.ts';
import { BookComposite, middleOfBook } from './book-composite.ts';
import { weightedFeeds } from './chosen-feeds.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/**
 * The mark of a contract on something that trades nowhere yet (Hyperliquid's hyperps): the median composite with an
 * average of its own past marks in place of the oracle, and caps instead of an anchor. The index has no part in it.
 * Assumes that the price had stood still for a month when the run begins: at the first price seen, which is the listing
 * price too. Each cap holds from above only.
 */
export const preLaunch = variant({
  name: 'pre-launch',
  about: 'Median composite of the local book round an average of its own marks, capped from above.',
  source: 'Hyperliquid docs, hyperps; the cap of 3 after August 2025, 10 when first announced',
  parameters: {
    constant: duration({ default: '150s', min: '1ms', about: 'time constant of the average of the basis' }),
    bookConstant: duration({
      default: '30s',
      min: '1ms',
      about: 'time constant of the average of the local book',
    }),
    memory: duration({
      default: '8h',
      min: '1m',
      about: 'time constant over the minutely marks of the last day, whose average is the oracle',
    }),
    listingCap: real({ default: 4, min: 1, about: 'largest oracle, in listing marks' }),
    monthCap: real({ default: 4, min: 1, about: 'largest oracle, in averages of the last 30 days' }),
    averageCap: real({ default: 3, min: 1, about: 'largest mark, in averages over the memory' }),
    perps: weights({
      about: 'weight of each feed that quotes the perpetual elsewhere; none when left out',
    }).optional(),
    perpCap: real({ default: 1.5, min: 1, about: 'largest mark, in weighted medians of those feeds' }),
    stale: duration({
      default: '60s',
      min: '1ms',
      about: 'age from which such a feed no longer counts (unverified)',
    }),
  },
  create(
    { constant, bookConstant, memory, listingCap, monthCap, averageCap, perps = {}, perpCap, stale },
    parts: MarkParts,
  ): MarkDesign {
    const composite = new BookComposite({ constant, bookConstant, every: parts.every });
    const outside = weightedFeeds('perps', perps, stale, parts);
    let marks: MinutelyMarks | undefined;
    return {
      price(inputs) {
        const book = middleOfBook(inputs);
        if (marks === undefined && book !== book) return NaN;
        marks ??= new MinutelyMarks(book, memory, inputs.now);
        const { average, listing, monthMean } = marks;
        const oracle = Math.min(average, listingCap * listing, monthCap * monthMean);
        const elsewhere = weightedMedian(outside(inputs));
        const mark = Math.min(
          composite.price(inputs, oracle, NaN),
          averageCap * average,
          elsewhere === elsewhere ? perpCap * elsewhere : Infinity,
        );
        marks.sample(inputs.now, mark);
        return mark;
      },
    };
  },
});

const A_DAY = DAY / MINUTE;
const A_MONTH = 30 * A_DAY;

/** A mark a minute, and its averages over a day (exponentially weighted) and a month. */
class MinutelyMarks {
  readonly listing: Ticks;
  average: Ticks;
  monthMean: Ticks;
  private readonly marks: Float64Array;
  private monthSum: number;
  /** weights[k]: that of the mark k minutes ago; they add up to 1. */
  private readonly weights: Float64Array;
  private next = 0;
  private sampledAt: Micros;

  constructor(listing: Ticks, memory: Micros, now: Micros) {
    this.listing = this.average = this.monthMean = listing;
    this.marks = new Float64Array(A_MONTH).fill(listing);
    this.monthSum = A_MONTH * listing;
    const raw = Float64Array.from({ length: A_DAY }, (_, k) => exp((-k * MINUTE) / memory));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    this.weights = raw.map((weight) => weight / total);
    this.sampledAt = now;
  }

  /** Takes the mark if a minute has passed since the last one it took. */
  sample(now: Micros, mark: Ticks): void {
    if (now - this.sampledAt < MINUTE) return;
    this.sampledAt = now;
    const { marks, weights } = this;
    this.monthSum += mark - marks[this.next];
    marks[this.next] = mark;
    this.average = 0;
    for (let k = 0, at = this.next; k < A_DAY; k++, at--) {
      if (at < 0) at += A_MONTH;
      this.average += weights[k] * marks[at];
    }
    this.monthMean = this.monthSum / A_MONTH;
    this.next = (this.next + 1) % A_MONTH;
  }
}
