import { Piscina } from 'piscina';
import { judged, PERTURBATIONS } from '../index.ts';
import type { Check, CheckResult, Effort, Finding } from '../index.ts';
import { listenForInterrupt } from './interrupt.ts';
import { ProgressBar } from './progress.ts';
import type { CheckTask } from './validation-worker.ts';

export interface ValidationOptions {
  readonly effort: Effort;
  /** Whether to run everything again in a market that is a few per cent off. */
  readonly power: boolean;
  readonly workers: number;
  readonly quiet: boolean;
}

export interface Validation {
  /** Of the checks that were finished, in the order given. */
  readonly results: readonly CheckResult[];
  readonly interrupted: boolean;
}

/** Runs checks on threads. On Ctrl-C those under way are waited for. The results do not depend on the number of threads. */
export async function runChecks(
  checks: readonly Check[],
  { effort, power, workers, quiet }: ValidationOptions,
): Promise<Validation> {
  const offs = ({ perturbs }: Check): readonly number[] =>
    power && perturbs !== undefined ? [1, ...PERTURBATIONS] : [1];
  const tasks = checks.flatMap((check) =>
    offs(check).map((off): CheckTask => ({ id: check.id, effort, off })),
  );
  const found = new Map<CheckTask, Finding[]>();
  const bar = new ProgressBar({ quiet, what: 'checks' });
  const interrupt = listenForInterrupt();
  const pool = new Piscina<CheckTask, Finding[]>({
    filename: new URL('./validation-worker.js', import.meta.url).href,
    minThreads: Math.min(workers, tasks.length),
    maxThreads: Math.min(workers, tasks.length),
  });
  let next = 0;
  async function takeTasks(): Promise<void> {
    while (next < tasks.length && !interrupt.aborted) {
      const task = tasks[next++];
      found.set(task, await pool.run(task, { name: 'check' }));
      bar.update({ done: found.size, planned: tasks.length });
    }
  }
  try {
    await Promise.all(Array.from({ length: workers }, takeTasks));
  } finally {
    bar.stop();
    interrupt.release();
    await pool.destroy();
  }
  const results = checks.flatMap((check) => {
    const own = tasks.filter(({ id }) => id === check.id).map((task) => found.get(task));
    const [findings, ...perturbed] = own.filter((one) => one !== undefined);
    return own.includes(undefined) ? [] : [judged(check, findings, perturbed)];
  });
  return { results, interrupted: results.length < checks.length };
}
