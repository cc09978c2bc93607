import { variant } from '../../base/parameters.ts';
import { queueBy } from './adl-ranking.ts';
import type { Opponent } from './adl-ranking.ts';

/**
 * Hyperliquid's queue over users in profit: gain of the price times leverage, of a linear contract. The text gives mark / entry without a side; entry / mark is used
 * for shorts, since profitable shorts would otherwise rank last. Users at a loss come after all in profit, the deepest loss last.
 */
export const priceGainByLeverage = variant({
  name: 'price-gain-by-leverage',
  about: 'A queue by mark over entry (entry over mark for shorts) times notional over equity.',
  source: 'Hyperliquid docs, auto-deleveraging; the side factor is derived',
  parameters: {},
  create: () => queueBy(priceGainScore),
});

/** `(mark / entry)^side · notional / equity`; at a loss less than 0. An account without equity counts as infinitely levered. */
export function priceGainScore({ side, unrealisedPnl, equity, ...of }: Opponent): number {
  const notional = Math.max(1, of.notional);
  const entryNotional = Math.max(1, of.entryNotional);
  if (unrealisedPnl <= 0) return unrealisedPnl / entryNotional - 1;
  const gain = side > 0 ? notional / entryNotional : entryNotional / notional;
  return equity > 0 ? (gain * notional) / equity : Infinity;
}
