import { exp } from '../base/pinned-math.ts';
import type { RandomStream } from '../base/random.ts';
import type { Micros, Money, Ticks } from '../base/units.ts';

/** A venue outside, reduced to a price; see the scenario reference for the meaning of each number. */
export interface FeedModel {
  /** Time between two prices. */
  readonly every: Micros;
  /** Standard deviation of the venue's own deviation from the fundamental price, as a fraction. */
  readonly noise: number;
  readonly noiseHalfLife: Micros;
  /** Notional that moves the venue by 1 %, money; Infinity when nothing does. */
  readonly depthPerPercent: Money;
  /** Half-life of a displacement by trading. */
  readonly recovery: Micros;
  /** Mean time between outages; Infinity for none. */
  readonly outageEvery: Micros;
  readonly outageLength: Micros;
}

const LN2 = 0.6931471805599453;

/**
 * A price quoted elsewhere: fundamental × (1 + own noise) × (1 + displacement by our traders' hedges).
 * The noise is a mean-reverting (Ornstein–Uhlenbeck) deviation; a hedge displaces the venue in proportion to its notional
 * and the displacement decays. A shock may put a factor on its price, or have it repeat the last one. During an outage nothing is published and the index sees the last price grow stale.
 * Assumes linear impact and no feedback of the venue's own traders; a venue with its own cascade needs a book of its own.
 */
export class Feed {
  readonly name: string;
  readonly model: FeedModel;
  /** Last price that has arrived, ticks; NaN before the first. */
  price: Ticks = NaN;
  receivedAt: Micros = -Infinity;
  private readonly random: RandomStream;
  private readonly outages: RandomStream;
  private deviation = 0;
  /** What is left of a deviation after `decayTime`, and the sd of what is new then: venues publish at even intervals. */
  private decayTime: Micros = 0;
  private decay = 1;
  private newNoise = 0;
  private displacement = 0;
  private displacedAt: Micros = 0;
  private observedAt: Micros = 0;
  private downUntil: Micros = -Infinity;
  private stuckUntil: Micros = -Infinity;
  /** The last price it published; NaN before the first. */
  private published: Ticks = NaN;
  /** Factor that somebody has put on its price. */
  private distortion = 1;
  private nextOutage: Micros;

  constructor(name: string, model: FeedModel, random: RandomStream, outages: RandomStream) {
    this.name = name;
    this.model = model;
    this.random = random;
    this.outages = outages;
    this.deviation = model.noise * random.normal();
    this.nextOutage = model.outageEvery === Infinity ? Infinity : model.outageEvery * outages.exponential();
  }

  /** What the venue publishes now, ticks; NaN during an outage. */
  observe(now: Micros, fundamental: Ticks): Ticks {
    const elapsed = now - this.observedAt;
    if (elapsed !== this.decayTime) {
      this.decayTime = elapsed;
      this.decay = leftAfter(elapsed, this.model.noiseHalfLife);
      this.newNoise = this.model.noise * Math.sqrt(1 - this.decay * this.decay);
    }
    this.deviation = this.deviation * this.decay + this.newNoise * this.random.normal();
    this.observedAt = now;
    while (now >= this.nextOutage) {
      this.fail(this.nextOutage + this.model.outageLength);
      this.nextOutage += this.model.outageLength + this.model.outageEvery * this.outages.exponential();
    }
    if (now < this.downUntil) return NaN;
    const isStuck = now < this.stuckUntil && this.published === this.published;
    if (!isStuck) {
      const price = fundamental * (1 + this.deviation) * (1 + this.displacementAt(now)) * this.distortion;
      this.published = Math.max(1, Math.round(price));
    }
    return this.published;
  }

  /** The price reaches us. */
  receive(now: Micros, price: Ticks): void {
    this.price = price;
    this.receivedAt = now;
  }

  /** Somebody trades `notional` (> 0 buys) on the venue. */
  trade(now: Micros, notional: Money): void {
    this.displacement = this.displacementAt(now) + (0.01 * notional) / this.model.depthPerPercent;
    this.displacedAt = now;
  }

  /** Publishes nothing before `until`. */
  fail(until: Micros): void {
    this.downUntil = Math.max(this.downUntil, until);
  }

  /** Publishes its last price again and again before `until`, as if it were new. */
  stick(until: Micros): void {
    this.stuckUntil = Math.max(this.stuckUntil, until);
  }

  /** Multiplies what it publishes from now on. */
  distort(factor: number): void {
    this.distortion *= factor;
  }

  private displacementAt(now: Micros): number {
    if (this.displacement === 0) return 0;
    return this.displacement * leftAfter(now - this.displacedAt, this.model.recovery);
  }
}

/** The exponent of the last call and its power. */
let lastExponent = 0;
let lastPower = 1;

/**
 * What is left of something that halves every `halfLife`. Remembers its last answer: a hedge is spread over all venues, which
 * then ask for the same decay one after the other.
 */
function leftAfter(elapsed: Micros, halfLife: Micros): number {
  const exponent = (-LN2 * elapsed) / halfLife;
  if (exponent !== lastExponent) {
    lastExponent = exponent;
    lastPower = exp(exponent);
  }
  return lastPower;
}
