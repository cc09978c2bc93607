import { money, variant } from '../../base/parameters.ts';
import { BUY, SELL } from '../../base/units.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/** Mean of the prices at which a given notional could be bought and sold. Feels a thin book before the touch moves. */
export const impactMid = variant({
  name: 'impact-mid',
  about: 'Mean of the average prices for buying and for selling a given notional on the exchange itself.',
  parameters: {
    notional: money({ default: '25k', min: 1, about: 'size of the two hypothetical market orders' }),
  },
  create({ notional }, { contract }: MarkParts): MarkDesign {
    const size = moneyFromQuote(contract, notional);
    return { price: (inputs) => (inputs.impactPrice(SELL, size) + inputs.impactPrice(BUY, size)) / 2 };
  },
});
