import { duration, share, variant } from '../../base/parameters.ts';
import { ExponentialAverage } from '../mark/moving-average.ts';
import { premiumOver, stricter } from './price-limits.ts';
import type { PriceLimits } from './price-limits.ts';

/**
 * `index + average premium ± width · index`, and never beyond `index · (1 ± widest)`. Deribit: 1.5 %, an exponential average over a minute
 * and 7.5 %, which the venue may adjust (first-party). The premium here is that of the mid, sampled at each mark (an assumption: the
 * venue samples its fair price once a second).
 */
export const roundIndex = variant({
  name: 'round-index',
  about: 'A narrow band round the index plus the average premium, within a wide one round the index.',
  source: 'Deribit, linear perpetual, allowed trading bandwidth',
  parameters: {
    width: share({ default: '1.5%', above: '0%', max: '100%', about: 'half the narrow band' }),
    constant: duration({ default: '60s', min: '1ms', about: 'time constant of the average premium' }),
    widest: share({ default: '7.5%', above: '0%', max: '100%', about: 'half the wide band' }),
  },
  create({ width, constant, widest }): PriceLimits {
    const average = new ExponentialAverage(constant);
    let premium = 0;
    return {
      observe(prices) {
        const now = premiumOver(prices.index, prices);
        if (now === now) premium = average.add(prices.now, now);
      },
      limit: (side, { index }) =>
        stricter(side, index + premium + side * width * index, index * (1 + side * widest)),
    };
  },
});
