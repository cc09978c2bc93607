import { duration, share, variant } from '../../base/parameters.ts';
import { SimpleAverage } from '../mark/moving-average.ts';
import { laxer, premiumOver, stricter } from './price-limits.ts';
import type { PriceLimitParts, PriceLimits } from './price-limits.ts';

/**
 * OKX: a buy at most `min(max(I, I·(1 + near) + premium), I·(1 + far))`, a sell at least the same mirrored, with the average of mid less
 * index over a window. 2 % and 5 % for the largest contracts, up to 6 % and 20 % for the smallest (first-party); the window was ten
 * minutes at first and two since 2024. A floor under how low liquidations can print: slower, longer cascades that queue at it.
 */
export const indexAndPremium = variant({
  name: 'index-and-premium',
  about: 'A band round the index that moves with the average premium, within a wider one that does not.',
  source: 'OKX help, price limit rules of perpetual contracts',
  parameters: {
    near: share({ default: '2%', min: '0%', max: '100%', about: 'half the band that moves' }),
    far: share({ default: '5%', above: '0%', max: '100%', about: 'half the band that does not' }),
    window: duration({ default: '2m', min: '1ms', about: 'length of the average of the premium' }),
  },
  create({ near, far, window }, { every }: PriceLimitParts): PriceLimits {
    const average = new SimpleAverage(window, every);
    let premium = 0;
    return {
      observe(prices) {
        const now = premiumOver(prices.index, prices);
        if (now === now) premium = average.add(now);
      },
      limit: (side, { index }) =>
        stricter(side, laxer(side, index, index * (1 + side * near) + premium), index * (1 + side * far)),
    };
  },
});
