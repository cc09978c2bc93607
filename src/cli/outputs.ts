import {
  estimationOf,
  evaluateExpectations,
  genealogiesTable,
  LEVEL,
  runsTable,
  summaryTable,
  toCsv,
  toParquet,
} from '../index.ts';
import type { Batch, BatchResult, Estimation, ExpectationResult, RunChartInputs } from '../index.ts';
import { chartFiles } from './chart-files.ts';
import { notConvergedInWords } from './estimation-view.ts';
import { toJson } from './json.ts';
import { VERSION } from './package.ts';
import { MANIFEST, SCENARIO } from './results-folder.ts';
import type { ResultFiles } from './results-folder.ts';
import { hashOf } from './scenario.ts';
import { timelineOf } from './run-charts.ts';
import type { SummaryRow } from './summary-view.ts';
import type { TypicalRun } from './typical-run.ts';

/** What a batch comes to: tables, charts and what the scenario expected. */
export interface Outcome {
  readonly interrupted: boolean;
  /** One row a cell. */
  readonly summary: readonly SummaryRow[];
  /** How its numbers were estimated. */
  readonly estimation: Estimation;
  /** A line for each target of precision that a cell did not reach. */
  readonly notConverged: readonly string[];
  /** Empty when the batch was interrupted: nothing is said about half a batch. */
  readonly expectations: readonly ExpectationResult[];
  readonly files: ResultFiles;
}

/** Everything that follows from the results: equal results give equal bytes. */
export async function outcomeOf(
  batch: Batch,
  result: BatchResult,
  { command, typical }: { command: string; typical: TypicalRun | undefined },
): Promise<Outcome> {
  const { seed } = batch.cells[0].scenario;
  const replicates = result.cells.flatMap((cell) => cell.replicates);
  const runs = runsTable(replicates, batch.cells);
  const genealogies = genealogiesTable(replicates, batch.cells);
  const targets = (cell: number) => batch.cells[cell].scenario.measure.replicates.until;
  const summary = summaryTable(runs, { seed, targets });
  const expectations = result.interrupted ? [] : evaluateExpectations(batch.expect, runs, { seed });
  const rows = summary.objects() as SummaryRow[];
  const estimation = estimationOf({
    seed,
    arms: batch.cells[0].scenario.measure.arms,
    level: LEVEL,
    replicates: result.cells.map(({ replicates }) => replicates.length),
  });
  const manifest = toJson(manifestOf(batch, result, { command, expectations }));
  return {
    interrupted: result.interrupted,
    summary: rows,
    estimation,
    notConverged: notConvergedInWords(batch, result.cells),
    expectations,
    files: {
      'runs.parquet': toParquet(runs, { manifest }),
      'genealogies.parquet': toParquet(genealogies, { manifest }),
      'summary.csv': toCsv(summary),
      'summary.json': toJson({ estimation, cells: rows }),
      ...(typical && detailFiles(typical)),
      ...(await chartFiles({
        title: batch.title,
        seed,
        runs,
        summary,
        genealogies,
        level: LEVEL,
        ...(typical && runChartInputs(batch, typical)),
      })),
      [MANIFEST]: manifest,
    },
  };
}

/** What was run, and how it ended; nothing that depends on the time, the machine or the number of workers. */
function manifestOf(
  batch: Batch,
  result: BatchResult,
  { command, expectations }: { command: string; expectations: readonly ExpectationResult[] },
): unknown {
  return {
    title: batch.title,
    about: batch.about,
    program: `cascade-lab ${VERSION}`,
    command,
    scenario: { file: SCENARIO, sha256: hashOf(batch) },
    seed: batch.cells[0].scenario.seed,
    interrupted: result.interrupted,
    converged: result.cells.every(({ converged }) => converged),
    cells: result.cells.map(({ cell, replicates, converged, reached }) => ({
      cell,
      labels: batch.cells[cell].labels,
      arms: batch.cells[cell].scenario.measure.arms,
      replicates: replicates.length,
      converged,
      until: batch.cells[cell].scenario.measure.replicates.until ?? {},
      reached,
    })),
    expectations,
  };
}

/** The run of the timeline in full, for readers of the chart who want to look closer. */
function detailFiles({ task, detail }: TypicalRun): ResultFiles {
  const run = { run: JSON.stringify({ ...task, arm: detail.row.arm }) };
  return {
    'paths.parquet': toParquet(detail.paths, run),
    'liquidations.parquet': toParquet(detail.liquidations, run),
  };
}

function runChartInputs(batch: Batch, { task, detail, mapped, maps }: TypicalRun): Partial<RunChartInputs> {
  const { labels } = batch.cells[task.cell];
  return {
    timeline: timelineOf(batch, task, detail),
    cascadeMaps: { labels, replicates: mapped, maps },
  };
}
