import {
  appendFileSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  truncateSync,
} from 'node:fs';
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

/** What a journal keeps, as lines. */
export interface JournalLines<Result, Key> {
  keyOf(result: Result): Key;
  /** Tells keys apart. */
  nameOf(key: Key): string;
  encode(result: Result): string;
  /** Throws for a line that is not whole. */
  decode(line: string): Result;
  /** The order in which a finished journal has its lines. */
  compare(a: Result, b: Result): number;
}

const REPLICATES: JournalLines<TaskResult, Task> = {
  keyOf: ({ task }) => task,
  nameOf: ({ cell, replicate }) => `${cell}/${replicate}`,
  encode: encodeResult,
  decode: decodeResult,
  compare: (a, b) => a.task.cell - b.task.cell || a.task.replicate - b.task.replicate,
};

/**
 * The finished replicates of a batch, or the answers of a study, one line each, in the order in which they finished. A process that is killed
 * leaves at worst half a last line, which is dropped when the journal is opened again.
 *
 * ```
 * {"version":"0.1.0","scenario":"9f…"}
 * {"cell":0,"replicate":0,"rows":[…]}
 * {"cell":1,"replicate":0,"rows":[…]}
 * ```
 */
export class Journal<Result = TaskResult, Key = Task> {
  readonly #path: string;
  readonly #identity: Identity;
  readonly #lines: JournalLines<Result, Key>;
  readonly #results: Map<string, Result>;
  readonly #file: number;

  private constructor(
    path: string,
    identity: Identity,
    lines: JournalLines<Result, Key>,
    results: readonly Result[],
  ) {
    this.#path = path;
    this.#identity = identity;
    this.#lines = lines;
    this.#results = new Map(results.map((result) => [lines.nameOf(lines.keyOf(result)), result]));
    this.#file = orOutputError(path, () => openSync(path, 'a'));
  }

  /** Begins a journal, or goes on with the one that is there. Throws an `InputError` when that one is of another run. */
  static open(path: string, identity: Identity): Journal {
    return Journal.openWith(REPLICATES, path, identity);
  }

  /** The same for other lines. */
  static openWith<Result, Key>(
    lines: JournalLines<Result, Key>,
    path: string,
    identity: Identity,
  ): Journal<Result, Key> {
    const stored = readLines(lines, path);
    if (stored === undefined) {
      writeFileAtomically(path, `${JSON.stringify(identity)}\n`);
      return new Journal(path, identity, lines, []);
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
    return new Journal(path, identity, lines, stored.results);
  }

  get size(): number {
    return this.#results.size;
  }

  find(key: Key): Result | undefined {
    return this.#results.get(this.#lines.nameOf(key));
  }

  /** Adds a finished result; it is in the file when this returns, or nothing of it when this throws. */
  append(result: Result): void {
    orOutputError(this.#path, () => {
      const { size } = fstatSync(this.#file);
      try {
        appendFileSync(this.#file, `${this.#lines.encode(result)}\n`);
      } catch (error) {
        // On a full disk a part may be there, to which the next line would be glued.
        ftruncateSync(this.#file, size);
        throw error;
      }
    });
    this.#results.set(this.#lines.nameOf(this.#lines.keyOf(result)), result);
  }

  /** Puts the lines into their order, of cells and replicates, so that the file no longer tells who finished first. */
  close(): void {
    closeSync(this.#file);
    const lines = [...this.#results.values()]
      .sort((a, b) => this.#lines.compare(a, b))
      .map((result) => this.#lines.encode(result));
    writeFileAtomically(this.#path, [JSON.stringify(this.#identity), ...lines, ''].join('\n'));
  }
}

/** What a journal holds; undefined when there is none or it stops within its first line. */
export function readJournal(path: string): StoredLines<TaskResult> | undefined {
  return readLines(REPLICATES, path);
}

interface StoredLines<Result> {
  readonly identity: Identity;
  readonly results: Result[];
  readonly wholeBytes: number;
}

function readLines<Result, Key>(
  format: JournalLines<Result, Key>,
  path: string,
): StoredLines<Result> | undefined {
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
      results: lines.map((line) => format.decode(line)),
      wholeBytes: Buffer.byteLength(whole),
    };
  } catch (error) {
    throw new OutputError(`${path} is damaged. Remove its folder or choose another one with --out`, {
      cause: error,
    });
  }
}

function orOutputError<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw outputError('write', path, error);
  }
}
