import type { RandomStream } from '../../base/random.ts';
import { bcaRatio } from './bca.ts';
import { type Interval, LEVEL } from './estimate.ts';
import { meanDifference, type MeanEstimate } from './mean.ts';
import { ratioOfMeans, type RatioEstimate } from './ratio-of-means.ts';

/** Drawdown of the local mid in bp, one value a replicate, in the same order in every arm. Leave out an arm that was not run. */
export interface Drawdowns {
  readonly dOff?: Float64Array | undefined;
  readonly dOpen?: Float64Array | undefined;
  readonly dClosed?: Float64Array | undefined;
}

export interface AmplificationRatio extends RatioEstimate {
  /** Present when a stream was given. */
  readonly bca?: Interval;
}

/** What liquidation adds to a shock. A part is missing when one of its two arms was not run. */
export interface Amplification {
  /** A = E[closed] / E[off] = direct · feedback. */
  readonly amplification?: AmplificationRatio;
  /** E[open-loop] / E[off]: the orders of accounts that the shock alone would have liquidated. */
  readonly direct?: AmplificationRatio;
  /** E[closed] / E[open-loop]: liquidations that set off liquidations. */
  readonly feedback?: AmplificationRatio;
  /** E[closed − off] in bp: defined even where the drawdown without liquidation is about zero. */
  readonly excess?: MeanEstimate;
}

/** The amplification and its parts. `random` is used up from where it stands; equal streams give equal intervals. */
export function amplification(
  { dOff, dOpen, dClosed }: Drawdowns,
  { level = LEVEL, random }: { level?: number; random?: RandomStream | undefined } = {},
): Amplification {
  const ratio = (numerator: Float64Array, denominator: Float64Array): AmplificationRatio => ({
    ...ratioOfMeans(numerator, denominator, level),
    ...(random && { bca: bcaRatio(numerator, denominator, random, { level }) }),
  });
  return {
    ...(dClosed && dOff && { amplification: ratio(dClosed, dOff) }),
    ...(dOpen && dOff && { direct: ratio(dOpen, dOff) }),
    ...(dClosed && dOpen && { feedback: ratio(dClosed, dOpen) }),
    ...(dClosed && dOff && { excess: meanDifference(dClosed, dOff, level) }),
  };
}
