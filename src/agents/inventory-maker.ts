import { choice, duration, money, real, share, variant } from '../base/parameters.ts';
import { ln } from '../base/pinned-math.ts';
import { BUY, SECOND, SELL } from '../base/units.ts';
import type { Lots, Micros, Side, Ticks } from '../base/units.ts';
import { lotsFromQuote, moneyFromQuote } from '../market/contract.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';

/**
 * The maker of Avellaneda and Stoikov: one bid and one ask of one size, set anew at a fixed pace until a session ends. It maximises
 * the expectation of −exp(−γ × wealth at the end) if the price is a Brownian motion of volatility σ and a quote at a distance δ from
 * it is hit at a rate in proportion to exp(−k δ). With q orders in stock and T − t to go it quotes round the reservation price
 * s − q γ σ² (T − t) and γ σ² (T − t) + (2/γ) ln(1 + γ/k) from bid to ask. The benchmark of the paper quotes round the price itself,
 * the mean of that spread over the session apart.
 *
 * The price is the index. After the session nothing is at risk any more: the stock no longer counts.
 */
export const inventoryMaker = variant({
  name: 'inventory-maker',
  about: 'One bid and one ask round a price moved against the inventory, as Avellaneda and Stoikov have it.',
  source: 'Avellaneda, Stoikov, Quantitative Finance 8 (2008), equations 29 and 30',
  parameters: {
    riskAversion: real({ default: 0.1, above: 0, about: 'γ, per unit of quote currency and order in stock' }),
    decay: real({
      default: 1.5,
      above: 0,
      about:
        'k that it reckons with, per unit of quote currency: a quote 1/k farther out is hit e times less',
    }),
    volatility: share({
      default: '14bp',
      min: 0,
      about: 'σ that it reckons with, a share of the start price, root second',
    }),
    session: duration({
      default: '200s',
      min: '1ms',
      about: 'T, from the start of the run, warm-up included',
    }),
    every: duration({ default: '1s', min: '1ms', about: 'time between two looks' }),
    centre: choice(['reservation', 'index'], {
      default: 'reservation',
      about:
        'reservation: quotes move against the inventory; index: they do not, and the spread is the mean of a session',
    }),
    size: money({ default: '10k', min: 1, about: 'every order, valued at the start price' }),
  },
  create(
    { riskAversion, decay, volatility, session, every, centre, size: money },
    { contract, startPrice }: AgentParts,
  ): Population {
    const size: Lots = Math.max(1, lotsFromQuote(contract, money, startPrice));
    const aversion = riskAversion * contract.tick;
    const variance = (volatility * startPrice) ** 2 / SECOND;
    /** Of the spread, what pays for the orders a wider one loses; ticks, like everything below. */
    const forOrders = (2 / aversion) * ln(1 + riskAversion / decay);
    const risk = (left: Micros): Ticks => aversion * variance * left;

    return {
      size: 1,
      slots: 2,
      margined: false,
      balancing: false,
      open(opening: Opening) {
        opening.open(0, { collateral: moneyFromQuote(contract, 1e9), lots: 0, entry: 0 });
      },
      // Right after the index of the same instant.
      start: (desk) => desk.wakeAt(0, desk.now + 1),
      wake(_member, desk) {
        desk.wakeAt(0, desk.now + every);
        const { index } = desk.seen;
        if (index !== index) return;
        const left = Math.max(0, session - desk.now);
        if (centre === 'index') quoteRound(index, forOrders + risk(session / 2), desk);
        else quoteRound(index - (desk.lots(0) / size) * risk(left), forOrders + risk(left), desk);
      },
    };

    /** Rounded away from the centre. */
    function quoteRound(middle: number, spread: number, desk: Desk): void {
      set(BUY, Math.floor(middle - spread / 2), desk);
      set(SELL, Math.ceil(middle + spread / 2), desk);
    }

    function set(side: Side, price: Ticks, desk: Desk): void {
      const lots = price >= 1 ? size : 0;
      desk.quote(0, side === BUY ? 0 : 1, { side, lots, price: Math.max(1, price) });
    }
  },
});
