import { compare } from '../check.ts';
import type { Check } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import { ALONE, depth, FIRST_FALL, touchFall } from '../static-market.ts';

/** Width of the thresholds in ticks, as in the file. */
const WIDTH = 1_000;

export const finiteMap: Check = {
  id: 'limit-3',
  group: 'limits',
  title: 'A cascade that runs out of fuel',
  theory: 'thresholds within a width W: the fall is min(d/(1 − k), d + kW), and d + kW from k = 1 on',
  perturbs: 'depth of the book',
  run: (lab) =>
    [0.5, 0.9, 1, 1.5].map((k) => {
      const settings = [...ALONE, `agents.longs.notional=${100 * k}`, depth(lab.off)];
      const expected = Math.min(k < 1 ? FIRST_FALL / (1 - k) : Infinity, FIRST_FALL + k * WIDTH);
      return compare(`fall of the touch, k = ${k} (ticks)`, {
        theory: expected,
        simulated: touchFall(runWorld(lab.scenario('limits/finite-map.yaml', settings))),
        tolerance: 1e-9 * expected,
        because: 'exact, but for binary rounding',
      });
    }),
};
