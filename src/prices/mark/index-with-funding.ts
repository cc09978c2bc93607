import { variant } from '../../base/parameters.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/**
 * `index · (1 + funding rate · time to funding / interval)`: the premium that the funding still to come would pay for. The
 * book has no part in it, so that liquidation orders may have to clear far below the mark, as in March 2020.
 */
export const indexWithFunding = variant({
  name: 'index-with-funding',
  about: 'The index times the funding rate that is left until the next funding.',
  source: 'BitMEX, fair price marking, perpetual contracts',
  parameters: {},
  create: (_parameters, _parts: MarkParts): MarkDesign => ({
    price: ({ index, fundingRate, fundingShare }) => index * (1 + fundingRate * fundingShare),
  }),
});
