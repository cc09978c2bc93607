import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv, Options } from 'yargs';
import { ARMS } from '../index.ts';
import type { Arm, Batch, Task } from '../index.ts';
import { InputError } from './errors.ts';
import { ThreadPool } from './pool.ts';
import { ProgressBar } from './progress.ts';
import { SCENARIO } from './results-folder.ts';
import { loadScenario, SCENARIO_OPTIONS } from './scenario.ts';
import type { ScenarioOptions } from './scenario.ts';
import type { Retold } from './worker.ts';

/** Options of the commands that look at one run. */
export interface OneRunOptions extends ScenarioOptions {
  readonly from: string;
  readonly cell: number | undefined;
  readonly where: readonly string[];
  readonly replicate: number;
  readonly arm: Arm;
  readonly quiet: boolean;
}

const OPTIONS = {
  cell: { type: 'number', describe: 'Which cell, by its number' },
  where: {
    type: 'string',
    array: true,
    default: [],
    describe: 'Which cell, by its place on an axis: mark=last-trade (repeatable)',
  },
  replicate: { type: 'number', default: 0, describe: 'Which replicate' },
  arm: { choices: ARMS, default: 'closed' as const, describe: 'Which arm' },
  ...SCENARIO_OPTIONS,
  quiet: { type: 'boolean', default: false, describe: 'No progress on stderr' },
} as const satisfies Record<string, Options>;

/** Declares them, and the positional `from`. */
export function withOneRunOptions<Others>(yargs: Argv<Others>) {
  return yargs
    .positional('from', {
      type: 'string',
      demandOption: true,
      describe: 'A folder of results, or a scenario file',
    })
    .options(OPTIONS);
}

/** The run that is meant. */
export interface ChosenRun {
  /** Of the folder of results, or of the scenario file. */
  readonly batch: Batch;
  readonly task: Task;
  readonly arm: Arm;
}

/** Finds it, or throws an `InputError` that tells what there is to choose from. */
export function chosenRun(options: OneRunOptions): ChosenRun {
  const { from, replicate, arm } = options;
  const batch = loadScenario(isFolder(from) ? scenarioIn(from) : from, options);
  const task = { cell: cellOf(batch, options), replicate };
  if (!Number.isInteger(replicate) || replicate < 0)
    throw new InputError(`--replicate is ${replicate}, expected a whole number, at least 0`);
  const { arms } = batch.cells[task.cell].scenario.measure;
  if (!arms.includes(arm))
    throw new InputError(`--arm is ${arm}, but the scenario runs ${arms.join(', ')} only`);
  return { batch, task, arm };
}

/** Simulates it again with its full record, and all arms in short where `arms` are asked for. */
export async function retell(
  { batch, task, arm }: ChosenRun,
  { quiet, events = false, arms = false }: { quiet: boolean; events?: boolean; arms?: boolean },
): Promise<Retold> {
  const pool = new ThreadPool(batch, 1);
  const progress = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const bar = new ProgressBar({ quiet, what: '' });
  const look = setInterval(() => bar.update({ done: Atomics.load(progress, 0), planned: 1_000 }), 250);
  try {
    return await pool.detail({ task, arm, events, arms, progress });
  } finally {
    clearInterval(look);
    bar.stop();
    await pool.close();
  }
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function scenarioIn(folder: string): string {
  const file = join(folder, SCENARIO);
  if (existsSync(file)) return file;
  throw new InputError(
    `${folder} has no ${SCENARIO}: no results of a run. Name such a folder, or a scenario file`,
  );
}

/** The one cell that is meant. */
function cellOf({ cells }: Batch, { cell, where }: OneRunOptions): number {
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
