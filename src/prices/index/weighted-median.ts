import { variant } from '../../base/parameters.ts';
import { weightedMedian } from '../median.ts';
import type { IndexRule } from './index-rule.ts';

/**
 * The price that holds the middle of the weight. A source of less than half of all weight cannot carry the index off alone.
 * Stands for Hyperliquid's oracle (each validator takes the weighted median of venues; the stake-weighted median over
 * validators changes nothing while all see the same feeds) and for the stake-weighted median of dYdX v4.
 */
export const weightedMedianRule = variant({
  name: 'weighted-median',
  about: 'The price at which half of the weight lies below and half above.',
  source: 'Hyperliquid docs, oracle (weights 3, 2, 2, 1, 1, 1, 1, 1); dYdX v4-chain, vote extensions',
  parameters: {},
  create: (): IndexRule => ({ price: weightedMedian }),
});
