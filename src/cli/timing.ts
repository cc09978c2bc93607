import { availableParallelism } from 'node:os';
import type { Batch } from '../index.ts';
import type { ThreadPool } from './pool.ts';

/** How a run went on this machine: the one file of results that differs from run to run. */
export interface Timing {
  readonly finished: string;
  readonly seconds: number;
  readonly workers: number;
  readonly cores: number;
  readonly node: string;
  readonly platform: string;
  /** Replicates that were simulated now, the rest having been finished before. */
  readonly simulated: number;
  readonly cells: readonly {
    readonly cell: number;
    readonly labels: Readonly<Record<string, string>>;
    readonly simulated: number;
    /** Seconds of one worker for one replicate in all its arms; null when none was simulated now. */
    readonly secondsPerReplicate: number | null;
  }[];
}

export function timingOf(batch: Batch, pool: ThreadPool, milliseconds: number): Timing {
  return {
    finished: new Date().toISOString(),
    seconds: milliseconds / 1_000,
    workers: pool.parallelism,
    cores: availableParallelism(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    simulated: pool.spent.reduce((sum, { replicates }) => sum + replicates, 0),
    cells: pool.spent.map(({ replicates, milliseconds: spent }, cell) => ({
      cell,
      labels: batch.cells[cell].labels,
      simulated: replicates,
      secondsPerReplicate: replicates === 0 ? null : spent / replicates / 1_000,
    })),
  };
}
