import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import {
  analyse,
  batchFrom,
  METRICS,
  RANGE_FORM,
  rangeFrom,
  RandomSource,
  RESPONSES,
  ScenarioError,
  sensitivityChart,
  settingAt,
  VOCABULARY,
} from '../../index.ts';
import type { Analysis, Batch, Model, Range } from '../../index.ts';
import { drawn } from '../chart-files.ts';
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
import type { PointRequest } from '../worker.ts';

interface SensitivityOptions extends ScenarioOptions, ExecutionOptions {
  readonly scenario: string;
  readonly vary: readonly string[];
  readonly response: string;
  readonly trajectories: number;
  readonly keep: number;
  readonly rows: number;
}

/** Replicates at each point unless asked otherwise. */
const REPLICATES = 4;

/** `cascade sensitivity`: Morris screening, then Sobol indices of what survives it. */
export const sensitivity: CommandModule<object, SensitivityOptions> = {
  command: 'sensitivity <scenario>',
  describe: 'Which parameters matter: Morris screening, then Sobol indices of those that survive it',
  builder: (y) =>
    y
      .positional('scenario', { type: 'string', demandOption: true, describe: 'Scenario file' })
      .options(SCENARIO_OPTIONS)
      .option('vary', {
        type: 'string',
        array: true,
        default: [],
        describe: `A parameter and its range (repeatable): ${RANGE_FORM}`,
      })
      .option('response', {
        type: 'string',
        default: 'excess_drawdown',
        describe:
          'What it is sensitive to: excess_drawdown (closed less off, in pairs) or a metric of the closed arm',
      })
      .option('trajectories', { type: 'number', default: 10, describe: 'Walks of the screening' })
      .option('keep', { type: 'number', default: 3, describe: 'Most parameters that go on to the indices' })
      .option('rows', {
        type: 'number',
        default: 32,
        describe: 'Rows of the design of the indices; 0: screening only',
      })
      .options(EXECUTION_OPTIONS)
      .example(
        '$0 sensitivity scenarios/x.yaml --vary exchange.mark.every=0.1s..3s:log --vary shocks.dump.notional=10M..30M',
        '',
      ),
  handler: async (options) => {
    const { ranges, question, replicates } = checked(options);
    const batch = loadScenario(options.scenario, { ...options, replicates: undefined });
    if (batch.cells.length > 1) {
      throw new InputError(
        `${batch.file} sweeps ${batch.cells.length} cells, expected one. Add: --set sweep={} --set expect=[]`,
      );
    }
    tryCorners(batch, ranges);
    const { seed } = batch.cells[0].scenario;
    const { response } = options;
    const settings = { ranges, question, replicates, response };
    const { folder, findings } = await conduct(
      { ...options, batch, name: 'sensitivity', settings, counts: 'replicates' },
      (ask) => {
        const model: Model = async (point) => {
          const set = ranges.map((range, i) => settingAt(range, point[i]));
          const ofReplicate = async (replicate: number): Promise<number> => {
            const request: PointRequest = { settings: set, replicate, response };
            return (await ask('point', `${set.join(' ')} ${replicate}`, request)) as number;
          };
          return Float64Array.from(
            await Promise.all(Array.from({ length: replicates }, (_, r) => ofReplicate(r))),
          );
        };
        return analyse(model, question, new RandomSource(seed).child('sensitivity'));
      },
    );
    if (findings === undefined) {
      process.exitCode = EXIT.interrupted;
      return;
    }
    const names = ranges.map(({ path }) => path);
    const unit = METRICS.find(({ name }) => name === response)?.unit ?? 'bp';
    const spec = sensitivityChart({
      title: batch.title,
      seed,
      response,
      unit,
      names,
      replicates,
      analysis: findings,
    });
    const report = { response, unit, seed, replicates, ...question, ranges, ...inFull(findings, names) };
    const files = { ...(await drawn('sensitivity', spec)), 'sensitivity.json': toJson(report) };
    for (const [name, data] of Object.entries(files)) writeFileAtomically(join(folder, name), data);
    process.stdout.write(
      options.json
        ? toJson({ ...report, folder })
        : inWords(findings, { names, response, unit, seed, replicates, folder }),
    );
  },
};

