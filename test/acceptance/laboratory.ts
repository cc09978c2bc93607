import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Laboratory } from '../../src/run/validation/laboratory.ts';
import type { Effort } from '../../src/run/validation/laboratory.ts';
import { VOCABULARY } from '../../src/run/vocabulary.ts';
import { loadBatch } from '../../src/world/scenario.ts';
import type { Batch, Scenario, Vocabulary } from '../../src/world/scenario.ts';
import { SCENARIOS } from '../fixtures/scenarios/folder.ts';

export { runWorld } from '../../src/run/validation/laboratory.ts';

/** The scenarios that ship. */
export const FOLDER = SCENARIOS;
const onDisk = {
  read: (path: string) => readFileSync(path, 'utf8'),
  resolve: (from: string, relative: string) => resolve(dirname(from), relative),
};

/**
 * A scenario file of the product, e.g. `limits/wave.yaml`, with settings as on the command line. `instead` are texts to be read in
 * the place of files.
 */
export function batchOf(
  file: string,
  settings: readonly string[] = [],
  instead: Readonly<Record<string, string>> = {},
): Batch {
  const texts = new Map(Object.entries(instead).map(([name, text]) => [resolve(FOLDER, name), text]));
  const read = (path: string): string => texts.get(path) ?? onDisk.read(path);
  return loadBatch(resolve(FOLDER, file), { ...onDisk, read }, VOCABULARY, { set: settings });
}

/** Its only cell (its first, if it sweeps). */
export function scenarioOf(file: string, settings: readonly string[] = []): Scenario {
  return batchOf(file, settings).cells[0].scenario;
}

/** Where the checks of `cascade validate` run. `off`: factor on what each of them perturbs. */
export function laboratory(effort: Effort, off = 1): Laboratory {
  return new Laboratory({ folder: FOLDER, files: onDisk, effort, off });
}

/** The first cell of a scenario that exists only here. `written` is what a file would hold. */
export function scenarioFrom(written: object, vocabulary: Vocabulary = VOCABULARY): Scenario {
  const file = resolve(FOLDER, 'in-memory.yaml');
  const read = (path: string): string => (path === file ? JSON.stringify(written) : onDisk.read(path));
  return loadBatch(file, { ...onDisk, read }, vocabulary).cells[0].scenario;
}

/** Many of them at once, which is faster; what only shows when a world is built shows when it is run. */
export function scenariosFrom(written: readonly object[]): Scenario[] {
  const paths = written.map((_, i) => resolve(FOLDER, `in-memory-${i}.yaml`));
  const texts = new Map(paths.map((path, i) => [path, JSON.stringify(written[i])]));
  const file = resolve(FOLDER, 'in-memory.yaml');
  texts.set(file, JSON.stringify({ sweep: { 'extends.scenario': Object.fromEntries(paths.entries()) } }));
  const { tryOut: _, ...words } = VOCABULARY;
  const read = (path: string): string => texts.get(path) ?? onDisk.read(path);
  return loadBatch(file, { ...onDisk, read }, words).cells.map(({ scenario }) => scenario);
}
