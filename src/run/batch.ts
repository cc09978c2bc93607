import { precisionReached } from '../metrics/estimates/stopping.ts';
import { CellPlan } from './plan.ts';
import type { CellResult, Precision, StoppingRule } from './plan.ts';
import type { Task, TaskResult } from './results.ts';

/** Whoever computes replicates: a pool of threads, a browser worker, other machines, or a function in a test. */
export interface Executor {
  /** Tasks it is worth having under way at once, at least 1. */
  readonly parallelism: number;
  /** Rejects when the replicate could not be simulated. */
  run(task: Task): Promise<TaskResult>;
}

/** What `runBatch` needs to know of a batch; a loaded scenario file has it. */
export interface RunnableBatch {
  readonly cells: readonly {
    /** The values on the axes, e.g. `{ mark: 'index', shock: '5%' }`. */
    readonly labels: Readonly<Record<string, string>>;
    readonly scenario: { readonly seed: string; readonly measure: { readonly replicates: StoppingRule } };
  }[];
}

/** Replicates finished, and replicates known to be needed so far (more may be decided on while the batch runs). */
export interface Progress {
  readonly done: number;
  readonly planned: number;
}

export interface BatchOptions {
  /** Measures the targets of the stopping rules. Default: the 95 % interval of the estimand of that name. */
  readonly precision?: Precision;
  /** Called for each result as it comes in, in no fixed order. What it throws ends the batch and is thrown on; it is not called again. */
  readonly onResult?: (result: TaskResult, progress: Progress) => void;
  /** Looked at before each task: once true, nothing new begins and what runs is waited for. An `AbortSignal` will do. */
  readonly signal?: { readonly aborted: boolean };
}

/** A batch that has ended or was interrupted. */
export interface BatchResult {
  /** In the order of the batch's cells. */
  readonly cells: readonly CellResult[];
  /** True when the signal stopped the batch before its end. */
  readonly interrupted: boolean;
}

/** One replicate could not be simulated. Says which one, so that it can be run again alone. */
export class ReplicateError extends Error {
  override name = 'ReplicateError';
  readonly task: Task;
  readonly seed: string;
  constructor(batch: RunnableBatch, task: Task, cause: unknown) {
    const { labels, scenario } = batch.cells[task.cell];
    const where = Object.entries(labels).map(([axis, label]) => `${axis}=${label}`);
    const cell = [`cell ${task.cell}`, ...(where.length > 0 ? [`(${where.join(', ')})`] : [])].join(' ');
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${cell}, replicate ${task.replicate}, seed ${scenario.seed} failed: ${why}`, { cause });
    this.task = task;
    this.seed = scenario.seed;
  }
}

/**
 * Runs every cell of a batch until its stopping rule is content, on any executor, with the same result whatever the
 * executor's parallelism and the order in which it finishes.
 *
 * The cells advance together, one replicate each in turn, so that an interrupted batch has about equally many of each.
 * When a replicate fails, those under way are waited for and a `ReplicateError` is thrown.
 */
export async function runBatch(
  batch: RunnableBatch,
  executor: Executor,
  options: BatchOptions = {},
): Promise<BatchResult> {
  const { precision = precisionReached } = options;
  const plans = batch.cells.map(
    (cell, index) => new CellPlan(index, cell.scenario.measure.replicates, precision),
  );
  const running = new Set<Promise<void>>();
  const problems: Error[] = [];
  let done = 0;
  let unheard = false;

  async function carryOut(task: Task): Promise<void> {
    let result: TaskResult;
    try {
      result = await executor.run(task);
    } catch (cause) {
      problems.push(new ReplicateError(batch, task, cause));
      return;
    }
    plans[task.cell].record(result);
    done++;
    if (unheard) return;
    try {
      options.onResult?.(result, { done, planned: sum(plans.map((plan) => plan.decided)) });
    } catch (error) {
      unheard = true;
      problems.push(error instanceof Error ? error : new Error(String(error)));
    }
  }

  for (;;) {
    while (running.size < executor.parallelism && problems.length === 0 && options.signal?.aborted !== true) {
      const task = nextTask(plans);
      if (task === undefined) break;
      const run = carryOut(task).finally(() => running.delete(run));
      running.add(run);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }

  if (problems.length > 0) throw worstOf(problems);
  return { cells: plans.map((plan) => plan.result()), interrupted: plans.some((plan) => plan.canGive()) };
}

/** From the cell that has handed out the fewest so far, the first of them on a tie; undefined when nothing can begin. */
function nextTask(plans: readonly CellPlan[]): Task | undefined {
  let cell = -1;
  plans.forEach((plan, index) => {
    if (plan.canGive() && (cell < 0 || plan.given < plans[cell].given)) cell = index;
  });
  return cell < 0 ? undefined : { cell, replicate: plans[cell].give() };
}

/** Of several, one that is no replicate's, else the first replicate's: the least dependent on who finished first. */
function worstOf(problems: readonly Error[]): Error {
  const order = (problem: Error): number =>
    problem instanceof ReplicateError ? 1 + problem.task.replicate + problem.task.cell * 2 ** 26 : 0;
  return problems.reduce((worst, problem) => (order(problem) < order(worst) ? problem : worst));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
