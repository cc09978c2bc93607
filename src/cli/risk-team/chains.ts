import { runChains } from '../../index.ts';
import type { Batch, Executor, Task, TaskResult } from '../../index.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { Journal } from '../journal.ts';
import type { ThreadPool } from '../pool.ts';
import { ProgressBar } from '../progress.ts';

type Chain<Answer> = (simulate: (task: Task) => Promise<TaskResult>) => Promise<Answer>;

/**
 * Chains of tasks with progress, a journal and an end on Ctrl-C. `planned` is how many tasks they will ask for. Answers of chains that
 * were interrupted are undefined.
 */
export async function runChainsWithProgress<Answer>(
  batch: Batch,
  chains: readonly Chain<Answer>[],
  o: { pool: ThreadPool; journal: Journal; quiet: boolean; planned: number },
): Promise<{ answers: readonly (Answer | undefined)[]; interrupted: boolean }> {
  const { pool, journal } = o;
  const bar = new ProgressBar({ quiet: o.quiet });
  const interrupt = listenForInterrupt();
  let done = 0;
  const executor: Executor = {
    parallelism: pool.parallelism,
    run: async (task) => journal.find(task) ?? (await pool.run(task)),
  };
  const onResult = (result: TaskResult): void => {
    if (journal.find(result.task) === undefined) journal.append(result);
    bar.update({ done: ++done, planned: Math.max(done, o.planned) });
  };
  try {
    const answers = await runChains(batch, executor, chains, { signal: interrupt, onResult });
    return { answers, interrupted: interrupt.aborted };
  } finally {
    bar.stop();
    interrupt.release();
  }
}
