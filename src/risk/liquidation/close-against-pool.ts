import { duration, variant } from '../../base/parameters.ts';
import { TimeInForce } from '../../market/order.ts';
import { closingSide } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';

/**
 * The whole position at the oracle's price, whatever that is: the pool bears what the collateral does not (GMX V1 and V2). An
 * oracle too old to trade at makes it wait. With an order book instead of a pool it is one market order as far as the band reaches.
 */
export const closeAgainstPool = variant({
  name: 'close-against-pool',
  about: "One closing of the whole position at the pool's price, with no price bound of its own.",
  source: 'GMX V1 Vault.sol; gmx-synthetics LiquidationUtils.sol',
  parameters: {
    retry: duration({ default: '1s', min: '1ms', about: 'pause after a closing that did not happen' }),
  },
  create: ({ retry }): LiquidationPolicy => ({
    next(account, market) {
      if (account.lastFilled === 0) return { kind: 'wait', until: market.now + retry };
      const side = closingSide(account.lots);
      return {
        kind: 'order',
        lots: Math.abs(account.lots),
        limit: market.bandLimit(side),
        timeInForce: TimeInForce.IOC,
      };
    },
  }),
});
