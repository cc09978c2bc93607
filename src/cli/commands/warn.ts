import type { CommandModule } from 'yargs';
import { earlyWarning, LEVEL, WARNING_SIGNS } from '../../index.ts';
import { InputError } from '../errors.ts';
import { readFinishedRun } from '../finished-run.ts';
import type { FinishedRun } from '../finished-run.ts';
import { toJson } from '../json.ts';
import { ProgressBar } from '../progress.ts';
import { warningsInWords } from '../warning-view.ts';

interface WarnOptions {
  readonly folder: string;
  readonly folds: number;
  readonly permutations: number;
  readonly seed: string | undefined;
  readonly level: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** `cascade warn`: how well what could be seen before the shock predicts how severe a cascade becomes. */
export const warn: CommandModule<object, WarnOptions> = {
  command: 'warn <folder>',
  describe: 'How well funding, open interest over depth, crowding … before the shock predict severity',
  builder: (y) =>
    y
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'A finished run, with the arms off and closed',
      })
      .option('folds', { type: 'number', default: 5, describe: 'Parts of the cross-validation' })
      .option('permutations', { type: 'number', default: 100, describe: 'Of the severities, as a placebo' })
      .option('seed', {
        type: 'string',
        describe: 'Of folds, resamples and permutations (default: that of the run)',
      })
      .option('level', { type: 'number', default: LEVEL, describe: 'Confidence of each interval' })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON document, numbers unrounded' })
      .option('quiet', { type: 'boolean', default: false, describe: 'No progress on stderr' })
      .example('$0 run scenarios/early-warning.yaml --out results/early', 'then:')
      .example('$0 warn results/early', ''),
  handler: async ({ folder, folds, permutations, seed, level, json, quiet }) => {
    refuse(folds, permutations, level);
    const run = await readFinishedRun(folder);
    refuseOlder(folder, run);
    const { runs, title } = run;
    const bar = new ProgressBar({ quiet, what: 'predictions' });
    const found = earlyWarning(runs, {
      ...{ folds, permutations, level },
      seed: seed ?? run.seed,
      onProgress: (progress) => bar.update(progress),
    });
    bar.stop();
    if (found === undefined) {
      throw new InputError(
        `${folder} cannot be judged: it needs the arms off and closed, and in every cell at least ${folds} replicates (--folds)`,
      );
    }
    process.stdout.write(
      json ? toJson({ title, folder, ...found }) : warningsInWords(found, { title, folder }),
    );
  },
};

function refuse(folds: number, permutations: number, level: number): void {
  if (!(Number.isInteger(folds) && folds >= 2))
    throw new InputError(`--folds is ${folds}, expected a whole number from 2 on`);
  if (!(Number.isInteger(permutations) && permutations >= 20))
    throw new InputError(`--permutations is ${permutations}, expected a whole number from 20 on`);
  if (!(level > 0.5 && level < 1))
    throw new InputError(`--level is ${level}, expected a confidence above 0.5 and below 1`);
}

/** Results of an older version may lack a sign. */
function refuseOlder(folder: string, { runs }: FinishedRun): void {
  const columns = runs.columnNames();
  const missing = WARNING_SIGNS.find((sign) => !columns.includes(sign));
  if (missing !== undefined)
    throw new InputError(
      `${folder} has no column ${missing}: an older version wrote it. Run its scenario again`,
    );
}
