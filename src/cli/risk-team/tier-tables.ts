import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { findScenario } from '../scenario.ts';
import { TIER_FOLDER } from '../tier-files.ts';

/** The path of margin tiers in a scenario. */
export const TIERS_PATH = 'exchange.margin.tiers';

/**
 * The change of a scenario that sweeps over these tier tables, the first being what the others are compared with. Each is a file, or
 * one that ships by its name in scenarios/tiers; it is called by its file's name.
 */
export function sweepOfTables(tables: readonly string[], scenario: string): string {
  const from = dirname(findScenario(scenario));
  const named = new Map<string, string>();
  for (const table of tables) {
    const name = basename(table, '.json');
    if (named.has(name)) throw new InputError(`--tiers names ${name} twice. Give the files different names`);
    named.set(name, relative(from, resolve(findTable(table))));
  }
  return sweepOfTiers([...named]);
}

/**
 * The change that sweeps over tiers, by name, in this order. Written out entry by entry: an object puts names that look like whole
 * numbers first, whatever order they were given in.
 */
export function sweepOfTiers(named: readonly (readonly [name: string, tiers: unknown])[]): string {
  const entries = named.map(([name, tiers]) => `${JSON.stringify(name)}: ${JSON.stringify(tiers)}`);
  return `sweep.${TIERS_PATH}={ ${entries.join(', ')} }`;
}

function findTable(table: string): string {
  const shipped = join(TIER_FOLDER, table.endsWith('.json') ? table : `${table}.json`);
  const places = isAbsolute(table) ? [table] : [table, shipped];
  const found = places.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new InputError(
    `There is no tier table ${table}: neither a file nor one of those that ship. See: cascade tiers`,
  );
}
