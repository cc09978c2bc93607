import { LEVEL } from '../../metrics/estimates/estimate.ts';
import { quantileWithInterval } from '../../metrics/estimates/quantile.ts';
import type { Threshold } from '../../run/threshold.ts';

/** At which level an event reaches a probability. Levels are indices, the mildest first; `levels` means beyond the worst. */
export interface ReverseStress {
  readonly n: number;
  readonly probability: number;
  /** The first level at which at least this share of the replicates has its threshold behind it. */
  readonly at: number;
  /**
   * Interval of the quantile between order statistics, one level wider below, since a threshold lies somewhere between two levels: from
   * −1, "at or below the mildest", to `levels`.
   */
  readonly low: number;
  readonly high: number;
  /** Replicates in which the event happens at the mildest level and not at the worst. */
  readonly reversed: number;
}

/** The p-quantile of the replicates' own thresholds. */
export function reverseStress(
  thresholds: readonly Threshold[],
  { probability, levels, level = LEVEL }: { probability: number; levels: number; level?: number },
): ReverseStress {
  const at = Float64Array.from(thresholds, (threshold) => threshold.at).sort();
  const rank = Math.min(at.length, Math.max(1, Math.ceil(at.length * probability - 1e-9)));
  const { low, high } = quantileWithInterval(at, probability, level);
  return {
    n: at.length,
    probability,
    at: at[rank - 1],
    low: Math.max(-1, low - 1),
    high: Math.min(levels, high),
    reversed: thresholds.filter(({ isReversed }) => isReversed).length,
  };
}

/** The share of replicates whose threshold is at this level or milder: what bisection says the probability of the event is there. */
export function shareAt(thresholds: readonly Threshold[], level: number): number {
  return thresholds.filter(({ at }) => at <= level).length / thresholds.length;
}
