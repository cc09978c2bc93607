import { duration, money, share, variant } from '../base/parameters.ts';
import { exp } from '../base/pinned-math.ts';
import { BUY, SELL } from '../base/units.ts';
import type { Lots, Side, Ticks } from '../base/units.ts';
import { lotsOfNotional, moneyFromQuote, notionalOf } from '../market/contract.ts';
import type { AgentParts, Desk, Population } from './agent.ts';

const LN2 = 0.6931471805599453;

/**
 * A book of constant depth that comes back: of what has been eaten a share is placed again at every look, from the inside of the
 * hole outwards, so that the displacement of the touch decays exponentially. One account, a level a tick.
 * Assumes, as Obizhaeva and Wang (2013) do, that the speed of recovery depends on nothing but the hole, and that the book comes back
 * to where it was: trades carry no information.
 */
export const resilientBook = variant({
  name: 'resilient-book',
  about:
    'A ladder of constant depth that refills exponentially towards where it was: resilience in its pure form.',
  source:
    'Obizhaeva, Wang, Optimal trading strategy and supply/demand dynamics, J. Financial Markets 16 (2013)',
  parameters: {
    depthPerPercent: money({
      default: '10M',
      min: 1,
      about: 'bids (or asks) that 1 % of the start price holds, valued at the start price',
    }),
    reach: share({
      default: '20%',
      above: 0,
      max: '100%',
      about: 'distance of the last level from the start price',
    }),
    halfLife: duration({ default: '10s', min: '1us', about: 'time in which half of a hole is filled' }),
    every: duration({ default: '1s', min: '1us', about: 'time between two looks at the hole' }),
  },
  create(
    { depthPerPercent, reach, halfLife, every },
    { contract, startPrice: price }: AgentParts,
  ): Population {
    const levels = Math.max(1, Math.floor(reach * price));
    const lotsPerLevel = Math.max(
      1,
      Math.round(lotsOfNotional(contract, moneyFromQuote(contract, depthPerPercent), price) / (0.01 * price)),
    );
    const staysOpen = exp((-LN2 * every) / halfLife);
    return {
      size: 1,
      slots: 2 * levels,
      margined: false,
      balancing: false,
      open(opening) {
        opening.open(0, {
          collateral: notionalOf(contract, levels * lotsPerLevel, price),
          lots: 0,
          entry: 0,
        });
      },
      start(desk) {
        for (const side of [BUY, SELL])
          for (let level = 1; level <= levels; level++) place(desk, side, level, lotsPerLevel);
        desk.wakeAt(0, desk.now + every);
      },
      wake(_member, desk) {
        desk.wakeAt(0, desk.now + every);
        for (const side of [BUY, SELL]) refill(desk, side);
      },
    };

    function refill(desk: Desk, side: Side): void {
      let level = 1;
      let hole = 0;
      for (; level <= levels; level++) {
        const missing = lotsPerLevel - desk.restingLots(0, slotOf(side, level));
        if (missing === 0) break;
        hole += missing;
      }
      let rest = hole - Math.round(hole * staysOpen);
      while (rest > 0) {
        level--;
        const resting = desk.restingLots(0, slotOf(side, level));
        const added = Math.min(rest, lotsPerLevel - resting);
        place(desk, side, level, resting + added);
        rest -= added;
      }
    }

    function place(desk: Desk, side: Side, level: number, lots: Lots): void {
      const at: Ticks = price - side * level;
      if (at >= 1) desk.quote(0, slotOf(side, level), { side, lots, price: at });
    }

    function slotOf(side: Side, level: number): number {
      return (side === BUY ? 0 : levels) + level - 1;
    }
  },
});
