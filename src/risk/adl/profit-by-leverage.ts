import { variant } from '../../base/parameters.ts';
import { queueBy } from './adl-ranking.ts';
import type { Opponent } from './adl-ranking.ts';

/**
 * BitMEX's queue: profit share times effective leverage for winners, divided by it for losers. Both in the currency of the account,
 * which makes it the published formula for inverse contracts too.
 */
export const profitByLeverage = variant({
  name: 'profit-by-leverage',
  about: 'A queue by profit share times effective leverage.',
  source: 'BitMEX, app/autoDeleveraging',
  parameters: {},
  create: () => queueBy(effectiveLeverageScore),
});

/**
 * `PnL% = (mark value − entry value) / |entry value|`, `leverage = |mark value| / (mark value − bankruptcy value)`, where the latter
 * difference is the equity; an account without equity counts as infinitely levered, an entry value
 * below a unit of money as one.
 */
export function effectiveLeverageScore({ unrealisedPnl, entryNotional, notional, equity }: Opponent): number {
  const profitShare = unrealisedPnl / Math.max(1, entryNotional);
  const leverage = equity > 0 ? notional / equity : Infinity;
  if (profitShare === 0) return 0;
  return profitShare > 0 ? profitShare * leverage : profitShare / leverage;
}
