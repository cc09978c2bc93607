import { assert } from '../base/check.ts';
import { count, money, numbers, real, variant } from '../base/parameters.ts';
import type { RandomStream } from '../base/random.ts';
import { BUY, SECOND, SELL } from '../base/units.ts';
import type { Lots, Side, Ticks } from '../base/units.ts';
import { lotsFromQuote, moneyFromQuote } from '../market/contract.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';

/** Member that places limit orders, and member that takes: an account does not trade with itself. */
const MAKER = 0;
const TAKER = 1;

/**
 * Order flow without intent, as in the models of Santa Fe (Daniels et al. 2003; Smith et al. 2003) and of Cont, Stoikov and Talreja
 * (2010): everything is a Poisson process, all orders have the same size. Limit orders arrive on each level at a rate that depends on
 * its distance from the best quote of the other side, and each resting order is cancelled at a rate that depends on its own.
 *
 * The rates hold for the market as it is, so data and orders must not be late: give it `dataLatency: 0s` and `orderLatency: 0s`.
 * Assumes unlimited capital and no reaction to anything but the best quotes: a placebo for whatever agents with intent are said to do.
 */
export const zeroIntelligence = variant({
  name: 'zero-intelligence',
  about:
    'Random limit orders, market orders and cancellations at rates by distance from the opposite best quote.',
  source:
    'Cont, Stoikov, Talreja, Operations Research 58 (2010); Smith, Farmer, Gillemot, Krishnamurthy, Quantitative Finance 3 (2003)',
  parameters: {
    limitRates: numbers({
      default: [1],
      min: 0,
      about:
        'limit orders a second on a level, the first at a tick from the opposite best quote; the last holds as far as the reach',
    }),
    reach: count({ default: 30, min: 1, max: '10k', about: 'ticks from it up to which orders are placed' }),
    marketRate: real({ default: 1, min: 0, about: 'market orders a second on either side' }),
    cancelRates: numbers({
      default: [0.1],
      min: 1e-6,
      about: 'cancellations a second of each resting order, by the same distance',
    }),
    size: money({ default: '10k', min: 1, about: 'every order, valued at the start price' }),
  },
  create(
    { limitRates, reach, marketRate, cancelRates, size: money },
    { contract, startPrice }: AgentParts,
  ): Population {
    const size: Lots = Math.max(1, lotsFromQuote(contract, money, startPrice));
    const rateAt = Float64Array.from(
      { length: reach },
      (_, i) => limitRates[Math.min(i, limitRates.length - 1)],
    );
    const sideRate = rateAt.reduce((sum, rate) => sum + rate, 0);
    const fastest = cancelRates.reduce((most, rate) => Math.max(most, rate), 0);
    const slots = roomFor(
      (2 * sideRate) / cancelRates.reduce((least, rate) => Math.min(least, rate)) + 2 * reach,
    );
    /** Slots without an order, and slots given one: it may have been filled since. */
    const free = Array.from({ length: slots }, (_, slot) => slots - 1 - slot);
    const given: number[] = [];
    /** sideOf[slot] of the order that was given to it. */
    const sideOf = new Int8Array(slots);
    let clock: RandomStream;
    let choices: RandomStream;
    let bid: Ticks = startPrice - 1;
    let ask: Ticks = startPrice + 1;

    return {
      size: 2,
      slots,
      margined: false,
      balancing: false,
      open(opening: Opening) {
        const ample = moneyFromQuote(contract, 1e9);
        for (const member of [MAKER, TAKER]) opening.open(member, { collateral: ample, lots: 0, entry: 0 });
      },
      start(desk) {
        clock = desk.random.stream('clock');
        choices = desk.random.stream('choices');
        for (const side of [BUY, SELL])
          for (let distance = 1; distance <= reach; distance++)
            place(desk, side, startPrice - side * distance);
        wakeNext(desk);
      },
      wake(_member, desk) {
        // A side that is empty is taken to be where it was last seen.
        if (desk.seen.bid === desk.seen.bid) ({ bid } = desk.seen);
        if (desk.seen.ask === desk.seen.ask) ({ ask } = desk.seen);
        act(desk, choices.uniform() * allRates());
        wakeNext(desk);
      },
    };

    /** Of everything that may happen. Cancellations are counted at the fastest rate; `cancelOne` takes the others back. */
    function allRates(): number {
      return 2 * sideRate + 2 * marketRate + fastest * given.length;
    }

    function wakeNext(desk: Desk): void {
      const rate = allRates();
      if (rate > 0)
        desk.wakeAt(MAKER, desk.now + Math.max(1, Math.round((clock.exponential() / rate) * SECOND)));
    }

    /** `at` is uniform on all rates, laid end to end. */
    function act(desk: Desk, at: number): void {
      if (at < 2 * sideRate) {
        const side = at < sideRate ? BUY : SELL;
        const distance = distanceAt(side === BUY ? at : at - sideRate);
        place(desk, side, side === BUY ? ask - distance : bid + distance);
      } else if (at < 2 * sideRate + 2 * marketRate) {
        const side = at < 2 * sideRate + marketRate ? BUY : SELL;
        desk.take(TAKER, { side, lots: size, limit: desk.marketLimit(side), reduceOnly: false });
      } else cancelOne(desk);
    }

    /** Distance whose rate `at` falls on, with the rates of one side laid end to end. */
    function distanceAt(at: number): number {
      let rest = at;
      for (let i = 0; i < reach - 1; i++) {
        rest -= rateAt[i];
        if (rest < 0) return i + 1;
      }
      return reach;
    }

    function place(desk: Desk, side: Side, price: Ticks): void {
      if (price < 1) return;
      const slot = free.pop();
      assert(slot !== undefined, `no more than ${slots} orders rest at a time`);
      sideOf[slot] = side;
      given.push(slot);
      desk.quote(MAKER, slot, { side, lots: size, price });
    }

    /** One of the slots that were given an order, each as likely: exact, because one in vain has taken its share of time too. */
    function cancelOne(desk: Desk): void {
      const at = choices.below(given.length);
      const slot = given[at];
      const side = sideOf[slot] as Side;
      const price = desk.restingPrice(MAKER, slot);
      if (price === price) {
        const distance = side === BUY ? ask - price : price - bid;
        const rate = cancelRates[Math.min(Math.max(distance, 1), cancelRates.length) - 1];
        if (choices.uniform() * fastest >= rate) return;
        desk.quote(MAKER, slot, { side, lots: 0, price });
      }
      given[at] = given[given.length - 1];
      given.pop();
      free.push(slot);
    }
  },
});

/** Slots that a Poisson number of orders of this mean does not exceed in the life of anybody. */
function roomFor(mean: number): number {
  return Math.ceil(mean + 12 * Math.sqrt(mean) + 50);
}
