import { variant } from '../../base/parameters.ts';
import type { FundingParts } from './funding-rule.ts';
import { SAMPLED_PREMIUM, sampledPremiumRule } from './sampled-premium.ts';

/**
 * `F = P̄ + i` for a period, paid in parts, without a clamp between the two.
 *
 * - dYdX v3: hourly, 60 samples alike, `P̄/8 + 0.00125 %`: interest 0.01 % for a `ratePeriod` of 8 h.
 * - dYdX v4: hourly, a vote a block, the median of a minute's votes (at least 15, filled up with zeros), the mean of these; no
 *   interest at genesis (isolated markets 0.125 bp an hour); rate for 8 h at most 600 % · (initial − maintenance margin fraction).
 */
export const premiumPlusInterest = variant({
  name: 'premium-plus-interest',
  about: 'Average premium over the index plus an interest rate.',
  source: 'dYdX v3 docs, funding; github dydxprotocol/v4-chain protocol/x/perpetuals/keeper/perpetual.go',
  parameters: SAMPLED_PREMIUM,
  create: (parameters, parts: FundingParts) =>
    sampledPremiumRule(parameters, parts, (premium) => premium + parameters.interest),
});
