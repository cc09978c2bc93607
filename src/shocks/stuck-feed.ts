import { duration, text, variant } from '../base/parameters.ts';
import { feedsNamed } from './shock.ts';
import type { Shock, ShockParts } from './shock.ts';

/** An outside venue repeats its last price as if it were new: stale without looking it, so that the index keeps it. */
export const stuckFeed = variant({
  name: 'stuck-feed',
  about: 'An outside venue, or all of them, repeats its last price as if it were new.',
  parameters: {
    feed: text({ default: 'all', about: 'name of the feed, or all' }),
    length: duration({ default: '10m', min: '1ms', about: 'how long' }),
  },
  create: ({ feed, length }, _parts: ShockParts): Shock => ({
    start(at, targets) {
      const stuck = feedsNamed(feed, targets);
      targets.at(at, () => stuck.forEach((name) => targets.stickFeed(name, at + length)));
    },
  }),
});
