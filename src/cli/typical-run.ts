import type { Batch, BatchResult, MetricName, RunDetail, Task, TaskResult } from '../index.ts';

/** The run that the timeline shows. */
export interface TypicalRun {
  readonly task: Task;
  readonly detail: RunDetail;
}

/**
 * Which run to show in time: in the cell with the most forced selling, the replicate whose drawdown is the median (the
 * lower one of two), so that it is neither the best nor the worst that happened. Undefined when no closed arm was run.
 */
export function typicalTask({ cells }: Batch, result: BatchResult): Task | undefined {
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
