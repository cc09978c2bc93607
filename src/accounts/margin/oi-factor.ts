import { real, share, variant } from '../../base/parameters.ts';
import { PPM } from '../../base/units.ts';
import { quoteFromMoney } from '../../market/contract.ts';
import type { MarginParts, MarginSchedule } from '../margin.ts';

/**
 * Opening needs `max(minimum, open interest · multiplier)` of the notional, keeping a flat factor (GMX V2 on Arbitrum: BTC, ETH
 * 0.5 % and 6e-11 per dollar; DOGE 1e-9; others 1 %). It is the open interest of the order's side that counts; the sides
 * of a book are equal, those of a pool are not. GMX V2 takes the fee of closing off the equity before it compares (PositionUtils.sol,
 * `isPositionLiquidatable`), and opens nothing that would be liquidatable at once. Both are reckoned on the notional at the mark,
 * where the venue takes the notional at entry.
 */
export const oiFactor = variant({
  name: 'oi-factor',
  about:
    'Flat maintenance margin; initial margin the larger of a minimum and open interest times a multiplier.',
  source: 'gmx-synthetics, MarketUtils and config/markets',
  parameters: {
    minimum: share({ default: '0.5%', above: 0, max: '100%', about: 'smallest initial margin' }),
    multiplier: real({
      default: 6e-11,
      min: 0,
      about: 'initial margin for each unit of quote currency of open interest',
    }),
    maintenance: share({ default: '0.5%', above: 0, max: '90%', about: 'maintenance margin' }),
    closingFee: share({
      default: '0%',
      min: 0,
      max: '5%',
      about: 'fee of closing, which equity has to pay besides the maintenance margin',
    }),
  },
  create(
    { minimum, multiplier, maintenance, closingFee },
    { contract, refuse }: MarginParts,
  ): MarginSchedule {
    if (minimum < maintenance) refuse('minimum', 'at least the maintenance margin');
    const kept = maintenance + closingFee;
    return {
      contract,
      bySize: true,
      cap: [Infinity],
      rate: [Math.round(kept * PPM)],
      deduction: [0],
      ratePerLot: 0,
      maxLeverage: ({ openInterest }) =>
        1 / Math.min(1, Math.max(minimum, kept, quoteFromMoney(contract, openInterest) * multiplier)),
    };
  },
});
