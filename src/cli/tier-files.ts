import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { marginTableFrom, suggestion } from '../index.ts';
import type { MarginTable } from '../index.ts';
import { InputError } from './errors.ts';
import { outputError } from './files.ts';
import { PACKAGE_ROOT } from './package.ts';
import { venueNames, whyNoTable } from './venues.ts';

/** A tier table on disk; the file is named `<venue>-<contract>.json`. */
export interface TierFile {
  readonly venue: string;
  readonly contract: string;
  readonly path: string;
  readonly table: MarginTable;
}

/** The tables that ship with the package. */
export const TIER_FOLDER = join(PACKAGE_ROOT, 'scenarios', 'tiers');

/** Every table in a folder, by file name. Throws for one that does not hold together, naming its row. */
export function tierFilesIn(folder: string): readonly TierFile[] {
  if (!existsSync(folder)) throw new InputError(`There is no folder ${folder}`);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const stem = basename(name, '.json');
      const hyphen = stem.indexOf('-');
      const path = join(folder, name);
      return {
        venue: hyphen < 0 ? '' : stem.slice(0, hyphen),
        contract: stem.slice(hyphen + 1),
        path,
        table: readTable(path),
      };
    });
}

/**
 * The table of a contract: named as in the file, as the venue writes it, or as one of the contracts of a group. Case and
 * punctuation do not matter. Throws an `InputError` with a suggestion.
 */
export function findTierFile(files: readonly TierFile[], venue: string, contract: string): TierFile {
  const ofVenue = filesOfVenue(files, venue);
  const found =
    ofVenue.find((file) => alike(file.contract, contract) || alike(file.table.symbol, contract)) ??
    ofVenue.find((file) => file.table.members.some((member) => alike(member, contract)));
  if (found !== undefined) return found;
  const known = ofVenue.flatMap((file) => [file.contract, ...file.table.members]);
  throw unknown(`table of ${ofVenue[0].venue}`, contract, known);
}

/**
 * Whether two names that find this table are surely those of one contract. A table of a group holds for many; one of a single rate
 * may, without naming them.
 */
export function isSameContract({ table }: TierFile, a: string, b: string): boolean {
  if (table.members.length > 0) return table.members.some((member) => alike(member, a) && alike(member, b));
  return table.rule !== 'oi-scaled' && !(table.rule === 'marginal-tiers' && table.table.tiers.length === 1);
}

/** The tables of a venue, by its name, the beginning of one, or a preset of its rules; at least one. Throws an `InputError` with a suggestion. */
export function filesOfVenue(files: readonly TierFile[], venue: string): readonly TierFile[] {
  const venues = [...new Set(files.map((file) => file.venue))];
  const named =
    venues.find((one) => alike(one, venue)) ??
    (isPreset(venue) ? venues.find((one) => plain(venue).startsWith(plain(one))) : undefined) ??
    onlyOne(venues.filter((one) => plain(venue) !== '' && plain(one).startsWith(plain(venue))));
  const why = named === undefined ? whyNoTable(venue) : undefined;
  if (why !== undefined) {
    const own = `${plain(venue)}-<contract>.json`;
    throw new InputError(
      `There is no margin table of ${venue}: ${why}. Put one of your own into a folder as ${own} and name the folder with --from`,
    );
  }
  if (named === undefined) throw unknown('venue', venue, venues);
  return files.filter((file) => file.venue === named);
}

/** JSON of a file. Throws an `OutputError` for one that cannot be read and an `InputError` for one that is no JSON. */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw outputError('read', path, error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(`${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function readTable(path: string): MarginTable {
  return marginTableFrom(readJson(path), (at) => ({ file: path, line: 0, column: 0, path: at.join('.') }));
}

function isPreset(venue: string): boolean {
  return venueNames().some((name) => alike(name, venue));
}

function onlyOne<Item>(found: readonly Item[]): Item | undefined {
  return found.length === 1 ? found[0] : undefined;
}

function alike(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function unknown(what: string, name: string, known: readonly string[]): InputError {
  const begins = known.find((one) => plain(name) !== '' && plain(one).startsWith(plain(name)));
  const hint = begins === undefined ? suggestion(name.toLowerCase(), known).hint : `Did you mean ${begins}?`;
  return new InputError(`There is no ${what} ${name}. ${hint ?? `There are: ${known.join(', ')}`}`);
}
