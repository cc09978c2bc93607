import type { RandomStream } from '../../base/random.ts';
import { bca } from '../estimates/bca.ts';
import { LEVEL } from '../estimates/estimate.ts';
import type { Estimate } from '../estimates/estimate.ts';
import { mean, variance } from '../estimates/moments.ts';

/** Points of the unit cube: two independent samples of equal size, and the first with one column of the second. */
export interface SobolDesign {
  readonly a: readonly (readonly number[])[];
  readonly b: readonly (readonly number[])[];
  /** mixed[i]: a, with parameter i from b. */
  readonly mixed: readonly (readonly (readonly number[])[])[];
}

/**
 * Saltelli's scheme, (k + 2) · `rows` points. The samples are independent draws of a named stream rather than a
 * low-discrepancy sequence: rows are then exchangeable, which the bootstrap of the intervals takes for granted.
 */
export function sobolDesign(rows: number, k: number, random: RandomStream): SobolDesign {
  const sample = (): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: k }, () => random.uniform()));
  const [a, b] = [sample(), sample()];
  const mixed = Array.from({ length: k }, (_, i) =>
    a.map((point, row) => point.map((value, j) => (j === i ? b[row][i] : value))),
  );
  return { a, b, mixed };
}

/** Responses at the points of a design, in its order: at each point one value a replicate, the same replicates everywhere. */
export interface SobolResponses {
  readonly a: readonly Float64Array[];
  readonly b: readonly Float64Array[];
  readonly mixed: readonly (readonly Float64Array[])[];
}

/** Shares of the variance of the response over the ranges of the parameters. */
export interface SobolIndices {
  readonly parameters: readonly {
    /** What is due to it alone. */
    readonly first: Estimate;
    /** What is due to it alone or together with others. */
    readonly total: Estimate;
  }[];
  /** Variance of the response, the mean over replicates, over the ranges. */
  readonly variance: number;
  /** Upper bound of the share of it that is left of the randomness of the replicates. */
  readonly noise: number;
  /** Share of the variance of a single replicate that is due to its seed and not to the parameters. */
  readonly seedShare: number;
}

/**
 * First-order indices by the estimator of Saltelli et al. (2010), table 2 (b), about the mean of all rows; total indices by that of
 * Jansen (1999). Intervals: BCa bootstrap over rows. Estimates are shown as they come: with few rows a first-order index
 * may be below 0, and one of these may be above the total.
 */
export function sobolIndices({ a, b, mixed }: SobolResponses, random: RandomStream): SobolIndices {
  const means = (points: readonly Float64Array[]): Float64Array => Float64Array.from(points, mean);
  const [ofA, ofB] = [means(a), means(b)];
  const n = ofA.length;
  const every = Float64Array.from([...ofA, ...ofB]);
  const centre = mean(every);
  // A sample of the jackknife has a row less than one of the bootstrap.
  const spread = (sample: Int32Array): number => {
    let [sum, squares] = [0, 0];
    for (const r of sample) {
      const [x, y] = [ofA[r] - centre, ofB[r] - centre];
      sum += x + y;
      squares += x * x + y * y;
    }
    const values = 2 * sample.length;
    return squares / values - (sum / values) ** 2;
  };
  const rows = Int32Array.from({ length: n }, (_, r) => r);
  const estimated = (statistic: (rows: Int32Array) => number): Estimate => ({
    ...{ estimate: statistic(rows), n, level: LEVEL },
    ...bca(statistic, n, random),
  });
  const over = (term: (row: number) => number) =>
    estimated((sample) => {
      let sum = 0;
      for (const r of sample) sum += term(r);
      return sum / sample.length / spread(sample);
    });
  const parameters = mixed.map((points) => {
    const ofMixed = means(points);
    return {
      first: over((r) => (ofB[r] - centre) * (ofMixed[r] - ofA[r])),
      total: over((r) => (ofA[r] - ofMixed[r]) ** 2 / 2),
    };
  });
  const replicates = a[0].length;
  const ofSeeds = mean(Float64Array.from([...a, ...b], variance));
  const ofMeans = variance(every);
  const ofParameters = Math.max(0, ofMeans - ofSeeds / replicates);
  return {
    parameters,
    variance: ofMeans,
    noise: ofSeeds / replicates / ofMeans,
    seedShare: ofSeeds / (ofSeeds + ofParameters),
  };
}
