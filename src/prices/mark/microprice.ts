import { variant } from '../../base/parameters.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/**
 * The touch weighted by what rests on its other side; the last trade while a side of the book is empty. No venue's rule: it leads the
 * mid by a fraction of the spread, and anybody can lean on it with orders that need not trade.
 */
export const microprice = variant({
  name: 'microprice',
  about: 'Best bid and ask weighted by the lots on the other side.',
  parameters: {},
  create: (_parameters, _parts: MarkParts): MarkDesign => ({
    price(inputs) {
      const price = inputs.microprice();
      return price === price ? price : inputs.last;
    },
  }),
});
