import { variant } from '../../base/parameters.ts';
import { marginScheduleFrom } from '../margin.ts';
import type { MarginParts } from '../margin.ts';
import type { MarginalTiers } from '../margin-table.ts';
import { tierTable } from '../tier-table.ts';

/** `notional · mmr_k − cum_k`, at the mark: each part of the notional pays the rate of its own tier (Binance, Bybit, Hyperliquid). */
export const marginalTiers = variant({
  name: 'marginal-tiers',
  about: 'Each part of the notional takes the rate of its own tier, so that margin has no jumps.',
  source: 'Binance leverage and margin; Bybit maintenance margin calculation; Hyperliquid docs, margin tiers',
  parameters: { tiers: tierTable<MarginalTiers>() },
  create: ({ tiers }, { contract }: MarginParts) => marginScheduleFrom(tiers.table, contract),
});
