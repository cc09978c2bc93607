import { duration, money, share, variant } from '../../base/parameters.ts';
import { BUY, SELL } from '../../base/units.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import type { FundingParts, FundingRule } from './funding-rule.ts';

/**
 * The rule of most venues: `F = P̄ + clamp(i − P̄, ±clamp)`, with the premium
 * `p = [max(0, impact bid − index) − max(0, index − impact ask)] / index`, averaged with linearly growing weights 1 … n
 * (Binance: samples each 5 s, i = 0.01 % and clamp = 0.05 % per 8 h).
 */
export const clampedPremium = variant({
  name: 'clamped-premium',
  about: 'Average premium of the impact prices over the index, pulled to an interest rate within a clamp.',
  source: 'Binance announcement 2025-09-16 and FAQ funding rate',
  parameters: {
    interval: duration({ default: '8h', min: '1s', about: 'time between two payments' }),
    sampleEvery: duration({ default: '5s', min: '1ms', about: 'time between two samples of the premium' }),
    interest: share({ default: '0.01%', about: 'interest rate for one interval' }),
    clamp: share({
      default: '0.05%',
      min: 0,
      about: 'how far the premium may pull the rate from the interest',
    }),
    cap: share({ default: '0.3%', min: 0, about: 'largest rate of one interval, either way' }),
    impactNotional: money({
      default: '25k',
      min: 1,
      about: 'size of the hypothetical orders that measure the premium',
    }),
  },
  create(parameters, { contract }: FundingParts): FundingRule {
    const { interval, sampleEvery, interest, clamp, cap } = parameters;
    const notional = moneyFromQuote(contract, parameters.impactNotional);
    let weighted = 0;
    let weights = 0;
    let samples = 0;
    return {
      interval,
      sampleEvery,
      sample({ index, impactPrice }) {
        const bid = impactPrice(SELL, notional);
        const ask = impactPrice(BUY, notional);
        const premium = (Math.max(0, bid - index) - Math.max(0, index - ask)) / index;
        if (premium !== premium) return;
        samples++;
        weighted += samples * premium;
        weights += samples;
      },
      settle() {
        const premium = weights === 0 ? 0 : weighted / weights;
        weighted = weights = samples = 0;
        const rate = premium + Math.min(Math.max(interest - premium, -clamp), clamp);
        return Math.min(Math.max(rate, -cap), cap);
      },
    };
  },
});
