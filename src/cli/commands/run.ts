import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { ReplicateError } from '../../index.ts';
import type { Batch } from '../../index.ts';
import { EXIT, FailedRun, InputError } from '../errors.ts';
import { toJson } from '../json.ts';
import { outcomeOf } from '../outputs.ts';
import { ThreadPool } from '../pool.ts';
import { defaultFolder, openFolder, TIMING, writeResults } from '../results-folder.ts';
import { inFull, inWords } from '../report.ts';
import { runWithProgress } from '../run-with-progress.ts';
import { loadScenario, SCENARIO_OPTIONS } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario.ts';
import { timingOf } from '../timing.ts';
import { typicalTask } from '../typical-run.ts';

interface RunOptions extends ScenarioOptions {
  readonly scenario: string;
  readonly workers: number;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** More threads than this only take memory. */
const MOST_WORKERS = 256;

/** `cascade run [scenario]`: every cell of the sweep, to a table on stdout and a folder of results. */
export const run: CommandModule<object, RunOptions> = {
  command: 'run [scenario]',
  describe: 'Run a scenario: print the amplification of every cell, write tables and charts',
  builder: (y) =>
    y
      .positional('scenario', {
        type: 'string',
        default: 'scenarios/mark-designs.yaml',
        describe: 'Scenario file',
      })
      .options(SCENARIO_OPTIONS)
      .option('workers', {
        type: 'number',
        default: availableParallelism(),
        describe: 'Threads; never changes the results',
      })
      .option('out', {
        type: 'string',
        describe: 'Folder for the results (default: results/<scenario>/<run>)',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'One JSON document on stdout, numbers unrounded',
      })
      .option('quiet', { type: 'boolean', default: false, describe: 'No progress and no notes on stderr' })
      .example('$0 run', 'the default scenario: mark designs against shocks')
      .example('$0 run scenarios/x.yaml --replicates 10 --workers 4', 'a quick look')
      .example('$0 run --set exchange.mark.every=3s --out results/slow-mark', 'change one rule'),
  handler: async (options) => {
    if (!Number.isInteger(options.workers) || options.workers < 1 || options.workers > MOST_WORKERS) {
      throw new InputError(
        `--workers is ${options.workers}, expected a whole number from 1 to ${MOST_WORKERS}`,
      );
    }
    const batch = loadScenario(options.scenario, options);
    process.exitCode = await runAndReport(batch, options);
  },
};

async function runAndReport(batch: Batch, options: RunOptions): Promise<number> {
  const started = performance.now();
  const folder = options.out ?? defaultFolder(batch);
  const journal = openFolder(folder, batch);
  if (journal.size > 0 && !options.quiet) {
    process.stderr.write(`Going on from ${journal.size} finished replicates in ${folder}\n`);
  }
  const pool = new ThreadPool(batch, options.workers);
  try {
    const result = await runWithProgress(batch, { pool, journal, quiet: options.quiet });
    const task = typicalTask(batch, result);
    const typical = task && { task, detail: await pool.detail({ task, arm: 'closed', events: false }) };
    const outcome = await outcomeOf(batch, result, { command: commandOf(options), typical });
    const timing = timingOf(batch, pool, performance.now() - started);
    journal.close();
    writeResults(folder, { ...outcome.files, [TIMING]: toJson(timing) });
    process.stdout.write(
      options.json ? toJson(inFull(batch, outcome, folder)) : inWords(batch, outcome, { folder, timing }),
    );
    if (outcome.interrupted) return EXIT.interrupted;
    return outcome.expectations.every(({ holds }) => holds) ? EXIT.done : EXIT.unmetExpectation;
  } catch (error) {
    if (!(error instanceof ReplicateError)) throw error;
    const { cell, replicate } = error.task;
    throw new FailedRun(
      `${error.message}\nRepeat it alone with: cascade replay ${quoted(folder)} --cell ${cell} --replicate ${replicate}`,
      { cause: error },
    );
  } finally {
    await pool.close();
  }
}

/** The command that gives the same results again; what changes none of them (workers, folder, output) is left out. */
function commandOf({ scenario, set, replicates, seed }: RunOptions): string {
  return [
    `cascade run ${quoted(scenario)}`,
    ...set.map((change) => `--set ${quoted(change)}`),
    ...(replicates === undefined ? [] : [`--replicates ${replicates}`]),
    ...(seed === undefined ? [] : [`--seed ${quoted(seed)}`]),
  ].join(' ');
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
