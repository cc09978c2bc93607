import { share, variant } from '../../base/parameters.ts';
import type { FundingParts } from './funding-rule.ts';
import { SAMPLED_PREMIUM, sampledPremiumRule } from './sampled-premium.ts';

/**
 * The rule of most venues: `F = P̄ + clamp(i − P̄, ±clamp)`, with `P̄` the average premium of the impact prices over the index
 * (Binance: samples each 5 s, weights 1 … n, i = 0.01 % and clamp = 0.05 % per 8 h; Bybit: a sample a minute).
 *
 * - BitMEX: reference mark, a sample a minute, equal weights, `applyNext`, cap 0.375 %, `maxChange` 75 % of the maintenance margin.
 * - OKX: premium of the midpoint, equal weights, cap 0.375 % to 1.5 % by asset; older texts have no interest and no clamp.
 * - Hyperliquid: hourly an eighth of the rate for 8 h (`ratePeriod`), capped at 4 % an hour (32 % a period), paid on the oracle's notional.
 *
 * Assumes that the venue's own book is the whole market for its impact prices.
 */
export const clampedPremium = variant({
  name: 'clamped-premium',
  about: 'Average premium over the index, pulled to an interest rate within a clamp.',
  source:
    'Binance announcement 2025-09-16 and FAQ funding rate; Bybit help, introduction to funding rate; BitMEX perpetual contracts guide; OKX funding pages; Hyperliquid docs, funding',
  parameters: {
    ...SAMPLED_PREMIUM,
    clamp: share({
      default: '0.05%',
      min: 0,
      about: 'how far the premium may pull the rate from the interest',
    }),
  },
  create: (parameters, parts: FundingParts) =>
    sampledPremiumRule(parameters, parts, (premium) => {
      const { interest, clamp } = parameters;
      return premium + Math.min(Math.max(interest - premium, -clamp), clamp);
    }),
});
