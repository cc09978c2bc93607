import { variant } from '../../base/parameters.ts';
import { TO_THE_END } from './adl-trigger.ts';
import type { AdlTrigger } from './adl-trigger.ts';

/** Hyperliquid's rule: no fund bears the loss of an account under water; its counterparties do, at once. */
export const equityNegative = variant({
  name: 'equity-negative',
  about: 'Winners are deleveraged as soon as an account is under water, whatever the fund holds.',
  source: 'Hyperliquid docs, liquidations and auto-deleveraging',
  parameters: {},
  create: (): AdlTrigger => ({
    ...TO_THE_END,
    deleverages: true,
    fundPaysFirst: false,
    bearer: ({ equity }) => (equity >= 0 ? 'take-over' : 'deleverage'),
  }),
});
