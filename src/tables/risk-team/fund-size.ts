import { LEVEL } from '../../metrics/estimates/estimate.ts';
import { proportion } from '../../metrics/estimates/proportion.ts';
import type { ProportionEstimate } from '../../metrics/estimates/proportion.ts';
import { quantileWithInterval } from '../../metrics/estimates/quantile.ts';
import type { QuantileEstimate } from '../../metrics/estimates/quantile.ts';
import type { ClosedRow } from './closed-rows.ts';

/**
 * What each replicate needs of the fund, in quote currency, from runs with a fund that never ends: the most that the fund's equity at the
 * mark falls below its balance at the start. A fund of that size or less is ruined: until then both runs are the same, unless a rule
 * looks at the size of the fund before it is used up. Infinite where winners were deleveraged, or shared a loss, even so: no
 * fund helps there.
 */
export function fundNeeds(rows: readonly Pick<ClosedRow, 'metrics'>[], balance: number): Float64Array {
  return Float64Array.from(rows, ({ metrics: { ruin, fund_minimum } }) =>
    ruin > 0 ? Infinity : Math.max(0, balance - fund_minimum),
  );
}

/** The fund for a target probability of ruin. */
export interface FundSize extends QuantileEstimate {
  /** The probability that was asked for. */
  readonly ruin: number;
  /** Replicates that no fund saves. */
  readonly hopeless: number;
}

/**
 * The (1 − ruin)-quantile of the needs: the smallest of them that at most a share `ruin` of the replicates exceeds. Interval between
 * order statistics; its upper end is infinite with fewer than `replicatesForBound` replicates.
 */
export function fundSize(needs: Float64Array, ruin: number, level = LEVEL): FundSize {
  const sorted = needs.slice().sort();
  const rank = Math.min(needs.length, Math.max(1, Math.ceil(needs.length * (1 - ruin) - 1e-9)));
  return {
    ...quantileWithInterval(needs, 1 - ruin, level),
    estimate: sorted[rank - 1],
    ruin,
    hopeless: needs.filter((need) => need === Infinity).length,
  };
}

/** Replicates from which on the interval of a fund's size has an upper end: all of n lie below the quantile with odds of at most (1 − level) / 2. */
export function replicatesForBound(ruin: number, level = LEVEL): number {
  return Math.ceil(Math.log((1 - level) / 2) / Math.log(1 - ruin));
}

/** The probability of ruin with a fund of this size, from the needs. */
export function ruinWith(needs: Float64Array, size: number, level = LEVEL): ProportionEstimate {
  return proportion(needs.filter((need) => need >= size).length, needs.length, level);
}
