import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CommandModule } from 'yargs';
import { importLeverageTiers } from '../../index.ts';
import type { ImportedTable, TierImport } from '../../index.ts';
import { EXIT } from '../errors.ts';
import { writeFileAtomically } from '../files.ts';
import { toJson } from '../json.ts';
import { readJson } from '../tier-files.ts';

interface ImportOptions {
  readonly file: string;
  readonly out: string;
  readonly venue: string;
  readonly source: string | undefined;
  readonly date: string;
  readonly rule: TierImport['rule'];
  readonly json: boolean;
}

/** `cascade tiers import <file>`: the leverage tiers of an exchange as ccxt returns them, a file a symbol. */
export const importTiers: CommandModule<object, ImportOptions> = {
  command: 'import <file>',
  describe: 'Write one table a symbol from what fetchLeverageTiers of ccxt returned',
  builder: (y) =>
    y
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'JSON: a map from symbol to its list of tiers',
      })
      .option('out', { type: 'string', default: 'tiers', describe: 'Folder to write to' })
      .option('venue', { type: 'string', default: '', describe: 'Begins the names of the files' })
      .option('source', {
        type: 'string',
        describe: 'Where the tiers are from (default: the name of the file)',
      })
      .option('date', { type: 'string', default: '', describe: 'Date of the tiers' })
      .option('rule', {
        choices: ['marginal-tiers', 'whole-position-tiers'] as const,
        default: 'marginal-tiers' as const,
        describe: 'Whether a rate holds for the part of a position inside its tier, or for all of it',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document' })
      .example('$0 tiers import leverage-tiers.json --venue ours --out tiers', '')
      .example('$0 tiers --from tiers', 'what has been imported'),
  handler: ({ file, out, venue, source, date, rule, json }) => {
    const { tables, refused } = importLeverageTiers(readJson(file), file, {
      venue,
      source: source ?? `leverage tiers in the shape of ccxt, ${basename(file)}`,
      asOf: date,
      rule,
    });
    const written = tables.map((table) => ({ symbol: table.symbol, ...write(table, out) }));
    if (json) process.stdout.write(toJson({ written, refused }));
    else {
      for (const { symbol, path, did } of written) process.stdout.write(`${symbol}: ${path} (${did})\n`);
      for (const { symbol, why } of refused) process.stderr.write(`${symbol}: refused, ${why}\n`);
    }
    if (tables.length === 0) process.exitCode = EXIT.badInput;
  },
};

/** A table that is there already is replaced when it says something else, and left alone when it does not. */
function write(
  { file, text }: ImportedTable,
  folder: string,
): { path: string; did: 'new' | 'replaced' | 'unchanged' } {
  const path = join(folder, file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (before !== text) writeFileAtomically(path, text);
  return { path, did: before === undefined ? 'new' : before === text ? 'unchanged' : 'replaced' };
}
