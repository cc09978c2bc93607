import { compare } from '../check.ts';
import type { Check } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import { ALONE, depth, FIRST_FALL, START, touchFall } from '../static-market.ts';

/** Of the file. */
const K = 0.8;

export const clamp: Check = {
  id: 'limit-5',
  group: 'limits',
  title: 'A mark clamped to a band round the index',
  theory: 'clamped to index ± c the fall is d + k·min(d/(1 − k), c)',
  perturbs: 'depth of the book',
  run: (lab) =>
    [0, 100, 500, 2_000].map((c) => {
      const settings = [...ALONE, `exchange.mark.band=${c / START}`, depth(lab.off)];
      const expected = FIRST_FALL + K * Math.min(FIRST_FALL / (1 - K), c);
      return compare(`fall of the touch, c = ${c} (ticks)`, {
        theory: expected,
        simulated: touchFall(runWorld(lab.scenario('limits/clamp.yaml', settings))),
        tolerance: 1e-9 * expected,
        because: 'exact, but for binary rounding',
      });
    }),
};
