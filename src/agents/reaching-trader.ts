import { duration, money, real, variant } from '../base/parameters.ts';
import { ln } from '../base/pinned-math.ts';
import type { RandomStream } from '../base/random.ts';
import { BUY, SECOND, SELL } from '../base/units.ts';
import type { Lots, Side, Ticks } from '../base/units.ts';
import { lotsFromQuote, moneyFromQuote } from '../market/contract.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';

/**
 * Takers who go a random distance for a price: a quote at a distance δ from the index, alone on its side, is hit at the rate
 * A exp(−k δ). Once a step one order of one size a side reaches as far as x with A exp(−k x) Δt = U, U uniform, so a quote at δ is hit
 * with probability min(1, A exp(−k δ) Δt), as in the simulations of Avellaneda and Stoikov. A quote beyond the index, δ < 0, is hit
 * more often than one on it.
 *
 * Assumes that takers know the index at once and do not react to anything else: give them `dataLatency: 0s` and `orderLatency: 0s`.
 */
export const reachingTrader = variant({
  name: 'reaching-trader',
  about: 'Uninformed takers who hit a quote at a rate that falls exponentially with its distance.',
  source: 'Avellaneda, Stoikov, Quantitative Finance 8 (2008), section 3.3',
  parameters: {
    rate: real({ default: 0.7, min: 0, about: 'A: orders a second on either side that reach the index' }),
    decay: real({ default: 1.5, above: 0, about: 'k, per unit of quote currency' }),
    every: duration({ default: '1s', min: '1ms', about: 'Δt; the first orders come after half of it' }),
    size: money({ default: '10k', min: 1, about: 'every order, valued at the start price' }),
  },
  create({ rate, decay, every, size: money }, { contract, startPrice }: AgentParts): Population {
    const lots: Lots = Math.max(1, lotsFromQuote(contract, money, startPrice));
    const perStep = (rate * every) / SECOND;
    let reaches: RandomStream;
    return {
      size: 1,
      slots: 0,
      margined: false,
      balancing: false,
      open(opening: Opening) {
        opening.open(0, { collateral: moneyFromQuote(contract, 1e9), lots: 0, entry: 0 });
      },
      start(desk) {
        reaches = desk.random.stream('reaches');
        if (rate > 0) desk.wakeAt(0, desk.now + Math.max(1, Math.floor(every / 2)));
      },
      wake(_member, desk) {
        desk.wakeAt(0, desk.now + every);
        for (const side of [BUY, SELL]) take(side, reach(), desk);
      },
    };

    /** Ticks from the index. U in (0, 1]. */
    function reach(): Ticks {
      return ln(perStep / (1 - reaches.uniform())) / (decay * contract.tick);
    }

    function take(side: Side, distance: Ticks, desk: Desk): void {
      const { index } = desk.seen;
      const limit = side === BUY ? Math.floor(index + distance) : Math.ceil(index - distance);
      if (limit >= 1) desk.take(0, { side, lots, limit, reduceOnly: false });
    }
  },
});
