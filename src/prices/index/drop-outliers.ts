import { count, share, variant } from '../../base/parameters.ts';
import { median, weightedMean } from '../median.ts';
import type { IndexRule } from './index-rule.ts';

/**
 * A source that deviates from the median loses its weight; when several do, the index is the median. That is the rule that Binance had
 * in 2020. Without `several` it is the dropping rule of Deribit's median-of-quotes indices. A source that comes and goes
 * makes this index jump where a clipped one glides.
 */
export const dropOutliers = variant({
  name: 'drop-outliers',
  about: 'Weighted mean of the sources near their median; the median itself when several stand apart.',
  source: 'Binance FAQ 360033525071, text of 2020 (5 %); Deribit index documentation (5 %)',
  parameters: {
    beyond: share({
      default: '5%',
      above: '0%',
      max: '100%',
      about: 'distance from the median that drops a source',
    }),
    several: count({
      min: 1,
      about: 'number of such sources at which the median is taken instead; never when left out',
    }).optional(),
  },
  create: ({ beyond, several = Infinity }): IndexRule => ({
    price(fresh) {
      const centre = median(fresh.map(({ price }) => price));
      const near = fresh.filter(({ price }) => Math.abs(price - centre) <= beyond * centre);
      const isMedian = near.length === 0 || fresh.length - near.length >= several;
      return isMedian ? centre : weightedMean(near);
    },
  }),
});
