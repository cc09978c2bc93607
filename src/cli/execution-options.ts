import { availableParallelism } from 'node:os';
import type { Options } from 'yargs';
import { InputError } from './errors.ts';

/** Options of every command that simulates much: none of them changes a result. */
export interface ExecutionOptions {
  readonly workers: number;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const EXECUTION_OPTIONS = {
  workers: {
    type: 'number',
    default: availableParallelism(),
    describe: 'Threads; never changes the results',
  },
  out: { type: 'string', describe: 'Folder for the results (default: below results/)' },
  json: { type: 'boolean', default: false, describe: 'One JSON document on stdout, numbers unrounded' },
  quiet: { type: 'boolean', default: false, describe: 'No progress and no notes on stderr' },
} as const satisfies Record<string, Options>;

/** More threads than this only take memory. */
const MOST_WORKERS = 256;

/** Throws an `InputError` unless the option is a whole number in the range. */
export function wholeNumber(option: string, value: number, from: number, to: number): number {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new InputError(`--${option} is ${value}, expected a whole number from ${from} to ${to}`);
}

export function checkWorkers({ workers }: Pick<ExecutionOptions, 'workers'>): void {
  wholeNumber('workers', workers, 1, MOST_WORKERS);
}
