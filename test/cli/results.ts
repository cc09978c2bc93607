import { METRICS } from '../../src/index.ts';
import type { MetricRow, Task, TaskResult } from '../../src/index.ts';

/** A made-up result; `drawdown` tells results of the same task apart. */
export function resultOf(task: Task, drawdown = task.cell + task.replicate / 7): TaskResult {
  const metrics = Object.fromEntries(METRICS.map(({ name }, at) => [name, at / 3])) as MetricRow;
  return {
    task,
    rows: [{ arm: 'closed', metrics: { ...metrics, drawdown }, fingerprint: 'f0', prefixFingerprint: 'p0' }],
  };
}
