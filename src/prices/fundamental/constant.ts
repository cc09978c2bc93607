import { variant } from '../../base/parameters.ts';
import type { FundamentalParts, FundamentalProcess } from './fundamental-process.ts';

/** A price that stays where it is: for exact limits and negative controls. */
export const constant = variant({
  name: 'constant',
  about: 'A fundamental price that does not move but by shocks.',
  parameters: {},
  create: (_parameters, _parts: FundamentalParts): FundamentalProcess => ({ grow: () => 1 }),
});
