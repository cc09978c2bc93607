import { choice, duration, money, real, variant, weights } from '../../base/parameters.ts';
import { BUY, SELL } from '../../base/units.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import { weightedMean, weightedMedian } from '../median.ts';
import { freshPrices } from '../price-source.ts';
import { weightedFeeds } from './chosen-feeds.ts';
import { localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

const COMBINE = { mean: weightedMean, median: weightedMedian } as const;

/**
 * Whatever prices a market chooses, each with a weight, as their mean or median; what is stale drops out. Vega lets each
 * market choose in this way among trades, book, oracles and composites of them. Simplified: the trade is the last one
 * (there: trades decayed by age and weighted by size), one age bounds all sources, and composites of composites are left
 * out.
 */
export const composite = variant({
  name: 'composite',
  about:
    'Weighted mean or median of the last trade, the book, the index and feeds, without those that are stale.',
  source: 'vegaprotocol/vega, composite price configuration',
  parameters: {
    combine: choice(['median', 'mean'], { default: 'median', about: 'how the prices become one' }),
    trade: real({ default: 1, min: 0, about: 'weight of the last trade' }),
    book: real({ default: 1, min: 0, about: 'weight of the mid, or of the impact mid with a notional' }),
    index: real({ default: 1, min: 0, about: 'weight of the index' }),
    feeds: weights({ about: 'weight of each feed by name; none when left out' }).optional(),
    notional: money({ min: 1, about: 'size of the two hypothetical orders of the impact mid' }).optional(),
    stale: duration({ default: '60s', min: '1ms', about: 'age from which a trade or a feed does not count' }),
  },
  create({ combine, trade, book, index, feeds = {}, notional, stale }, parts: MarkParts): MarkDesign {
    const size = notional === undefined ? undefined : moneyFromQuote(parts.contract, notional);
    const outside = weightedFeeds('feeds', feeds, stale, parts);
    const weightsOfOwn = [trade, book, index];
    if (weightsOfOwn.every((weight) => weight === 0) && Object.keys(feeds).length === 0)
      parts.refuse(['trade'], 'a weight above 0 for this or another price');
    return {
      price(inputs) {
        const { last, lastAt, now, impactPrice } = inputs;
        const bookPrice =
          size === undefined ? localPrice(inputs) : (impactPrice(SELL, size) + impactPrice(BUY, size)) / 2;
        const own = [
          { price: last, receivedAt: lastAt },
          { price: bookPrice, receivedAt: now },
          { price: inputs.index, receivedAt: now },
        ];
        return COMBINE[combine]([...freshPrices(own, weightsOfOwn, now, stale), ...outside(inputs)]);
      },
    };
  },
});
