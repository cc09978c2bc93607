import { compare, exactly } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { amplificationOf, runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';
import { ALONE, depth, FIRST_FALL, mark, markFall, roundingTicks, touchFall } from '../static-market.ts';

const FILE = 'limits/blend.yaml';
/** Of the file. */
const K = 0.8;

export const blend: Check = {
  id: 'limit-4',
  group: 'limits',
  title: 'A mark that follows the local book in part',
  theory:
    'local weight w: A = 1/(1 − wk), the mark falls w times as far; a median of three sources with one local: A = 1 exactly',
  perturbs: 'depth of the book',
  run: (lab) => [
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((w) => blended(w, lab)),
    ...mids(lab),
    ...mediansOfThree(lab),
  ],
};

function blended(w: number, lab: Laboratory): Finding[] {
  const world = runWorld(lab.scenario(FILE, [...ALONE, `exchange.mark.localWeight=${w}`, depth(lab.off)]));
  return [
    fall(`fall of the touch, w = ${w} (ticks)`, w, touchFall(world)),
    compare(`fall of the mark, w = ${w} (ticks)`, {
      theory: w * touchFall(world),
      simulated: markFall(world),
      tolerance: 0.5,
      because: 'the mark is a whole tick',
    }),
  ];
}

/** The mid of a book whose asks stay is a blend with w = 1/2; one of three equal sources of the index is one with w = 1/6. */
function mids(lab: Laboratory): Finding[] {
  const settings = [...ALONE, depth(lab.off)];
  const fallWith = (...more: string[]): number =>
    touchFall(runWorld(lab.scenario(FILE, [...settings, ...more])));
  return [
    fall('fall of the touch, mark is the mid, w = 1/2 (ticks)', 1 / 2, fallWith(mark('mid'))),
    fall(
      'fall of the touch, the mid is a third of the index, w = 1/6 (ticks)',
      1 / 6,
      fallWith(mark('index-only'), index(0)),
    ),
  ];
}

function mediansOfThree(lab: Laboratory): Finding[] {
  // Clipped to the median by a thousandth of a tick: what is left of the local source rounds away.
  const scenario = lab.scenario(FILE, [...ALONE, mark('index-only'), index(1e-8)]);
  // Two of the three sources of a venue's median are local, so it protects only until their average has come down: linearly over
  // its window of 10 s, towards a mid 100 ticks lower. The nearest account breaks 60 ticks below: after 6 s.
  const withHorizon = (horizon: string) =>
    lab.scenario(FILE, [
      ...ALONE,
      'warmUp=10s',
      `horizon=${horizon}`,
      'agents.longs.from=0.059%',
      mark('median-of-three', ', window: 10s'),
      depth(lab.off),
    ]);
  const [first] = runWorld(withHorizon('7s')).recorder.liquidationLines.column('time_s');
  return [
    exactly('amplification, index is the median of three, one of them local', 1, amplificationOf(scenario)),
    exactly('fall of that mark (ticks)', 0, markFall(runWorld(scenario))),
    exactly("amplification, a venue's median of three, within 6 s", 1, amplificationOf(withHorizon('6s'))),
    compare('first liquidation under it, after the sale (s)', {
      theory: 6,
      simulated: first - 10.1,
      tolerance: 0.07,
      because: 'half a tick is 50 ms of the average, and a mark is taken every 10 ms',
    }),
  ];
}

function index(clip: number): string {
  return `index={ weights: { alpha: 1, beta: 1, local: 1 }, every: 10ms, clip: ${clip} }`;
}

function fall(quantity: string, w: number, simulated: number): Finding {
  return compare(quantity, {
    theory: FIRST_FALL / (1 - w * K),
    simulated,
    tolerance: w === 0 ? 0 : roundingTicks(w * K),
    because: w === 0 ? 'exact' : 'a wave may end a tick too low, and passes it on wk times',
  });
}
