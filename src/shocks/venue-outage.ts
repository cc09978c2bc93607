import { duration, text, variant } from '../base/parameters.ts';
import { feedsNamed } from './shock.ts';
import type { Shock, ShockParts } from './shock.ts';

/** An outside venue (or all of them) stops publishing; the index goes on without it once its last price is stale. */
export const venueOutage = variant({
  name: 'venue-outage',
  about: 'An outside venue, or all of them, stops publishing for a while.',
  parameters: {
    feed: text({ default: 'all', about: 'name of the feed, or all' }),
    length: duration({ default: '10m', min: '1ms', about: 'how long' }),
  },
  create: ({ feed, length }, _parts: ShockParts): Shock => ({
    start(at, targets) {
      const failing = feedsNamed(feed, targets);
      targets.at(at, () => failing.forEach((name) => targets.failFeed(name, at + length)));
    },
  }),
});
