import { share, variant } from '../../base/parameters.ts';
import type { PriceLimits } from './price-limits.ts';

/** `mark · (1 ± width)`: no buy above, no sell below. Binance: 5 % for BTCUSDT, up to 15 % for small contracts (first-party). */
export const roundMark = variant({
  name: 'round-mark',
  about: 'No buy above the mark plus a share of it, no sell below the mark less that share.',
  source: 'Binance futures API, exchangeInfo, filter PERCENT_PRICE',
  parameters: {
    width: share({ default: '5%', above: '0%', max: '100%', about: 'largest distance from the mark' }),
  },
  create: ({ width }): PriceLimits => ({ limit: (side, { mark }) => mark * (1 + side * width) }),
});
