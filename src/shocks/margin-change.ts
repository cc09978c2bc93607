import { real, variant } from '../base/parameters.ts';
import type { Shock, ShockParts } from './shock.ts';

/**
 * The venue changes its margin rates in mid-run, for open positions too. Whom the new rates break is found at the next mark. Tiers keep
 * their bounds; deductions follow the rates.
 */
export const marginChange = variant({
  name: 'margin-change',
  about: 'Maintenance rates and largest leverages of all tiers change for good, open positions included.',
  parameters: {
    maintenance: real({ default: 2, above: 0, about: 'factor on the maintenance rates' }),
    leverage: real({ default: 0.5, above: 0, about: 'factor on the largest leverages' }),
  },
  create: (factors, _parts: ShockParts): Shock => ({
    needsExchange: true,
    start: (at, targets) => targets.at(at, () => targets.scaleMargins(factors)),
  }),
});
