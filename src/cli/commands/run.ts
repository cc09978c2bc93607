import type { CommandModule } from 'yargs';
import type { Batch } from '../../index.ts';
import { EXECUTION_OPTIONS } from '../execution-options.ts';
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
      .options(EXECUTION_OPTIONS)
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
