import { variant } from '../../base/parameters.ts';
import { fundOr, TO_THE_END } from './adl-trigger.ts';
import type { AdlTrigger } from './adl-trigger.ts';

/**
 * No auto-deleveraging: what the fund cannot bear is socialised, and the fund takes the position over at the mark (Deribit's
 * classic rules, OKEx in 2018, Drift). Who pays is `exchange.waterfall.losses`. OKEx settled once a week, `(deficit − fund) / Σ profits`
 * of everybody in profit, and Deribit a session; here each loss is shared out when it arises.
 */
export const never = variant({
  name: 'never',
  about: 'Nobody is deleveraged: what the fund cannot bear is socialised.',
  source: 'Deribit docs, perpetual; OKEx notice of 2018-07-31; Drift protocol-v2, math/liquidation.rs',
  parameters: {},
  create: (): AdlTrigger => ({
    ...TO_THE_END,
    deleverages: false,
    fundPaysFirst: false,
    bearer: fundOr('socialise'),
  }),
});
