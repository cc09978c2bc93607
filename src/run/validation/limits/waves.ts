import { compare, exactly } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { amplificationOf, runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';
import { ALONE, depth, FIRST_FALL, roundingTicks, START, touchFall } from '../static-market.ts';

/** Mark number 19, counted from 0, is taken just after the sale. */
const FIRST_MARK = 19;
const WAVES = 60;

export const waves: Check = {
  id: 'limit-2',
  group: 'limits',
  title: 'Waves of liquidation under a last-trade mark',
  theory:
    'after wave n the fall is d(1 − kⁿ⁺¹)/(1 − k), in all d/(1 − k), so A = 1/(1 − k), whatever the shock',
  perturbs: 'depth of the book',
  run: (lab) => [
    ...[0.2, 0.5, 0.75, 0.9].flatMap((k) => wavesOf(k, lab)),
    ...[4_000, 10_000, 40_000].map((lots) => afterShock(lots, lab)),
    squeeze(lab),
  ],
};

function wavesOf(k: number, lab: Laboratory): Finding[] {
  const scenario = lab.scenario('limits/wave.yaml', [
    ...ALONE,
    `agents.longs.notional=${100 * k}`,
    depth(lab.off),
  ]);
  const world = runWorld(scenario);
  const whole = FIRST_FALL / (1 - k);
  let worst = 0;
  for (let n = 0, left = k; n < WAVES; n++, left *= k) {
    const beyond = START - world.marks[FIRST_MARK + n] - whole * (1 - left);
    if (Math.abs(beyond) > Math.abs(worst)) worst = beyond;
  }
  return [
    compare(`fall after the wave that is furthest off, of ${WAVES}, less theory, k = ${k} (ticks)`, {
      theory: 0,
      simulated: worst,
      tolerance: roundingTicks(k),
      because: 'a wave may end a tick too low, and passes it on k times',
    }),
    rounded(`whole fall, k = ${k} (ticks)`, whole, touchFall(world)),
    rounded(`liquidations, one a tick, k = ${k}`, whole, world.recorder.liquidations),
    rounded(`amplification, k = ${k}`, 1 / (1 - k), amplificationOf(scenario)),
  ];
}

function afterShock(lots: number, lab: Laboratory): Finding {
  const settings = [...ALONE, `shocks.sale.notional=${lots}`, depth(lab.off)];
  return rounded(
    `amplification, k = 0.5, shock of ${lots} lots`,
    2,
    amplificationOf(lab.scenario('limits/wave.yaml', settings)),
  );
}

/** Shorts above the price, squeezed by a purchase. */
function squeeze(lab: Laboratory): Finding {
  const scenario = lab.scenario('limits/wave.yaml', [
    ...ALONE,
    'agents.longs.side=short',
    'agents.book.asks=ladder',
    'shocks.sale.side=buy',
    depth(lab.off),
  ]);
  return exactly(
    'rise of the touch, shorts, k = 0.5 (ticks)',
    2 * FIRST_FALL,
    -touchFall(runWorld(scenario)),
  );
}

/** Equal but for the rounding of 1 − k in binary. */
function rounded(quantity: string, theory: number, simulated: number): Finding {
  return compare(quantity, {
    theory,
    simulated,
    tolerance: 1e-9 * theory,
    because: 'exact, but for binary rounding',
  });
}
