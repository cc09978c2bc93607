import { variant } from '../../base/parameters.ts';
import { TimeInForce } from '../../market/order.ts';
import { bankruptcyLimit, lastResort } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';
import { lotsDownTo, tierOfLots } from './tiers.ts';

/**
 * Bybit's procedure: while the position is above the lowest tier, a FOK for what brings it into the next lower
 * one, no worse than the bankruptcy price; when that fails, or in the lowest tier, the fund takes the whole over.
 */
export const stepDownTier = variant({
  name: 'step-down-tier',
  about:
    'FOK orders that step down one margin tier at a time, then take-over by the fund at the bankruptcy price.',
  source: 'Bybit help, liquidation process',
  parameters: {},
  create: (): LiquidationPolicy => ({
    next(account, market) {
      const size = Math.abs(account.lots);
      const tier = tierOfLots(size, market);
      if (tier === 0 || account.lastFilled === 0) return lastResort(account, market);
      return {
        kind: 'order',
        lots: lotsDownTo(tier - 1, size, market),
        limit: bankruptcyLimit(account, market),
        timeInForce: TimeInForce.FOK,
      };
    },
  }),
});
