import { choice, variant } from '../../base/parameters.ts';
import type { AdlRanking, Opponent } from './adl-ranking.ts';
import { allocations, shareOut } from './share-out.ts';

const NUMERAIRES = {
  lots: ({ lots }: Opponent): number => lots,
  profit: ({ unrealisedPnl }: Opponent): number => unrealisedPnl,
  equity: ({ equity }: Opponent): number => equity,
} as const;

/**
 * Everybody on the other side gives up the same share: of its position, or so much that what it forgoes is the same share of its profit
 * or of its equity, as far as its position reaches. No venue documents it; studied in arXiv 2512.01112.
 */
export const proRata = variant({
  name: 'pro-rata',
  about: 'Every opponent gives up the same share of its position, its profit or its equity.',
  source: 'arXiv 2512.01112',
  parameters: {
    by: choice(['lots', 'profit', 'equity'], { default: 'lots', about: 'of what the share is the same' }),
  },
  create: ({ by }): AdlRanking => ({
    allocate(lots, opponents) {
      const caps = opponents.map((opponent) => opponent.lots);
      return allocations(opponents, shareOut(lots, caps, opponents.map(NUMERAIRES[by])));
    },
  }),
});
