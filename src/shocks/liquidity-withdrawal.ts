import { duration, share, variant } from '../base/parameters.ts';
import type { Shock, ShockParts } from './shock.ts';

/** Makers quote only a share of their normal size for a while, whatever they would decide themselves. */
export const liquidityWithdrawal = variant({
  name: 'liquidity-withdrawal',
  about: 'Makers quote only a share of their normal size for a while.',
  parameters: {
    remaining: share({
      default: '10%',
      above: 0,
      max: 1,
      about: 'share of the normal size that is still quoted',
    }),
    length: duration({ default: '10m', min: '1ms', about: 'how long' }),
  },
  create: ({ remaining, length }, _parts: ShockParts): Shock => ({
    needsExchange: true,
    start(at, targets) {
      targets.at(at, () => targets.scaleAppetite(remaining));
      targets.at(at + length, () => targets.scaleAppetite(1 / remaining));
    },
  }),
});
