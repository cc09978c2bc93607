import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { ARMS, toParquet } from '../../index.ts';
import type { Arm, Batch, RunDetail, Task } from '../../index.ts';
import { EXIT, InputError } from '../errors.ts';
import { writeFileAtomically } from '../files.ts';
import { readJournal } from '../journal.ts';
import { ThreadPool } from '../pool.ts';
import { JOURNAL, SCENARIO } from '../results-folder.ts';
import { loadScenario, SCENARIO_OPTIONS } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario.ts';

interface ReplayOptions extends ScenarioOptions {
  readonly from: string;
  readonly cell: number | undefined;
  readonly where: readonly string[];
  readonly replicate: number;
  readonly arm: Arm;
  readonly out: string | undefined;
}

/** `cascade replay`: one run again with every event written down, compared with the stored one by its fingerprint. */
export const replay: CommandModule<object, ReplayOptions> = {
  command: 'replay <from>',
  describe: 'Simulate one replicate again, with its full event log, and check it against the results',
  builder: (y) =>
    y
      .positional('from', {
        type: 'string',
        demandOption: true,
        describe: 'A folder of results, or a scenario file',
      })
      .option('cell', { type: 'number', describe: 'Which cell, by its number' })
      .option('where', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Which cell, by its place on an axis: mark=last-trade (repeatable)',
      })
      .option('replicate', { type: 'number', default: 0, describe: 'Which replicate' })
      .option('arm', { choices: ARMS, default: 'closed' as const, describe: 'Which arm' })
      .option('out', {
        type: 'string',
        describe: 'Folder to write to (default: replay/<run> in the results)',
      })
      .options(SCENARIO_OPTIONS)
      .example('$0 replay results/mark-designs/0a1b2c3d-seed1 --where mark=last-trade --replicate 17', ''),
  handler: async (options) => {
    const isFolder = existsSync(options.from) && statSync(options.from).isDirectory();
    const batch = loadScenario(isFolder ? join(options.from, SCENARIO) : options.from, options);
    const task = { cell: cellOf(batch, options), replicate: options.replicate };
    const detail = await simulate(batch, task, options.arm);
    const name = `cell${task.cell}-replicate${task.replicate}-${options.arm}`;
    const folder = options.out ?? join(isFolder ? options.from : 'results', 'replay', name);
    write(folder, detail);

    const stored = isFolder ? storedFingerprint(options.from, task, options.arm) : undefined;
    const { fingerprint } = detail.row;
    process.stdout.write(`${name}: fingerprint ${fingerprint}, ${inWords(stored, fingerprint)}\n${folder}\n`);
    process.exitCode = stored === undefined || stored === fingerprint ? EXIT.done : EXIT.failed;
  },
};

function inWords(stored: string | undefined, fingerprint: string): string {
  if (stored === undefined) return 'nothing stored to compare with';
  return stored === fingerprint ? 'the same as the stored run' : `NOT the stored run, which has ${stored}`;
}

async function simulate(batch: Batch, task: Task, arm: Arm): Promise<RunDetail> {
  if (!Number.isInteger(task.replicate) || task.replicate < 0) {
    throw new InputError(`--replicate is ${task.replicate}, expected a whole number, at least 0`);
  }
  const pool = new ThreadPool(batch, 1);
  try {
    return await pool.detail({ task, arm, events: true });
  } finally {
    await pool.close();
  }
}

function write(folder: string, { paths, liquidations, events }: RunDetail): void {
  const tables = { paths, liquidations, ...(events === undefined ? {} : { events }) };
  for (const [name, table] of Object.entries(tables)) {
    writeFileAtomically(join(folder, `${name}.parquet`), toParquet(table));
  }
}

function storedFingerprint(folder: string, { cell, replicate }: Task, arm: Arm): string | undefined {
  return readJournal(join(folder, JOURNAL))
    ?.results.find(({ task }) => task.cell === cell && task.replicate === replicate)
    ?.rows.find((row) => row.arm === arm)?.fingerprint;
}

/** The one cell that is meant. */
function cellOf({ cells }: Batch, { cell, where }: ReplayOptions): number {
  const wanted = where.map((place) => {
    const [axis, ...label] = place.split('=');
    return { axis, label: label.join('=') };
  });
  const found = cells.filter(
    ({ index, labels }) =>
      (cell === undefined || index === cell) && wanted.every(({ axis, label }) => labels[axis] === label),
  );
  if (found.length === 1) return found[0].index;
  const choices = cells.map(({ index, labels }) => `  ${index}  ${inLabels(labels)}`);
  throw new InputError(
    `${found.length === 0 ? 'No cell is' : `${found.length} cells are`} meant by that. Choose with --cell or --where:\n${choices.join('\n')}`,
  );
}

function inLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([axis, label]) => `${axis}=${label}`)
    .join(', ');
}
