import type { WeightedPrice } from '../median.ts';

/** How the prices of several venues become one. Keeps nothing. */
export interface IndexRule {
  /** One or more prices, each with a weight above 0; those that are stale or have none were left out before. */
  price(fresh: readonly WeightedPrice[]): number;
}
