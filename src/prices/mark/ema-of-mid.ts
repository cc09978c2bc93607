import { duration, variant } from '../../base/parameters.ts';
import { localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';
import { ExponentialAverage } from './moving-average.ts';

/** Slowed local midpoint. Delays a local dislocation, does not remove it. */
export const emaOfMid = variant({
  name: 'ema-of-mid',
  about: 'Exponential average of the local mid.',
  parameters: {
    constant: duration({
      default: '30s',
      min: '1ms',
      about: 'time constant: 63 % of a step is in the mark after it',
    }),
  },
  create({ constant }, _parts: MarkParts): MarkDesign {
    const average = new ExponentialAverage(constant);
    return {
      price(inputs) {
        const local = localPrice(inputs);
        return local === local ? average.add(inputs.now, local) : NaN;
      },
    };
  },
});
