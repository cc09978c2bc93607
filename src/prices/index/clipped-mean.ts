import { share, variant } from '../../base/parameters.ts';
import { clampTo } from '../clamp.ts';
import { median, weightedMean } from '../median.ts';
import type { IndexRule } from './index-rule.ts';

/**
 * The weighted mean, each source clipped first to the band `median · (1 ± clip)`; the median is that of the prices, whatever their
 * weights. With equal weights (OKX) two sources give their plain mean and one gives itself, since both lie within the
 * band or equally far outside.
 */
export const clippedMean = variant({
  name: 'clipped-mean',
  about: 'Weighted mean of the sources, each clipped first to a band round their median.',
  source:
    'Binance FAQ 360033525071 (3 %, 1 % for some symbols); OKX notices on index components, 2023 (3 %, equal weights); Deribit index documentation (0.5 %, equal weights)',
  parameters: {
    clip: share({
      default: '3%',
      min: '0%',
      max: '100%',
      about: 'largest distance from the median that counts; 0 for no clip',
    }),
  },
  create: ({ clip }): IndexRule => ({
    price(fresh) {
      if (clip === 0) return weightedMean(fresh);
      const centre = median(fresh.map((source) => source.price));
      return weightedMean(
        fresh.map(({ price, weight }) => ({ price: clampTo(price, centre, clip), weight })),
      );
    },
  }),
});
