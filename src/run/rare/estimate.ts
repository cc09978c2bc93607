import { exp } from '../../base/pinned-math.ts';
import type { RandomSource } from '../../base/random.ts';
import { LEVEL } from '../../metrics/estimates/estimate.ts';
import type { Estimate } from '../../metrics/estimates/estimate.ts';
import { meanWithInterval } from '../../metrics/estimates/mean.ts';
import { proportion } from '../../metrics/estimates/proportion.ts';
import { studentT } from '../../metrics/estimates/student-t.ts';
import { chooseLevels } from './levels.ts';
import { splittingPass } from './splitting.ts';
import type { Pass, ScoredProcess } from './splitting.ts';

/** The probability of a rare event. `n` counts the passes. */
export interface RareEstimate extends Estimate {
  /** Standard error of the estimate as a share of it, from the scatter of the passes. */
  readonly relativeError: number;
  readonly levels: readonly number[];
  readonly passes: readonly Pass[];
  /** All runs and their cost, those that chose the levels included. */
  readonly runs: number;
  readonly cost: number;
  /** What runs from the start would take for the same relative error; NaN when nothing was found. */
  readonly plain: {
    readonly runs: number;
    /** A lower bound: the runs it is reckoned from stopped at the first level. */
    readonly cost: number;
  };
}

export interface RareQuestion {
  /** Runs on each level of a pass, and of the pilot. */
  readonly effort: number;
  /** Independent passes, at least 2; their mean is the estimate. */
  readonly passes: number;
  /** Ascending scores below the event; chosen by a pilot when left out. */
  readonly levels?: readonly number[] | undefined;
}

/** Run numbers of a pass begin at a multiple of this: more than any pass uses. */
const NUMBERS_A_PASS = 2 ** 26;

/**
 * The mean of independent passes. Its interval is Student's on the logarithm by the delta method, `p · exp(± t · relative error)`:
 * the passes are products of shares, skewed to the right, and a probability is above 0. With no pass that came to the event
 * the estimate is 0 and nothing is bounded. Where every run came to it, the interval is that of the rule of three on the runs from the start.
 */
export async function estimateRare<State>(
  process: ScoredProcess<State>,
  { effort, passes: count, levels: given }: RareQuestion,
  random: RandomSource,
): Promise<RareEstimate> {
  const pilot =
    given === undefined
      ? await chooseLevels(process, { effort, firstNumber: 0, random: random.child('pilot') })
      : { levels: [...given, Infinity], runs: 0, cost: 0 };
  const { levels } = pilot;
  const passes = await Promise.all(
    Array.from({ length: count }, (_, r) =>
      splittingPass(process, {
        ...{ levels, effort, firstNumber: (r + 1) * NUMBERS_A_PASS },
        random: random.child(`pass/${r}`),
      }),
    ),
  );
  const { estimate, sd } = meanWithInterval(Float64Array.from(passes, ({ probability }) => probability));
  // Passes that agree to the last run say nothing of their scatter: it is at least that of independent runs.
  const relativeError = sd > 0 ? sd / Math.sqrt(count) / estimate : leastError(passes, effort);
  const spread = exp(studentT(LEVEL, count - 1) * relativeError);
  const isFound = estimate > 0;
  const isCertain = estimate === 1;
  const plainRuns = (1 - estimate) / (estimate * relativeError ** 2);
  const costFromStart = passes.reduce((sum, pass) => sum + pass.costFromStart, 0) / (count * effort);
  return {
    ...{ estimate, n: count, level: LEVEL },
    ...(isCertain
      ? { low: proportion(count * effort, count * effort).low, high: 1 }
      : isFound
        ? { low: estimate / spread, high: Math.min(1, estimate * spread) }
        : { low: 0, high: 1 }),
    ...{ relativeError, levels, passes },
    runs: pilot.runs + passes.reduce((sum, { runs }) => sum + runs, 0),
    cost: pilot.cost + passes.reduce((sum, { cost }) => sum + cost, 0),
    plain:
      isFound && !isCertain ? { runs: plainRuns, cost: plainRuns * costFromStart } : { runs: NaN, cost: NaN },
  };
}

/** Relative error of the mean of the passes if the runs on a level were independent: √(Σ (1 − p)/(p · runs)) over the levels; NaN if one was not reached. */
function leastError(passes: readonly Pass[], effort: number): number {
  const squares = passes[0].reached.map((_, k) => {
    const began = passes.filter(({ reached }) => reached.length > k);
    const share = began.reduce((sum, { reached }) => sum + reached[k], 0) / (began.length * effort);
    return share === 0 ? NaN : (1 - share) / (share * began.length * effort);
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}
