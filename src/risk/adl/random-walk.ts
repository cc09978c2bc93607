import { count, variant } from '../../base/parameters.ts';
import type { AdlParts, AdlRanking, Allocation } from './adl-ranking.ts';

/**
 * dYdX v4's way: no queue; the accounts on the other side in a circle from a pseudo-random one on, each as far as needed.
 * Who would be under water at the price of the deleveraging is passed over (its own bankruptcy price does not overlap), and
 * no more than `scans` accounts are looked at, so that something may be left for the next time.
 */
export const randomWalk = variant({
  name: 'random-walk',
  about:
    'Opponents in a circle from a random one on, those whose own bankruptcy price does not overlap passed over.',
  source: 'dYdX v4, x/clob/keeper/deleveraging.go',
  parameters: { scans: count({ default: 500, min: 1, about: 'accounts that are looked at each time' }) },
  create: ({ scans }, { random }: AdlParts): AdlRanking => ({
    allocate(lots, opponents, { price }) {
      const allocation: Allocation[] = [];
      if (opponents.length === 0) return allocation;
      const start = random.below(opponents.length);
      let rest = lots;
      for (let k = 0; k < Math.min(scans, opponents.length) && rest > 0; k++) {
        const { account, side, lots: held, bankruptcyPrice } = opponents[(start + k) % opponents.length];
        if (side * (price - bankruptcyPrice) < 0) continue;
        const taken = Math.min(rest, held);
        allocation.push({ account, lots: taken });
        rest -= taken;
      }
      return allocation;
    },
  }),
});
