import type { Lots } from '../../base/units.ts';
import type { Allocation, Opponent } from './adl-ranking.ts';

/**
 * Shares out `lots` in proportion to weights, nobody more than its cap: the level at which `min(cap, level · weight)` adds up, in
 * whole lots; what rounding leaves over goes one by one in order. Who has no weight gets something only when everybody else has its
 * cap, and then in proportion to the caps. Adds up to `lots`, or to all caps.
 */
export function shareOut(lots: Lots, caps: readonly Lots[], weights: readonly number[]): Lots[] {
  const shares = caps.map(() => 0);
  const held = caps.reduce((sum, cap) => sum + cap, 0);
  let rest = Math.min(lots, held);
  let open = [...caps.keys()];
  while (rest > 0) {
    const weighed = open.filter((i) => weights[i] > 0);
    const asked = weighed.length > 0 ? weighed : open;
    const weightOf = (i: number): number => (weighed.length > 0 ? weights[i] : caps[i]);
    const level = rest / asked.reduce((sum, i) => sum + weightOf(i), 0);
    const full = asked.filter((i) => level * weightOf(i) >= caps[i]);
    for (const i of full) {
      shares[i] = Math.min(rest, caps[i]);
      rest -= shares[i];
    }
    open = open.filter((i) => !full.includes(i));
    if (full.length > 0) continue;
    for (const i of asked) {
      shares[i] = Math.min(rest, Math.floor(level * weightOf(i)));
      rest -= shares[i];
    }
    dealOut(rest, caps, shares, asked);
    return shares;
  }
  return shares;
}

function dealOut(lots: Lots, caps: readonly Lots[], shares: Lots[], among: readonly number[]): void {
  let rest = lots;
  for (let k = 0; rest > 0; k = (k + 1) % among.length) {
    const i = among[k];
    if (shares[i] === caps[i]) continue;
    shares[i]++;
    rest--;
  }
}

/** As allocations, those of nothing left out. */
export function allocations(opponents: readonly Opponent[], shares: readonly Lots[]): Allocation[] {
  return opponents.map(({ account }, i) => ({ account, lots: shares[i] })).filter(({ lots }) => lots > 0);
}
