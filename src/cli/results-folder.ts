import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../index.ts';
import { InputError } from './errors.ts';
import { writeFileAtomically } from './files.ts';
import { Journal } from './journal.ts';
import { VERSION } from './package.ts';
import { hashOf, nameOf } from './scenario.ts';

export const JOURNAL = 'replicates.ndjson';
export const SCENARIO = 'scenario.yaml';
export const MANIFEST = 'manifest.json';
export const TIMING = 'timing.json';

/** A file of results by its path inside the folder of the run. */
export type ResultFiles = Readonly<Record<string, string | Uint8Array>>;

/** Where a run goes unless `--out` says otherwise: the same run has the same folder, and two different ones do not share any. */
export function defaultFolder(batch: Batch, question = ''): string {
  const seed = batch.cells[0].scenario.seed.replaceAll(/[^\w.-]/g, '_');
  return join('results', nameOf(batch), `${question}${hashOf(batch).slice(0, 8)}-seed${seed}`);
}

/**
 * Opens the folder of a run: empty, or one in which the same run was begun before. Throws an `InputError` for a folder
 * that holds anything else. From here on the folder can be replayed from. `question` tells apart what keeps other things of the
 * same replicates.
 */
export function openFolder(folder: string, batch: Batch, question = ''): Journal {
  const journal = checkFolder(folder, JOURNAL);
  const opened = Journal.open(journal, { version: VERSION, scenario: `${hashOf(batch)}${question}` });
  writeFileAtomically(join(folder, SCENARIO), batch.source);
  return opened;
}

/** Path of the journal in a folder that is empty or has it already. Throws an `InputError` for any other. */
export function checkFolder(folder: string, name: string): string {
  const journal = join(folder, name);
  if (folder === '' || (existsSync(folder) && !statSync(folder).isDirectory())) {
    throw new InputError(
      `--out is ${folder === '' ? 'empty' : `${folder}, which is no folder`}; name a folder`,
    );
  }
  if (!existsSync(journal) && existsSync(folder) && readdirSync(folder).length > 0) {
    throw new InputError(`${folder} holds other files than results. Choose another folder with --out`);
  }
  return journal;
}

/**
 * Writes the files of a run, the manifest last: where there is a manifest, the files beside it are those it speaks of.
 */
export function writeResults(folder: string, { [MANIFEST]: manifest, ...files }: ResultFiles): void {
  rmSync(join(folder, MANIFEST), { force: true });
  for (const [name, data] of Object.entries(files)) writeFileAtomically(join(folder, name), data);
  writeFileAtomically(join(folder, MANIFEST), manifest);
}
