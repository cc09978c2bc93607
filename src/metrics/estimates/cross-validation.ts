import { assert } from '../../base/check.ts';
import type { RandomStream } from '../../base/random.ts';

/** Pulls coefficients of standardised predictors to zero a little, so that predictors that say the same have a solution. */
const RIDGE = 1;

/** A number below `folds` for each of n units: sizes as equal as can be, who is where drawn at random. */
export function drawFolds(n: number, folds: number, random: RandomStream): Int32Array {
  const drawn = Int32Array.from({ length: n }, (_, i) => i % folds);
  shuffle(drawn, random);
  return drawn;
}

/** Fisher and Yates, in place. */
export function shuffle(values: Int32Array, random: RandomStream): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [values[i], values[j]] = [values[j], values[i]];
  }
}

/** What is predicted of each value by those who have not seen its fold. */
export interface OutOfSample {
  readonly predictions: Float64Array;
  /** The mean of the values that they have seen: what one predicts who knows nothing else. */
  readonly means: Float64Array;
}

/**
 * Linear prediction of each value from the predictors, fitted without the fold it is in: least squares on predictors that are
 * standardised by what is fitted on, with a ridge of one observation. A predictor that is constant there is left out. What does
 * not depend on the values is done once.
 */
export function outOfSamplePredictor(
  predictors: readonly Float64Array[],
  foldOf: ArrayLike<number>,
): (values: Float64Array) => OutOfSample {
  const folds = [...new Set(Array.from(foldOf))].map((fold) => designWithout(fold, predictors, foldOf));
  return (values) => {
    const predictions = new Float64Array(values.length);
    const means = new Float64Array(values.length);
    for (const { seen, unseen, columns, products } of folds) {
      const mean = meanAt(values, seen);
      const moments = columns.map((x) => seen.reduce((sum, i) => sum + x[i] * (values[i] - mean), 0));
      const coefficients = solve(products, moments);
      for (const i of unseen) {
        predictions[i] = columns.reduce((sum, x, at) => sum + coefficients[at] * x[i], mean);
        means[i] = mean;
      }
    }
    return { predictions, means };
  };
}

interface Design {
  readonly seen: readonly number[];
  readonly unseen: readonly number[];
  /** The predictors, with mean 0 and spread 1 over what is seen. */
  readonly columns: readonly Float64Array[];
  /** Σ xᵃ xᵇ over what is seen, with the ridge. */
  readonly products: readonly (readonly number[])[];
}

function designWithout(fold: number, predictors: readonly Float64Array[], foldOf: ArrayLike<number>): Design {
  const all = Array.from(foldOf, (_, i) => i);
  const seen = all.filter((i) => foldOf[i] !== fold);
  const columns = predictors.flatMap((column) => {
    const centre = meanAt(column, seen);
    const spread = Math.sqrt(seen.reduce((sum, i) => sum + (column[i] - centre) ** 2, 0) / seen.length);
    return spread > 1e-12 * Math.abs(centre) ? [column.map((x) => (x - centre) / spread)] : [];
  });
  const products = columns.map((a, row) =>
    columns.map((b, at) => seen.reduce((sum, i) => sum + a[i] * b[i], row === at ? RIDGE : 0)),
  );
  return { seen, unseen: all.filter((i) => foldOf[i] === fold), columns, products };
}

/** 1 − Σ(value − prediction)² / Σ(value − mean of what was seen)²: below 0 when the prediction is worse than the mean. */
export function outOfSampleR2(
  values: Float64Array,
  { predictions, means }: OutOfSample,
  weights: ArrayLike<number>,
): number {
  let [left, all] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    left += weights[i] * (values[i] - predictions[i]) ** 2;
    all += weights[i] * (values[i] - means[i]) ** 2;
  }
  return 1 - left / all;
}

/** Solves a positive definite system by Gaussian elimination, which needs no pivots there. */
function solve(products: readonly (readonly number[])[], moments: readonly number[]): number[] {
  const matrix = products.map((row) => [...row]);
  const right = [...moments];
  const n = right.length;
  for (let k = 0; k < n; k++) {
    assert(matrix[k][k] > 0, 'the matrix is not positive definite');
    for (let row = k + 1; row < n; row++) {
      const factor = matrix[row][k] / matrix[k][k];
      for (let at = k; at < n; at++) matrix[row][at] -= factor * matrix[k][at];
      right[row] -= factor * right[k];
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    const known = solution.reduce((sum, x, at) => (at > k ? sum + matrix[k][at] * x : sum), 0);
    solution[k] = (right[k] - known) / matrix[k][k];
  }
  return solution;
}

function meanAt(values: Float64Array, at: readonly number[]): number {
  return at.reduce((sum, i) => sum + values[i], 0) / at.length;
}
