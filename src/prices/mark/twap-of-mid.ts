import { duration, variant } from '../../base/parameters.ts';
import { localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';
import { SimpleAverage } from './moving-average.ts';

/** Mean of the local mid over a window, sampled at every mark: a dislocation is in it whole once the window is full. */
export const twapOfMid = variant({
  name: 'twap-of-mid',
  about: 'Time-weighted average of the local mid over a window.',
  parameters: {
    window: duration({ default: '30s', min: '1ms', about: 'length of the average' }),
  },
  create({ window }, { every }: MarkParts): MarkDesign {
    const average = new SimpleAverage(window, every);
    return {
      price(inputs) {
        const local = localPrice(inputs);
        return local === local ? average.add(local) : NaN;
      },
    };
  },
});
