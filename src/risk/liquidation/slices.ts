import { duration, share, variant } from '../../base/parameters.ts';
import { TimeInForce } from '../../market/order.ts';
import { closingSide, lastResort } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';

/**
 * Deribit's procedure: a share of the position at the market every second until margin holds again, wherever the band lets it fill:
 * an account may so go under water, and what it owes in the end goes down the waterfall. Texts differ on the slice (12.5 % of the
 * position a round, or 200 contracts twenty times a second); the share is of what is left, so that slices become smaller, and
 * never less than a lot. When an account under water finds nobody, the trigger of the waterfall is asked.
 */
export const slices = variant({
  name: 'slices',
  about: 'A share of the position as a market order every second, until margin holds again.',
  source: 'Deribit notice of 2022-01-11; the slice size is an older text, unverified',
  parameters: {
    share: share({ default: '12.5%', above: '0%', max: '100%', about: 'share of what is left in a slice' }),
    every: duration({ default: '1s', min: '1ms', about: 'time between two slices' }),
  },
  create: ({ share: part, every }): LiquidationPolicy => ({
    next(account, market) {
      if (account.lastFilled === 0 && account.equity < 0) {
        const rest = lastResort(account, market);
        if (rest.kind !== 'take-over') return rest;
      }
      return {
        kind: 'order',
        lots: Math.ceil(Math.abs(account.lots) * part),
        limit: market.bandLimit(closingSide(account.lots)),
        timeInForce: TimeInForce.IOC,
        notBefore: market.now + every,
      };
    },
  }),
});
