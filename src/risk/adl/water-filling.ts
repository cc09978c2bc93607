import { choice, variant } from '../../base/parameters.ts';
import type { AdlRanking, Opponent } from './adl-ranking.ts';
import { allocations, shareOut } from './share-out.ts';

/** In proportion to what an opponent keeps lots below the common level; 0: it is cut before all others. */
const KEEPS = {
  lots: (): number => 1,
  leverage: ({ equity }: Opponent): number => Math.max(0, equity),
} as const;

/**
 * Everybody who is above a common level is cut down to it, and nobody below: of all ways to take so many lots the one that leaves the
 * smallest maximum, of the positions or of the leverages. No venue documents it; one of the optimal policies of arXiv 2512.01112.
 */
export const waterFilling = variant({
  name: 'water-filling',
  about: 'The largest opponents are cut to a common level of position or of leverage.',
  source: 'arXiv 2512.01112',
  parameters: {
    level: choice(['lots', 'leverage'], { default: 'lots', about: 'what is cut to a common level' }),
  },
  create: ({ level }): AdlRanking => ({
    allocate(lots, opponents) {
      const held = opponents.map((opponent) => opponent.lots);
      const left = held.reduce((sum, one) => sum + one, 0) - lots;
      const kept = shareOut(Math.max(0, left), held, opponents.map(KEEPS[level]));
      return allocations(
        opponents,
        held.map((one, i) => one - kept[i]),
      );
    },
  }),
});
