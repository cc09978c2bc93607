import { variant } from '../../base/parameters.ts';
import { median } from '../median.ts';
import type { IndexRule } from './index-rule.ts';

/** The middle price; every source with a weight counts alike. */
export const medianRule = variant({
  name: 'median',
  about: 'Median of the sources; any weight above 0 counts as one.',
  source: 'dYdX v3 documentation, index and oracle price',
  parameters: {},
  create: (): IndexRule => ({ price: (fresh) => median(fresh.map(({ price }) => price)) }),
});
