import { choice, share, variant } from '../../base/parameters.ts';
import { clampTo } from '../clamp.ts';
import { LOCAL_PRICES, localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/** The local price, held within a band round the index: local within the band, index outside it. */
export const indexClamp = variant({
  name: 'index-clamp',
  about: 'The local price, clamped to a band round the index.',
  parameters: {
    band: share({ default: '0.5%', min: 0, about: 'half-width of the band, as a share of the index' }),
    local: choice(LOCAL_PRICES, { default: 'mid', about: 'what counts as the local price' }),
  },
  create: ({ band, local: localIs }, _parts: MarkParts): MarkDesign => ({
    price(inputs) {
      const { index } = inputs;
      const local = localPrice(inputs, localIs);
      if (index !== index) return local;
      return clampTo(local, index, band);
    },
  }),
});
