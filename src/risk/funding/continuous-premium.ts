import { choice, duration, share, variant } from '../../base/parameters.ts';
import { NOTIONAL_PRICES, type FundingParts, type FundingRule } from './funding-rule.ts';

/**
 * Funding that accrues all the time: `p = (mark − index) / index`, `r = max(dead band, p) + min(−dead band, p)` for a period, of
 * which each interval pays its share (Deribit: each millisecond, dead band 0.025 %, expressed per 8 h).
 *
 * Here it is paid at every interval, in whole units of money, each rounded against whoever pays: with an interval of a second an
 * account loses at most one unit of money a second to rounding. A venue's millisecond is not reproduced.
 */
export const continuousPremium = variant({
  name: 'continuous-premium',
  about: 'Premium of the mark over the index outside a dead band, paid all the time.',
  source: 'Deribit, perpetual documentation',
  parameters: {
    interval: duration({ default: '1s', min: '1ms', about: 'time between two payments' }),
    ratePeriod: duration({ default: '8h', min: '1s', about: 'time that dead band and cap are for' }),
    deadBand: share({ default: '0.025%', min: 0, about: 'premium, either way, that pays nothing' }),
    cap: share({ min: 0, about: 'largest rate of one period, either way; none when left out' }).optional(),
    notional: choice(NOTIONAL_PRICES, {
      default: 'mark',
      about: 'price of the notional that the rate is paid on',
    }),
  },
  create({ interval, ratePeriod, deadBand, cap = Infinity, notional }, _parts: FundingParts): FundingRule {
    let premium = 0;
    return {
      interval,
      sampleEvery: interval,
      notional,
      split: 'alike',
      sample({ mark, index }) {
        premium = (mark - index) / index;
      },
      settle() {
        const rate = Math.max(deadBand, premium) + Math.min(-deadBand, premium);
        return (Math.min(Math.max(rate, -cap), cap) * interval) / ratePeriod;
      },
    };
  },
});
