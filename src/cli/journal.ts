import { appendFileSync, closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Task, TaskResult } from '../index.ts';
import { InputError } from './errors.ts';
import { OutputError, outputError, writeFileAtomically } from './files.ts';
import { decodeResult, encodeResult } from './result-line.ts';

/** What has to be equal for finished replicates to be used again. */
interface Identity {
  /** Version of the program. */
  readonly version: string;
  /** Hash of the scenario as run. */
  readonly scenario: string;
}

/**
 * The finished replicates of a batch, one line each, in the order in which they finished. A process that is killed
 * leaves at worst half a last line, which is dropped when the journal is opened again.
 *
 * ```
 * {"version":"0.1.0","scenario":"9f…"}
 * {"cell":0,"replicate":0,"rows":[…]}
 * {"cell":1,"replicate":0,"rows":[…]}
 * ```
 */
export class Journal {
  readonly #path: string;
  readonly #identity: Identity;
  readonly #results: Map<string, TaskResult>;
  readonly #file: number;

  private constructor(path: string, identity: Identity, results: readonly TaskResult[]) {
    this.#path = path;
    this.#identity = identity;
    this.#results = new Map(results.map((result) => [keyOf(result.task), result]));
    this.#file = orOutputError(path, () => openSync(path, 'a'));
  }

  /** Begins a journal, or goes on with the one that is there. Throws an `InputError` when that one is of another run. */
  static open(path: string, identity: Identity): Journal {
    const stored = readJournal(path);
    if (stored === undefined) {
      writeFileAtomically(path, `${JSON.stringify(identity)}\n`);
      return new Journal(path, identity, []);
    }
    for (const key of ['version', 'scenario'] as const) {
      if (stored.identity[key] !== identity[key]) {
        throw new InputError(
          `${dirname(path)} holds a run with another ${key} (${stored.identity[key]}, this is ${identity[key]}).` +
            ` Choose another folder with --out, or remove that one`,
        );
      }
    }
    orOutputError(path, () => truncateSync(path, stored.wholeBytes));
    return new Journal(path, identity, stored.results);
  }

  get size(): number {
    return this.#results.size;
  }

  find(task: Task): TaskResult | undefined {
    return this.#results.get(keyOf(task));
  }

  /** Adds a finished replicate; it is in the file when this returns. */
  append(result: TaskResult): void {
    orOutputError(this.#path, () => appendFileSync(this.#file, `${encodeResult(result)}\n`));
    this.#results.set(keyOf(result.task), result);
  }

  /** Puts the lines into the order of cells and replicates, so that the file no longer tells who finished first. */
  close(): void {
    closeSync(this.#file);
    const lines = [...this.#results.values()]
      .sort((a, b) => a.task.cell - b.task.cell || a.task.replicate - b.task.replicate)
      .map(encodeResult);
    writeFileAtomically(this.#path, [JSON.stringify(this.#identity), ...lines, ''].join('\n'));
  }
}

/** What a journal holds; undefined when there is none or it stops within its first line. */
export function readJournal(
  path: string,
): { identity: Identity; results: TaskResult[]; wholeBytes: number } | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw outputError('read', path, error);
  }
  // What follows the last line end is torn.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [header, ...lines] = whole.split('\n').slice(0, -1);
  if (header === undefined) return undefined;
  try {
    return {
      identity: JSON.parse(header) as Identity,
      results: lines.map((line) => decodeResult(line)),
      wholeBytes: Buffer.byteLength(whole),
    };
  } catch (error) {
    throw new OutputError(`${path} is damaged. Remove its folder or choose another one with --out`, {
      cause: error,
    });
  }
}

function keyOf({ cell, replicate }: Task): string {
  return `${cell}/${replicate}`;
}

function orOutputError<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw outputError('write', path, error);
  }
}
