import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Batch } from '../index.ts';
import { writeFileAtomically } from './files.ts';
import { listenForInterrupt } from './interrupt.ts';
import { Journal } from './journal.ts';
import type { JournalLines } from './journal.ts';
import { VERSION } from './package.ts';
import { ThreadPool } from './pool.ts';
import type { Question } from './pool.ts';
import { ProgressBar } from './progress.ts';
import { checkFolder, SCENARIO } from './results-folder.ts';
import { hashOf, nameOf } from './scenario.ts';

/** Asks a worker, or the journal if it has the answer. Equal keys have equal requests. */
export type Ask = (question: Question, key: string, request: object) => Promise<unknown>;

/** What a study is about and where it goes. */
export interface StudySettings {
  readonly batch: Batch;
  /** The command and everything that its answers depend on besides the scenario. */
  readonly name: string;
  readonly settings: object;
  readonly workers: number;
  readonly out: string | undefined;
  readonly quiet: boolean;
  /** What the progress bar counts. */
  readonly counts: string;
}

/** A study whose answers are known. */
export interface FinishedStudy<Findings> {
  readonly folder: string;
  /** Undefined when it was interrupted. */
  readonly findings: Findings | undefined;
}

const ANSWERS = 'answers.ndjson';

interface Answer {
  readonly key: string;
  readonly answer: unknown;
}

/** JSON with the numbers that it lacks. */
const LINES: JournalLines<Answer, string> = {
  keyOf: ({ key }) => key,
  nameOf: (key) => key,
  encode: (answer) =>
    JSON.stringify(answer, (_, value: unknown) => (isOutside(value) ? String(value) : value)),
  decode: (line) =>
    JSON.parse(line, (_, value: unknown) =>
      value === 'Infinity' || value === '-Infinity' || value === 'NaN' ? Number(value) : value,
    ) as Answer,
  compare: (a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)),
};

/**
 * Conducts a study: a program that asks workers, now and then depending on what they answered before. Answers are kept in a
 * journal, so that the same study goes on where it was interrupted; the answers, not who gives them or when, decide the findings.
 */
export async function conduct<Findings>(
  { batch, name, settings, workers, out, quiet, counts }: StudySettings,
  study: (ask: Ask) => Promise<Findings>,
): Promise<FinishedStudy<Findings>> {
  const identity = createHash('sha256')
    .update(JSON.stringify([hashOf(batch), name, settings]))
    .digest('hex');
  const folder = out ?? join('results', nameOf(batch), `${name}-${identity.slice(0, 8)}`);
  const journal = Journal.openWith(LINES, checkFolder(folder, ANSWERS), {
    version: VERSION,
    scenario: identity,
  });
  if (journal.size > 0 && !quiet) {
    process.stderr.write(`Going on from ${journal.size} finished ${counts} in ${folder}\n`);
  }
  writeFileAtomically(join(folder, SCENARIO), batch.source);
  const pool = new ThreadPool(batch, workers);
  const bar = new ProgressBar({ quiet, what: counts });
  const interrupt = listenForInterrupt();
  const turns = new Turns(workers);
  let [asked, done] = [0, 0];

  const ask: Ask = async (question, key, request) => {
    asked++;
    const known = journal.find(key);
    if (known !== undefined) {
      done++;
      return known.answer;
    }
    return turns.take(async () => {
      if (interrupt.aborted) throw new Interrupted();
      const answer = await pool.ask(question, request);
      journal.append({ key, answer });
      bar.update({ done: ++done, planned: asked });
      return answer;
    });
  };
  try {
    return { folder, findings: await study(ask) };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { folder, findings: undefined };
  } finally {
    await turns.end();
    bar.stop();
    interrupt.release();
    journal.close();
    await pool.close();
  }
}

class Interrupted extends Error {}

/** Lets so many things happen at once; the others wait in the order in which they came. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take<Value>(act: () => Promise<Value>): Promise<Value> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const running = act();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  /** Waits for what is under way. */
  async end(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

function isOutside(value: unknown): value is number {
  return typeof value === 'number' && !Number.isFinite(value);
}
