import { draw } from '../base/distributions.ts';
import type { Distribution } from '../base/distributions.ts';
import { assert } from '../base/check.ts';
import type { RandomStream } from '../base/random.ts';

/**
 * Shares of `members` in a total: drawn sizes scaled to sum to 1, none above `largest`; what is cut off the largest is spread
 * over the others in proportion.
 */
export function drawSizes(
  members: number,
  size: Distribution,
  largest: number,
  random: RandomStream,
): Float64Array {
  const cap = Math.max(largest, 1 / members);
  const sizes = new Float64Array(members);
  for (let i = 0; i < members; i++) sizes[i] = draw(size, random);
  // Each round caps at least one more member or ends; the capped keep their cap.
  for (;;) {
    let capped = 0;
    let rest = 0;
    for (const share of sizes) {
      if (share === -1) capped++;
      else rest += share;
    }
    const scale = (1 - capped * cap) / rest;
    let more = false;
    for (let i = 0; i < members; i++) {
      if (sizes[i] !== -1 && sizes[i] * scale > cap) {
        sizes[i] = -1;
        more = true;
      }
    }
    if (!more) return sizes.map((share) => (share === -1 ? cap : share * scale));
  }
}

/**
 * Reorders drawn leverages so that their ranks go with the sizes' ranks at about the given correlation (Gaussian copula);
 * the distribution of leverage stays exactly as drawn.
 */
export function matchLeverageToSize(
  leverages: Float64Array,
  sizes: Float64Array,
  correlation: number,
  random: RandomStream,
): Float64Array {
  const n = sizes.length;
  assert(leverages.length === n, 'one leverage a member');
  const score = new Float64Array(n);
  const noise = Math.sqrt(1 - correlation * correlation);
  ranks(sizes).forEach((rank, i) => {
    // (2·rank − 1)/n − 1 is uniform on (−1, 1); scaled to unit variance it stands in for the normal score.
    const sizeScore = ((2 * rank + 1) / n - 1) * Math.sqrt(3);
    score[i] = correlation * sizeScore + noise * random.normal();
  });
  const sorted = leverages.slice().sort();
  const matched = new Float64Array(n);
  ranks(score).forEach((rank, i) => (matched[i] = sorted[rank]!));
  return matched;
}

/** ranks(x)[i]: how many values stand before x[i]; equal values in order of their index. */
function ranks(values: Float64Array): Uint32Array {
  const sorted = values.slice().sort();
  // taken[first place of a value]: how many equal to it have been met.
  const taken = new Uint32Array(values.length);
  return Uint32Array.from(values, (value) => {
    const first = firstPlace(sorted, value);
    return first + taken[first]++;
  });
}

/** Index of the first element that is not below `value`. */
function firstPlace(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
