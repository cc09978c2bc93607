import type { Micros, Ticks } from '../base/units.ts';

/** How far a run has come at an instant, as far as another run has to know to leave it there. */
export interface Instant {
  /** Everything up to and including this time has happened. */
  readonly at: Micros;
  /** The extremes of the mark of each contract so far, ticks. */
  readonly marks: readonly { readonly lowest: Ticks; readonly highest: Ticks }[];
  /** Hash over every event so far. */
  readonly fingerprint: string;
}

/**
 * Where a run leaves another one with the same past. The state of a world is never copied: a run with branches begins at
 * the start with the seed of the first run, so that it repeats its past event by event, and from each instant on draws under
 * another label. What populations have drawn before stays, except where it has not shown yet and they can draw it anew
 * (`Opening.unseen`). Of independent labels come independent futures of the same past.
 */
export interface Branch extends Instant {
  /** Names the streams from here on. */
  readonly label: string;
}
