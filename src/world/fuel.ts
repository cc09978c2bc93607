import type { LiquidationIndex } from '../accounts/liquidation-index.ts';
import { BUY, SELL } from '../base/units.ts';
import type { Lots, Money, Side, Ticks } from '../base/units.ts';
import type { BookLadder } from './book-ladder.ts';

/** Open interest that breaks beyond this share of the mark is not looked at. */
export const FUEL_REACH = 0.2;

/** What there is to burn at one instant: lots by how far the mark has to go, as a share of itself, until they break. */
export interface Fuel {
  /** Lots of longs that a fall of the mark by at most this share breaks. */
  longsWithin(share: number): Lots;
  /** The same of shorts and a rise. */
  shortsWithin(share: number): Lots;
}

/** What can be seen of a market before a shock, besides its prices. */
export interface MarketState {
  /** In force now, of a whole interval. */
  readonly fundingRate: number;
  readonly fuel: Fuel;
  /** Bids within 1 % of the mid. */
  readonly bidDepth1: Money;
  /** Bids within 5 % of the mid. */
  readonly bidDepth5: Money;
  /** Only of a run whose paths are kept. */
  readonly book?: BookLadder;
}

/** Reads the liquidation index as it is now. Accounts under liquidation are not in it. */
export function fuelOf(index: LiquidationIndex, mark: Ticks): Fuel {
  const ladder = (side: Side) => {
    const steps: { readonly distance: number; readonly lots: Lots }[] = [];
    index.each(side, mark * (1 - side * FUEL_REACH), (price, lots) =>
      steps.push({ distance: (side * (mark - price)) / mark, lots }),
    );
    return (share: number): Lots =>
      steps.reduce((sum, { distance, lots }) => (distance <= share ? sum + lots : sum), 0);
  };
  return { longsWithin: ladder(BUY), shortsWithin: ladder(SELL) };
}
