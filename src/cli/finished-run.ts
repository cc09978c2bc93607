import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRuns } from '../index.ts';
import type { Results } from '../index.ts';
import { InputError } from './errors.ts';
import { OutputError } from './files.ts';
import { MANIFEST } from './results-folder.ts';

/** What a finished run says about itself, and a row for each of its runs. */
export interface FinishedRun {
  readonly title: string;
  readonly seed: string;
  readonly runs: Results['runs'];
}

/** Reads the folder of a finished run. Throws an `InputError` for any other folder, an `OutputError` for a damaged one. */
export async function readFinishedRun(folder: string): Promise<FinishedRun> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(`${folder} is no folder. Name one that cascade run has written`);
  if (!existsSync(join(folder, MANIFEST)))
    throw new InputError(`${folder} has no ${MANIFEST}: no finished run. Run its scenario with cascade run`);
  let reading = MANIFEST;
  try {
    const { runs, manifest } = await readRuns((name) => readFileSync(join(folder, (reading = name))));
    const { title, seed } = manifest;
    return { title: String(title), seed: String(seed), runs };
  } catch (error) {
    throw new OutputError(
      `${join(folder, reading)} is missing or damaged. Run its scenario again with --out ${folder}: what is in its journal is kept`,
      { cause: error },
    );
  }
}
