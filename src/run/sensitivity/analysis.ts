import type { RandomSource } from '../../base/random.ts';
import { elementaryEffects, trajectories } from '../../metrics/sensitivity/morris.ts';
import type { ElementaryEffects } from '../../metrics/sensitivity/morris.ts';
import { sobolDesign, sobolIndices } from '../../metrics/sensitivity/sobol.ts';
import type { SobolIndices } from '../../metrics/sensitivity/sobol.ts';

/** A response at a point of the unit cube: one value a replicate, of the same replicates at every point. */
export type Model = (point: readonly number[]) => Promise<Float64Array>;

export interface AnalysisQuestion {
  /** Number of parameters. */
  readonly parameters: number;
  /** Trajectories of the screening. */
  readonly trajectories: number;
  /** Most parameters that go on to the indices. */
  readonly keep: number;
  /** Rows of the design of the indices; 0 to end with the screening. */
  readonly rows: number;
}

export interface Analysis {
  readonly screening: readonly ElementaryEffects[];
  /** Parameters that matter by the screening, ascending. */
  readonly survivors: readonly number[];
  /** Of the survivors, the others in the middle of their ranges; undefined when nothing survived or nothing was asked for. */
  readonly indices: SobolIndices | undefined;
}

/** Share of the largest mu* below which a parameter is left out. */
const NEGLIGIBLE = 0.1;

/**
 * Screening by elementary effects, then variance-based indices of the parameters that survive it: those whose mu* is above what
 * randomness alone would give and above a tenth of the largest, the `keep` largest of them.
 */
export async function analyse(
  model: Model,
  { parameters, trajectories: count, keep, rows }: AnalysisQuestion,
  random: RandomSource,
): Promise<Analysis> {
  const at = (points: readonly (readonly number[])[]): Promise<Float64Array[]> =>
    Promise.all(points.map(model));
  const walks = trajectories(count, parameters, random.stream('trajectories'));
  const responses = await Promise.all(walks.map(({ points }) => at(points)));
  const screening = elementaryEffects(walks, responses, random.stream('screening'));
  const survivors = survivorsOf(screening, keep);
  if (rows === 0 || survivors.length === 0) return { screening, survivors, indices: undefined };

  const { a, b, mixed } = sobolDesign(rows, survivors.length, random.stream('design'));
  const whole = (points: readonly (readonly number[])[]): number[][] =>
    points.map((point) => Array.from({ length: parameters }, (_, i) => point[survivors.indexOf(i)] ?? 0.5));
  const [ofA, ofB, ...ofMixed] = await Promise.all([a, b, ...mixed].map((points) => at(whole(points))));
  const indices = sobolIndices({ a: ofA, b: ofB, mixed: ofMixed }, random.stream('indices'));
  return { screening, survivors, indices };
}

function survivorsOf(screening: readonly ElementaryEffects[], keep: number): number[] {
  const size = (i: number): number => screening[i].muStar.estimate;
  const largest = Math.max(...screening.map((_, i) => size(i)));
  return screening
    .map((_, i) => i)
    .filter((i) => size(i) > screening[i].noise && size(i) > NEGLIGIBLE * largest)
    .sort((i, j) => size(j) - size(i))
    .slice(0, keep)
    .sort((i, j) => i - j);
}
