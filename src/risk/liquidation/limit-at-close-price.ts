import { duration, variant } from '../../base/parameters.ts';
import { TimeInForce } from '../../market/order.ts';
import { bankruptcyLimit, lastResort } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';

/**
 * dYdX v3's procedure: the whole position as a limit order no worse than its close price, which is the bankruptcy price; all that
 * fills better goes to the fund, so that nothing is left to the owner of what is closed. An order that finds nobody is sent
 * again while the account is above water; below, the trigger of the waterfall says who bears the position.
 */
export const limitAtClosePrice = variant({
  name: 'limit-at-close-price',
  about: 'The whole position at a limit no worse than bankruptcy; the fund keeps all that fills better.',
  source: 'dYdX v3 docs, liquidations',
  parameters: {
    retry: duration({ default: '1s', min: '1ms', about: 'time between two orders' }),
  },
  create: ({ retry }): LiquidationPolicy => ({
    next(account, market) {
      if (account.lastFilled === 0) {
        const rest = lastResort(account, market);
        if (rest.kind !== 'take-over' || account.equity < 0) return rest;
      }
      return {
        kind: 'order',
        lots: Math.abs(account.lots),
        limit: bankruptcyLimit(account, market),
        timeInForce: TimeInForce.IOC,
        surplusFee: 1,
        notBefore: market.now + retry,
      };
    },
  }),
});
