import { maintenanceMargin } from '../../accounts/margin.ts';
import { duration, money, real, share, variant } from '../../base/parameters.ts';
import { lotsOfNotional, moneyFromQuote, notionalOf } from '../../market/contract.ts';
import { TimeInForce } from '../../market/order.ts';
import { closingSide, lastResort } from './liquidation-policy.ts';
import type { LiquidationPolicy, LiquidationPolicyParts } from './liquidation-policy.ts';

/**
 * Hyperliquid's procedure. Above `threshold` the first market order is for a fifth of the position; for `cooldown` after anything
 * has filled, every order of that user is for the **entire** position: two impulses, a fifth and then all, and not "20 % every 30 s".
 * Below two thirds of maintenance the backstop takes position and collateral over, and with negative equity the trigger of the
 * waterfall is asked. The cooldown outlives the liquidation: an account that recovers and breaks again within it is sent whole.
 * The venue's cap on market orders depends on the leverage of the market (30M from 25x on, 5M, 2M, 0.5M): one number here. The
 * time between two orders is a block; the order may fill wherever the band lets it.
 */
export const fractionThenAll = variant({
  name: 'fraction-then-all',
  about:
    'First a fraction of a large position at the market, then all of it; the backstop takes what falls too low.',
  source: 'Hyperliquid docs, liquidations and contract specifications, mirror of 2026-08-22',
  parameters: {
    threshold: money({ default: '100k', about: 'notional up to which the first order is for all' }),
    fraction: share({
      default: '20%',
      above: '0%',
      max: '100%',
      about: 'share of the position in the first order',
    }),
    cooldown: duration({ default: '30s', about: 'how long after a fill every order is for all' }),
    backstopBelow: real({
      default: 2 / 3,
      min: 0,
      max: 1,
      about: 'share of maintenance margin below which the backstop takes over',
    }),
    largestOrder: money({ default: '30M', above: 0, about: 'notional that one market order may have' }),
    every: duration({ default: '200ms', min: '1ms', about: 'time between two orders (unverified)' }),
  },
  create(parameters, { contract }: LiquidationPolicyParts): LiquidationPolicy {
    const { fraction, cooldown, backstopBelow, every } = parameters;
    const threshold = moneyFromQuote(contract, parameters.threshold);
    const largest = moneyFromQuote(contract, parameters.largestOrder);
    return {
      needsBackstop: true,
      next(account, market) {
        const size = Math.abs(account.lots);
        const { schedule, mark } = market;
        const notional = notionalOf(contract, size, mark);
        if (account.equity < 0) return lastResort(account, market);
        const maintenance = maintenanceMargin(schedule, notional, size) + account.otherMaintenance;
        if (account.equity < backstopBelow * maintenance)
          return { kind: 'take-over', by: 'backstop', price: 'bankruptcy', lots: size };
        const isWhole = notional <= threshold || market.now < account.lastFillAt + cooldown;
        const wanted = isWhole ? size : Math.ceil(fraction * size);
        return {
          kind: 'order',
          lots: Math.min(wanted, Math.max(1, Math.floor(lotsOfNotional(contract, largest, mark)))),
          limit: market.bandLimit(closingSide(account.lots)),
          timeInForce: TimeInForce.IOC,
          notBefore: market.now + every,
        };
      },
    };
  },
});
