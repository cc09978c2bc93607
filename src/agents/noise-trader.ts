import { distribution, count, real, share, variant } from '../base/parameters.ts';
import { draw } from '../base/distributions.ts';
import { PPM, SECOND } from '../base/units.ts';
import type { RandomStream } from '../base/random.ts';
import { lotsFromQuote, moneyFromQuote } from '../market/contract.ts';
import { seenPrice } from './agent.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';

/**
 * Traders who buy and sell for reasons of their own: Poisson arrivals, heavy-tailed sizes, a fair coin for the side.
 * Assumes independence of past and price; real order flow clusters and its sign has long memory.
 */
export const noiseTrader = variant({
  name: 'noise-trader',
  about: 'Uninformed market orders: Poisson arrivals, random side, heavy-tailed size.',
  parameters: {
    count: count({ default: 50, min: 1, about: 'accounts that the orders are spread over' }),
    rate: real({ default: 5, min: 0, about: 'orders a second of the whole population' }),
    notional: distribution({
      of: 'money',
      default: { lognormal: { median: '2k', sigma: 1.5 }, within: [100, '500k'] },
      min: 1,
      about: 'notional of an order',
    }),
    slippage: share({ default: '0.5%', min: 0, about: 'how far from the price seen an order may trade' }),
  },
  create({ count: size, rate, notional, slippage }, _parts: AgentParts): Population {
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
      const delay = Math.max(1, Math.round((arrivals.exponential() / rate) * SECOND));
      desk.wakeAt(arrivals.below(size), desk.now + delay);
    }
  },
});
