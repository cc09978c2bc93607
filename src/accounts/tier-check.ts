import type { MarginTable } from './margin-table.ts';

/** A row of a tier table as the check needs it: notional in quote currency, rates as fractions. */
export interface CheckedTier {
  readonly floor: number;
  /** Infinity for the last tier of a table without an end. */
  readonly cap: number;
  readonly maxLeverage: number;
  readonly maintenanceRate: number;
  /** Maintenance margin is `notional · maintenanceRate − deduction`. */
  readonly deduction: number;
}

/** The tiers of a table of a linear contract, where its rule has tiers; undefined for rules without. Sizes in coins are valued at `price`. */
export function checkedTiers(table: MarginTable, price: number): readonly CheckedTier[] | undefined {
  switch (table.rule) {
    case 'marginal-tiers':
      return table.table.tiers;
    case 'whole-position-tiers': {
      const unit = table.sizedBy === 'contracts' ? table.contractSize * price : 1;
      return table.tiers.map(({ floor, cap, maxLeverage, maintenanceRate }) => {
        return { floor: floor * unit, cap: cap * unit, maxLeverage, maintenanceRate, deduction: 0 };
      });
    }
    default:
      return undefined;
  }
}

/** How far a sale of a notional moves a price: its average slippage as a fraction of the price at which it begins, and the inverse. */
export interface ImpactLaw {
  readonly name: 'linear' | 'square-root';
  /** The largest notional whose average slippage is no more than this fraction. */
  largestWithin(slippage: number, price: number): number;
}

/**
 * A book of evenly spread orders: `depth` is the notional there would be in 100 % of the price `at` which it was measured (a multiple of
 * the entry price), so D = depth / at² base units per unit of price. A sale of q moves the touch by q / D and slips by q / 2D on average: 2·D·m·P units, times P.
 */
export function linearBook({ depth, at }: { depth: number; at: number }): ImpactLaw {
  return {
    name: 'linear',
    largestWithin: (slippage, price) => 2 * depth * slippage * (price / at) ** 2,
  };
}

/**
 * Square-root impact: Q moves the price by Y·σ·√(Q / V), and slips by two thirds of that on average; V(3m / 2Yσ)². `volume` a day in quote
 * currency, `volatility` a day as a fraction. Almgren et al. (2005), "Direct estimation of equity market impact", and many since.
 */
export function squareRootImpact(o: { volume: number; volatility: number; factor: number }): ImpactLaw {
  return {
    name: 'square-root',
    largestWithin: (slippage) => o.volume * ((3 * slippage) / (2 * o.factor * o.volatility)) ** 2,
  };
}

/** The closed form of one tier. Prices are multiples of the entry price. */
export interface TierCheck {
  readonly bankruptcy: number;
  readonly liquidation: number;
  /** Largest notional at P* that closes without loss to the fund, by this tier's margin; below the tier's floor: none in it does. */
  readonly largest: number;
  /** The largest position that the tier allows closes without loss. */
  readonly holds: boolean;
}

/**
 * An isolated long of the tier's largest leverage L from entry e: bankrupt at B = e(1 − 1/L), liquidated at P* = B / (1 − m). From P* to B
 * there is a share m of P* for slippage: the largest position is the one whose sale uses it up. m = rate − deduction / notional,
 * so with a deduction the largest position is a fixed point, found from above.
 *
 * Assumes one position that closes at once into a book that nobody refills or leaves, a mark that is the price of the book, and no
 * fees; several positions that break together share the same book.
 */
export function checkTier(tier: CheckedTier, law: ImpactLaw): TierCheck {
  const bankruptcy = 1 - 1 / tier.maxLeverage;
  const marginOf = (notional: number): number =>
    Math.max(0, tier.maintenanceRate - (notional > 0 ? tier.deduction / notional : 0));
  const liquidationOf = (notional: number): number => bankruptcy / (1 - marginOf(notional));
  const closes = (notional: number): number => law.largestWithin(marginOf(notional), liquidationOf(notional));
  let largest = closes(Infinity);
  for (let next = closes(largest); largest > 0 && next < largest * (1 - 1e-12); next = closes(largest))
    largest = next;
  return {
    bankruptcy,
    liquidation: liquidationOf(tier.cap),
    largest,
    holds: tier.cap <= largest,
  };
}
