import type { ColumnTable } from 'arquero';
import { assert } from '../base/check.ts';
import { RandomSource, type RandomStream } from '../base/random.ts';
import { type Estimand, estimandAt } from '../metrics/estimates/estimands.ts';
import { type Estimate, type Interval, LEVEL } from '../metrics/estimates/estimate.ts';
import { mean, variance } from '../metrics/estimates/moments.ts';
import { quantileOf } from '../metrics/estimates/quantile.ts';
import { kendallTau, ranksOf } from '../metrics/estimates/ranking.ts';
import { type Simultaneous, simultaneous } from '../metrics/estimates/simultaneous.ts';
import { pairedColumns, type PairedColumns } from './compare.ts';
import { pairedRuns, type PairedRuns } from './paired-runs.ts';

/** One design in one situation. */
export interface Entrant extends Estimate {
  readonly design: string;
  /** 1 is the best; equal estimates share a rank. NaN where the estimate is undefined: such a design does not take part. */
  readonly rank: number;
  /** Share of the resamples that name a best in which no design was better; equal ones share it. NaN if none names one. */
  readonly bestProbability: number;
  /** How much worse it was, seed by seed, than the best design under that seed. */
  readonly regret: {
    readonly mean: number;
    readonly median: number;
    readonly p95: number;
    readonly worst: number;
  };
}

/** `left − right` under the same seeds. The intervals of a tournament hold all at once. */
export interface Difference extends Simultaneous {
  readonly left: string;
  readonly right: string;
  readonly estimate: number;
  /** Of the two estimates, over the resamples. */
  readonly correlation: number;
  /** How many times the replicates designs with seeds of their own (their arms still paired) would need for this difference. */
  readonly varianceReduction: number;
  /** The largest such factor that equal seeds can give two designs of this spread: at a correlation of 1. */
  readonly mostReduction: number;
}

/** The designs under one combination of the other axes. */
export interface Situation {
  /** Labels on the other axes. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of the batch. */
  readonly entrants: readonly Entrant[];
  /** Every pair of designs. */
  readonly differences: readonly Difference[];
  /** Share of the resamples that name no best, since a design that takes part is undefined there (a ratio over nothing). */
  readonly undecided: number;
}

/** A design over all situations. */
export interface Standing {
  readonly design: string;
  readonly meanRank: number;
  /** Share of the situations in which it has rank 1, 2, …; a shared rank counts at its mean, rounded up. */
  readonly rankShares: readonly number[];
  /** Mean over the situations in which it has one; as is the mean rank. */
  readonly bestProbability: number;
}

/** Designs compared under equal seeds. */
export interface Tournament {
  readonly metric: string;
  readonly unit: Estimand['unit'];
  readonly axis: string;
  readonly best: 'lowest' | 'highest';
  readonly level: number;
  /** Replicates that all cells have: only these are used. */
  readonly n: number;
  readonly seed: string;
  readonly resamples: number;
  readonly situations: readonly Situation[];
  readonly standings: readonly Standing[];
  /** Kendall's τ between the rankings of two situations: mean and least over all pairs of them; NaN with one situation. */
  readonly stability: { readonly mean: number; readonly least: number };
}

export interface TournamentOptions {
  readonly estimand: Estimand;
  /** The axis of designs. */
  readonly axis: string;
  /** Of the batch: equal runs give equal tournaments. */
  readonly seed: string;
  readonly best?: 'lowest' | 'highest';
  readonly level?: number;
}

const RESAMPLES = 4_000;

/**
 * Compares the designs on one axis of a batch, in every situation that the other axes make, on the replicates that all
 * cells have. A resample draws replicates, and takes each with all its cells: the designs stay paired, and so do the
 * situations. Undefined when the estimand needs an arm that was not run.
 */
export function tournament(
  runs: ColumnTable,
  { estimand, axis, seed, best = 'lowest', level = LEVEL }: TournamentOptions,
): Tournament | undefined {
  const cells = pairedRuns(runs);
  assert(cells.length > 0 && axis in cells[0].labels, `the batch has no axis ${axis}`);
  const replicates = cells
    .map((cell) => cell.replicates)
    .reduce((common, some) => common.filter((one) => some.includes(one)));
  const columns = cells.map((cell) => pairedColumns(estimand, cell, replicates));
  if (!columns.every((one) => one !== undefined)) return undefined;

  const n = replicates.length;
  const random = new RandomSource(seed).stream(`estimates/tournament/${axis}/${estimand.name}`);
  const resampled = resample(columns, n, random);
  const groups = situationsOf(cells, axis);
  const pairs = groups.flatMap(({ members }) => pairsOf(members));
  const intervals = simultaneous(
    pairs.map(([left, right]) => ({
      estimate: resampled[left].estimate - resampled[right].estimate,
      resamples: resampled[left].resamples.map((value, b) => value - resampled[right].resamples[b]),
    })),
    n,
    level,
  );
  const designOf = (cell: number): string => cells[cell].labels[axis];
  let pair = 0;
  const situations = groups.map(({ labels, members }): Situation => ({
    labels,
    ...entrants(members, { columns, resampled, designOf, best, level }),
    differences: pairsOf(members).map(([left, right]) => ({
      left: designOf(left),
      right: designOf(right),
      ...difference(resampled[left], resampled[right]),
      ...intervals[pair++],
    })),
  }));
  return {
    metric: estimand.name,
    unit: estimand.unit,
    axis,
    best,
    level,
    n,
    seed,
    resamples: RESAMPLES,
    situations,
    standings: standings(situations),
    stability: stability(situations),
  };
}

