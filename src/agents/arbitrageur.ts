import { count, duration, money, share, variant } from '../base/parameters.ts';
import type { RandomStream } from '../base/random.ts';
import type { Lots, Side, Ticks } from '../base/units.ts';
import { lotsOfNotional, moneyFromQuote } from '../market/contract.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';

const BID = 0;
const ASK = 1;

/**
 * Trades the gap between the exchange and the index: takes what is offered below it or bid above it by the threshold, rests a
 * bid and an ask at the edges of that band for who comes later, and hedges each fill outside at once, where the hedge moves
 * the venues as far as they are movable. Finite capital: what it holds here is bounded.
 * Assumes that hedges outside always fill; in March 2020 they did not (set `capital` low for that).
 */
export const arbitrageur = variant({
  name: 'arbitrageur',
  about: 'Trades the gap between the local book and the index, with bounded capital, and hedges outside.',
  parameters: {
    count: count({ default: 3, min: 1, about: 'number of arbitrageurs' }),
    capital: money({ default: '20M', min: 0, about: 'largest position of one of them, notional' }),
    clip: money({ default: '500k', min: 1, about: 'largest single order' }),
    threshold: share({ default: '10bp', min: 0, about: 'gap to the index from which it trades' }),
    every: duration({ default: '500ms', min: '1ms', about: 'mean time between two looks' }),
  },
  create({ count: size, capital, clip, threshold, every }, { contract }: AgentParts): Population {
    const capitalMoney = moneyFromQuote(contract, capital);
    const clipMoney = moneyFromQuote(contract, clip);
    let pauses: RandomStream;
    return {
      size,
      slots: 2,
      margined: false,
      balancing: false,
      open(opening: Opening) {
        for (let member = 0; member < size; member++)
          opening.open(member, { collateral: capitalMoney, lots: 0, entry: 0 });
      },
      start(desk) {
        pauses = desk.random.stream('pauses');
        for (let member = 0; member < size; member++) sleep(member, desk);
      },
      wake(member, desk) {
        sleep(member, desk);
        const { index, bid, ask } = desk.seen;
        if (index !== index) return;
        const buyBelow = Math.floor(index * (1 - threshold));
        const sellAbove = Math.ceil(index * (1 + threshold));
        if (ask <= buyBelow) take(member, 1, buyBelow, desk);
        else rest(member, BID, 1, buyBelow, desk);
        if (bid >= sellAbove) take(member, -1, sellAbove, desk);
        else rest(member, ASK, -1, sellAbove, desk);
      },
      filled(_member, side, lots, desk) {
        desk.tradeOutside(-side * lots);
      },
    };

    function sleep(member: number, desk: Desk): void {
      desk.wakeAt(member, desk.now + Math.max(1, Math.round(pauses.exponential() * every)));
    }

    function take(member: number, side: Side, limit: Ticks, desk: Desk): void {
      // What rests on the same side may trade as well.
      const lots = affordable(member, side, limit, desk) - desk.restingLots(member, side === 1 ? BID : ASK);
      if (lots > 0) desk.take(member, { side, lots, limit, reduceOnly: false });
    }

    /** Renews the resting order once the edge has moved by a tenth of the threshold or a fifth of it has traded. */
    function rest(member: number, slot: number, side: Side, price: Ticks, desk: Desk): void {
      const lots = affordable(member, side, price, desk);
      const resting = desk.restingLots(member, slot);
      const near = Math.abs(desk.restingPrice(member, slot) - price) <= 0.1 * threshold * price;
      if (near && resting <= lots && resting >= 0.8 * lots) return;
      if (resting > 0 || lots > 0) desk.quote(member, slot, { side, lots, price });
    }

    function affordable(member: number, side: Side, price: Ticks, desk: Desk): Lots {
      const room = Math.floor(lotsOfNotional(contract, capitalMoney, price)) - side * desk.lots(member);
      return Math.max(0, Math.min(Math.floor(lotsOfNotional(contract, clipMoney, price)), room));
    }
  },
});
