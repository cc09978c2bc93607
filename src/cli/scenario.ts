import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import type { Options } from 'yargs';
import { loadBatch, VOCABULARY } from '../index.ts';
import type { Batch, ScenarioFiles } from '../index.ts';
import { PACKAGE_ROOT } from './package.ts';

/** Options of every command that loads a scenario. */
export interface ScenarioOptions {
  readonly set: readonly string[];
  readonly replicates: number | undefined;
  readonly seed: string | undefined;
}

export const SCENARIO_OPTIONS = {
  set: {
    type: 'string',
    array: true,
    default: [],
    describe: 'Change a value of the scenario, e.g. --set exchange.mark.every=1s (repeatable)',
  },
  replicates: {
    type: 'number',
    describe: 'Exactly this many replicates a cell, instead of the stopping rule of the scenario',
  },
  seed: { type: 'string', describe: 'Another seed than the one of the scenario' },
} as const satisfies Record<string, Options>;

/**
 * Loads a scenario file with the changes asked for on the command line. Throws `ScenarioError`. Without `tryOut` no world is built of
 * its cells, which takes time where they are many.
 */
export function loadScenario(
  file: string,
  { set, replicates, seed }: ScenarioOptions,
  { tryOut = true } = {},
): Batch {
  const changes = [
    ...set,
    ...(replicates === undefined
      ? []
      : [`measure.replicates.atLeast=${replicates}`, `measure.replicates.atMost=${replicates}`]),
    ...(seed === undefined ? [] : [`seed=${JSON.stringify(seed)}`]),
  ];
  const { tryOut: _, ...words } = VOCABULARY;
  return loadBatch(findScenario(file), DISK, tryOut ? VOCABULARY : words, { set: changes });
}

/** `mark-designs` for `scenarios/mark-designs.yaml`. */
export function nameOf(batch: Batch): string {
  return basename(batch.file, extname(batch.file));
}

/** Tells scenarios as run apart: SHA-256 of everything the scenario says, after merging and changes. */
export function hashOf(batch: Batch): string {
  return createHash('sha256').update(batch.source).digest('hex');
}

export const DISK: ScenarioFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  resolve: (from, relative) => (isAbsolute(relative) ? relative : join(dirname(from), relative)),
};

/** A file as it was given, else one of the scenarios that come with the package: `scenarios/x.yaml` or just `x`. */
export function findScenario(file: string): string {
  const packaged = [file, join('scenarios', `${file}.yaml`)].map((path) => join(PACKAGE_ROOT, path));
  return [file, ...packaged].find((path) => existsSync(path)) ?? file;
}
