import { ScenarioError } from '../index.ts';
import { OutputError } from './files.ts';

/** What the program says to whoever called it. */
export const EXIT = {
  done: 0,
  /** The scenario, an option or a name is wrong. */
  badInput: 1,
  /** A replicate failed, a file could not be written, or a replay did something else than the run. */
  failed: 2,
  /** A line under `expect` in the scenario does not hold. */
  unmetExpectation: 3,
  /** What was looked for is not there, such as a fund that is large enough. */
  notFound: 3,
  interrupted: 130,
} as const;

/** Something the user wrote on the command line is wrong. The message says what to do. */
export class InputError extends Error {
  override name = 'InputError';
}

/** A run that could not go on, with what to do about it; the cause is attached. */
export class FailedRun extends Error {
  override name = 'FailedRun';
}

/** Tells about an error on stderr, in one line where the user can do something about it. Returns the exit code. */
export function explain(error: unknown, verbose: boolean): number {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ScenarioError || error instanceof InputError) {
    process.stderr.write(`${message}\n`);
    return EXIT.badInput;
  }
  if (error instanceof OutputError || error instanceof FailedRun) {
    process.stderr.write(`${message}\n`);
  } else {
    process.stderr.write(
      `This is a bug in cascade-lab: ${message}\n` +
        'Please report it with the command, the scenario and what --verbose prints.\n',
    );
  }
  if (verbose && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`);
  return EXIT.failed;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
