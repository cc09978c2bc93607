import { duration, variant } from '../../base/parameters.ts';
import { TimeInForce } from '../../market/order.ts';
import { closingSide, fundedLimit, lastResort, stricter } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';

/**
 * The whole position as one market order, as far as the price band and the insurance fund reach.
 * No venue's exact rule; the plainest form of "liquidation = market order", and the one the exact limits are stated for.
 */
export const closeAtMarket = variant({
  name: 'close-at-market',
  about:
    'One market order for the whole position; the fund bears what it fills below bankruptcy, as far as it can.',
  parameters: {
    retry: duration({
      default: '1s',
      min: '1ms',
      about: 'pause after an order that found nobody to trade with',
    }),
  },
  create: ({ retry }): LiquidationPolicy => ({
    next(account, market) {
      const side = closingSide(account.lots);
      const lots = Math.abs(account.lots);
      if (account.lastFilled === 0) {
        const step = lastResort(account, market);
        return step.kind === 'take-over' ? { kind: 'wait', until: market.now + retry } : step;
      }
      // Beyond this price the fund could not make the loss good.
      const limit = stricter(side, market.bandLimit(side), fundedLimit(account, market));
      return { kind: 'order', lots, limit, timeInForce: TimeInForce.IOC };
    },
  }),
});
