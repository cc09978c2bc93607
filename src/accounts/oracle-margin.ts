/**
 * When a position against a pool is closed: it is valued at an oracle's price, and fees and price impact count before the
 * margin does. Pure rules, in quote currency (any unit, the same for all) and prices of any unit.
 */

/** A position as a pool keeps it: its size is fixed in quote currency when it is opened. */
export interface PoolPosition {
  /** +1 long, −1 short. */
  readonly side: 1 | -1;
  /** Notional at the entry price. */
  readonly size: number;
  readonly collateral: number;
  readonly entry: number;
}

/** Profit at a price: `side · size · (price − entry) / entry`. */
export function poolProfit({ side, size, entry }: PoolPosition, price: number): number {
  return (side * size * (price - entry)) / entry;
}

/** `none`: the position stays. `fees`: what is left does not pay the fees, all of it is closed. `leverage`: closed for its leverage alone, the rest is given back. */
export type TwoThresholdState = 'none' | 'fees' | 'leverage';

export interface TwoThresholdRule {
  /** What closing costs: margin fee, borrowing fee. */
  readonly fees: number;
  /** Kept by who liquidates, on top of the fees. */
  readonly liquidationFee: number;
  readonly maxLeverage: number;
}

/** GMX V1's `validateLiquidation` (Vault.sol): first the fees, then the leverage of what is left of the collateral. */
export function twoThresholdState(
  position: PoolPosition,
  price: number,
  { fees, liquidationFee, maxLeverage }: TwoThresholdRule,
): TwoThresholdState {
  const left = position.collateral + Math.min(0, poolProfit(position, price));
  if (left < fees + liquidationFee) return 'fees';
  return left * maxLeverage < position.size ? 'leverage' : 'none';
}

/** The prices at which the two states begin: towards a falling price for a long, a rising one for a short. */
export function twoThresholdPrices(
  { side, size, collateral, entry }: PoolPosition,
  { fees, liquidationFee, maxLeverage }: TwoThresholdRule,
): { readonly fees: number; readonly leverage: number } {
  const priceAt = (left: number): number => entry * (1 - (side * (collateral - left)) / size);
  return { fees: priceAt(fees + liquidationFee), leverage: priceAt(size / maxLeverage) };
}

export interface ImpactCappedRule {
  readonly closingFees: number;
  readonly borrowing: number;
  readonly funding: number;
  /** Of closing the whole position, as the pool reckons it; positive in the trader's favour. */
  readonly priceImpact: number;
  /** Largest adverse impact that counts, a share of the size. */
  readonly impactCap: number;
  /** Collateral that must be left, a share of the size. */
  readonly minimumFactor: number;
  /** The same as an amount (GMX V2: 1 USD). */
  readonly minimumCollateral: number;
}

/**
 * GMX V2's `isPositionLiquidatable`: collateral, profit and impact, the adverse impact capped and the favourable not
 * counted, less fees, borrowing and funding, is below the minimum amount, not positive, or below the minimum share of the
 * size. The liquidation fee is charged when it is carried out and not counted here. `collateralPrice` is what a unit of
 * the collateral is worth.
 */
export function isLiquidatable(
  position: PoolPosition,
  price: number,
  rule: ImpactCappedRule & { readonly collateralPrice?: number },
): boolean {
  const impact = Math.min(0, Math.max(rule.priceImpact, -rule.impactCap * position.size));
  const worth = position.collateral * (rule.collateralPrice ?? 1) + poolProfit(position, price) + impact;
  const left = worth - rule.closingFees - rule.borrowing - rule.funding;
  return left < rule.minimumCollateral || left <= 0 || left < position.size * rule.minimumFactor;
}
