import { Piscina } from 'piscina';
import type { Batch, BatchSource, Executor, RunDetail, Task, TaskResult } from '../index.ts';
import { decodeResult } from './result-line.ts';
import type { DetailRequest, SimulatedReplicate } from './worker.ts';

/** Threads of this process that simulate. They start with the first request, know the batch, and live until `close`. */
export class ThreadPool implements Executor {
  readonly parallelism: number;
  /** What each cell has cost so far: replicates simulated, and wall-clock milliseconds of a thread for them in all. */
  readonly spent: { replicates: number; milliseconds: number }[];
  readonly #source: BatchSource;
  #started: Piscina<Task | DetailRequest, SimulatedReplicate | RunDetail> | undefined;

  constructor(batch: Batch, workers: number) {
    this.parallelism = workers;
    this.spent = batch.cells.map(() => ({ replicates: 0, milliseconds: 0 }));
    this.#source = { file: batch.file, source: batch.source };
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
  async detail(request: DetailRequest): Promise<RunDetail> {
    return (await this.#threads().run(request, { name: 'detail' })) as RunDetail;
  }

  async close(): Promise<void> {
    await this.#started?.destroy();
  }

  #threads(): Piscina<Task | DetailRequest, SimulatedReplicate | RunDetail> {
    this.#started ??= new Piscina({
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: this.parallelism,
      maxThreads: this.parallelism,
      workerData: this.#source,
    });
    return this.#started;
  }
}
