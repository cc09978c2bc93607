import { runBatch } from '../index.ts';
import type { Batch, BatchResult, Executor } from '../index.ts';
import { listenForInterrupt } from './interrupt.ts';
import type { Journal } from './journal.ts';
import type { ThreadPool } from './pool.ts';
import { ProgressBar } from './progress.ts';

/** Takes from the journal what it has, computes the rest and adds it to the journal. Ends early on Ctrl-C. */
export async function runWithProgress(
  batch: Batch,
  { pool, journal, quiet }: { pool: ThreadPool; journal: Journal; quiet: boolean },
): Promise<BatchResult> {
  const executor: Executor = {
    parallelism: pool.parallelism,
    run: async (task) => journal.find(task) ?? (await pool.run(task)),
  };
  const bar = new ProgressBar({ quiet });
  const interrupt = listenForInterrupt();
  try {
    return await runBatch(batch, executor, {
      signal: interrupt,
      onResult: (result, progress) => {
        if (journal.find(result.task) === undefined) journal.append(result);
        bar.update(progress);
      },
    });
  } finally {
    bar.stop();
    interrupt.release();
  }
}
