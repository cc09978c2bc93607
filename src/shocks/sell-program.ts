import { choice, duration, money, text, variant } from '../base/parameters.ts';
import type { Side } from '../base/units.ts';
import { lotsFromQuote } from '../market/contract.ts';
import type { Shock, ShockParts } from './shock.ts';

/**
 * Somebody sells a stated notional into the book in equal slices over a stated time, whatever the price. The size in lots
 * is fixed when the programme starts; what a slice cannot sell is added to the next; what is left at the end is not sold.
 * On a venue outside every slice is sold, and moves the venue as its `depthPerPercent` and `recovery` say.
 */
export const sellProgram = variant({
  name: 'sell-program',
  about: 'A stated notional sold (or bought) in equal market orders over a stated time.',
  parameters: {
    notional: money({ about: 'how much is sold' }),
    over: duration({ default: '60s', about: 'time from the first slice to the last; 0s for a single order' }),
    every: duration({ default: '1s', min: '1ms', about: 'time between two slices' }),
    side: choice(['sell', 'buy'], { default: 'sell', about: 'direction' }),
    feed: text({
      about: "name of a feed with a depthPerPercent to sell on; the exchange's book when left out",
    }).optional(),
  },
  create(parameters, _parts: ShockParts): Shock {
    const { notional, over, every, feed } = parameters;
    const side: Side = parameters.side === 'sell' ? -1 : 1;
    const slices = 1 + Math.floor(over / every);
    if (feed !== undefined) {
      return {
        start(at, targets) {
          const { movableFeeds } = targets;
          if (movableFeeds.length === 0)
            targets.refuse('feed', 'feeds with a depthPerPercent: without one no trade moves a price');
          if (!movableFeeds.includes(feed))
            targets.refuse('feed', `a feed with a depthPerPercent: one of ${movableFeeds.join(', ')}`);
          for (let slice = 0; slice < slices; slice++)
            targets.at(at + slice * every, () => targets.tradeOnFeed(feed, (side * notional) / slices));
        },
      };
    }
    return {
      needsExchange: true,
      start(at, targets) {
        let total = 0;
        let done = 0;
        for (let slice = 0; slice < slices; slice++) {
          targets.at(at + slice * every, () => {
            if (slice === 0) total = lotsFromQuote(targets.contract, notional, targets.price);
            const due = Math.round((total * (slice + 1)) / slices) - done;
            if (due > 0) done += targets.trade(side, due);
          });
        }
      },
    };
  },
});