function checked({
  vary,
  response,
  trajectories,
  keep,
  rows,
  replicates = REPLICATES,
  workers,
}: SensitivityOptions) {
  checkWorkers({ workers });
  if (vary.length === 0) throw new InputError(`--vary is missing: name parameters as ${RANGE_FORM}`);
  const ranges = vary.map((text) => {
    const range = rangeFrom(text);
    if (range === undefined) throw new InputError(`--vary ${text}: expected ${RANGE_FORM}`);
    return range;
  });
  if (!RESPONSES.includes(response)) {
    throw new InputError(
      `--response is ${response}, expected excess_drawdown or a metric of: cascade describe metrics`,
    );
  }
  const question = {
    parameters: ranges.length,
    trajectories: wholeNumber('trajectories', trajectories, 2, 10_000),
    keep: wholeNumber('keep', keep, 1, 100),
    rows: rows === 0 ? 0 : wholeNumber('rows', rows, 4, 100_000),
  };
  return { ranges, question, replicates: wholeNumber('replicates', replicates, 2, 100_000) };
}

/** Both ends of every range make a scenario, before anything is run. */
function tryCorners(batch: Batch, ranges: readonly Range[]): void {
  for (const range of ranges)
    for (const share of [0, 1]) {
      const setting = settingAt(range, share);
      try {
        batchFrom(batch, VOCABULARY, { set: [setting] });
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        throw new InputError(`--vary ${range.path}: ${error.message}`);
      }
    }
}

function inFull({ screening, survivors, indices }: Analysis, names: readonly string[]): object {
  return {
    screening: screening.map((effects, i) => ({ parameter: names[i], ...effects })),
    survivors: survivors.map((i) => names[i]),
    indices: indices && {
      ...indices,
      parameters: indices.parameters.map((found, at) => ({ parameter: names[survivors[at]], ...found })),
    },
  };
}

function inWords(
  { screening, survivors, indices }: Analysis,
  {
    names,
    response,
    unit,
    seed,
    replicates,
    folder,
  }: {
    names: readonly string[];
    response: string;
    unit: string;
    seed: string;
    replicates: number;
    folder: string;
  },
): string {
  const interval = ({ estimate, low, high }: { estimate: number; low: number; high: number }): string =>
    `${threeDigits(estimate)} [${threeDigits(low)}, ${threeDigits(high)}]`;
  const head = ['parameter', `μ* (${unit})`, 'σ', 'noise μ*', ''];
  const screened = screening.map(({ muStar, sigma, noise }, i) => [
    ...[names[i], interval(muStar), threeDigits(sigma), threeDigits(noise)],
    survivors.includes(i) ? 'survives' : '',
  ]);
  const { n } = screening[0].muStar;
  const lines = [
    plainTable(head, screened, { right: head.slice(1, 4) }),
    '',
    `Morris: change of ${response} over a parameter's range; ${n} trajectories, 95 % BCa intervals over them. Noise: what randomness alone would give.`,
  ];
  if (indices !== undefined) {
    const found = indices.parameters.map(({ first, total }, at) => [
      ...[names[survivors[at]], interval(first), interval(total)],
    ]);
    const columns = ['parameter', 'first order', 'total'];
    lines.push(
      '',
      plainTable(columns, found, { right: columns.slice(1) }),
      '',
      `Sobol: shares of the variance over the ranges, the other parameters in the middle of theirs; ${indices.parameters[0].first.n} rows, 95 % BCa intervals over them.`,
      `Noise floor: at most ${threeDigits(100 * indices.noise)} % of that variance is left of the seeds. Of the variance of one replicate ${threeDigits(100 * indices.seedShare)} % is the seed's own.`,
    );
  } else if (survivors.length === 0)
    lines.push('No parameter stands out from the noise: no indices. Take more --replicates or wider ranges.');
  return [
    ...lines,
    `At each point replicates 0 to ${replicates - 1} of seed ${seed}; the intervals are over points, and take the replicates as they are.`,
    folder,
    '',
  ].join('\n');
}
