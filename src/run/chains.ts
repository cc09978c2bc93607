import type { Executor } from './batch.ts';
import { ReplicateError } from './batch.ts';
import type { RunnableBatch } from './batch.ts';
import type { Task, TaskResult } from './results.ts';

/** Computes one replicate of one cell. Rejects with `Interrupted` once the signal is given. */
export type Simulate = (task: Task) => Promise<TaskResult>;

/** What a chain ends with that was not finished before the signal. */
class Interrupted extends Error {
  override name = 'Interrupted';
}

/**
 * Runs chains of tasks in which what is computed next depends on what came before, as many at once as the executor can have under
 * way, in their order. Returns what the finished ones came to; undefined for those that were interrupted. A chain's answer depends on its
 * own results only, so that it does not depend on the executor. `onResult` is told of each result; what it throws ends everything, as a replicate
 * that fails does.
 */
export async function runChains<Answer>(
  batch: RunnableBatch,
  executor: Executor,
  chains: readonly ((simulate: Simulate) => Promise<Answer>)[],
  {
    signal = { aborted: false },
    onResult,
  }: {
    readonly signal?: { readonly aborted: boolean };
    readonly onResult?: (result: TaskResult) => void;
  } = {},
): Promise<readonly (Answer | undefined)[]> {
  const answers: (Answer | undefined)[] = chains.map(() => undefined);
  const problems: unknown[] = [];
  const simulate: Simulate = async (task) => {
    if (signal.aborted || problems.length > 0) throw new Interrupted();
    let result: TaskResult;
    try {
      result = await executor.run(task);
    } catch (cause) {
      throw new ReplicateError(batch, task, cause);
    }
    onResult?.(result);
    return result;
  };
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < chains.length) {
      const chain = next++;
      try {
        answers[chain] = await chains[chain](simulate);
      } catch (error) {
        if (!(error instanceof Interrupted)) problems.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(executor.parallelism, chains.length) }, lane));
  if (problems.length > 0) throw problems[0];
  return answers;
}
