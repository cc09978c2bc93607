import { tierOf } from '../../accounts/margin.ts';
import { variant } from '../../base/parameters.ts';
import { lotsOfNotional, notionalOf } from '../../market/contract.ts';
import { TimeInForce } from '../../market/order.ts';
import { bankruptcyLimit, takeOverOrDeleverage } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';

/**
 * Bybit's and BitMEX's procedure: while the position is above the lowest tier, a FOK for what brings it into the next lower
 * one, no worse than the bankruptcy price; when that fails, or in the lowest tier, the fund takes the whole over.
 */
export const stepDownTier = variant({
  name: 'step-down-tier',
  about:
    'FOK orders that step down one margin tier at a time, then take-over by the fund at the bankruptcy price.',
  source: 'Bybit help, liquidation process; BitMEX, liquidation (d.1)',
  parameters: {},
  create: (): LiquidationPolicy => ({
    next(account, market) {
      const size = Math.abs(account.lots);
      const { contract, cap } = market.schedule;
      const tier = tierOf(market.schedule, notionalOf(contract, size, market.mark));
      if (tier === 0 || account.lastFilled === 0) return takeOverOrDeleverage(account, market);
      const allowed = Math.floor(lotsOfNotional(contract, cap[tier - 1], market.mark));
      return {
        kind: 'order',
        lots: size - allowed,
        limit: bankruptcyLimit(account),
        timeInForce: TimeInForce.FOK,
      };
    },
  }),
});
