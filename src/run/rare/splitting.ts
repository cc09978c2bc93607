import { assert } from '../../base/check.ts';
import type { RandomSource, RandomStream } from '../../base/random.ts';

/**
 * Something that happens by chance, with a score: how near it has come to the rare event, Infinity once it has happened. Any score
 * gives an unbiased estimate; the nearer it is to a rising function of the chance of the event, the smaller its variance.
 */
export interface ScoredProcess<State> {
  /** Equal requests have equal answers. */
  run(request: RunRequest<State>): Promise<RunAnswer<State>>;
}

export interface RunRequest<State> {
  /** Where to begin; the start of the process when left out. */
  readonly from?: State;
  /** Names the randomness of this run from there on: independent of that of every other number. */
  readonly number: number;
  /** The score at which to stop; Infinity for the event itself. */
  readonly level: number;
}

export interface RunAnswer<State> {
  /** The highest of the run. */
  readonly score: number;
  /** What had to be computed for it, in any unit, what came before `from` included if that was computed again. */
  readonly cost: number;
  /** Where it stopped, if that is on the level or above it. */
  readonly reached?: State;
}

/** A place on a level from which runs go on. */
interface Entrance<State> {
  readonly state: State;
  /** May lie above further levels already. */
  readonly score: number;
}

/** What one pass through all levels found. */
export interface Pass {
  /** Product of the shares that reached each level: an unbiased estimate of the probability. */
  readonly probability: number;
  /** Of the runs that began on each level, how many reached the next; ends with the first 0. */
  readonly reached: readonly number[];
  readonly runs: number;
  readonly cost: number;
  /** Of the runs from the start alone, which stop at the first level at the latest. */
  readonly costFromStart: number;
}

/**
 * Fixed-effort multilevel splitting: of `effort` runs from the start, those that reach the first level are where the
 * next `effort` runs begin, and so on to the last level, Infinity: the rare event. Garvels (2000), "The splitting method in rare event
 * simulation", section 2.3. The product of the shares is unbiased whatever the levels are, if they were not chosen by looking at
 * the same runs; their choice decides its variance.
 *
 * Each entrance is begun from equally often, up to one; which ones get the odd runs is drawn from `random`.
 * `firstNumber` is that of the first run; a pass uses at most `effort` times as many numbers as there are levels.
 */
export async function splittingPass<State>(
  process: ScoredProcess<State>,
  {
    levels,
    effort,
    firstNumber,
    random,
  }: { levels: readonly number[]; effort: number; firstNumber: number; random: RandomSource },
): Promise<Pass> {
  assert(
    levels.length > 0 && levels.every((level, k) => k === 0 || level > levels[k - 1]),
    `levels have to rise: ${levels.join(', ')}`,
  );
  let entrances: readonly Entrance<State>[] = [];
  let [probability, cost, costFromStart, runs] = [1, 0, 0, 0];
  const reached: number[] = [];
  for (const [k, level] of levels.entries()) {
    const starts =
      k === 0
        ? Array<undefined>(effort).fill(undefined)
        : spread(entrances, effort, random.stream(`${firstNumber + k}`));
    const answers = await Promise.all(
      starts.map((start, i) => runOn(process, start, { number: firstNumber + k * effort + i, level })),
    );
    entrances = answers.flatMap(({ score, reached: state }) =>
      state === undefined ? [] : [{ state, score }],
    );
    runs += effort;
    cost += answers.reduce((sum, answer) => sum + answer.cost, 0);
    if (k === 0) costFromStart = cost;
    reached.push(entrances.length);
    probability *= entrances.length / effort;
    if (entrances.length === 0) break;
  }
  return { probability, reached, runs, cost, costFromStart };
}

/** A run that begins above the level has reached it already. */
export async function runOn<State>(
  process: ScoredProcess<State>,
  start: Entrance<State> | undefined,
  { number, level }: { number: number; level: number },
): Promise<RunAnswer<State>> {
  if (start === undefined) return process.run({ number, level });
  if (start.score >= level) return { score: start.score, cost: 0, reached: start.state };
  return process.run({ from: start.state, number, level });
}

/** `count` of the places, each as often as the others up to one. */
export function spread<Place>(places: readonly Place[], count: number, random: RandomStream): Place[] {
  const whole = Math.floor(count / places.length);
  const odd = [...places];
  // The first count − whole · places of a shuffle.
  for (let i = 0; i < count - whole * places.length; i++) {
    const j = i + random.below(odd.length - i);
    [odd[i], odd[j]] = [odd[j], odd[i]];
  }
  return [
    ...Array.from({ length: whole }, () => places).flat(),
    ...odd.slice(0, count - whole * places.length),
  ];
}
