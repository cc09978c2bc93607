import { duration, variant, weights } from '../../base/parameters.ts';
import { weightedMedian } from '../median.ts';
import { BookComposite } from './book-composite.ts';
import { weightedFeeds } from './chosen-feeds.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/**
 * Hyperliquid's mark, renewed with each oracle update there (`every: 3s`): the median of `c1 = index + EMA(mid − index)`,
 * `c2 = median(best bid, best ask, last trade)` and `c3 = weighted median of perpetuals elsewhere`; when exactly two
 * exist, `EMA(c2)` is the third. Assumes that perpetuals elsewhere are named by `perps`: without them the mark follows the
 * local book 3.5 times as fast within the first half minute. From what age an outside perpetual no longer counts is not
 * published.
 */
export const medianComposite = variant({
  name: 'median-composite',
  about: 'Median of the index plus the average local basis, the local book, and perpetuals elsewhere.',
  source: 'Hyperliquid docs, robust price indices',
  parameters: {
    constant: duration({ default: '150s', min: '1ms', about: 'time constant of the average of the basis' }),
    bookConstant: duration({
      default: '30s',
      min: '1ms',
      about: 'time constant of the average of the local book, which votes when one of the three is missing',
    }),
    perps: weights({
      about: 'weight of each feed that quotes the perpetual elsewhere; none when left out',
    }).optional(),
    stale: duration({
      default: '60s',
      min: '1ms',
      about: 'age from which such a feed no longer counts (unverified)',
    }),
  },
  create({ constant, bookConstant, perps = {}, stale }, parts: MarkParts): MarkDesign {
    const composite = new BookComposite({ constant, bookConstant, every: parts.every });
    const outside = weightedFeeds('perps', perps, stale, parts);
    return { price: (inputs) => composite.price(inputs, inputs.index, weightedMedian(outside(inputs))) };
  },
});
