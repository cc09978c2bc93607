import { variant } from '../../base/parameters.ts';
import { TO_THE_END } from './adl-trigger.ts';
import type { AdlTrigger } from './adl-trigger.ts';

/**
 * dYdX v4's rule: an account under water is deleveraged when its last order found nobody; while the book still fills something
 * the fund pays what fills below bankruptcy. A policy that sends no orders has found nobody.
 */
export const noFill = variant({
  name: 'no-fill',
  about: 'Winners are deleveraged when an account under water finds nobody in the book at all.',
  source: 'dYdX v4, x/clob/keeper/deleveraging.go',
  parameters: {},
  create: (): AdlTrigger => ({
    ...TO_THE_END,
    deleverages: true,
    fundPaysFirst: false,
    bearer: ({ equity, lastFilled }) =>
      equity >= 0 ? 'take-over' : lastFilled > 0 ? 'nobody' : 'deleverage',
  }),
});
