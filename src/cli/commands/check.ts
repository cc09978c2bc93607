import type { CommandModule } from 'yargs';
import { EXIT, explain } from '../errors.ts';
import { loadScenario, SCENARIO_OPTIONS } from '../scenario.ts';

interface CheckOptions {
  readonly files: readonly string[];
  readonly set: readonly string[];
  readonly verbose: boolean;
}

/** `cascade check <files..>`: whether scenarios are valid, without running them. */
export const check: CommandModule<object, CheckOptions> = {
  command: 'check <files..>',
  describe: 'Check scenario files without running them',
  builder: (y) =>
    y
      .positional('files', { type: 'string', array: true, demandOption: true, describe: 'Scenario files' })
      .option('set', SCENARIO_OPTIONS.set)
      .option('verbose', { type: 'boolean', default: false, hidden: true })
      .example('$0 check scenarios/*.yaml', 'one line a file'),
  handler: ({ files, set, verbose }) => {
    for (const file of files) {
      try {
        const { cells } = loadScenario(file, { set, replicates: undefined, seed: undefined });
        process.stdout.write(`${file}: ok, ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}\n`);
      } catch (error) {
        process.exitCode = Math.max(explain(error, verbose), Number(process.exitCode ?? EXIT.done));
      }
    }
  },
};
