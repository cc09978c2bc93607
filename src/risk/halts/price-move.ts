import { choice, duration, share, variant } from '../../base/parameters.ts';
import { WindowMaximum } from '../triggers/window-maximum.ts';
import { WATCHED_PRICES } from './halt-rule.ts';
import type { HaltRule } from './halt-rule.ts';

/**
 * A circuit breaker: trading halts when a price lies `move` below the highest, or above the lowest, of the last `within`. After a halt
 * the window begins anew, so that the same move does not halt twice. The hour, the two
 * minutes and the new window are those of CME's futures (first-party; the move is a share of yesterday's settlement price there,
 * 10 % for crypto is unverified). No perpetual venue of the presets has published such a rule: an assumption for all of them.
 */
export const priceMove = variant({
  name: 'price-move',
  about: 'Trading halts for a while when a price has moved by so much within a time.',
  source: 'CME Group, FAQ on dynamic circuit breakers (an hour, two minutes; the 10 % unverified)',
  parameters: {
    watches: choice(WATCHED_PRICES, { default: 'last', about: 'the price that is watched' }),
    move: share({ default: '10%', above: '0%', max: '100%', about: 'move that halts trading' }),
    within: duration({ default: '1h', min: '1ms', about: 'in how much time' }),
    length: duration({ default: '2m', min: '1ms', about: 'how long the halt lasts' }),
  },
  create({ watches, move, within, length }): HaltRule {
    let highest = new WindowMaximum(within);
    let lowest = new WindowMaximum(within);
    return {
      watches,
      haltFor(now, price) {
        highest.observe(now, price);
        lowest.observe(now, -price);
        const isFar = price <= highest.value * (1 - move) || price >= -lowest.value * (1 + move);
        if (!isFar) return 0;
        highest = new WindowMaximum(within);
        lowest = new WindowMaximum(within);
        return length;
      },
    };
  },
});
