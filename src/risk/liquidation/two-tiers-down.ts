import { duration, share, variant } from '../../base/parameters.ts';
import { TimeInForce } from '../../market/order.ts';
import { bankruptcyLimit, closingSide, lastResort, stricter, wholeTick } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';
import { lotsDownTo, tierOfLots } from './tiers.ts';

/** The lowest tier (from 0) from which the position is reduced step by step: the venue's tier 3. */
const FIRST_REDUCED_TIER = 2;

/**
 * OKX's procedure: from the third tier on, a limit order near the market for what brings the position two tiers down, then
 * nothing until the next review; in the two lowest tiers the whole position at the bankruptcy price, and what is not filled
 * goes to whoever the trigger of the waterfall says. An older text of the venue says: straight to the lowest tier (unverified which
 * holds). How near the market the limit is, is not published.
 */
export const twoTiersDown = variant({
  name: 'two-tiers-down',
  about: 'Orders that step down two margin tiers at a time, then the whole position at the bankruptcy price.',
  source: 'OKX, early-liquidation help page and hc/en-us/articles/360020411711',
  parameters: {
    review: duration({ default: '60s', min: '1ms', about: 'time between two reductions' }),
    tolerance: share({
      default: '1%',
      min: '0%',
      max: '100%',
      about: 'how far from the mark a reduction may fill (unverified)',
    }),
  },
  create: ({ review, tolerance }): LiquidationPolicy => ({
    next(account, market) {
      const side = closingSide(account.lots);
      const size = Math.abs(account.lots);
      const tier = tierOfLots(size, market);
      const isReduced = tier >= FIRST_REDUCED_TIER;
      if (account.lastFilled === 0 && (!isReduced || account.equity < 0)) return lastResort(account, market);
      if (isReduced) {
        const near = wholeTick(side, market.mark * (1 + side * tolerance));
        return {
          kind: 'order',
          lots: lotsDownTo(tier - 2, size, market),
          limit: stricter(side, bankruptcyLimit(account, market), near),
          timeInForce: TimeInForce.IOC,
          notBefore: market.now + review,
        };
      }
      const limit = bankruptcyLimit(account, market);
      return { kind: 'order', lots: size, limit, timeInForce: TimeInForce.IOC };
    },
  }),
});
