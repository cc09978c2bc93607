import { ReplicateError } from '../index.ts';
import type { Batch } from '../index.ts';
import { commandLine, quoted } from './command-line.ts';
import { FailedRun } from './errors.ts';
import { checkWorkers } from './execution-options.ts';
import { toJson } from './json.ts';
import { type Outcome, outcomeOf } from './outputs.ts';
import { ThreadPool } from './pool.ts';
import { defaultFolder, openFolder, TIMING, writeResults } from './results-folder.ts';
import { runWithProgress } from './run-with-progress.ts';
import type { ScenarioOptions } from './scenario.ts';
import { type Timing, timingOf } from './timing.ts';
import { typicalRun } from './typical-run.ts';

export interface RunToFolderOptions extends ScenarioOptions {
  /** As the user named it. */
  readonly scenario: string;
  readonly workers: number;
  readonly out: string | undefined;
  readonly quiet: boolean;
}

/** Runs a batch to its folder of results: goes on from what is there, writes tables, charts and manifest. */
export async function runToFolder(
  batch: Batch,
  options: RunToFolderOptions,
): Promise<{ folder: string; outcome: Outcome; timing: Timing }> {
  const { workers } = options;
  checkWorkers(options);
  const started = performance.now();
  const folder = options.out ?? defaultFolder(batch);
  const journal = openFolder(folder, batch);
  if (journal.size > 0 && !options.quiet) {
    process.stderr.write(`Going on from ${journal.size} finished replicates in ${folder}\n`);
  }
  const pool = new ThreadPool(batch, workers);
  try {
    const result = await runWithProgress(batch, { pool, journal, quiet: options.quiet });
    const typical = await typicalRun(batch, result, { pool, quiet: options.quiet });
    const outcome = await outcomeOf(batch, result, { command: commandLine('run', options), typical });
    const timing = timingOf(batch, pool, performance.now() - started);
    journal.close();
    writeResults(folder, { ...outcome.files, [TIMING]: toJson(timing) });
    return { folder, outcome, timing };
  } catch (error) {
    throw repeatable(error, folder);
  } finally {
    await pool.close();
  }
}

/** A failed replicate with the command that repeats it alone; other errors as they are. */
function repeatable(error: unknown, folder: string): unknown {
  if (!(error instanceof ReplicateError)) return error;
  const { cell, replicate } = error.task;
  return new FailedRun(
    `${error.message}\nRepeat it alone with: cascade replay ${quoted(folder)} --cell ${cell} --replicate ${replicate}`,
    { cause: error },
  );
}
