import { assert } from '../base/check.ts';

/**
 * Between which two levels an event begins to happen: not yet at `below`, already at `at`. `at` is 0 when it happens at the mildest level
 * already, and `levels` when it does not even happen at the worst one; `below` is `at − 1`.
 */
export interface Threshold {
  readonly at: number;
  /** The event happens at the mildest level and not at the worst: the order of levels is wrong for this replicate. */
  readonly isReversed: boolean;
}

/**
 * The threshold of one replicate on levels 0 … levels − 1, the mildest first, by bisection: about log₂(levels) questions, besides those at
 * both ends. Assumes that what happens at one level happens at every worse one; where it does not, the answer is one of the
 * levels at which the event begins.
 */
export async function findThreshold(
  levels: number,
  happens: (level: number) => Promise<boolean>,
): Promise<Threshold> {
  assert(levels >= 2, 'a threshold needs two levels');
  const [atMildest, atWorst] = [await happens(0), await happens(levels - 1)];
  if (atMildest) return { at: 0, isReversed: !atWorst };
  if (!atWorst) return { at: levels, isReversed: false };
  let below = 0;
  let at = levels - 1;
  while (at - below > 1) {
    const middle = (below + at) >> 1;
    if (await happens(middle)) at = middle;
    else below = middle;
  }
  return { at, isReversed: false };
}
