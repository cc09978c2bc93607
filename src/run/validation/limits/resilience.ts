import { exp, ln } from '../../../base/pinned-math.ts';
import { compare, exactly } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';
import { ALONE, START } from '../static-market.ts';
import { resilientLows } from '../theory.ts';

const FILE = 'limits/resilience.yaml';
/** Of the shock of the file, in ticks. */
const FIRST_FALL = 500;
/** A mark, a wave and a refill of the book every 10 ms. */
const WAVE_MS = 10;
/** Mark number 19, counted from 0, is taken just after the sale. */
const FIRST_MARK = 19;

export const resilience: Check = {
  id: 'limit-6',
  group: 'limits',
  title: 'A book that refills between the waves',
  theory:
    'displacement decays by a = exp(−κΔ) from wave to wave: xₙ₊₁ = a·xₙ + k(xₙ − xₙ₋₁) as long as lows are new; a cascade exists only if k > 1 − a',
  source: 'the block-shaped book with exponential resilience of Obizhaeva and Wang (2013)',
  perturbs: 'size of a position',
  run: (lab) =>
    [
      { k: 0.9, halfLife: 400 },
      { k: 0.95, halfLife: 200 },
      { k: 0.8, halfLife: 100 },
      { k: 0.9, halfLife: 20 },
      { k: 1.2, halfLife: 10 },
      // On either side of k = 1 − a = 0.5.
      { k: 0.55, halfLife: 10 },
      { k: 0.45, halfLife: 10 },
      { k: 0.3, halfLife: 5 },
    ].flatMap((market) => wavesOf(market, lab)),
};

function wavesOf({ k, halfLife }: { k: number; halfLife: number }, lab: Laboratory): Finding[] {
  const a = exp((-ln(2) * WAVE_MS) / halfLife);
  const lows = resilientLows(FIRST_FALL, { k, a });
  const world = runWorld(
    lab.scenario(FILE, [
      ...ALONE,
      `agents.longs.notional=${Math.round(1_000 * k * lab.off)}`,
      `agents.book.halfLife=${halfLife}ms`,
    ]),
  );
  // A refill is a whole number of ticks: half a tick a wave, which later waves pass on.
  const rounding = 1 + lows.length;
  const falls = lows.map((_, n) => START - world.marks[FIRST_MARK + n]);
  const worst = lows.reduce((most, low, n) => Math.max(most, Math.abs(falls[n] - low)), 0);
  const market = `k = ${k}, a = ${a.toFixed(3)}`;
  const isCascade = k > 1 - a;
  return [
    exactly(
      `a cascade exists (1: yes), ${market}`,
      Number(isCascade),
      Number(falls.length > 1 && world.recorder.lowestMark < START - FIRST_FALL),
    ),
    compare(`low after the wave that is furthest off, of ${lows.length}, less theory, ${market} (ticks)`, {
      theory: 0,
      simulated: worst,
      tolerance: rounding,
      because: 'a tick a wave',
    }),
    compare(`deepest fall, ${market} (ticks)`, {
      theory: lows.at(-1)!,
      simulated: START - world.recorder.lowestMark,
      tolerance: rounding,
      because: 'a tick a wave',
    }),
  ];
}
