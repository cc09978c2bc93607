import type { CommandModule } from 'yargs';
import { quantities, stressDifference, stressOf, tierCheckRows } from '../../index.ts';
import type { Batch, BatchResult, ImpactFigures } from '../../index.ts';
import { commandLine } from '../command-line.ts';
import { EXIT, InputError } from '../errors.ts';
import { checkWorkers, EXECUTION_OPTIONS } from '../execution-options.ts';
import { toJson } from '../json.ts';
import { loadForQuestion, questionFolder, withThreads } from '../risk-team/question.ts';
import type { QuestionOptions } from '../risk-team/question.ts';
import { stressFiles, stressInFull, stressInWords } from '../risk-team/stress-report.ts';
import type { StressedCell } from '../risk-team/stress-report.ts';
import { sweepOfTables, TIERS_PATH } from '../risk-team/tier-tables.ts';
import { writeResults } from '../results-folder.ts';
import { runWithProgress } from '../run-with-progress.ts';
import { SCENARIO_OPTIONS } from '../scenario.ts';

interface StressOptions extends QuestionOptions {
  readonly tiers: readonly string[];
  readonly tables: readonly string[];
  readonly volume: string | undefined;
  readonly volatility: string | undefined;
  readonly impact: number;
}

/** `cascade stress <scenario>`: what tier tables do to the fund, tier by tier, beside their closed-form check. */
export const stress: CommandModule<object, StressOptions> = {
  command: 'stress <scenario> [tables..]',
  describe: 'Fund exhaustion, ADL and losses by margin tier, for one tier table or several on equal seeds',
  builder: (y) =>
    y
      .positional('scenario', { type: 'string', demandOption: true, describe: 'Scenario file' })
      .positional('tables', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Further tables for --tiers',
      })
      .option('tiers', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Tier tables to compare: files, or names of those that ship; the first is the reference',
      })
      .option('volume', { type: 'string', describe: 'Traded in a day, for the check by square-root impact' })
      .option('volatility', { type: 'string', describe: 'Of a day, for the same' })
      .option('impact', { type: 'number', default: 1, describe: 'Its factor Y' })
      .options(SCENARIO_OPTIONS)
      .options(EXECUTION_OPTIONS)
      .example('$0 stress tier-stress --tiers today.json ours.json', 'two tables on the same replicates'),
  handler: async (options) => {
    checkWorkers(options);
    const impact = impactFrom(options);
    const tables = [...options.tiers, ...options.tables];
    const batch = loadForQuestion(
      options,
      tables.length === 0 ? [] : [sweepOfTables(tables, options.scenario)],
    );
    const folder = questionFolder('stress', batch, options);
    process.exitCode = await withThreads(batch, { folder, options }, async (pool, journal) => {
      const result = await runWithProgress(batch, { pool, journal, quiet: options.quiet });
      const cells = stressedCells(batch, result, impact);
      const command = commandLine('stress', options, [
        ...tables.flatMap((table) => ['--tiers', table]),
        ...(impact === undefined
          ? []
          : [
              '--volume',
              options.volume!,
              '--volatility',
              options.volatility!,
              '--impact',
              `${impact.factor}`,
            ]),
      ]);
      const answer = { batch, cells, interrupted: result.interrupted, folder, command, impact };
      writeResults(folder, await stressFiles(answer));
      process.stdout.write(options.json ? toJson(stressInFull(answer)) : stressInWords(answer));
      return result.interrupted ? EXIT.interrupted : EXIT.done;
    });
  },
};

/** Every cell that has replicates, with its difference from the cell of the first table. */
function stressedCells(batch: Batch, result: BatchResult, impact: ImpactFigures | undefined): StressedCell[] {
  const axis = batch.axes.find(({ path }) => path === TIERS_PATH);
  return result.cells
    .filter(({ replicates }) => replicates.length > 0)
    .map(({ cell, replicates }) => {
      const { labels, scenario } = batch.cells[cell];
      const stressed = stressOf(replicates);
      const check = tierCheckRows(
        scenario,
        { depthBefore: stressed.depthBefore.estimate, depthMinimum: stressed.depthMinimum.estimate },
        impact,
      );
      const reference =
        axis &&
        labels[axis.name] !== axis.labels[0] &&
        batch.cells.find((other) =>
          batch.axes.every(
            ({ name }) => other.labels[name] === (name === axis.name ? axis.labels[0] : labels[name]),
          ),
        );
      return {
        cell,
        labels,
        stress: stressed,
        ...(reference && {
          difference: stressDifference(replicates, result.cells[reference.index].replicates),
        }),
        ...(check && { check }),
      };
    });
}

function impactFrom({ volume, volatility, impact }: StressOptions): ImpactFigures | undefined {
  if (volume === undefined && volatility === undefined) return undefined;
  if (volume === undefined || volatility === undefined)
    throw new InputError('--volume and --volatility go together: give both, or neither');
  const read = (name: string, text: string, as: 'money' | 'share'): number => {
    const value = quantities[as].read(text);
    if (typeof value === 'number' && value > 0) return value;
    const expected = typeof value === 'number' ? 'more than 0' : value.expected;
    throw new InputError(`--${name} is ${text}, expected ${expected}`);
  };
  if (!(impact > 0)) throw new InputError(`--impact is ${impact}, expected more than 0`);
  return {
    volume: read('volume', volume, 'money'),
    volatility: read('volatility', volatility, 'share'),
    factor: impact,
  };
}
