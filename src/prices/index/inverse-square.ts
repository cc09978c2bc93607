import { share, variant } from '../../base/parameters.ts';
import { weightedMean } from '../median.ts';
import type { IndexRule } from './index-rule.ts';

/**
 * Bybit's rule of 2020: the weights (shares of volume) give a first mean, and then each source counts by the inverse
 * square of its distance from it. A source further than `beyond` from the mean of the others is dropped before, if others
 * are left. A source that stands on the first mean would count without bound: then the index is that mean. The rule that
 * drops a price unchanged for a minute is `stale: 1m` here, for feeds that publish only what changes.
 */
export const inverseSquare = variant({
  name: 'inverse-square',
  about: 'Mean in which each source counts by the inverse square of its distance from the weighted mean.',
  source: 'Bybit help 360039261094, index price calculation, text of 2020',
  parameters: {
    beyond: share({
      default: '3%',
      above: '0%',
      about: 'distance from the mean of the others that drops a source',
    }),
  },
  create: ({ beyond }): IndexRule => ({
    price(fresh) {
      const near = fresh.filter((source) => {
        const others = weightedMean(fresh.filter((other) => other !== source));
        // NaN for a source on its own, which stays.
        return !(Math.abs(source.price - others) > beyond * others);
      });
      const kept = near.length === 0 ? fresh : near;
      const centre = weightedMean(kept);
      if (kept.some(({ price }) => price === centre)) return centre;
      return weightedMean(kept.map(({ price }) => ({ price, weight: 1 / (price - centre) ** 2 })));
    },
  }),
});
