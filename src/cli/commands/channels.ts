import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { channelChart, channelEffects, METRICS, RandomSource, whyNoSwitchboard } from '../../index.ts';
import type { Batch, BatchResult, FactorialEffects, MetricName } from '../../index.ts';
import { drawn } from '../chart-files.ts';
import { EXIT, InputError } from '../errors.ts';
import { writeFileAtomically } from '../files.ts';
import { threeDigits } from '../format.ts';
import { toJson } from '../json.ts';
import { plainTable } from '../plain-table.ts';
import { ThreadPool } from '../pool.ts';
import { defaultFolder, openFolder } from '../results-folder.ts';
import { runWithProgress } from '../run-with-progress.ts';
import { loadScenario, SCENARIO_OPTIONS } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario.ts';
import { checkWorkers, EXECUTION_OPTIONS } from '../execution-options.ts';
import type { ExecutionOptions } from '../execution-options.ts';

interface ChannelOptions extends ScenarioOptions, ExecutionOptions {
  readonly scenario: string;
  readonly metric: string;
}

/** `cascade channels`: which channel makes the fall, by Shapley shares of a factorial. */
export const channels: CommandModule<object, ChannelOptions> = {
  command: 'channels [scenario]',
  describe: 'Which channels make a fall: main effects, interactions and Shapley shares of a factorial',
  builder: (y) =>
    y
      .positional('scenario', {
        type: 'string',
        default: 'scenarios/channels.yaml',
        describe:
          'Scenario file that sweeps over channels, each off and on in this order; the arms switch liquidations',
      })
      .options(SCENARIO_OPTIONS)
      .option('metric', { type: 'string', default: 'drawdown', describe: 'What the channels make' })
      .options(EXECUTION_OPTIONS)
      .example('$0 channels --replicates 20', ''),
  handler: async (options) => {
    checkWorkers(options);
    const metric = METRICS.find(({ name }) => name === options.metric);
    if (metric === undefined) {
      throw new InputError(`--metric is ${options.metric}, expected one of: cascade describe metrics`);
    }
    const batch = loadScenario(options.scenario, options);
    checkFactorial(batch);
    const folder = options.out ?? defaultFolder(batch);
    const result = await replicatesOf(batch, folder, options);
    if (result.interrupted) {
      process.exitCode = EXIT.interrupted;
      return;
    }
    const { seed } = batch.cells[0].scenario;
    const random = new RandomSource(seed).stream(`estimates/channels/${metric.name}`);
    const effects = channelEffects(batch, result.cells, { metric: metric.name, random });
    const spec = channelChart({ title: batch.title, seed, metric: metric.name, unit: metric.unit, effects });
    const report = { metric: metric.name, unit: metric.unit, seed, ...effects };
    const files = { ...(await drawn('channels', spec)), 'channels.json': toJson(report) };
    for (const [name, data] of Object.entries(files)) writeFileAtomically(join(folder, name), data);
    process.stdout.write(
      options.json
        ? toJson({ ...report, folder })
        : inWords(effects, { metric: metric.name, unit: metric.unit, seed, folder }),
    );
  },
};

function checkFactorial(batch: Batch): void {
  const missing = whyNoSwitchboard(batch);
  if (missing !== undefined) throw new InputError(`${batch.file}: expected ${missing}`);
  const { arms } = batch.cells[0].scenario.measure;
  if (!arms.includes('off') || !arms.includes('closed')) {
    throw new InputError(
      `${batch.file}: expected the arms off and closed, found ${arms.join(', ')}. Add: --set measure.arms=[off,closed]`,
    );
  }
}

/** Those of a run that are in the folder already, and the others. */
async function replicatesOf(
  batch: Batch,
  folder: string,
  { workers, quiet }: ChannelOptions,
): Promise<BatchResult> {
  const journal = openFolder(folder, batch);
  const pool = new ThreadPool(batch, workers);
  try {
    return await runWithProgress(batch, { pool, journal, quiet });
  } finally {
    journal.close();
    await pool.close();
  }
}

function inWords(
  { channels: found, interactions, total }: FactorialEffects,
  { metric, unit, seed, folder }: { metric: MetricName; unit: string; seed: string; folder: string },
): string {
  const interval = (
    { estimate, low, high }: { estimate: number; low: number; high: number },
    scale = 1,
  ): string => `${threeDigits(scale * estimate)} [${threeDigits(scale * low)}, ${threeDigits(scale * high)}]`;
  const head = ['channel', `main effect (${unit})`, `Shapley value (${unit})`, 'Shapley share (%)'];
  const rows = found.map(({ name, main, shapley, share }) => [
    ...[name, interval(main), interval(shapley), interval(share, 100)],
  ]);
  const pairs = ['interaction', `effect (${unit})`];
  return [
    plainTable(head, rows, { right: head.slice(1) }),
    '',
    plainTable(
      pairs,
      interactions.map(({ pair, effect }) => [pair.join(' × '), interval(effect)]),
      { right: pairs.slice(1) },
    ),
    '',
    `Mean ${metric} with all channels less that with none: ${interval(total)} ${unit}, n = ${total.n}: replicates 0 to ${total.n - 1} of seed ${seed} at each setting.`,
    'Intervals: 95 %, Student on differences within replicates; of shares BCa bootstrap over replicates; each by itself.',
    'They assume independent replicates, and mean differences that are about normal.',
    folder,
    '',
  ].join('\n');
}
