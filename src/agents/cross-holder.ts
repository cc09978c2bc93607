import { draw } from '../base/distributions.ts';
import { choice, count, distribution, variant } from '../base/parameters.ts';
import type { Lots, Side } from '../base/units.ts';
import { lotsFromQuote, notionalOf } from '../market/contract.ts';
import type { AgentParts, Opening, Population } from './agent.ts';

/**
 * Accounts under cross margin: each holds a position in every contract of the exchange on one collateral, entered at the price of
 * the start, and sleeps. They carry a fall of one contract into the others: who is broken there is sold out here.
 * Assumes that they neither react nor rebalance, and positions of one size distribution in all contracts.
 */
export const crossHolder = variant({
  name: 'cross-holder',
  about: 'Accounts with a position in every contract of the exchange on one collateral.',
  parameters: {
    count: count({ default: 500, min: 1, about: 'number of accounts' }),
    notional: distribution({
      of: 'money',
      default: { lognormal: { median: '20k', sigma: 1.5 }, within: [100, '5M'] },
      above: 0,
      about: 'each position of an account, notional; drawn for each',
    }),
    leverage: distribution({
      of: 'number',
      default: { lognormal: { median: 8, sigma: 0.7 }, within: [1, 40] },
      above: 0,
      about: 'all positions over the collateral',
    }),
    sides: choice(['long', 'short', 'opposite', 'random'], {
      default: 'long',
      about: 'side of the positions; opposite: long in its own contract, short in the others',
    }),
  },
  create({ count: size, notional, leverage, sides }, _parts: AgentParts): Population {
    return {
      size,
      slots: 0,
      margined: true,
      balancing: false,
      open(opening) {
        const random = opening.random.stream('accounts');
        const contracts: Pick<Opening, 'contract' | 'price'>[] = [opening, ...opening.others];
        for (let member = 0; member < size; member++) {
          const lots = contracts.map(({ contract, price }): Lots => {
            const wanted = draw(notional, random);
            return Math.max(1, lotsFromQuote(contract, wanted, price));
          });
          const signed = lots.map((drawn, i) => drawn * sideOf(i, random.uniform() < 0.5));
          const total = contracts.reduce(
            (sum, { contract, price }, i) => sum + notionalOf(contract, lots[i], price),
            0,
          );
          const most = Math.min(draw(leverage, random), opening.maxLeverage(lots[0]));
          const collateral = Math.ceil(total / most);
          opening.open(member, { collateral, lots: signed[0], entry: opening.price });
          opening.others.forEach((other, i) =>
            other.open(member, { lots: signed[i + 1], entry: other.price }),
          );
        }
      },
      start: () => undefined,
      wake: () => undefined,
    };

    function sideOf(contract: number, coin: boolean): Side {
      if (sides === 'random') return coin ? 1 : -1;
      return sides === 'long' || (sides === 'opposite' && contract === 0) ? 1 : -1;
    }
  },
});
