import { path, variant } from '../base/parameters.ts';
import { exp, ln } from '../base/pinned-math.ts';
import { MILLISECOND } from '../base/units.ts';
import type { Shock, ShockParts } from './shock.ts';

const STEP = 100 * MILLISECOND;

/**
 * The fundamental price follows a path, on top of what its process does: a crash with its rebound, a stairway. Between two points
 * it goes in equal log steps; after the last one it stays there.
 */
export const pricePath = variant({
  name: 'price-path',
  about: 'The fundamental price goes from point to point: times after the start, levels relative to it.',
  parameters: {
    points: path({
      default: [
        ['60s', '-10%'],
        ['5m', '-4%'],
      ],
      about: 'time after the start and level relative to the price without the shock; a line leads to each',
    }),
  },
  create: ({ points }, _parts: ShockParts): Shock => ({
    start(at, targets) {
      let [from, logFrom] = [0, 0];
      for (const [to, level] of points) {
        const logTo = ln(1 + level);
        const steps = Math.max(1, Math.round((to - from) / STEP));
        const factor = exp((logTo - logFrom) / steps);
        for (let step = 1; step <= steps; step++) {
          const time = at + from + Math.round(((to - from) * step) / steps);
          targets.at(time, () => targets.jumpFundamental(factor));
        }
        [from, logFrom] = [to, logTo];
      }
    },
  }),
});
