import { duration, share, text, variant } from '../base/parameters.ts';
import type { Shock, ShockParts } from './shock.ts';

/**
 * A share of the users cannot reach the exchange: what they send, cancels included, is lost, while their resting orders may trade, their
 * stops work (those rest at the exchange), marks go on and the engine liquidates. Each user is hit or spared by a draw of its own.
 */
export const orderEntryOutage = variant({
  name: 'order-entry-outage',
  about: 'A share of the users can neither enter nor cancel orders for a while; the engine keeps running.',
  parameters: {
    share: share({ default: '50%', above: '0%', max: '100%', about: 'probability that a user is hit' }),
    population: text({ default: 'all', about: 'name of the population, or all' }),
    length: duration({ default: '10m', min: '1ms', about: 'how long' }),
  },
  create: ({ share: probability, population, length }, _parts: ShockParts): Shock => ({
    needsExchange: true,
    start(at, targets) {
      const known = targets.populations.map(({ name }) => name);
      const hit = targets.populations.filter(({ name }) => population === 'all' || name === population);
      if (hit.length === 0) targets.refuse('population', `all, or one of ${known.join(', ')}`);
      targets.at(at, () => {
        for (const { name, size } of hit)
          for (let member = 0; member < size; member++)
            if (targets.random.uniform() < probability) targets.disconnect(name, member, at + length);
      });
    },
  }),
});
