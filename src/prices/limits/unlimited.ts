import { variant } from '../../base/parameters.ts';
import type { PriceLimits } from './price-limits.ts';

/** Orders at any price (BitMEX in 2020, dYdX). Market orders still keep to `contract.marketBand`. */
export const unlimited = variant({
  name: 'unlimited',
  about: 'Orders are taken at any price.',
  parameters: {},
  create: (): PriceLimits => ({}),
});
