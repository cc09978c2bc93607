import { distribution, count, duration, real, share, variant } from '../base/parameters.ts';
import { draw } from '../base/distributions.ts';
import { exp } from '../base/pinned-math.ts';
import { PPM, SECOND } from '../base/units.ts';
import type { RandomStream } from '../base/random.ts';
import { lotsFromQuote, moneyFromQuote } from '../market/contract.ts';
import { seenPrice } from './agent.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';

/**
 * Traders who buy and sell for reasons of their own: Poisson arrivals, heavy-tailed sizes, a fair coin for the side.
 * Assumes independence of price, and of the past unless orders set off others: with an `excitation` n arrivals are a Hawkes process
 * whose intensity is μ + Σ (n/τ) exp(−(t − tᵢ)/τ) over the orders before, τ the `memory`. The mean rate μ/(1 − n) is `rate`, whatever
 * n is. The sign of real order flow has long memory besides, which is not modelled.
 */
export const noiseTrader = variant({
  name: 'noise-trader',
  about: 'Uninformed market orders: Poisson arrivals, random side, heavy-tailed size.',
  parameters: {
    count: count({ default: 50, min: 1, about: 'accounts that the orders are spread over' }),
    rate: real({ default: 5, min: 0, about: 'orders a second of the whole population, on average' }),
    excitation: real({
      default: 0,
      min: 0,
      max: 0.99,
      about: 'orders that an order sets off; 0: they do not know of each other',
    }),
    memory: duration({
      default: '10s',
      min: '1ms',
      about: 'mean time from an order to one that it sets off',
    }),
    notional: distribution({
      of: 'money',
      default: { lognormal: { median: '2k', sigma: 1.5 }, within: [100, '500k'] },
      min: 1,
      about: 'notional of an order',
    }),
    slippage: share({ default: '0.5%', min: 0, about: 'how far from the price seen an order may trade' }),
  },
  create(
    { count: size, rate, excitation, notional, slippage, ...parameters },
    _parts: AgentParts,
  ): Population {
    const memory = parameters.memory / SECOND;
    /** Orders a second that earlier ones set off, when the last one came; at first what they come to on average. */
    let excited = rate * excitation;
    let arrivals: RandomStream;
    let sizes: RandomStream;
    return {
      size,
      slots: 0,
      margined: false,
      balancing: false,
      open(opening: Opening) {
        const ample = moneyFromQuote(opening.contract, 1e8);
        for (let member = 0; member < size; member++)
          opening.open(member, { collateral: ample, lots: 0, entry: 0 });
      },
      start(desk) {
        arrivals = desk.random.stream('arrivals');
        sizes = desk.random.stream('sizes');
        if (rate > 0) scheduleNext(desk);
      },
      wake(member, desk) {
        scheduleNext(desk);
        const side = (sizes.uint32() & 1) === 1 ? 1 : -1;
        const money = draw(notional, sizes);
        const price = seenPrice(desk.seen);
        if (price !== price) return;
        const lots = Math.max(1, lotsFromQuote(desk.contract, money, price));
        const limit = Math.max(1, Math.round(price * (1 + (side * Math.round(slippage * PPM)) / PPM)));
        desk.take(member, { side, lots, limit, reduceOnly: false });
      },
    };

    function scheduleNext(desk: Desk): void {
      const seconds = excitation === 0 ? arrivals.exponential() / rate : untilNextInCluster();
      const delay = Math.max(1, Math.round(seconds * SECOND));
      desk.wakeAt(arrivals.below(size), desk.now + delay);
    }

    /** Ogata's thinning: the intensity falls until the next order, so what it is now bounds it. */
    function untilNextInCluster(): number {
      const base = rate * (1 - excitation);
      for (let waited = 0; ;) {
        const bound = base + excited;
        const step = arrivals.exponential() / bound;
        waited += step;
        excited *= exp(-step / memory);
        if (arrivals.uniform() * bound > base + excited) continue;
        excited += excitation / memory;
        return waited;
      }
    }
  },
});
