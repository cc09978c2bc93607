import { maintenanceMargin } from '../../accounts/margin.ts';
import { duration, share, variant } from '../../base/parameters.ts';
import { notionalOf } from '../../market/contract.ts';
import { TimeInForce } from '../../market/order.ts';
import { closingSide, fundedLimit, lastResort, stricter } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';

/**
 * The further equity falls below maintenance, the more is closed at once: 25, 50, 100 % below 1, 0.75, 0.5. This is the ladder that
 * is often ascribed to dYdX; **no version of dYdX does this** (v3 closes a whole position, v4 at most a tenth each block). The nearest
 * documented rule is Rage Trade's: half below 1, all below 0.75 (`first: 50%`, `second: 100%`, `third: 100%`).
 */
export const ladder = variant({
  name: 'ladder',
  about: 'A share of the position that grows as equity falls below maintenance; no large venue documents it.',
  source: 'popular description; Rage Trade docs for 50 and 100 %',
  parameters: {
    first: share({ default: '25%', above: '0%', max: '100%', about: 'share closed below maintenance' }),
    secondBelow: share({
      default: '75%',
      min: '0%',
      max: '100%',
      about: 'share of maintenance where the next rung begins',
    }),
    second: share({ default: '50%', above: '0%', max: '100%', about: 'share closed there' }),
    thirdBelow: share({
      default: '50%',
      min: '0%',
      max: '100%',
      about: 'share of maintenance where the last rung begins',
    }),
    third: share({ default: '100%', above: '0%', max: '100%', about: 'share closed there' }),
    every: duration({ default: '1s', min: '1ms', about: 'time between two orders' }),
  },
  create: ({ first, secondBelow, second, thirdBelow, third, every }): LiquidationPolicy => ({
    next(account, market) {
      if (account.lastFilled === 0) {
        const rest = lastResort(account, market);
        if (rest.kind !== 'take-over') return rest;
      }
      const side = closingSide(account.lots);
      const size = Math.abs(account.lots);
      const { schedule, mark } = market;
      const notional = notionalOf(schedule.contract, size, mark);
      const ratio = account.equity / (maintenanceMargin(schedule, notional, size) + account.otherMaintenance);
      const part = ratio < thirdBelow ? third : ratio < secondBelow ? second : first;
      return {
        kind: 'order',
        lots: Math.ceil(size * part),
        limit: stricter(side, market.bandLimit(side), fundedLimit(account, market)),
        timeInForce: TimeInForce.IOC,
        notBefore: market.now + every,
      };
    },
  }),
});
