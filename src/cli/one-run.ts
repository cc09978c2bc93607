import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from 'yargs';
import type { Arm, Batch, RunDetail, RunRow, Task } from '../index.ts';
import { InputError } from './errors.ts';
import { ThreadPool } from './pool.ts';
import { SCENARIO } from './results-folder.ts';
import { loadScenario } from './scenario.ts';
import type { ScenarioOptions } from './scenario.ts';

/** Options of the commands that look at one replicate. */
export interface CellOptions {
  readonly cell: number | undefined;
  readonly where: readonly string[];
  readonly replicate: number;
}

export const CELL_OPTIONS = {
  cell: { type: 'number', describe: 'Which cell, by its number' },
  where: {
    type: 'string',
    array: true,
    default: [],
    describe: 'Which cell, by its place on an axis: mark=last-trade (repeatable)',
  },
  replicate: { type: 'number', default: 0, describe: 'Which replicate' },
} as const satisfies Record<string, Options>;

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** The batch of a folder of results, or of a scenario file. */
export function loadFrom(from: string, options: ScenarioOptions): Batch {
  return loadScenario(isFolder(from) ? join(from, SCENARIO) : from, options);
}

/** Simulates one arm again with its full record, and all arms in short where `arms` are asked for. */
export async function detailOf(
  batch: Batch,
  task: Task,
  arm: Arm,
  { events = false, arms = false } = {},
): Promise<{ readonly detail: RunDetail; readonly rows: readonly RunRow[] }> {
  if (!Number.isInteger(task.replicate) || task.replicate < 0) {
    throw new InputError(`--replicate is ${task.replicate}, expected a whole number, at least 0`);
  }
  const pool = new ThreadPool(batch, 1);
  try {
    const detail = await pool.detail({ task, arm, events });
    return { detail, rows: arms ? (await pool.run(task)).rows : [] };
  } finally {
    await pool.close();
  }
}

/** The one cell that is meant. */
export function cellOf({ cells }: Batch, { cell, where }: CellOptions): number {
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
