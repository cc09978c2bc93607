import { BUY, SELL } from '../base/units.ts';
import type { Lots, Side, Ticks } from '../base/units.ts';
import type { BookView } from '../market/depth.ts';

/** What rests in a book at one instant: lots by how far from the mid. */
export interface BookLadder {
  readonly mid: Ticks;
  /** Lots of bids (`BUY`) or asks at most so many ticks from the mid. */
  lotsWithin(side: Side, distance: Ticks): Lots;
}

/** Distances come out of divisions: a level this near to one is at it. */
const ROUNDING = 1e-6;

/** Copies the book as it is now. */
export function bookLadderOf(view: BookView, mid: Ticks): BookLadder {
  const bids = levelsOf(view, BUY, mid);
  const asks = levelsOf(view, SELL, mid);
  return {
    mid,
    lotsWithin: (side, distance) =>
      (side > 0 ? bids : asks).reduce(
        (sum, level) => (level.distance <= distance + ROUNDING ? sum + level.lots : sum),
        0,
      ),
  };
}

function levelsOf(
  view: BookView,
  side: Side,
  mid: Ticks,
): { readonly distance: Ticks; readonly lots: Lots }[] {
  const levels: { readonly distance: Ticks; readonly lots: Lots }[] = [];
  const best = side > 0 ? view.bestBid() : view.bestAsk();
  for (let price = best; price === price; price = view.nextLevel(side, price))
    levels.push({ distance: side * (mid - price), lots: view.lotsAt(side, price) });
  return levels;
}
