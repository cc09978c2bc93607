import { type Estimate, LEVEL } from './estimate.ts';
import { ratioOfMeans } from './ratio-of-means.ts';

/**
 * R̂ = 1 − E[N_open] / E[N_closed]: the mean number of liquidations that one liquidation sets off, from the accounts
 * liquidated in the open-loop arm (the first generation) and in the closed arm (all generations, N_open / (1 − R)).
 * Forced notional may take the place of the count. The interval is Fieller's; NaN when nothing was liquidated.
 */
export function reproduction(
  { nOpen, nClosed }: { nOpen: Float64Array; nClosed: Float64Array },
  level = LEVEL,
): Estimate {
  const { estimate, n, fieller } = ratioOfMeans(nOpen, nClosed, level);
  return { estimate: 1 - estimate, n, level, low: 1 - fieller.high, high: 1 - fieller.low };
}
