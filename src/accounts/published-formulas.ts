/**
 * Liquidation prices as venues print them, in their own terms: decimals, wallet and entry instead of a ledger. The engine does not
 * use them; they are there to compare with, and for whoever thinks in them.
 */

/** Binance, any mode. `otherMaintenance` and `otherUnrealisedPnl` are those of the account's other positions: 0 if isolated. */
export function crossLiquidationPrice(p: {
  /** Wallet balance (cross) or isolated wallet. */
  readonly wallet: number;
  readonly otherMaintenance: number;
  readonly otherUnrealisedPnl: number;
  /** Of the tier at the price that comes out: the caller sees to that. */
  readonly rate: number;
  readonly deduction: number;
  /** Signed size. */
  readonly size: number;
  readonly entry: number;
}): number {
  const equity = p.wallet - p.otherMaintenance + p.otherUnrealisedPnl + p.deduction - p.size * p.entry;
  return equity / (Math.abs(p.size) * p.rate - p.size);
}

/** Bybit isolated with one tier: the margin is that of the value at entry, not at the mark. */
export function entryMarginLiquidationPrice(p: {
  /** +1 long, −1 short. */
  readonly side: 1 | -1;
  readonly entry: number;
  readonly initialRate: number;
  readonly maintenanceRate: number;
}): number {
  return p.entry * (1 - p.side * (p.initialRate - p.maintenanceRate));
}
