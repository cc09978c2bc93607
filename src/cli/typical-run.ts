import type { Batch, BatchResult, CascadeMap, MetricName, RunDetail, Task, TaskResult } from '../index.ts';
import type { ThreadPool } from './pool.ts';
import { ProgressBar } from './progress.ts';

/** The run that the timeline shows, and the cascade maps of its cell. */
export interface TypicalRun {
  readonly task: Task;
  readonly detail: RunDetail;
  /** Replicates of the cell, and the map of each. */
  readonly mapped: readonly number[];
  readonly maps: readonly CascadeMap[];
}

/** Replicates whose cascade maps are taken together: more narrow the band, but each is run up to the shock again. */
const MOST_MAPS = 20;

/** Runs it again in full, and others of its cell up to the shock. Undefined when no closed arm was run. */
export async function typicalRun(
  batch: Batch,
  result: BatchResult,
  { pool, quiet }: { pool: ThreadPool; quiet: boolean },
): Promise<TypicalRun | undefined> {
  const task = typicalTask(batch, result);
  if (task === undefined) return undefined;
  const { replicates } = result.cells[task.cell];
  const mapped = replicates.slice(0, MOST_MAPS).map((replicate) => replicate.task.replicate);
  const bar = new ProgressBar({ quiet, what: 'runs for the charts' });
  let done = 0;
  const counted = async <Answer>(asked: Promise<Answer>): Promise<Answer> => {
    const answer = await asked;
    bar.update({ done: ++done, planned: mapped.length + 1 });
    return answer;
  };
  try {
    const [{ detail }, ...maps] = await Promise.all([
      counted(pool.detail({ task, arm: 'closed', events: false, arms: false })),
      ...mapped.map((replicate) => counted(pool.cascadeMap({ cell: task.cell, replicate }))),
    ]);
    return { task, detail, mapped, maps };
  } finally {
    bar.stop();
  }
}

/**
 * Which run to show in time: in the cell with the most forced selling, the replicate whose drawdown is the median (the
 * lower one of two), so that it is neither the best nor the worst that happened.
 */
function typicalTask({ cells }: Batch, result: BatchResult): Task | undefined {
  const closed = result.cells.filter(
    ({ cell, replicates }) => replicates.length > 0 && cells[cell].scenario.measure.arms.includes('closed'),
  );
  if (closed.length === 0) return undefined;
  const forced = closed.map(({ replicates }) =>
    mean(replicates.map((run) => closedMetric(run, 'forced_notional'))),
  );
  const { replicates } = closed[forced.indexOf(Math.max(...forced))];
  const byDrawdown = replicates.toSorted((a, b) => closedMetric(a, 'drawdown') - closedMetric(b, 'drawdown'));
  return byDrawdown[Math.floor((byDrawdown.length - 1) / 2)].task;
}

function closedMetric({ rows }: TaskResult, metric: MetricName): number {
  return rows.find(({ arm }) => arm === 'closed')!.metrics[metric];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
