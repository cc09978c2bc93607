import type { Opponent } from './adl-ranking.ts';

/** `(PnL / entry value) · (entry value / margin)`; a margin below 1 counts as 1. */
export function leveragedReturnScore({ unrealisedPnl, wallet }: Opponent): number {
  return unrealisedPnl / Math.max(1, wallet);
}
