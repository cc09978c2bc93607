import { assert } from '../../base/check.ts';

/** Ranks of the values, 1 for the smallest; equal values share the mean of their ranks. NaN has none: its rank is NaN. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let below = 0;
    let equal = 0;
    for (let j = 0; j < values.length; j++) {
      if (values[j] < values[i]) below++;
      else if (values[j] === values[i]) equal++;
    }
    ranks[i] = equal === 0 ? NaN : below + (equal + 1) / 2;
  }
  return ranks;
}

/**
 * Kendall's τ-b between two rankings of the same things: 1 for the same order, −1 for the opposite one, ties allowed for. What has
 * no rank (NaN) in one of them is left out. NaN when one of them ranks all the same. Kendall (1945), "The treatment of ties in ranking problems", Biometrika 33.
 */
export function kendallTau(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert(a.length === b.length, `${a.length} ranks against ${b.length}`);
  let agreement = 0;
  let untiedA = 0;
  let untiedB = 0;
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [signA, signB] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])];
      if (signA !== signA || signB !== signB) continue;
      agreement += signA * signB;
      untiedA += signA * signA;
      untiedB += signB * signB;
    }
  return agreement / Math.sqrt(untiedA * untiedB);
}
