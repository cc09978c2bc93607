import { check } from '../base/schema.ts';
import type { Parameter } from '../base/parameters.ts';
import { venueSchema, type Vocabulary } from './scenario-schema.ts';
import { readSource, type ScenarioFiles } from './scenario-source.ts';
import { firstOf, withMarginTable } from './scenario.ts';
import { childOf, emptyMap, plain, withEntry } from './yaml-tree.ts';

/** The rules of a venue as a preset says them: a scenario file without people and events. */
export type Venue = ReturnType<typeof venueSchema> extends Parameter<infer Value> ? Value : never;

/**
 * Reads the contract, the index and the exchange of a preset or of a whole scenario, whatever else is in the file. `set` are settings
 * as on the command line. Throws `ScenarioError`.
 */
export function loadVenue(
  file: string,
  files: ScenarioFiles,
  vocabulary: Vocabulary,
  { set = [] }: { readonly set?: readonly string[] } = {},
): Venue {
  const { tree, files: opened } = readSource(file, files, set);
  const sections = ['contract', 'index', 'exchange'].reduce((map, key) => {
    const entry = childOf(tree, key);
    return entry === undefined ? map : withEntry(map, key, entry);
  }, emptyMap(tree.at));
  const result = check(venueSchema(vocabulary), plain(sections));
  if ('faults' in result) throw firstOf(result.faults, sections, opened);
  const { exchange } = result.value;
  return {
    ...result.value,
    exchange: { ...exchange, margin: withMarginTable(exchange.margin, [], sections) },
  };
}
