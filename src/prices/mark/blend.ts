import { choice, real, variant } from '../../base/parameters.ts';
import { LOCAL_PRICES, localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/** `w · local + (1 − w) · index`: no venue's rule, but the control variable of the theory, where A = 1/(1 − w·k). */
export const blend = variant({
  name: 'blend',
  about: 'Weighted mean of the local price and the index: the control variable of the theory.',
  parameters: {
    localWeight: real({ default: 0.5, min: 0, max: 1, about: 'weight of the local price' }),
    local: choice(LOCAL_PRICES, { default: 'mid', about: 'what counts as the local price' }),
  },
  create: ({ localWeight, local }, _parts: MarkParts): MarkDesign => ({
    price(inputs) {
      if (localWeight === 0) return inputs.index;
      if (localWeight === 1) return localPrice(inputs, local);
      return localWeight * localPrice(inputs, local) + (1 - localWeight) * inputs.index;
    },
  }),
});
