import { availableParallelism } from 'node:os';
import type { Options } from 'yargs';
import { InputError } from './errors.ts';

/** Options of every command that simulates a batch: none of them changes a result. */
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
  out: { type: 'string', describe: 'Folder for the results (default: results/<scenario>/<run>)' },
  json: { type: 'boolean', default: false, describe: 'One JSON document on stdout, numbers unrounded' },
  quiet: { type: 'boolean', default: false, describe: 'No progress and no notes on stderr' },
} as const satisfies Record<string, Options>;

/** More threads than this only take memory. */
const MOST_WORKERS = 256;

export function checkWorkers({ workers }: Pick<ExecutionOptions, 'workers'>): void {
  if (Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS) return;
  throw new InputError(`--workers is ${workers}, expected a whole number from 1 to ${MOST_WORKERS}`);
}
