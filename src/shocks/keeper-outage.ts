import { duration, share, variant } from '../base/parameters.ts';
import type { Shock, ShockParts } from './shock.ts';

/**
 * Whoever carries out liquidations stops for a while, all or some: a halted chain, an oracle that does not post, a venue's engine that
 * hangs. Steps that were promised before are still taken. Marks go on, and so does everybody else's trading.
 */
export const keeperOutage = variant({
  name: 'keeper-outage',
  about: 'Keepers, all or some, stop liquidating for a while.',
  parameters: {
    share: share({
      default: '100%',
      above: '0%',
      max: '100%',
      about: 'how many of them, rounded up; an engine of the exchange is one keeper',
    }),
    length: duration({ default: '1m', min: '1ms', about: 'how long' }),
  },
  create: ({ share: failing, length }, _parts: ShockParts): Shock => ({
    needsExchange: true,
    start(at, targets) {
      targets.at(at, () => targets.failKeepers(failing, at + length));
    },
  }),
});
