import { duration, real, share, text, variant } from '../../base/parameters.ts';
import { DAY } from '../../base/units.ts';
import { clampTo } from '../clamp.ts';
import { isFresh } from '../price-source.ts';
import { feedOrIndex } from './chosen-feeds.ts';
import { localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/**
 * A mark that somebody pushes (the builder markets of Hyperliquid's HIP-3): each push moves it by no more than a step, and
 * by no more than a factor within a day. When the pushes stop, the mark is the local price. Here each new price of a feed
 * is a push; of the index, each mark.
 */
export const cappedPush = variant({
  name: 'capped-push',
  about: 'A feed, at most a step from one push to the next; the local price while it is silent.',
  source: 'Hyperliquid docs, HIP-3 deployer actions',
  parameters: {
    feed: text({ about: 'the feed that is pushed; the index when left out' }).optional(),
    step: share({ default: '1%', above: 0, max: 1, about: 'largest move by one push' }),
    dayRange: real({
      default: 10,
      min: 1,
      about: 'largest factor between the mark and that of the start of the day',
    }),
    silence: duration({
      default: '10s',
      min: '1ms',
      about: 'time without a push after which the local price is taken',
    }),
  },
  create({ feed, step, dayRange, silence }, parts: MarkParts): MarkDesign {
    const source = feedOrIndex('feed', feed, parts);
    let mark = NaN;
    let pushedAt = -Infinity;
    let day = -1;
    let dayStart = NaN;
    return {
      price(inputs) {
        const { now } = inputs;
        const push = source(inputs);
        if (!isFresh(push, now, silence)) {
          const local = localPrice(inputs);
          if (local === local) mark = local;
          return local;
        }
        if (push.receivedAt === pushedAt) return mark;
        pushedAt = push.receivedAt;
        const stepped = mark === mark ? clampTo(push.price, mark, step) : push.price;
        if (Math.floor(now / DAY) !== day) {
          day = Math.floor(now / DAY);
          dayStart = mark === mark ? mark : stepped;
        }
        mark = Math.min(Math.max(stepped, dayStart / dayRange), dayStart * dayRange);
        return mark;
      },
    };
  },
});
