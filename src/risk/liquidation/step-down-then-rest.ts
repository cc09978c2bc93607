import { bankruptcyPrice } from '../../accounts/margin.ts';
import { duration, share, variant } from '../../base/parameters.ts';
import { TimeInForce } from '../../market/order.ts';
import { bankruptcyLimit, closingSide, lastResort, stricter, wholeTick } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';
import { lotsDownTo, tierOfLots } from './tiers.ts';

/**
 * BitMEX's procedure: above the lowest tier a FOK for what brings the position into the next lower one; when that fails, or in
 * the lowest tier, the engine takes the position and leaves a limit order at the bankruptcy price in the book. At each review the
 * fund may put a share of what it can lose into making the limit more aggressive. When it could not bear the rest at the mark,
 * the trigger of the waterfall says who does. Here the position stays in the account until it is closed, seized: what is left
 * of it goes to the fund. How often the venue amends its order, and how much of the fund it puts in, is not published.
 */
export const stepDownThenRest = variant({
  name: 'step-down-then-rest',
  about: 'FOK orders down one tier at a time, then a limit order left hanging at the bankruptcy price.',
  source: 'BitMEX, app/liquidation and app/autoDeleveraging',
  parameters: {
    review: duration({ default: '1s', min: '1ms', about: 'time between two looks at the hanging order' }),
    fundSpends: share({
      default: '0%',
      min: '0%',
      max: '100%',
      about: 'share of what the fund may lose that may make the hanging order more aggressive',
    }),
  },
  create: ({ review, fundSpends }): LiquidationPolicy => ({
    next(account, market) {
      const side = closingSide(account.lots);
      const size = Math.abs(account.lots);
      const tier = tierOfLots(size, market);
      if (!account.seized && tier > 0 && account.lastFilled !== 0) {
        const limit = bankruptcyLimit(account, market);
        return {
          kind: 'order',
          lots: lotsDownTo(tier - 1, size, market),
          limit,
          timeInForce: TimeInForce.FOK,
        };
      }
      const rest = lastResort(account, market);
      if (account.seized && rest.kind !== 'take-over') return rest;
      const spent = fundSpends * market.fundHeadroom();
      const price = bankruptcyPrice(account.balance + spent, account.lots, market.schedule.contract);
      const limit = stricter(side, market.bandLimit(side), wholeTick(side, price));
      // An order that stays where it is keeps its place in the queue.
      if (limit === account.restingLimit) return { kind: 'wait', until: market.now + review };
      return {
        kind: 'order',
        lots: size,
        limit,
        timeInForce: TimeInForce.GTC,
        seizes: true,
        surplusFee: 1,
        notBefore: market.now + review,
      };
    },
  }),
});
