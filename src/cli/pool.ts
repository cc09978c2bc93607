import { Piscina } from 'piscina';
import type { Batch, CascadeMap, Executor, Task, TaskResult } from '../index.ts';
import { decodeResult } from './result-line.ts';
import type { DetailRequest, Retold, SimulatedReplicate, WorkerSource } from './worker.ts';

/** What a worker can be asked besides replicates and their detail: functions of `worker.ts`. */
export type Question = 'particle' | 'point';

/** Threads of this process that simulate. They start with the first request, know the batch, and live until `close`. */
export class ThreadPool implements Executor {
  readonly parallelism: number;
  /** What each cell has cost so far: replicates simulated, and wall-clock milliseconds of a thread for them in all. */
  readonly spent: { replicates: number; milliseconds: number }[];
  readonly #source: WorkerSource;
  #started: Piscina<Task | DetailRequest, unknown> | undefined;

  constructor(batch: Batch, workers: number, { keepRisk = false } = {}) {
    this.parallelism = workers;
    this.spent = batch.cells.map(() => ({ replicates: 0, milliseconds: 0 }));
    this.#source = { file: batch.file, source: batch.source, keepRisk };
  }

  /** All arms of one replicate. */
  async run(task: Task): Promise<TaskResult> {
    const { line, milliseconds } = (await this.#threads().run(task, {
      name: 'simulate',
    })) as SimulatedReplicate;
    const spent = this.spent[task.cell];
    spent.replicates++;
    spent.milliseconds += milliseconds;
    return decodeResult(line);
  }

  /** One arm of one replicate with everything that was recorded. */
  async detail(request: DetailRequest): Promise<Retold> {
    return (await this.#threads().run(request, { name: 'detail' })) as Retold;
  }

  /** The cascade map of one replicate. */
  async cascadeMap(task: Task): Promise<CascadeMap> {
    return (await this.#threads().run(task, { name: 'cascadeMap' })) as CascadeMap;
  }

  /** What a study asks. */
  async ask(question: Question, request: object): Promise<unknown> {
    return this.#threads().run(request as Task, { name: question });
  }

  async close(): Promise<void> {
    await this.#started?.destroy();
  }

  #threads(): Piscina<Task | DetailRequest, unknown> {
    this.#started ??= new Piscina({
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: this.parallelism,
      maxThreads: this.parallelism,
      workerData: this.#source,
    });
    return this.#started;
  }
}
