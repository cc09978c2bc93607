import { join } from 'node:path';
import { ReplicateError } from '../../index.ts';
import type { Batch } from '../../index.ts';
import { quoted } from '../command-line.ts';
import { FailedRun, InputError } from '../errors.ts';
import type { ExecutionOptions } from '../execution-options.ts';
import type { Journal } from '../journal.ts';
import { ThreadPool } from '../pool.ts';
import { defaultFolder, openFolder } from '../results-folder.ts';
import { loadScenario } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario.ts';

/** Options of every question of a risk team. */
export type QuestionOptions = ScenarioOptions & ExecutionOptions & { readonly scenario: string };

/**
 * The scenario with what the question changes: a fixed number of replicates (as many as asked for, else the most that the scenario would
 * run), of the closed arm alone, and nothing expected.
 */
export function loadForQuestion(
  options: QuestionOptions,
  changes: readonly string[] = [],
  how: { readonly tryOut?: boolean } = {},
): Batch {
  const { replicates, scenario, ...others } = options;
  if (replicates !== undefined && (!Number.isInteger(replicates) || replicates < 1))
    throw new InputError(`--replicates is ${replicates}, expected a whole number of at least 1`);
  const set = ['expect=[]', ...options.set, ...changes];
  const most = (): number => {
    const [{ scenario: first }] = loadScenario(
      scenario,
      { ...others, set, replicates: undefined },
      how,
    ).cells;
    return first.measure.replicates.atMost;
  };
  const n = replicates ?? most();
  const fixed = ['measure.arms=[closed]', `measure.replicates={ atLeast: ${n}, atMost: ${n} }`];
  return loadScenario(scenario, { ...others, set: [...set, ...fixed], replicates: undefined }, how);
}

/** Where the results of a question go. */
export function questionFolder(question: string, batch: Batch, { out }: ExecutionOptions): string {
  return out ?? defaultFolder(batch, `${question}-`);
}

/**
 * Threads and a journal for a batch of a question, in a part of its folder. A question asked again, also after Ctrl-C, goes on from
 * what the journal has.
 */
export async function withThreads<Answer>(
  batch: Batch,
  { folder, options }: { folder: string; options: ExecutionOptions },
  work: (pool: ThreadPool, journal: Journal) => Promise<Answer>,
): Promise<Answer> {
  const journal = openFolder(folder, batch, '+risk');
  if (journal.size > 0 && !options.quiet)
    process.stderr.write(`Going on from ${journal.size} finished replicates in ${folder}\n`);
  const pool = new ThreadPool(batch, options.workers, { keepRisk: true });
  try {
    const answer = await work(pool, journal);
    journal.close();
    return answer;
  } catch (error) {
    if (!(error instanceof ReplicateError)) throw error;
    const { cell, replicate } = error.task;
    throw new FailedRun(
      `${error.message}\nRepeat it alone with: cascade replay ${quoted(folder)} --cell ${cell} --replicate ${replicate}`,
      { cause: error },
    );
  } finally {
    await pool.close();
  }
}

/** The part of a question's folder that holds one of its batches. */
export function partOf(folder: string, part: string): string {
  return join(folder, part);
}
