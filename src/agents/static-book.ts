import { choice, money, share, variant } from '../base/parameters.ts';
import { BUY, SELL } from '../base/units.ts';
import type { Lots, Side, Ticks } from '../base/units.ts';
import { lotsOfNotional, moneyFromQuote, notionalOf } from '../market/contract.ts';
import type { AgentParts, Desk, Population } from './agent.ts';

/**
 * The book of the theory: constant depth, laid out once when the run begins and never touched again. One account, equal steps,
 * and at each level the lots of the step it ends: a market order of `Q` lots moves the touch by `Q / D`, with `D` in lots per
 * tick, to within one step, and exactly if `Q` is a whole number of levels.
 * Assumes that nobody replenishes, reacts or withdraws. Real books do: what is measured on this one is an exact limit, no market.
 */
export const staticBook = variant({
  name: 'static-book',
  about: 'A ladder of constant depth that is placed once and never replenished: the book of the theory.',
  parameters: {
    depthPerPercent: money({
      default: '10M',
      min: 1,
      about: 'bids (or asks) that 1 % of the start price holds, valued at the start price',
    }),
    from: share({
      default: '0%',
      min: 0,
      max: '100%',
      about:
        'distance from the start price at which the ladder begins, e.g. 1 % for the patient orders behind the makers',
    }),
    reach: share({
      default: '20%',
      above: 0,
      max: '100%',
      about: 'distance of the last level from the start price',
    }),
    spacing: share({
      default: '1bp',
      above: 0,
      max: '100%',
      about: 'distance between two levels, rounded to ticks (at least one)',
    }),
    asks: choice(['ladder', 'wall'], {
      default: 'ladder',
      about: 'ladder: like the bids; wall: all of them on the first level, cheaper where only falls matter',
    }),
  },
  create(
    { depthPerPercent, from, reach, spacing, asks },
    { contract, startPrice: price }: AgentParts,
  ): Population {
    const skipped = Math.floor(from / spacing + ROUNDING);
    const levels = Math.max(1, Math.floor(reach / spacing + ROUNDING));
    return {
      size: 1,
      slots: 2 * levels,
      margined: false,
      balancing: false,
      open(opening) {
        opening.open(0, { collateral: notionalOf(contract, ladderLots(levels), price), lots: 0, entry: 0 });
      },
      start(desk) {
        for (let level = skipped + 1; level <= levels; level++) place(desk, BUY, level, lotsOfLevel(level));
        if (asks === 'wall') place(desk, SELL, skipped + 1, ladderLots(levels) - ladderLots(skipped));
        else
          for (let level = skipped + 1; level <= levels; level++)
            place(desk, SELL, level, lotsOfLevel(level));
      },
      wake: () => undefined,
    };

    function step(): Ticks {
      return Math.max(1, Math.round(spacing * price));
    }

    /** Lots on the first so many levels: rounded in the sum, so that the density is right over any distance. */
    function ladderLots(count: number): Lots {
      const lotsPerTick =
        lotsOfNotional(contract, moneyFromQuote(contract, depthPerPercent), price) / (0.01 * price);
      return Math.round(count * step() * lotsPerTick);
    }

    function lotsOfLevel(level: number): Lots {
      return ladderLots(level) - ladderLots(level - 1);
    }

    function place(desk: Desk, side: Side, level: number, lots: Lots): void {
      const at = price - side * level * step();
      if (lots > 0 && at >= 1)
        desk.quote(0, (side === BUY ? 0 : levels) + level - 1, { side, lots, price: at });
    }
  },
});

/** Shares are binary fractions: 20 % of 1 bp steps are 2000 levels, not 1999.99…97. */
const ROUNDING = 1e-6;
