import type { Micros } from '../base/units.ts';
import { Phase } from '../kernel/kernel.ts';
import type { HandlerId, Kernel } from '../kernel/kernel.ts';

interface LapseParts {
  readonly kernel: Kernel;
  /** Places in which an order may rest. */
  readonly places: number;
  readonly lifetime: Micros;
  /** The time of what rests in a place is over. */
  lapse(place: number): void;
}

/**
 * Good till a time: the exchange itself takes an order away so long after it was last sent, whether or not its owner can be reached. One
 * event a place is on its way at most; it looks again later when the order was renewed meanwhile.
 */
export class Lapses {
  readonly handler: HandlerId;
  private readonly parts: LapseParts;
  /** until[place]: when what rests there lapses. */
  private readonly until: Float64Array;
  /** isWatched[place] = 1: its event is on its way. */
  private readonly isWatched: Uint8Array;

  constructor(parts: LapseParts) {
    this.parts = parts;
    this.until = new Float64Array(parts.places);
    this.isWatched = new Uint8Array(parts.places);
    this.handler = parts.kernel.register((place) => this.look(place));
  }

  /** An order was sent to the place, or sent again. */
  renew(place: number): void {
    this.until[place] = this.parts.kernel.now + this.parts.lifetime;
    if (this.isWatched[place] === 0) this.watch(place);
  }

  private watch(place: number): void {
    this.isWatched[place] = 1;
    this.parts.kernel.at(this.until[place], Phase.ORDER_ARRIVAL, this.handler, place);
  }

  private look(place: number): void {
    this.isWatched[place] = 0;
    if (this.until[place] > this.parts.kernel.now) this.watch(place);
    else this.parts.lapse(place);
  }
}
