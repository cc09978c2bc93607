import { duration, variant } from '../../base/parameters.ts';
import { localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';
import { SimpleAverage } from './moving-average.ts';

/**
 * `index + SMA(mid − index)`, one sample a mark. Nothing but the average holds a dislocation of the book back. OKX does
 * not publish its window; for its decentralised perpetuals it named five minutes of one sample a minute.
 */
export const indexPlusSma = variant({
  name: 'index-plus-sma',
  about: 'The index plus the moving average of the local basis.',
  source: 'OKX learn, mark price and index price of margined contracts (the window is not published)',
  parameters: {
    window: duration({ default: '60s', min: '1ms', about: 'length of the average (unverified)' }),
  },
  create({ window }, { every }: MarkParts): MarkDesign {
    const basis = new SimpleAverage(window, every);
    return {
      price(inputs) {
        const { index } = inputs;
        const local = localPrice(inputs);
        return index === index && local === local ? index + basis.add(local - index) : NaN;
      },
    };
  },
});
