import { share, variant } from '../../base/parameters.ts';
import { clampTo } from '../clamp.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/**
 * The last trade while it is near the index, else the edge of the band: the fallback of venues for times when their usual
 * mark cannot be trusted. Here it is in force throughout. The band is half the maintenance margin at its source; the
 * default is that of a margin of 0.5 %.
 */
export const lastPriceProtected = variant({
  name: 'last-price-protected',
  about: 'The last trade, pinned to the edge of a band round the index when it leaves it.',
  source: 'BitMEX, fair price marking, mode LastPriceProtected',
  parameters: {
    band: share({ default: '0.25%', min: 0, about: 'half-width of the band: half the maintenance margin' }),
  },
  create: ({ band }, _parts: MarkParts): MarkDesign => ({
    price: ({ last, index }) => clampTo(last, index, band),
  }),
});
