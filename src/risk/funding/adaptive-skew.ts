import { choice, duration, share, variant } from '../../base/parameters.ts';
import { DAY, type Micros } from '../../base/units.ts';
import { NOTIONAL_PRICES, type FundingParts, type FundingRule } from './funding-rule.ts';

const YEAR: Micros = 365 * DAY;

/**
 * A rate that remembers: it grows towards the heavier side in proportion to the skew `|L − S| / (L + S)`, stays between two
 * thresholds, and falls below the lower one (GMX V2; per second there, per interval here). While it still points at the side
 * that has become the lighter one, it moves the other way at once.
 *
 * The skew enters with exponent 1. Growth, decay and thresholds are those of a default configuration of GMX V2; versions of
 * it differ in the thresholds (4 % and 0, 0 and 2 %). On an order book longs equal shorts and the rate stays 0: it is meant for a pool.
 */
export const adaptiveSkew = variant({
  name: 'adaptive-skew',
  about: 'A rate that grows while open interest is skewed and decays when it is not.',
  source:
    'github gmx-io/gmx-synthetics contracts/market/MarketUtils.sol and config/markets.ts (fundingRateConfig_Default)',
  parameters: {
    interval: duration({ default: '1m', min: '1s', about: 'time between two payments' }),
    max: share({ default: '90%', min: 0, about: 'largest rate a year, either way' }),
    min: share({ default: '0%', min: 0, about: 'smallest rate a year once there is one, either way' }),
    growsIn: duration({
      default: '3h',
      min: '1s',
      about: 'time from nothing to the largest rate while all open interest is on one side',
    }),
    decaysIn: duration({ default: '48h', min: '1s', about: 'time from the largest rate to nothing' }),
    stableUpTo: share({ default: '4%', min: 0, about: 'skew from which the rate grows' }),
    decaysBelow: share({ default: '0%', min: 0, about: 'skew under which it decays' }),
    notional: choice(NOTIONAL_PRICES, {
      default: 'mark',
      about: 'price of the notional that the rate is paid on',
    }),
  },
  create(parameters, _parts: FundingParts): FundingRule {
    const { interval, max, min, growsIn, decaysIn, stableUpTo, decaysBelow, notional } = parameters;
    /** Rate a year; > 0: longs pay. */
    let rate = 0;
    let idle = true;
    return {
      interval,
      sampleEvery: interval,
      notional,
      split: 'larger-side',
      sample({ openInterest }) {
        const { long, short } = openInterest();
        idle = long === 0 || short === 0;
        if (idle) return;
        const skew = (long - short) / (long + short);
        const size = Math.abs(skew);
        const isAgainst = rate * skew < 0 || rate === 0;
        if (isAgainst ? size > 0 : size > stableUpTo) rate += (skew * max * interval) / growsIn;
        else if (size < decaysBelow) {
          rate = Math.sign(rate) * Math.max(0, Math.abs(rate) - (max * interval) / decaysIn);
        }
        rate = Math.sign(rate) * Math.min(Math.abs(rate), max);
      },
      settle() {
        const paid = rate === 0 ? 0 : Math.sign(rate) * Math.max(Math.abs(rate), min);
        return idle ? 0 : (paid * interval) / YEAR;
      },
    };
  },
});
