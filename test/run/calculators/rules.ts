import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadVenue, marginTableFrom, VOCABULARY } from '../../../src/index.ts';
import type { MarginTable, ScenarioFiles, Venue } from '../../../src/index.ts';

const SCENARIOS = join(import.meta.dirname, '../../../scenarios');
const DISK: ScenarioFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  resolve: (from, relative) => join(dirname(from), relative),
};

/** The rules of a preset, with these settings. */
export function venue(name: string, ...set: string[]): Venue {
  return loadVenue(join(SCENARIOS, 'venues', `${name}.yaml`), DISK, VOCABULARY, { set });
}

/** A margin table that ships. */
export function table(name: string): MarginTable {
  const json = JSON.parse(readFileSync(join(SCENARIOS, 'tiers', `${name}.json`), 'utf8')) as unknown;
  return marginTableFrom(json, (path) => ({ file: name, line: 0, column: 0, path: path.join('.') }));
}
