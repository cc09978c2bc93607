import { duration, share, text, variant } from '../base/parameters.ts';
import { feedsNamed } from './shock.ts';
import type { Shock, ShockParts } from './shock.ts';

/**
 * Somebody pushes the price of an outside venue away from the fundamental price and holds it there: a thin index venue that is attacked, a
 * local dislocation. What it costs the attacker is not reckoned.
 */
export const feedManipulation = variant({
  name: 'feed-manipulation',
  about: 'An outside venue, or all of them, shows a price that is off by a share for a while.',
  parameters: {
    feed: text({ about: 'name of the feed, or all' }),
    size: share({ default: '-10%', above: '-100%', about: 'how far off (negative: too low)' }),
    length: duration({ default: '1m', min: '1ms', about: 'how long' }),
  },
  create: ({ feed, size, length }, _parts: ShockParts): Shock => ({
    start(at, targets) {
      const pushed = feedsNamed(feed, targets);
      targets.at(at, () => pushed.forEach((name) => targets.distortFeed(name, 1 + size)));
      targets.at(at + length, () => pushed.forEach((name) => targets.distortFeed(name, 1 / (1 + size))));
    },
  }),
});
