import type { Interval } from '../../../metrics/estimates/estimate.ts';
import { proportion } from '../../../metrics/estimates/proportion.ts';
import type { Finding } from '../check.ts';

/** What a nominal 95 % interval has to cover. */
export const ACCEPTED: Interval = { low: 0.93, high: 0.97 };
export const NOMINAL = 0.95;

/** How often each of several intervals holds its truth, counted over experiments. */
export class Tally {
  private readonly covered = new Map<string, { held: number; experiments: number }>();
  private readonly isTarget: boolean;

  /** `isTarget`: to cover 93 to 97 % is aimed at there, and a miss no failure. */
  constructor({ isTarget = false }: { isTarget?: boolean } = {}) {
    this.isTarget = isTarget;
  }

  count(what: string, { low, high }: Interval, truth: number): void {
    const entry = this.covered.get(what) ?? { held: 0, experiments: 0 };
    entry.held += low <= truth && truth <= high ? 1 : 0;
    entry.experiments++;
    this.covered.set(what, entry);
  }

  findings(): Finding[] {
    return [...this.covered].map(([what, { held, experiments }]) => ({
      ...coverage(what, held, experiments),
      ...(this.isTarget && { isTarget: true }),
    }));
  }
}

/** Fails when the coverage is outside 93 to 97 % beyond its own uncertainty: its interval has to touch that range. */
function coverage(what: string, held: number, experiments: number): Finding {
  const { estimate, low, high } = proportion(held, experiments);
  return {
    quantity: `coverage of ${what}`,
    theory: NOMINAL,
    simulated: estimate,
    tolerance: NaN,
    because: '95 % interval of the coverage (mid-P)',
    n: experiments,
    interval: { low, high },
    range: ACCEPTED,
    holds: high >= ACCEPTED.low && low <= ACCEPTED.high,
  };
}
