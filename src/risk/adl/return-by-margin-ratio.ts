import { variant } from '../../base/parameters.ts';
import { leveragedReturnScore } from './scores.ts';
import { queueBy } from './adl-ranking.ts';
import type { Opponent } from './adl-ranking.ts';

/**
 * OKX's queue in two branches: the return on margin divided by the margin ratio for winners, times it for losers. The margin
 * ratio is equity over maintenance margin: a well-backed winner stands far behind.
 */
export const returnByMarginRatio = variant({
  name: 'return-by-margin-ratio',
  about: 'A queue by profit over margin, divided by the margin ratio of winners, times that of losers.',
  source: 'OKX, introduction to auto-deleveraging (ADL)',
  parameters: {},
  create: () => queueBy(twoBranchScore),
});

/** An account without equity has the margin ratio 0: a winner then comes first of all. */
export function twoBranchScore(opponent: Opponent): number {
  const onMargin = leveragedReturnScore(opponent);
  const ratio = Math.max(0, opponent.equity) / Math.max(1, opponent.maintenance);
  if (onMargin === 0) return 0;
  return onMargin > 0 ? onMargin / ratio : onMargin * ratio;
}
