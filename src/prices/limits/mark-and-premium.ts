import { duration, real, share, variant } from '../../base/parameters.ts';
import { SimpleAverage } from '../mark/moving-average.ts';
import { laxer, premiumOver, stricter } from './price-limits.ts';
import type { PriceLimitParts, PriceLimits } from './price-limits.ts';

/**
 * Bybit: a buy at most `min(mark·(1 + far), max(index, mark·(1 + near) + weight · max(0, premium)))`, a sell at least the same mirrored, where
 * the premium is the average of mid less mark over half a minute (first-party, formula and weight). The two shares differ from
 * contract to contract and are not in the text: the defaults are an assumption. An order beyond is moved to the limit there (`beyond: cut`).
 */
export const markAndPremium = variant({
  name: 'mark-and-premium',
  about:
    'A band round the mark that widens with the average premium and holds the index, within a wider one.',
  source:
    'Bybit API v5, set limit price behaviour; shares priceLimitRatioX and priceLimitRatioY (unverified)',
  parameters: {
    near: share({
      default: '1%',
      min: '0%',
      max: '100%',
      about: 'half the band without premium (unverified)',
    }),
    far: share({ default: '2%', above: '0%', max: '100%', about: 'half the widest band (unverified)' }),
    weight: real({ default: 1, min: 0, about: 'weight of the premium' }),
    window: duration({ default: '30s', min: '1ms', about: 'length of its average' }),
  },
  create({ near, far, weight, window }, { every }: PriceLimitParts): PriceLimits {
    const average = new SimpleAverage(window, every);
    let premium = 0;
    return {
      observe(prices) {
        const now = premiumOver(prices.mark, prices);
        if (now === now) premium = average.add(now);
      },
      limit(side, { mark, index }) {
        const widened = mark * (1 + side * near) + weight * laxer(side, 0, premium);
        return stricter(side, mark * (1 + side * far), laxer(side, index, widened));
      },
    };
  },
});
