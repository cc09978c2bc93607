import { duration, share, text, variant } from '../../base/parameters.ts';
import { isFresh } from '../price-source.ts';
import { feedOrIndex } from './chosen-feeds.ts';
import { againstTheTrader } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/**
 * An oracle that signs a bid and an ask (GMX V2): longs are valued at the bid, shorts at the ask. Here both stand at half
 * a constant spread from a feed; a real spread widens when it matters. A price that is too old or too far from the
 * reference is not taken: the old mark stays.
 */
export const signedBidAsk = variant({
  name: 'signed-bid-ask',
  about: 'Longs at the bid, shorts at the ask of an oracle.',
  source: 'gmx-io/gmx-synthetics, PositionUtils and config/oracle.ts, config/general.ts',
  parameters: {
    feed: text({ about: 'feed that the oracle signs; the index when left out' }).optional(),
    spread: share({
      default: '0.02%',
      min: 0,
      max: 1,
      about: 'ask less bid, as a share of their mean (unverified)',
    }),
    stale: duration({ default: '5m', min: '1ms', about: 'age from which a signed price is not taken' }),
    reference: text({ about: 'feed that the price is compared with; the index when left out' }).optional(),
    deviation: share({ default: '50%', above: 0, about: 'largest distance from the reference' }),
  },
  create({ feed, spread, stale, reference, deviation }, parts: MarkParts): MarkDesign {
    const signed = feedOrIndex('feed', feed, parts);
    const compared = feedOrIndex('reference', reference, parts);
    return againstTheTrader((inputs) => {
      const source = signed(inputs);
      const against = compared(inputs).price;
      const isTaken =
        isFresh(source, inputs.now, stale) && !(Math.abs(source.price - against) > deviation * against);
      const price = isTaken ? source.price : NaN;
      return { low: price * (1 - spread / 2), high: price * (1 + spread / 2) };
    });
  },
});
