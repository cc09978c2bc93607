import { choice, variant } from '../../base/parameters.ts';
import { PPM } from '../../base/units.ts';
import type { Lots } from '../../base/units.ts';
import { lotsFromAsset, lotsFromQuote } from '../../market/contract.ts';
import { firstUpTo, RATE_MAX } from '../margin.ts';
import type { MarginParts, MarginSchedule } from '../margin.ts';
import type { WholePositionTier, WholePositionTiers } from '../margin-table.ts';
import { tierTable } from '../tier-table.ts';

/**
 * The whole position takes the rates of the tier that its size falls into; margin jumps from tier to tier. Tiers go by lots: sizes
 * in contracts or in value become lots at the price when the run begins. So the tier of a position changes by trading only, never by
 * the price, and an account breaks at one price. OKX's tables are in contracts anyway; BitMEX takes the value at entry. On a venue that
 * reckons the tier from the value of the moment a long would sink into a lower tier as it falls, which this leaves out.
 * Steps after the last tier (BitMEX: `k = ceil((value − riskLimit) / riskStep)`, each `k` adds to both rates) end at 95 %.
 */
export const wholePositionTiers = variant({
  name: 'whole-position-tiers',
  about: 'The whole position takes the rates of the tier of its size in lots; margin jumps between tiers.',
  source: 'OKX position tiers; BitMEX instrument API, riskLimit and riskStep',
  parameters: {
    tiers: tierTable<WholePositionTiers>(),
    amounts: choice(['quote', 'asset'], {
      default: 'quote',
      about: 'currency of a table whose sizes are notional, e.g. asset for limits in XBT',
    }),
  },
  create({ tiers: table, amounts }, { contract, startPrice }: MarginParts): MarginSchedule {
    const tiers = withSteps(table);
    const cap = tiers.map((tier, k) => (k === tiers.length - 1 ? Infinity : lotsOf(tier.cap)));
    return {
      contract,
      bySize: true,
      cap,
      rate: tiers.map((tier) => Math.min(Math.round(tier.maintenanceRate * PPM), RATE_MAX)),
      deduction: tiers.map(() => 0),
      ratePerLot: 0,
      maxLeverage({ lots }) {
        const { maxLeverage, initialRate } = tiers[firstUpTo(cap, lots)];
        return Math.min(maxLeverage, 1 / Math.min(1, initialRate));
      },
    };

    function lotsOf(size: number): Lots {
      if (table.sizedBy === 'contracts')
        return Math.round(lotsFromAsset(contract, size * table.contractSize, startPrice));
      if (amounts === 'asset') return Math.round(lotsFromAsset(contract, size, startPrice));
      return lotsFromQuote(contract, size, startPrice);
    }
  },
});

/** With a tier for each step, until the rate can grow no more. */
function withSteps({ tiers, step }: WholePositionTiers): readonly WholePositionTier[] {
  if (step === undefined) return tiers;
  const all = [...tiers];
  for (let last = all[all.length - 1]; last.maintenanceRate * PPM < RATE_MAX; last = all[all.length - 1]) {
    all.push({
      floor: last.cap,
      cap: last.cap + step.size,
      maintenanceRate: last.maintenanceRate + step.maintenanceRate,
      initialRate: last.initialRate + step.initialRate,
      maxLeverage: last.maxLeverage,
    });
  }
  return all;
}
