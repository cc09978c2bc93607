import { variant } from '../../base/parameters.ts';
import { queueBy } from './adl-ranking.ts';
import type { Opponent } from './adl-ranking.ts';

/** Binance's queue: `PnL% · margin ratio`. Size is not in the score: a big winner with a big account stands last. */
export const profitByMarginRatio = variant({
  name: 'profit-by-margin-ratio',
  about: 'A queue by profit share times margin ratio.',
  source: 'Binance FAQ 360033525471',
  parameters: {},
  create: () => queueBy(marginRatioScore),
});

/** `max(0, unrealised PnL) / max(1, wallet) · maintenance margin / equity`; 0 when equity is not positive. */
export function marginRatioScore(opponent: Opponent): number {
  const profitShare = Math.max(0, opponent.unrealisedPnl) / Math.max(1, opponent.wallet);
  const marginRatio = opponent.equity > 0 ? opponent.maintenance / opponent.equity : 0;
  return profitShare * marginRatio;
}
