import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import type { Batch } from '../../index.ts';
import { EXIT } from '../errors.ts';
import { toJson } from '../json.ts';
import { inFull, inWords } from '../report.ts';
import { runToFolder, type RunToFolderOptions } from '../run-to-folder.ts';
import { loadScenario, SCENARIO_OPTIONS } from '../scenario.ts';

interface RunOptions extends RunToFolderOptions {
  readonly json: boolean;
}

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
    const batch = loadScenario(options.scenario, options);
    process.exitCode = await runAndReport(batch, options);
  },
};

async function runAndReport(batch: Batch, options: RunOptions): Promise<number> {
  const { folder, outcome, timing } = await runToFolder(batch, options);
  process.stdout.write(
    options.json ? toJson(inFull(batch, outcome, folder)) : inWords(batch, outcome, { folder, timing }),
  );
  if (outcome.interrupted) return EXIT.interrupted;
  return outcome.expectations.every(({ holds }) => holds) ? EXIT.done : EXIT.unmetExpectation;
}
