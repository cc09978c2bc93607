import { LEVEL, measurementBegins, RUN_CHARTS } from '../index.ts';
import type { Batch, RunDetail, Task, TimelineInputs } from '../index.ts';
import { drawn } from './chart-files.ts';
import type { ChosenRun } from './one-run.ts';
import type { ResultFiles } from './results-folder.ts';

/** What a run in time is drawn from. */
export function timelineOf(batch: Batch, task: Task, detail: RunDetail): TimelineInputs {
  const { labels, scenario } = batch.cells[task.cell];
  return { detail, labels, replicate: task.replicate, shockAt: measurementBegins(scenario) / 1_000_000 };
}

/** The charts of one run alone. */
export async function runChartFiles({ batch, task }: ChosenRun, detail: RunDetail): Promise<ResultFiles> {
  const { labels, scenario } = batch.cells[task.cell];
  const inputs = {
    ...{ title: batch.title, seed: scenario.seed, level: LEVEL },
    timeline: timelineOf(batch, task, detail),
    cascadeMaps: { labels, replicates: [task.replicate], maps: [detail.cascadeMap] },
  };
  const files = await Promise.all(RUN_CHARTS.map((chart) => drawn(chart.name, chart.spec(inputs))));
  return Object.assign({}, ...files) as ResultFiles;
}
