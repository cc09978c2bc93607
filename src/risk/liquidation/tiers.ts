import { lotsWithinTier, tierOf } from '../../accounts/margin.ts';
import type { Lots } from '../../base/units.ts';
import { notionalOf } from '../../market/contract.ts';
import type { LiquidationView } from './liquidation-policy.ts';

/** Index of the tier of a position of `size` lots at the mark. */
export function tierOfLots(size: Lots, { schedule, mark }: LiquidationView): number {
  return tierOf(schedule, notionalOf(schedule.contract, size, mark), size);
}

/** Fewest lots whose closing leaves a position of `size` lots in this tier at the mark. */
export function lotsDownTo(tier: number, size: Lots, { schedule, mark }: LiquidationView): Lots {
  return size - lotsWithinTier(schedule, tier, mark);
}
