import { compare, exactly } from '../check.ts';
import type { Check } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import { depth, LOTS_PER_TICK, START, touchFall } from '../static-market.ts';

export const marketOrder: Check = {
  id: 'limit-1',
  group: 'limits',
  title: 'A market order in a linear book',
  theory: 'an order of Q lots moves the touch by Q/D, at an average slippage of Q/(2D)',
  perturbs: 'depth of the book',
  run: (lab) =>
    [5_000, 20_000, 150_000].flatMap((lots) => {
      const settings = [`shocks.sale.notional=${lots}`, depth(lab.off)];
      const world = runWorld(lab.scenario('limits/static-market.yaml', settings));
      return [
        exactly(`fall of the touch, ${lots} lots (ticks)`, lots / LOTS_PER_TICK, touchFall(world)),
        compare(`average slippage, ${lots} lots (ticks)`, {
          theory: lots / (2 * LOTS_PER_TICK),
          simulated: START - world.recorder.tradedValue / lots,
          tolerance: 0.5,
          because: 'the first lots pay one tick, not none',
        }),
      ];
    }),
};
