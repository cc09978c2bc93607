/**
 * At which price the winners are closed. `bankruptcy`: they forgo all that the loser cannot pay. Any other: they forgo nothing
 * at that price, and what the loser cannot pay goes further down the waterfall. `previous-mark` is the mark before the one that holds.
 */
export const ADL_PRICES = ['bankruptcy', 'mark', 'previous-mark', 'index'] as const;
export type AdlPrice = (typeof ADL_PRICES)[number];
