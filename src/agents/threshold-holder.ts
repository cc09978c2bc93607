import { draw } from '../base/distributions.ts';
import { choice, distribution, real, share, variant } from '../base/parameters.ts';
import { assert } from '../base/check.ts';
import type { RandomSource, RandomStream } from '../base/random.ts';
import type { Side } from '../base/units.ts';
import { lotsFromQuote } from '../market/contract.ts';
import type { AgentParts, Opening, Population, Unseen } from './agent.ts';

/**
 * Positions whose liquidation prices are placed where the theory wants them: evenly or as a Poisson process over a range of
 * distances from the start price, below it for longs, above it for shorts. All entered at the start price; the collateral
 * follows from the liquidation price and the margin tiers, whatever leverage that takes. A threshold between two ticks
 * breaks at the first whole tick beyond it, which no mark in whole ticks can tell apart.
 * Assumes isolated margin and holders who do nothing: they are the density ρ of the exact limits, k = ρ / depth.
 */
export const thresholdHolder = variant({
  name: 'threshold-holder',
  about:
    'Positions with liquidation prices at stated distances from the start price: the fuel of the theory.',
  parameters: {
    perPercent: real({ default: 10, above: 0, about: 'liquidation prices in 1 % of the start price' }),
    notional: distribution({
      of: 'money',
      default: '500k',
      above: 0,
      about: 'position of one account, valued at the start price',
    }),
    from: share({ default: '0%', min: 0, max: '99%', about: 'where the range of liquidation prices begins' }),
    to: share({ default: '20%', above: 0, max: '99%', about: 'where it ends' }),
    spacing: choice(['even', 'poisson'], {
      default: 'even',
      about: 'even: equal distances, the first one step into the range; poisson: independent of each other',
    }),
    side: choice(['long', 'short'], { default: 'long', about: 'side of all of them' }),
  },
  create({ perPercent, notional, from, to, spacing, ...parameters }, { contract }: AgentParts): Population {
    const side: Side = parameters.side === 'long' ? 1 : -1;
    const expected = Math.max(0, to - from) * 100 * perPercent;
    // Accounts are numbered before anything is drawn: room for more than a Poisson count ever reaches (odds below 1e-15).
    const size = Math.ceil(spacing === 'even' ? expected : expected + 9 * Math.sqrt(expected) + 30);
    return {
      size,
      slots: 0,
      margined: true,
      balancing: false,
      open(opening) {
        const { price } = opening;
        let member = 0;
        for (const { distance, sizes } of thresholds(opening)) {
          assert(member < size, `more than ${size} liquidation prices were drawn`);
          const lots = side * Math.max(1, lotsFromQuote(contract, draw(notional, sizes), price));
          const breaksAt = Math.max(1, price - side * Math.ceil(distance * price - ROUNDING));
          const collateral = opening.collateralFor({ lots, entry: price, breaksAt });
          opening.open(member++, { collateral, lots, entry: price });
        }
      },
      start: () => undefined,
      wake: () => undefined,
    };

    /** Distances of the liquidation prices from the start price, as fractions, ascending; each with the stream of its size. */
    function* thresholds(opening: Opening): Generator<{ distance: number; sizes: RandomStream }> {
      const step = 0.01 / perPercent;
      if (spacing === 'even') {
        const sizes = opening.random.stream('sizes');
        const count = Math.floor(expected + ROUNDING);
        for (let i = 1; i <= count; i++) yield { distance: from + i * step, sizes };
        return;
      }
      // A Poisson process beyond some distance is independent of what lies before it.
      const sections = [{ from, random: opening.random }, ...opening.unseen.map(beyond)];
      for (const [i, section] of sections.entries()) {
        const sizes = section.random.stream('sizes');
        const end = Math.min(to, sections[i + 1]?.from ?? to);
        const process = poissonProcess(section.from, end, step, section.random.stream('thresholds'));
        for (const distance of process) yield { distance, sizes };
      }

      function beyond({ below, above, random }: Unseen): { from: number; random: RandomSource } {
        const reach = side > 0 ? opening.price - below : above - opening.price;
        return { from: Math.max(from, reach / opening.price), random };
      }
    }
  },
});

/** Shares are binary fractions: 0.3 % of 100 000 ticks are 300, not 300.00…04, which would break one tick later. */
const ROUNDING = 1e-6;

function* poissonProcess(from: number, to: number, meanGap: number, random: RandomStream): Generator<number> {
  for (let at = from + meanGap * random.exponential(); at <= to; at += meanGap * random.exponential())
    yield at;
}
