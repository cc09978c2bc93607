import { assert } from '../../base/check.ts';
import type { Micros } from '../../base/units.ts';
import type { Branch, Instant } from '../../world/branch.ts';
import type { Openings } from '../../world/openings.ts';
import type { Scenario } from '../../world/scenario.ts';
import { World } from '../../world/world.ts';
import { findScore } from './scores.ts';
import type { RunAnswer, RunRequest } from './splitting.ts';

/** A run that stopped on a level, as text that any worker can take up: whose past it has, and the instant it stopped at. */
export interface Stopped {
  readonly replicate: number;
  readonly branches: readonly Branch[];
  readonly instant: Instant;
}

/** What is rare: a score of a world that comes to `target`. */
export interface RareEvent {
  /** Name in `SCORES`. */
  readonly score: string;
  readonly target: number;
  /**
   * How many looks the last rise of the score is carried forward in telling how near a run is: a cascade that is under way is
   * nearer to ruin than one that has died out at the same score. 0 for the score alone.
   */
  readonly lead: number;
}

/**
 * One run of the closed arm up to a level, for splitting. A run from the start is the replicate of its number; one that
 * goes on from a stopped run repeats the past of that one and then draws under a label of its own number. Its cost is all its
 * events, the repeated ones included.
 *
 * The score is looked at between two instants, once every mark interval, when the mark has been taken and dealt with. A
 * level counts as reached there: where exactly a run is left has no influence on the probability.
 */
export function simulateParticle(
  scenario: Scenario,
  { from, number, level }: RunRequest<Stopped>,
  { event, openings }: { event: RareEvent; openings: Openings },
): RunAnswer<Stopped> {
  const score = findScore(event.score);
  assert(score !== undefined, `no score is called ${event.score}`);
  const [replicate, branches] =
    from === undefined
      ? [number, []]
      : [from.replicate, [...from.branches, { ...from.instant, label: `${number}` }]];
  const world = new World({
    ...{ scenario, replicate, branches, openings },
    mode: { kind: 'closed' },
    keepPaths: false,
  });
  const end = scenario.warmUp + scenario.horizon;
  let time: Micros = from?.instant.at ?? 0;
  world.runUntil(time);
  let last = score.of(world);
  let nearest = -Infinity;
  while (time < end && nearest < level) {
    time = Math.min(time + scenario.exchange.mark.every, end);
    world.runUntil(time);
    const now = score.of(world);
    nearest = Math.max(nearest, now >= event.target ? Infinity : now + event.lead * (now - last));
    last = now;
  }
  world.checkInvariants();
  const answer = { score: nearest, cost: world.kernel.processed };
  return nearest >= level
    ? { ...answer, reached: { replicate, branches, instant: world.instant() } }
    : answer;
}
