import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { toParquet } from '../../index.ts';
import type { Arm, RunDetail, Task } from '../../index.ts';
import { EXIT } from '../errors.ts';
import { writeFileAtomically } from '../files.ts';
import { readJournal } from '../journal.ts';
import { chosenRun, isFolder, retell, withOneRunOptions } from '../one-run.ts';
import type { OneRunOptions } from '../one-run.ts';
import { JOURNAL } from '../results-folder.ts';

interface ReplayOptions extends OneRunOptions {
  readonly out: string | undefined;
}

/** `cascade replay`: one run again with every event written down, compared with the stored one by its fingerprint. */
export const replay: CommandModule<object, ReplayOptions> = {
  command: 'replay <from>',
  describe: 'Simulate one replicate again, with its full event log, and check it against the results',
  builder: (y) =>
    withOneRunOptions(y)
      .option('out', {
        type: 'string',
        describe: 'Folder to write to (default: replay/<run> in the results)',
      })
      .example('$0 replay results/mark-designs/0a1b2c3d-seed1 --where mark=last-trade --replicate 17', ''),
  handler: async (options) => {
    const hasResults = isFolder(options.from);
    const run = chosenRun(options);
    const { detail } = await retell(run, { quiet: options.quiet, events: true });
    const name = `cell${run.task.cell}-replicate${run.task.replicate}-${run.arm}`;
    const folder = options.out ?? join(hasResults ? options.from : 'results', 'replay', name);
    write(folder, detail);

    const stored = hasResults ? storedFingerprint(options.from, run.task, run.arm) : undefined;
    const { fingerprint } = detail.row;
    process.stdout.write(`${name}: fingerprint ${fingerprint}, ${inWords(stored, fingerprint)}\n${folder}\n`);
    process.exitCode = stored === undefined || stored === fingerprint ? EXIT.done : EXIT.failed;
  },
};

function inWords(stored: string | undefined, fingerprint: string): string {
  if (stored === undefined) return 'nothing stored to compare with';
  return stored === fingerprint ? 'the same as the stored run' : `NOT the stored run, which has ${stored}`;
}

function write(folder: string, { paths, liquidations, cascadeMap, events }: RunDetail): void {
  const tables = { paths, liquidations, 'cascade-map': { ...cascadeMap }, ...(events && { events }) };
  for (const [name, table] of Object.entries(tables)) {
    writeFileAtomically(join(folder, `${name}.parquet`), toParquet(table));
  }
}

function storedFingerprint(folder: string, { cell, replicate }: Task, arm: Arm): string | undefined {
  return readJournal(join(folder, JOURNAL))
    ?.results.find(({ task }) => task.cell === cell && task.replicate === replicate)
    ?.rows.find((row) => row.arm === arm)?.fingerprint;
}
