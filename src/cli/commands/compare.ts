import { existsSync, statSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { ESTIMANDS, findEstimand, METRICS, suggestion, tournament } from '../../index.ts';
import type { Estimand, Results, Tournament } from '../../index.ts';
import { EXECUTION_OPTIONS } from '../execution-options.ts';
import type { ExecutionOptions } from '../execution-options.ts';
import { EXIT, InputError } from '../errors.ts';
import { readFinishedRun } from '../finished-run.ts';
import { toJson } from '../json.ts';
import { runToFolder } from '../run-to-folder.ts';
import { loadScenario, SCENARIO_OPTIONS } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario.ts';
import { tournamentInWords } from '../tournament-view.ts';

interface CompareOptions extends ScenarioOptions, ExecutionOptions {
  readonly from: string;
  readonly metric: string;
  readonly axis: string | undefined;
  readonly best: 'lowest' | 'highest';
  readonly level: number;
}

/** `cascade compare`: the designs of a sweep against each other on equal seeds, from finished results or a scenario. */
export const compare: CommandModule<object, CompareOptions> = {
  command: 'compare <from>',
  describe: 'Rank the designs of a sweep on equal seeds, with simultaneous intervals and regret',
  builder: (y) =>
    y
      .positional('from', {
        type: 'string',
        demandOption: true,
        describe: 'A folder of results, or a scenario file, which is run first',
      })
      .option('metric', {
        type: 'string',
        default: 'excess_drawdown',
        describe: 'Any estimand or metric, e.g. amplification, ruin, fund_used',
      })
      .option('axis', { type: 'string', describe: 'The axis of designs (default: the first of the sweep)' })
      .option('best', {
        choices: ['lowest', 'highest'] as const,
        default: 'lowest' as const,
        describe: 'Which end of the metric is the good one',
      })
      .option('level', { type: 'number', default: 0.95, describe: 'Confidence of all intervals together' })
      .options(SCENARIO_OPTIONS)
      .options(EXECUTION_OPTIONS)
      .example('$0 compare results/mark-designs/0a1b2c3d-seed7', 'designs by the drawdown they add')
      .example('$0 compare scenarios/mark-designs.yaml --metric amplification --axis mark', 'run it first'),
  handler: async (options) => {
    const estimand = estimandNamed(options.metric);
    if (!(options.level > 0.5 && options.level < 1)) {
      throw new InputError(`--level is ${options.level}, expected a confidence above 0.5 and below 1`);
    }
    const folder = await finishedFolder(options);
    if (folder === undefined) {
      process.stderr.write('Interrupted: nothing is compared. The same command goes on from here\n');
      process.exitCode = EXIT.interrupted;
      return;
    }
    const { runs, seed, title } = await readFinishedRun(folder);
    const axis = axisNamed(options.axis, runs);
    const { best, level } = options;
    const found = tournament(runs, { estimand, axis, seed, best, level });
    refuseUnranked(found, estimand);
    process.stdout.write(
      options.json ? toJson({ title, folder, ...found }) : tournamentInWords(found, { title, folder }),
    );
  },
};

/** The folder itself, or that of the scenario's run; undefined when that run was interrupted. */
async function finishedFolder(options: CompareOptions): Promise<string | undefined> {
  const { from, set, replicates, seed } = options;
  if (!existsSync(from) || !statSync(from).isDirectory()) {
    const { folder, outcome } = await runToFolder(loadScenario(from, options), {
      ...options,
      scenario: from,
    });
    return outcome.interrupted ? undefined : folder;
  }
  if (set.length > 0 || replicates !== undefined || seed !== undefined) {
    throw new InputError(
      `${from} is a folder of finished results: --set, --replicates and --seed change none`,
    );
  }
  return from;
}

function estimandNamed(metric: string): Estimand {
  const names = [...ESTIMANDS, ...METRICS].map(({ name }) => name);
  const estimand = findEstimand(metric);
  if (estimand) return estimand;
  const { hint } = suggestion(metric, names);
  throw new InputError(
    `--metric is ${metric}, expected an estimand or a metric; see cascade describe metrics. ${hint ?? ''}`.trimEnd(),
  );
}

/** The axis asked for, else the first of the sweep. It needs two labels, or there is nothing to compare. */
function axisNamed(asked: string | undefined, runs: Results['runs']): string {
  const columns = runs.columnNames();
  const axes = columns.slice(1, columns.indexOf('replicate'));
  const axis = asked ?? axes[0];
  if (axis === undefined)
    throw new InputError('The results have one cell only: sweep over designs to compare');
  if (!axes.includes(axis)) {
    throw new InputError(`--axis is ${axis}, expected one of ${axes.join(', ')}`);
  }
  if (new Set(runs.array(axis) as string[]).size < 2) {
    throw new InputError(`The axis ${axis} has one value only; the axes are ${axes.join(', ')}`);
  }
  return axis;
}

function refuseUnranked(
  found: Tournament | undefined,
  { name, inputs }: Estimand,
): asserts found is Tournament {
  if (found === undefined) {
    const arms = [...new Set(inputs.map(({ arm }) => arm))].join(' and ');
    throw new InputError(`${name} needs the arms ${arms}, which were not all run`);
  }
  if (found.n < 2) {
    throw new InputError(`The cells have ${found.n} replicates in common: a comparison needs 2, better 40`);
  }
}
