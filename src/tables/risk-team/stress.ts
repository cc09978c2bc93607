import { LEVEL } from '../../metrics/estimates/estimate.ts';
import type { Estimate } from '../../metrics/estimates/estimate.ts';
import { meanDifference, meanWithInterval } from '../../metrics/estimates/mean.ts';
import { proportion } from '../../metrics/estimates/proportion.ts';
import type { ProportionEstimate } from '../../metrics/estimates/proportion.ts';
import type { MetricName } from '../../metrics/metrics.ts';
import type { TaskResult } from '../../run/results.ts';
import { closedRows, RISK_EVENTS } from './closed-rows.ts';
import type { ClosedRow } from './closed-rows.ts';
import { tierLosses } from './tier-losses.ts';
import type { TierLosses } from './tier-losses.ts';

/** What the fund and the winners go through in one cell; money in quote currency, means a replicate. */
export interface Stress {
  readonly n: number;
  readonly exhausted: ProportionEstimate;
  readonly adl: ProportionEstimate;
  readonly ruin: ProportionEstimate;
  readonly fundUsed: Estimate;
  readonly fundGained: Estimate;
  /** What positions came to that the fund had taken over. */
  readonly fundPositions: Estimate;
  readonly tiers: readonly TierLosses[];
  /** Bids within 1 % of the mid when the shock begins, and at their fewest. */
  readonly depthBefore: Estimate;
  readonly depthMinimum: Estimate;
}

/** The replicates of one cell, whose closed arms kept their risk records. */
export function stressOf(replicates: readonly TaskResult[], level = LEVEL): Stress {
  const rows = closedRows(replicates);
  const chance = (event: keyof typeof RISK_EVENTS): ProportionEstimate =>
    proportion(rows.filter(({ metrics }) => RISK_EVENTS[event](metrics)).length, rows.length, level);
  const mean = (metric: MetricName): Estimate => meanWithInterval(columnOf(rows, metric), level);
  return {
    n: rows.length,
    exhausted: chance('exhausted'),
    adl: chance('adl'),
    ruin: chance('ruin'),
    fundUsed: mean('fund_used'),
    fundGained: mean('fund_gained'),
    fundPositions: meanWithInterval(
      Float64Array.from(rows, ({ risk }) => risk.fundPositions),
      level,
    ),
    tiers: tierLosses(rows, level),
    depthBefore: mean('depth_before'),
    depthMinimum: mean('depth_minimum'),
  };
}

/** One cell less another on the same replicates: what a tier table changes. */
export interface StressDifference {
  /** Pairs. */
  readonly n: number;
  readonly fundUsed: Estimate;
  readonly adlNotional: Estimate;
  /** Of the probability of ruin. Pairs of which none differ leave room for 3/n either way. */
  readonly ruin: Estimate;
}

/** `cell` less `reference`, pair by pair; replicates that only one of them has are left out. */
export function stressDifference(
  cell: readonly TaskResult[],
  reference: readonly TaskResult[],
  level = LEVEL,
): StressDifference {
  const n = Math.min(cell.length, reference.length);
  const [ours, theirs] = [closedRows(cell.slice(0, n)), closedRows(reference.slice(0, n))];
  const difference = (metric: MetricName): Estimate =>
    meanDifference(columnOf(ours, metric), columnOf(theirs, metric), level);
  const ruin = difference('ruin');
  const differs = ours.some(({ metrics }, i) => metrics.ruin !== theirs[i].metrics.ruin);
  const { high } = proportion(0, n, level);
  return {
    n,
    fundUsed: difference('fund_used'),
    adlNotional: difference('adl_notional'),
    ruin: differs ? ruin : { estimate: 0, n, level, low: -high, high },
  };
}

function columnOf(rows: readonly ClosedRow[], metric: MetricName): Float64Array {
  return Float64Array.from(rows, ({ metrics }) => metrics[metric]);
}
