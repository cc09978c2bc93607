import type { World } from '../../world/world.ts';

/**
 * The market of the exact limits, `scenarios/limits/static-market.yaml`: prices start at 100 000 ticks, the book holds 100 lots at
 * every tick, so the touch (the last trade, once somebody sells) falls by exactly one tick for 100 lots. The fall of the touch is
 * compared, not that of the mid: nobody takes the asks, so the mid falls half as far, and every ratio is the same.
 *
 * Prices, thresholds and lots are whole, and k, the shock and the depth are chosen so that a wave ends on a whole level: where a
 * formula gives a whole number of ticks the simulation must give that number. Elsewhere each wave may end less than one tick too
 * low, and that error is passed on k times a wave: `roundingTicks` in all.
 */
export const START = 100_000;
export const LOTS_PER_TICK = 100;
/** Fall that the shock of the scenarios, 20 000 lots, makes alone. */
export const FIRST_FALL = 200;
/** A sweep reduced to its first cell, to be set otherwise. */
export const ALONE = ['sweep={}', 'expect=[]'];

export function touchFall(world: World): number {
  return START - world.exchange.book.lastTrade();
}

export function markFall(world: World): number {
  return START - world.recorder.lowestMark;
}

export function roundingTicks(k: number): number {
  return 1.5 / (1 - k);
}

/** A setting for another mark, taken every 10 ms. */
export function mark(design: string, more = ''): string {
  return `exchange.mark={ design: ${design}, every: 10ms${more} }`;
}

/** A setting for a book of so many lots a tick, times `off`. */
export function depth(off: number): string {
  return `agents.book.depthPerPercent=${off * 1_000 * LOTS_PER_TICK}`;
}
