import { variant } from '../../base/parameters.ts';
import { queueBy } from './adl-ranking.ts';
import { leveragedReturnScore } from './scores.ts';

/**
 * Bybit's queue: the leveraged return, which is profit share times leverage, both at entry, and so the profit over the margin.
 * The details come from a secondary report (unverified).
 */
export const leveragedReturn = variant({
  name: 'leveraged-return',
  about: 'A queue by profit over margin.',
  source: 'Bybit help, ADL',
  parameters: {},
  create: () => queueBy(leveragedReturnScore),
});
