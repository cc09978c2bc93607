import type { Lots, Money, Ticks } from '../base/units.ts';
import type { LiquidityPool } from './pool.ts';

/**
 * What the providers of a pool made of their money since a moment: in all, and against holding what the pool held then
 * (the loss against holding is what is called impermanent loss; here it is the traders' profit less all fees).
 */
export class PoolStatement {
  /** Borrow fees paid by traders, the venue's part included. */
  borrowed: Money = 0;
  /** Losses of traders beyond their collateral. */
  insolvency: Money = 0;
  /** Value of the positions closed because their side's profit was too large for the pool. */
  deleveraged: Money = 0;
  /** Paid by the pool to those who report accounts whose collateral it keeps. */
  keeperFees: Money = 0;
  /** Value of the orders that the pool refused. */
  refused: Money = 0;
  private readonly pool: LiquidityPool;
  private equityBefore: Money = 0;
  private assetBefore: Lots = 0;
  private priceBefore: Ticks = 0;

  constructor(pool: LiquidityPool) {
    this.pool = pool;
  }

  /** From now on. */
  begin(price: Ticks): void {
    this.borrowed = this.insolvency = this.deleveraged = this.keeperFees = this.refused = 0;
    this.equityBefore = this.pool.equity(price);
    this.assetBefore = this.pool.asset;
    this.priceBefore = price;
  }

  profit(price: Ticks): Money {
    return this.pool.equity(price) - this.equityBefore;
  }

  /** Profit less what the asset held at the beginning would have gained by itself. */
  againstHolding(price: Ticks): Money {
    return this.profit(price) - this.assetBefore * (price - this.priceBefore);
  }
}
