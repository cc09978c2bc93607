import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { estimateRare, findScore, RandomSource, SCORES } from '../../index.ts';
import type { Batch, RareEstimate, RareEvent, RunAnswer, Stopped } from '../../index.ts';
import { EXIT, InputError } from '../errors.ts';
import { writeFileAtomically } from '../files.ts';
import { threeDigits } from '../format.ts';
import { toJson } from '../json.ts';
import { plainTable } from '../plain-table.ts';
import { loadScenario, SCENARIO_OPTIONS } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario.ts';
import { conduct } from '../study.ts';
import { checkWorkers, EXECUTION_OPTIONS, wholeNumber } from '../execution-options.ts';
import type { ExecutionOptions } from '../execution-options.ts';
import type { ParticleRequest } from '../worker.ts';

interface RareOptions extends ScenarioOptions, ExecutionOptions {
  readonly scenario: string;
  readonly score: string;
  readonly at: number | undefined;
  readonly lead: number;
  readonly runs: number;
  readonly passes: number;
  readonly levels: string | undefined;
}

/** `cascade rare`: the probability of ruin, or of another rare event, by multilevel splitting. */
export const rare: CommandModule<object, RareOptions> = {
  command: 'rare <scenario>',
  describe: 'Probability of a rare event, such as ruin of the fund, by multilevel splitting',
  builder: (y) =>
    y
      .positional('scenario', { type: 'string', demandOption: true, describe: 'Scenario file' })
      .option('set', SCENARIO_OPTIONS.set)
      .option('seed', SCENARIO_OPTIONS.seed)
      .option('replicates', { hidden: true, type: 'number' })
      .option('score', {
        choices: SCORES.map(({ name }) => name),
        default: 'fund-drawdown',
        describe: SCORES.map(({ name, about }) => `${name}: ${about}`).join('; '),
      })
      .option('at', { type: 'number', describe: 'The score that is the event (fund-drawdown: 1, ruin)' })
      .option('lead', {
        type: 'number',
        default: 4,
        describe:
          'Looks that the last rise of the score is carried forward in choosing where to split; changes no probability',
      })
      .option('runs', { type: 'number', default: 100, describe: 'Runs from each level' })
      .option('passes', { type: 'number', default: 10, describe: 'Independent passes through all levels' })
      .option('levels', {
        type: 'string',
        describe: 'Scores to split at, e.g. 0.2,0.5,0.8 (default: chosen by a pilot)',
      })
      .options(EXECUTION_OPTIONS)
      .example(
        '$0 rare scenarios/limits/rare-busy-period.yaml --score liquidations --at 280',
        'a known 1e-5',
      ),
  handler: async (options) => {
    const { event, question } = checked(options);
    const batch = loadScenario(options.scenario, options);
    const settings = { event, question };
    const { folder, findings } = await conduct(
      { ...options, batch, name: 'rare', settings, counts: 'runs' },
      (ask) =>
        Promise.all(
          batch.cells.map(({ scenario }, cell) =>
            estimateRare<Stopped>(
              {
                run: async (request) => {
                  const asked: ParticleRequest = { cell, event, request };
                  const key = `${cell}/${request.number}/${request.level}`;
                  return (await ask('particle', key, asked)) as RunAnswer<Stopped>;
                },
              },
              question,
              new RandomSource(scenario.seed).child(`rare/cell/${cell}`),
            ),
          ),
        ),
    );
    if (findings === undefined) {
      process.exitCode = EXIT.interrupted;
      return;
    }
    const report = { event, ...question, cells: findings.map((found, cell) => inFull(batch, cell, found)) };
    writeFileAtomically(join(folder, 'rare.json'), toJson(report));
    process.stdout.write(
      options.json ? toJson({ ...report, folder }) : inWords(batch, findings, event, folder),
    );
  },
};

function checked({ score, at, lead, runs, passes, levels: written, workers, replicates }: RareOptions) {
  checkWorkers({ workers });
  if (replicates !== undefined) throw new InputError('--replicates: say --runs and --passes here');
  const target = at ?? findScore(score)?.target;
  if (target === undefined) throw new InputError(`--at is missing: which ${score} is the event?`);
  if (!(target > 0)) throw new InputError(`--at is ${target}, expected a number above 0`);
  if (!(lead >= 0 && lead <= 1_000))
    throw new InputError(`--lead is ${lead}, expected a number from 0 to 1000`);
  const levels = written?.split(',').map(Number);
  if (levels?.some((level, k) => !(level > (levels[k - 1] ?? -Infinity) && level < Infinity))) {
    throw new InputError(`--levels is ${written}, expected rising numbers such as 0.2,0.5,0.8`);
  }
  const event: RareEvent = { score, target, lead };
  const question = {
    effort: wholeNumber('runs', runs, 2, 100_000),
    passes: wholeNumber('passes', passes, 2, 1_000),
    ...(levels === undefined ? {} : { levels }),
  };
  return { event, question };
}

function inFull(batch: Batch, cell: number, found: RareEstimate): object {
  const { labels, scenario } = batch.cells[cell];
  return { labels, seed: scenario.seed, ...found, savings: savingsOf(found) };
}

/** By how much plain runs would be dearer for the same relative error, in events. */
function savingsOf({ plain, cost }: RareEstimate): number {
  return plain.cost / cost;
}

function inWords(
  batch: Batch,
  findings: readonly RareEstimate[],
  { score, target }: RareEvent,
  folder: string,
): string {
  const axes = batch.axes.map(({ name }) => name);
  const head = [
    ...axes,
    `P(${score} ≥ ${target})`,
    '95 % interval',
    'rel. error',
    'runs',
    'events',
    'plain runs',
    'saves',
  ];
  const rows = findings.map((found, cell) => [
    ...axes.map((axis) => batch.cells[cell].labels[axis]),
    scientific(found.estimate),
    `${scientific(found.low)} to ${scientific(found.high)}`,
    Number.isNaN(found.relativeError) ? '–' : `${(100 * found.relativeError).toFixed(0)} %`,
    String(found.runs),
    scientific(found.cost),
    scientific(found.plain.runs),
    `${threeDigits(savingsOf(found))}×`,
  ]);
  const [{ n, passes }] = findings;
  const levels = findings.map(({ levels }) => levels.slice(0, -1).map(threeDigits).join(', ') || 'none');
  return [
    plainTable(head, rows, { right: head.slice(axes.length) }),
    '',
    `Multilevel splitting: ${n} passes with ${passes[0].runs / passes[0].reached.length} runs a level, seed ${batch.cells[0].scenario.seed}; interval: Student's t on the logarithm, from the scatter of the passes.`,
    'It assumes independent passes, whose mean is about lognormal; few passes or few runs a level skew it.',
    `Levels (${score}, carried forward): ${[...new Set(levels)].join(' | ')}.`,
    'Plain runs: how many would give the same relative error; saves: their events over all events here, repeated pasts and pilot included.',
    ...(findings.some(({ estimate }) => estimate === 0)
      ? [
          'Where no pass came to the event, nothing is bounded: take more --runs, or a score that comes nearer.',
        ]
      : []),
    folder,
    '',
  ].join('\n');
}

function scientific(value: number): string {
  if (Number.isNaN(value)) return '–';
  return value !== 0 && (value < 0.001 || value >= 1e5) ? value.toExponential(2) : threeDigits(value);
}
