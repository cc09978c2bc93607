import { share, variant } from '../../base/parameters.ts';
import type { PriceLimits } from './price-limits.ts';

/**
 * `last · (1 ± width)`. The band moves with every trade, within one order too late to stop it: a sweep ends at the band as it stood when
 * the order came. Before the first trade it lies round the mark. Bybit until 2025-01-02, when its limits went over to mark and index: 5 %
 * (first-party, announcement of 2024-12-27).
 */
export const roundLast = variant({
  name: 'round-last',
  about: 'No buy above the last trade plus a share of it, no sell below the last trade less that share.',
  source: 'Bybit help, contract price limits (an older rule of the venue)',
  parameters: {
    width: share({ default: '5%', above: '0%', max: '100%', about: 'largest distance from the last trade' }),
  },
  create: ({ width }): PriceLimits => ({
    limit: (side, { last, mark }) => (last === last ? last : mark) * (1 + side * width),
  }),
});
