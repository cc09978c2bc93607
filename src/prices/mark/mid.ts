import { variant } from '../../base/parameters.ts';
import { localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/** Midpoint of the local touch; the last trade while a side of the book is empty. */
export const mid = variant({
  name: 'mid',
  about: 'Midpoint of the best bid and ask of the exchange itself.',
  parameters: {},
  create: (_parameters, _parts: MarkParts): MarkDesign => ({ price: localPrice }),
});
