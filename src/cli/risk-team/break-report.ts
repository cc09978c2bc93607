import { LEVEL, reverseStress, rowsToCsv, thresholdChart } from '../../index.ts';
import type { Batch, ProportionEstimate, Threshold } from '../../index.ts';
import { drawn } from '../chart-files.ts';
import { chanceWithInterval, percent } from '../format.ts';
import { toJson } from '../json.ts';
import { plainTable } from '../plain-table.ts';
import { MANIFEST } from '../results-folder.ts';
import type { ResultFiles } from '../results-folder.ts';
import { cellName, manifestOf } from './manifest.ts';

export interface ReplicateThreshold extends Threshold {
  readonly replicate: number;
}

/** One cell of the scenario's own sweep. Levels are counted from the mildest. */
export interface BrokenGroup {
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it gets worse from --from to --to, or the other way. */
  readonly worstLast: boolean;
  /** Of the replicates that are finished, in their order; after an interruption some may be missing between them. */
  readonly thresholds: readonly ReplicateThreshold[];
  readonly checks: readonly LevelCheck[];
}

/** All replicates at one level, counted. */
export interface LevelCheck {
  readonly level: number;
  /** Share of the replicates whose threshold is there or milder. */
  readonly bisected: number;
  readonly counted: ProportionEstimate;
  /** Replicates that do otherwise than their threshold says: the event is not monotone in the parameter. */
  readonly otherwise: number;
}

interface Answer {
  readonly batch: Batch;
  readonly levels: readonly string[];
  readonly groups: readonly BrokenGroup[];
  readonly probability: number;
  readonly event: string;
  readonly vary: string;
  readonly interrupted: boolean;
  readonly folder: string;
  readonly command: string;
}

/** The answer for one cell, levels as they are written; what lies outside of the range is told by the end that it lies beyond: `above 10M`. */
function inLevels({ levels, probability }: Answer, group: BrokenGroup) {
  const mildestFirst = group.worstLast ? levels : [...levels].reverse();
  const ascends = Number.parseFloat(levels[0]) < Number.parseFloat(levels[levels.length - 1]);
  const worseUpwards = group.worstLast === ascends;
  const name = (level: number): string =>
    level < 0
      ? `${worseUpwards ? 'below' : 'above'} ${mildestFirst[0]}`
      : (mildestFirst[level] ?? `${worseUpwards ? 'above' : 'below'} ${mildestFirst.at(-1)}`);
  const found =
    group.thresholds.length === 0
      ? undefined
      : reverseStress(group.thresholds, { probability, levels: levels.length });
  return {
    labels: group.labels,
    worse: worseUpwards ? 'upwards' : 'downwards',
    n: group.thresholds.length,
    ...(found && {
      at: name(found.at),
      before: name(found.at - 1),
      // The smaller number first, whichever of them is the milder.
      low: name(worseUpwards ? found.low : found.high),
      high: name(worseUpwards ? found.high : found.low),
      reversed: found.reversed,
    }),
    checks: group.checks.map((check) => ({ ...check, level: name(check.level) })),
    thresholds: group.thresholds.map(({ replicate, at }) => ({ replicate, threshold: name(at) })),
  };
}

export function breakInFull(answer: Answer): object {
  const { batch, vary, levels, event, probability, interrupted, folder, groups } = answer;
  return {
    title: batch.title,
    seed: batch.cells[0].scenario.seed,
    vary,
    levels,
    event,
    probability,
    level: LEVEL,
    interrupted,
    cells: groups.map((group) => inLevels(answer, group)),
    folder,
  };
}

export async function breakFiles(answer: Answer): Promise<ResultFiles> {
  const { folder: _, ...full } = breakInFull(answer) as { folder: string };
  const { batch, groups, levels, vary, event, probability } = answer;
  const known = groups.filter(({ thresholds }) => thresholds.length > 0);
  return {
    'break.json': toJson(full),
    ...(known.length > 0 && {
      'thresholds.csv': rowsToCsv(
        known.flatMap((group) =>
          inLevels(answer, group).thresholds.map((threshold) => ({ ...group.labels, ...threshold })),
        ),
      ),
    }),
    ...(await drawn(
      'break',
      thresholdChart({
        title: batch.title,
        seed: batch.cells[0].scenario.seed,
        level: LEVEL,
        vary,
        event,
        probability,
        levels,
        groups: known.map(({ labels, ...group }) => ({ label: cellName(labels), ...group })),
      }),
    )),
    [MANIFEST]: toJson(manifestOf(answer)),
  };
}

export function breakInWords(answer: Answer): string {
  const { batch, groups, levels, probability, event, vary, interrupted, folder } = answer;
  const axes = Object.keys(groups[0]?.labels ?? {});
  const heads = ['n', 'reached at', 'not yet at', 'interval', 'otherwise'];
  const found = groups.map((group) => ({ group, answer: inLevels(answer, group) }));
  const rows = found.map(({ group, answer: one }) => [
    ...axes.map((axis) => group.labels[axis]),
    String(one.n),
    one.at ?? '–',
    one.before ?? '–',
    one.n === 0 ? '–' : `${one.low} to ${one.high}`,
    one.n === 0 ? '–' : `${one.reversed} of ${one.n}`,
  ]);
  const checks = found.flatMap(({ group, answer: one }) =>
    one.checks.map((check) => [
      ...axes.map((axis) => group.labels[axis]),
      String(check.level),
      percent(Number(check.bisected.toPrecision(3))),
      chanceWithInterval(check.counted),
      `${check.otherwise} of ${check.counted.n}`,
    ]),
  );
  const counts = ['level', 'by thresholds', 'counted', 'otherwise'];
  return [
    batch.title,
    '',
    `Where ${event} reaches ${percent(probability)}: ${vary} from ${levels[0]} to ${levels.at(-1)} in ${levels.length - 1} steps`,
    plainTable([...axes, ...heads], rows, { right: heads }),
    ...(checks.length === 0
      ? []
      : ['', 'All replicates counted there', plainTable([...axes, ...counts], checks, { right: counts })]),
    '',
    'each replicate has its own threshold, found by bisection on equal random numbers; their quantile with an interval between order statistics, a',
    'step wider below · otherwise: replicates that are not monotone, in which it happens at the mild end only, or not as their threshold says',
    ...(interrupted ? ['Interrupted: the numbers are those of what was finished. Ask again to go on.'] : []),
    `replicates ${interrupted ? 'finished' : '0 to n − 1'} of seed ${batch.cells[0].scenario.seed} · closed arm · 95 % intervals (mid-P for what was counted)`,
    'assumes independent replicates, and that what happens at one level happens at every worse one',
    `results in ${folder}`,
    '',
  ].join('\n');
}
