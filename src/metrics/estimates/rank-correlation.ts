import { assert } from '../../base/check.ts';

/**
 * Values whose ranks are asked for again and again, with whole weights: as if each value occurred so many times, as on a
 * resample. Equal values share the mean of their ranks. Sorted once: each question then costs a walk.
 */
export class Ranked {
  readonly size: number;
  private readonly values: Float64Array;
  private readonly order: Int32Array;

  constructor(values: Float64Array) {
    assert(!values.some(Number.isNaN), 'what is not a number has no rank');
    this.values = values;
    this.size = values.length;
    this.order = Int32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  }

  /** 1 for the smallest; of no meaning where the weight is 0. */
  ranks(weights: ArrayLike<number>): Float64Array {
    const { values, order, size } = this;
    const ranks = new Float64Array(size);
    let below = 0;
    for (let from = 0; from < size;) {
      let equal = 0;
      let to = from;
      for (; to < size && values[order[to]] === values[order[from]]; to++) equal += weights[order[to]];
      for (let i = from; i < to; i++) ranks[order[i]] = below + (equal + 1) / 2;
      below += equal;
      from = to;
    }
    return ranks;
  }
}

/**
 * Spearman's rank correlation (1904, "The proof and measurement of association between two things"), ties allowed for: the ordinary
 * correlation of the ranks. NaN when one side is all the same.
 */
export function spearman(a: Ranked, b: Ranked, weights: ArrayLike<number>): number {
  assert(a.size === b.size, `${a.size} values against ${b.size}`);
  const ranksA = a.ranks(weights);
  const ranksB = b.ranks(weights);
  let n = 0;
  for (let i = 0; i < a.size; i++) n += weights[i];
  const middle = (n + 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.size; i++) {
    const fromA = ranksA[i] - middle;
    const fromB = ranksB[i] - middle;
    ab += weights[i] * fromA * fromB;
    aa += weights[i] * fromA * fromA;
    bb += weights[i] * fromB * fromB;
  }
  return ab / Math.sqrt(aa * bb);
}

/**
 * Area under the ROC curve: the probability that a score from among the positive is above one from among the others, ties
 * counting half (the Mann–Whitney statistic over its largest value). NaN when one of the two groups is empty.
 */
export function auc(scores: Ranked, positive: ArrayLike<boolean>, weights: ArrayLike<number>): number {
  const ranks = scores.ranks(weights);
  let [positives, others, rankSum] = [0, 0, 0];
  for (let i = 0; i < scores.size; i++) {
    if (positive[i]) {
      positives += weights[i];
      rankSum += weights[i] * ranks[i];
    } else others += weights[i];
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * others);
}
