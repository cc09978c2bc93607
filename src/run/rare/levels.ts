import type { RandomSource } from '../../base/random.ts';
import { runOn, spread } from './splitting.ts';
import type { ScoredProcess } from './splitting.ts';

/** Levels found by a pilot, which is thrown away otherwise. */
export interface ChosenLevels {
  /** Ascending; the last one is Infinity, the event. */
  readonly levels: readonly number[];
  readonly runs: number;
  readonly cost: number;
}

/** More levels than this are a score that hardly rises: odds of 4⁻⁴⁰ are no simulation's matter. */
const MOST_LEVELS = 40;

/**
 * Chooses levels that a share `share` of the runs on each level reaches, by as many runs from each level to the event or the end: the
 * next level is the score that this share of them has come to. A quarter is near the best for a given number of runs: the squared
 * relative error of a level costs (1 − p)/p, the number of levels is ln P / ln p, and their product is flat round 0.2.
 */
export async function chooseLevels<State>(
  process: ScoredProcess<State>,
  {
    effort,
    firstNumber,
    random,
    share = 0.25,
  }: { effort: number; firstNumber: number; random: RandomSource; share?: number },
): Promise<ChosenLevels> {
  const levels: number[] = [];
  let starts: ({ state: State; score: number } | undefined)[] = Array<undefined>(effort).fill(undefined);
  let [cost, runs, number] = [0, 0, firstNumber];
  while (levels.length < MOST_LEVELS) {
    const numbers = starts.map(() => number++);
    const toTheEnd = await Promise.all(
      starts.map((start, i) => runOn(process, start, { number: numbers[i], level: Infinity })),
    );
    const next = nextLevel(
      toTheEnd.map(({ score }) => score),
      { share, above: levels.at(-1) ?? -Infinity },
    );
    runs += effort;
    cost += toTheEnd.reduce((sum, answer) => sum + answer.cost, 0);
    if (next === undefined || next === Infinity) break;
    levels.push(next);
    // The same runs once more, to see where they came to it.
    const again = toTheEnd.flatMap(({ score }, i) => (score >= next ? [i] : []));
    const answers = await Promise.all(
      again.map((i) => runOn(process, starts[i], { number: numbers[i], level: next })),
    );
    cost += answers.reduce((sum, answer) => sum + answer.cost, 0);
    const entrances = answers.map(({ score, reached }) => ({ score, state: reached! }));
    starts = spread(entrances, effort, random.stream(`${firstNumber + levels.length}`));
  }
  return { levels: [...levels, Infinity], runs, cost };
}

/** The score that at least `share` of the runs has come to, if that is `above` the last level; else the next higher score of any run. */
function nextLevel(
  scores: readonly number[],
  { share, above }: { share: number; above: number },
): number | undefined {
  const falling = [...scores].sort((a, b) => b - a);
  const quantile = falling[Math.ceil(share * scores.length) - 1];
  return quantile > above ? quantile : falling.findLast((score) => score > above);
}
