import { variant } from '../../base/parameters.ts';
import { fundOr, TO_THE_END } from './adl-trigger.ts';
import type { AdlTrigger } from './adl-trigger.ts';

/** The fund bears what it can, to its last unit; an account that it cannot bear as a whole is deleveraged as a whole. */
export const fundEmpty = variant({
  name: 'fund-empty',
  about: 'Winners are deleveraged when the fund cannot bear the loss of an account.',
  source: 'Binance FAQ, liquidation protocols; BitMEX, autoDeleveraging',
  parameters: {},
  create: (): AdlTrigger => ({
    ...TO_THE_END,
    deleverages: true,
    fundPaysFirst: false,
    bearer: fundOr('deleverage'),
  }),
});