interface ResampledCell {
  readonly estimate: number;
  readonly resamples: Float64Array;
}

/** Every cell on the same resamples of replicates. */
function resample(columns: readonly PairedColumns[], n: number, random: RandomStream): ResampledCell[] {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const cells = columns.map((cell) => ({
    estimate: estimandAt(cell.estimand, cell.columns, all),
    resamples: new Float64Array(RESAMPLES),
  }));
  const indices = new Int32Array(n);
  for (let b = 0; b < RESAMPLES; b++) {
    for (let i = 0; i < n; i++) indices[i] = random.below(n);
    columns.forEach((cell, at) => {
      cells[at].resamples[b] = estimandAt(cell.estimand, cell.columns, indices);
    });
  }
  return cells;
}

/** Cells by their labels on the other axes, in the order of the batch. */
function situationsOf(cells: readonly PairedRuns[], axis: string) {
  const groups = new Map<string, { labels: Readonly<Record<string, string>>; members: number[] }>();
  cells.forEach((cell, at) => {
    const { [axis]: _, ...labels } = cell.labels;
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { labels, members: [] };
    group.members.push(at);
    groups.set(key, group);
  });
  return [...groups.values()];
}

function pairsOf(members: readonly number[]): (readonly [left: number, right: number])[] {
  return members.flatMap((left, i) => members.slice(i + 1).map((right) => [left, right] as const));
}

function entrants(
  members: readonly number[],
  context: {
    columns: readonly PairedColumns[];
    resampled: readonly ResampledCell[];
    designOf: (cell: number) => string;
    best: 'lowest' | 'highest';
    level: number;
  },
): Pick<Situation, 'entrants' | 'undecided'> {
  const { columns, resampled, designOf, best, level } = context;
  // Turned round where the highest is the best, so that the best is the lowest below.
  const sign = best === 'lowest' ? 1 : -1;
  const ranks = ranksOf(members.map((cell) => sign * resampled[cell].estimate));
  const takesPart = members.map((cell) => !Number.isNaN(resampled[cell].estimate));
  const wins = new Float64Array(members.length);
  let decided = 0;
  for (let b = 0; b < RESAMPLES; b++) {
    const values = members.map((cell, i) => (takesPart[i] ? sign * resampled[cell].resamples[b] : Infinity));
    const least = Math.min(...values);
    if (Number.isNaN(least)) continue;
    decided++;
    const winners = values.filter((value) => value === least).length;
    values.forEach((value, i) => (wins[i] += value === least ? 1 / winners : 0));
  }
  const bySeed = members.map((cell) => eachReplicate(columns[cell]).map((value) => sign * value));
  const bestBySeed = bySeed[0].map((_, seed) => Math.min(...bySeed.map((values) => values[seed])));
  const all = members.map((cell, i): Entrant => {
    const { estimand, columns: own } = columns[cell];
    const regrets = bySeed[i].map((value, seed) => value - bestBySeed[seed]).sort();
    const { estimate, n, low, high } = estimand.estimate(own, level);
    return {
      design: designOf(cell),
      ...{ estimate, n, level, low, high },
      rank: ranks[i],
      bestProbability: takesPart[i] ? wins[i] / decided : NaN,
      regret: {
        mean: mean(regrets),
        median: quantileOf(regrets, 0.5),
        p95: quantileOf(regrets, 0.95),
        worst: regrets.at(-1) ?? NaN,
      },
    };
  });
  return { entrants: all, undecided: 1 - decided / RESAMPLES };
}

function eachReplicate({ estimand, columns }: PairedColumns): Float64Array {
  return columns[0].map((_, at) => estimand.each(columns.map((column) => column[at])));
}

function difference(
  left: ResampledCell,
  right: ResampledCell,
): Omit<Difference, 'left' | 'right' | keyof Interval | 'holm'> {
  const [a, b] = [variance(left.resamples), variance(right.resamples)];
  const apart = variance(left.resamples.map((value, at) => value - right.resamples[at]));
  const [sdA, sdB] = [Math.sqrt(a), Math.sqrt(b)];
  return {
    estimate: left.estimate - right.estimate,
    correlation: (a + b - apart) / (2 * sdA * sdB),
    varianceReduction: (a + b) / apart,
    mostReduction: (a + b) / (sdA - sdB) ** 2,
  };
}

function standings(situations: readonly Situation[]): Standing[] {
  const designs = [...new Set(situations.flatMap(({ entrants: all }) => all.map(({ design }) => design)))];
  return designs.map((design) => {
    const places = situations.flatMap(({ entrants: all }) =>
      all.filter((one) => one.design === design && !Number.isNaN(one.rank)),
    );
    const chances = places
      .map(({ bestProbability }) => bestProbability)
      .filter((chance) => !Number.isNaN(chance));
    return {
      design,
      meanRank: mean(Float64Array.from(places, ({ rank }) => rank)),
      rankShares: designs.map(
        (_, at) => places.filter(({ rank }) => Math.ceil(rank) === at + 1).length / places.length,
      ),
      bestProbability: mean(Float64Array.from(chances)),
    };
  });
}

/** Situations with the same designs, as in every full sweep. */
function stability(situations: readonly Situation[]): Tournament['stability'] {
  const ranks = situations.map(({ entrants: all }) => all.map(({ rank }) => rank));
  const taus = ranks
    .flatMap((a, i) => ranks.slice(i + 1).map((b) => kendallTau(a, b)))
    .filter((tau) => !Number.isNaN(tau));
  return taus.length === 0
    ? { mean: NaN, least: NaN }
    : { mean: mean(Float64Array.from(taus)), least: Math.min(...taus) };
}
