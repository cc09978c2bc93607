import { duration, share, text, variant } from '../base/parameters.ts';
import { exp, ln } from '../base/pinned-math.ts';
import { MILLISECOND } from '../base/units.ts';
import type { Shock, ShockParts } from './shock.ts';

const STEP = 100 * MILLISECOND;

/**
 * The fundamental price moves for good, at once or in equal log steps over a time. Every venue follows; the exchange has to. Or one venue
 * moves alone: its index constituent is manipulated, or its own thin book has lost touch with the rest.
 */
export const priceJump = variant({
  name: 'price-jump',
  about: 'The fundamental price, or that of one venue, moves for good, at once or over a time.',
  parameters: {
    size: share({ default: '-5%', above: '-100%', about: 'relative move (negative: a fall)' }),
    over: duration({ default: '0s', about: 'time it takes; 0s for a jump' }),
    feed: text({ about: 'name of a feed that moves alone; the fundamental price when left out' }).optional(),
  },
  create: ({ size, over, feed }, _parts: ShockParts): Shock => ({
    start(at, targets) {
      if (feed !== undefined && !targets.feeds.includes(feed))
        targets.refuse('feed', `one of ${targets.feeds.join(', ')}`);
      const steps = Math.max(1, Math.round(over / STEP));
      const factor = exp(ln(1 + size) / steps);
      for (let step = 0; step < steps; step++)
        targets.at(at + step * STEP, () =>
          feed === undefined ? targets.jumpFundamental(factor) : targets.distortFeed(feed, factor),
        );
    },
  }),
});
