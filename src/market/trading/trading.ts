import type { Contract } from '../contract.ts';
import type { PoolRules } from '../oracle-pool.ts';

/** Where traders meet: each other in an order book, or a pool that takes the other side of everything. */
export interface Trading {
  /** Rules of the pool; undefined for a book. */
  readonly pool?: PoolRules;
}

export interface TradingParts {
  readonly contract: Contract;
}
