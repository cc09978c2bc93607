import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Options } from 'yargs';
import { loadVenue, suggestion, VOCABULARY } from '../index.ts';
import type { Venue } from '../index.ts';
import { InputError } from './errors.ts';
import { PACKAGE_ROOT } from './package.ts';
import { DISK } from './scenario.ts';

/** Options of every command that asks what the rules of a venue come to. */
export const VENUE_OPTIONS = {
  venue: {
    type: 'string',
    demandOption: true,
    describe: 'A venue whose rules ship, or a scenario file with other rules',
  },
  set: {
    type: 'string',
    array: true,
    default: [],
    describe: 'Change a rule, e.g. --set exchange.mark.every=1s (repeatable)',
  },
} as const satisfies Record<string, Options>;

/** Where the presets are. */
export const VENUE_FOLDER = join(PACKAGE_ROOT, 'scenarios', 'venues');

/** The rules that ship for a venue, by its name or that of one of its contracts; or those of a file. */
export function findVenue(venue: string, set: readonly string[]): Venue {
  return loadVenue(fileOf(venue), DISK, VOCABULARY, { set });
}

/** The presets, by the names of their files. */
export function venueNames(): string[] {
  return readdirSync(VENUE_FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

/** Why there is no margin table of a venue whose rules ship; undefined where there is one, and of venues that nobody knows. */
export function whyNoTable(venue: string): string | undefined {
  const { venues } = JSON.parse(readFileSync(join(VENUE_FOLDER, 'sources.json'), 'utf8')) as {
    readonly venues: readonly { readonly preset: string; readonly noTable?: string }[];
  };
  const wanted = plain(venue);
  return venues.find(({ preset }) => wanted !== '' && plain(preset).startsWith(wanted))?.noTable;
}

function fileOf(venue: string): string {
  if (/\.ya?ml$/.test(venue) && existsSync(venue)) return venue;
  const names = venueNames();
  const wanted = plain(venue);
  const found =
    names.find((name) => plain(name) === wanted) ?? names.find((name) => plain(name).startsWith(wanted));
  if (found !== undefined && wanted !== '') return join(VENUE_FOLDER, `${found}.yaml`);
  const known = [...new Set(names.map((name) => name.split('-')[0])), ...names];
  const { hint } = suggestion(venue.toLowerCase(), known);
  throw new InputError(`There are no rules of ${venue}. ${hint ?? `There are: ${names.join(', ')}`}`);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
