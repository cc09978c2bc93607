import { variant } from '../../base/parameters.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/** The local last price. Every sweep of the book is in the mark at once: the design most open to cascades and to manipulation. */
export const lastTrade = variant({
  name: 'last-trade',
  about: 'Price of the last trade on the exchange itself.',
  parameters: {},
  create: (_parameters, _parts: MarkParts): MarkDesign => ({ price: (inputs) => inputs.last }),
});
