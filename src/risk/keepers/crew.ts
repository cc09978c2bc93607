import { draw } from '../../base/distributions.ts';
import type { Distribution } from '../../base/distributions.ts';
import { count, distribution, duration, share } from '../../base/parameters.ts';
import type { RandomSource, RandomStream } from '../../base/random.ts';
import { SECOND } from '../../base/units.ts';
import type { Micros } from '../../base/units.ts';
import { Absences } from './absences.ts';
import type { Answer, Claim, KeeperId } from './keepers.ts';

/** What keepers who send transactions to a chain have in common. */
export const CREW_PARAMETERS = {
  latency: distribution({
    of: 'duration',
    default: { lognormal: { median: '2s', sigma: 0.5 } },
    about: 'from the claim to the arrival of a keeper at the chain, drawn for each keeper and claim',
  }),
  outageShare: share({
    default: '0%',
    min: '0%',
    max: '99%',
    about: 'share of the time in which a keeper is out, independently of the others',
  }),
  outageLength: duration({ default: '5m', min: '1ms', about: 'mean length of such an outage' }),
  block: duration({ default: '1s', min: '1ms', about: 'time between two blocks; steps are taken in blocks' }),
  capacity: count({ default: 10, min: 1, about: 'steps that one keeper has room for in a block' }),
};

interface CrewSettings {
  readonly count: number;
  readonly latency: Distribution;
  readonly outageShare: number;
  readonly outageLength: Micros;
  readonly block: Micros;
  readonly capacity: number;
}

/** Who comes, in which block, and what it bid for its place there. */
interface Offer {
  readonly keeper: KeeperId;
  readonly arrival: Micros;
  readonly block: Micros;
  readonly bid: number;
}

/** When somebody looks again at an account that nobody wanted. */
const LOOK_AGAIN: Micros = SECOND;
/** Blocks whose bookings are kept before those that have passed are thrown away. */
const KEPT_BLOCKS = 256;

/**
 * Keepers who each reach the chain one latency after a claim. The step is taken at the end of the first block that one of them with
 * room in it reaches; of several in that block the highest bid wins, then the earliest arrival. Keepers look at each claim
 * afresh and know nothing of the others.
 */
export class Crew {
  private readonly settings: CrewSettings;
  private readonly absences: Absences;
  private readonly latencies: readonly RandomStream[];
  /** booked.get(end of a block)[keeper]: its steps in that block. */
  private readonly booked = new Map<Micros, Uint32Array>();

  constructor(settings: CrewSettings, random: RandomSource) {
    this.settings = settings;
    this.absences = new Absences(settings, random);
    this.latencies = Array.from({ length: settings.count }, (_, keeper) =>
      random.stream(`latency/${keeper}`),
    );
  }

  fail(share: number, until: Micros): void {
    this.absences.fail(share, until);
  }

  /** `bidOf` is undefined for a keeper to whom the step is not worth its while. */
  answer({ now, notBefore }: Claim, bidOf: (keeper: KeeperId) => number | undefined): Answer {
    let best: Offer | undefined;
    let until: Micros = Infinity;
    for (let keeper = 0; keeper < this.settings.count; keeper++) {
      const back = this.absences.backAt(keeper, now);
      const offer = back > now ? back : this.offerOf(keeper, now, notBefore, bidOf(keeper));
      if (typeof offer === 'number') until = Math.min(until, offer);
      else if (best === undefined || beats(offer, best)) best = offer;
    }
    if (best === undefined) return { kind: 'refused', until };
    this.book(best, now);
    return { kind: 'acts', keeper: best.keeper, at: best.block };
  }

  /** Or when to ask this keeper again. */
  private offerOf(keeper: KeeperId, now: Micros, notBefore: Micros, bid: number | undefined): Offer | Micros {
    const { latency, block: length, capacity } = this.settings;
    const drawn = Math.max(0, Math.round(draw(latency, this.latencies[keeper])));
    if (bid === undefined) return now + LOOK_AGAIN;
    const arrival = Math.max(notBefore, now + drawn);
    const block = (Math.floor(arrival / length) + 1) * length;
    const taken = this.booked.get(block)?.[keeper] ?? 0;
    return taken < capacity ? { keeper, arrival, block, bid } : block;
  }

  private book({ keeper, block }: Offer, now: Micros): void {
    const { booked } = this;
    if (booked.size > KEPT_BLOCKS) for (const end of booked.keys()) if (end < now) booked.delete(end);
    const steps = booked.get(block) ?? new Uint32Array(this.settings.count);
    steps[keeper]++;
    booked.set(block, steps);
  }
}

function beats(one: Offer, other: Offer): boolean {
  if (one.block !== other.block) return one.block < other.block;
  return one.bid === other.bid ? one.arrival < other.arrival : one.bid > other.bid;
}
