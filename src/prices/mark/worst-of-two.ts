import { duration, share, text, variant } from '../../base/parameters.ts';
import { isFresh } from '../price-source.ts';
import { feedOrIndex } from './chosen-feeds.ts';
import { againstTheTrader } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';

/**
 * Two oracles, and whichever is worse for the position: longs are valued at the lower, shorts at the higher price (GMX V1:
 * a slow primary feed and a fast one by keepers). Two that agree within `tolerance` give the fast price to both sides.
 * While the fast price is stale, a spread round the primary stands in; its width is unverified.
 */
export const worstOfTwo = variant({
  name: 'worst-of-two',
  about: 'Longs at the lower, shorts at the higher of two oracle prices.',
  source: 'gmx-io/gmx-contracts, Vault, VaultPriceFeed and FastPriceFeed',
  parameters: {
    primary: text({ about: 'feed of the primary price; the index when left out' }).optional(),
    fast: text({ about: 'feed of the fast price; the index when left out' }).optional(),
    tolerance: share({
      default: '0%',
      min: 0,
      about: 'difference up to which both sides have the fast price',
    }),
    stale: duration({ default: '5m', min: '1ms', about: 'age from which the fast price does not count' }),
    spread: share({
      default: '0.2%',
      min: 0,
      max: 1,
      about: 'distance from the primary price to either side meanwhile (unverified)',
    }),
  },
  create({ primary, fast, tolerance, stale, spread }, parts: MarkParts): MarkDesign {
    const slowSource = feedOrIndex('primary', primary, parts);
    const fastSource = feedOrIndex('fast', fast, parts);
    return againstTheTrader((inputs) => {
      const slow = slowSource(inputs).price;
      const quick = fastSource(inputs);
      if (!isFresh(quick, inputs.now, stale)) return { low: slow * (1 - spread), high: slow * (1 + spread) };
      const { price } = quick;
      if (Math.abs(price - slow) <= tolerance * slow) return { low: price, high: price };
      return { low: Math.min(price, slow), high: Math.max(price, slow) };
    });
  },
});
