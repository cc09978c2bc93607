import type { CommandModule } from 'yargs';
import { closedRows, findThreshold, proportion, reverseStress, shareAt } from '../../index.ts';
import type { Task, TaskResult } from '../../index.ts';
import { commandLine } from '../command-line.ts';
import { EXIT } from '../errors.ts';
import { checkWorkers, EXECUTION_OPTIONS } from '../execution-options.ts';
import { toJson } from '../json.ts';
import { writeResults } from '../results-folder.ts';
import { breakFiles, breakInFull, breakInWords } from '../risk-team/break-report.ts';
import type { BrokenGroup, LevelCheck } from '../risk-team/break-report.ts';
import { runChainsWithProgress } from '../risk-team/chains.ts';
import { eventFrom } from '../risk-team/event.ts';
import type { RiskEvent } from '../risk-team/event.ts';
import { probabilityFrom } from '../risk-team/probability.ts';
import { questionFolder, withThreads } from '../risk-team/question.ts';
import { loadLevels } from '../risk-team/vary.ts';
import type { Levels, VaryOptions } from '../risk-team/vary.ts';
import { SCENARIO_OPTIONS } from '../scenario.ts';

interface BreakOptions extends VaryOptions {
  readonly probability: string;
  readonly of: string;
}

/** `cascade break <scenario> --vary …`: the level of a parameter at which something happens with a stated probability. */
export const breakCommand: CommandModule<object, BreakOptions> = {
  command: 'break <scenario>',
  describe: 'Reverse stress: the shock, leverage, tier cap … at which ruin reaches a probability',
  builder: (y) =>
    y
      .positional('scenario', { type: 'string', demandOption: true, describe: 'Scenario file' })
      .option('vary', {
        type: 'string',
        demandOption: true,
        describe:
          'Path of a number, e.g. shocks.dump.notional; or tiers.2.cap, tiers.2.leverage, tiers.2.maintenance',
      })
      .option('from', { type: 'string', demandOption: true, describe: 'One end of the range' })
      .option('to', {
        type: 'string',
        demandOption: true,
        describe: 'The other end; either may be the worse',
      })
      .option('probability', { type: 'string', default: '10%', describe: 'That is to be reached' })
      .option('of', {
        type: 'string',
        default: 'ruin',
        describe: 'ruin, adl, exhausted, or a bound on a metric such as drawdown>500',
      })
      .option('steps', { type: 'number', default: 64, describe: 'Steps from one end to the other' })
      .options(SCENARIO_OPTIONS)
      .options(EXECUTION_OPTIONS)
      .example('$0 break tier-stress --vary shocks.dump.notional --from 1M --to 10M', ''),
  handler: async (options) => {
    checkWorkers(options);
    const probability = probabilityFrom('probability', options.probability);
    const event = eventFrom(options.of);
    const varied = loadLevels(options);
    const { batch, levels } = varied;
    const folder = questionFolder('break', batch, options);
    process.exitCode = await withThreads(batch, { folder, options }, async (pool, journal) => {
      const run: Run = (chains, planned) =>
        runChainsWithProgress(batch, chains, { pool, journal, quiet: options.quiet, planned });
      const groups: BrokenGroup[] = [];
      const n = batch.cells[0].scenario.measure.replicates.atMost;
      let interrupted = false;
      for (const group of varied.groups) {
        const found = await breakGroup(group, { event, probability, run, n });
        interrupted ||= found.interrupted;
        groups.push(found.group);
        if (interrupted) break;
      }
      const command = commandLine('break', options, [
        ...['--vary', options.vary, `--from=${options.from}`, `--to=${options.to}`],
        ...['--probability', options.probability, '--of', options.of, '--steps', `${options.steps}`],
      ]);
      const answer = {
        batch,
        levels,
        groups,
        probability,
        event: event.name,
        vary: options.vary,
        interrupted,
        folder,
        command,
      };
      writeResults(folder, await breakFiles(answer));
      process.stdout.write(options.json ? toJson(breakInFull(answer)) : breakInWords(answer));
      return interrupted ? EXIT.interrupted : EXIT.done;
    });
  },
};

type Simulate = (task: Task) => Promise<TaskResult>;
type Run = <Answer>(
  chains: readonly ((simulate: Simulate) => Promise<Answer>)[],
  planned: number,
) => Promise<{ answers: readonly (Answer | undefined)[]; interrupted: boolean }>;

/** One cell of the scenario's own sweep: the direction in which it gets worse, the threshold of every replicate, and a count at the answer. */
async function breakGroup(
  { labels, cells }: Levels['groups'][number],
  { event, probability, run, n }: { event: RiskEvent; probability: number; run: Run; n: number },
): Promise<{ group: BrokenGroup; interrupted: boolean }> {
  const happensAt =
    (cell: number, replicate: number) =>
    async (simulate: Simulate): Promise<boolean> => {
      const [{ metrics }] = closedRows([await simulate({ cell, replicate })]);
      return event.happens(metrics);
    };
  const replicates = Array.from({ length: n }, (_, replicate) => replicate);
  const count = async (level: number) => {
    const { answers, interrupted } = await run(
      replicates.map((replicate) => happensAt(cells[level], replicate)),
      replicates.length,
    );
    return { answers, interrupted, share: answers.filter((answer) => answer === true).length };
  };
  const nothing: BrokenGroup = { labels, worstLast: true, thresholds: [], checks: [] };
  const [atFrom, atTo] = [await count(0), await count(cells.length - 1)];
  if (atFrom.interrupted || atTo.interrupted) return { group: nothing, interrupted: true };

  const worstLast = atTo.share >= atFrom.share;
  const mildestFirst = worstLast ? cells : [...cells].reverse();
  const depth = Math.ceil(Math.log2(cells.length));
  const bisected = await run(
    replicates.map(
      (replicate) => (simulate) =>
        findThreshold(cells.length, (level) => happensAt(mildestFirst[level], replicate)(simulate)),
    ),
    replicates.length * (depth + 2),
  );
  const thresholds = bisected.answers.flatMap((answer, replicate) =>
    answer === undefined ? [] : [{ ...answer, replicate }],
  );
  const group = { labels, worstLast, thresholds, checks: [] as LevelCheck[] };
  if (bisected.interrupted) return { group, interrupted: true };

  const { low, at, high } = reverseStress(thresholds, { probability, levels: cells.length });
  const inside = [low, at, high].filter((level) => level >= 0 && level < cells.length);
  for (const level of [...new Set(inside)]) {
    const counted = await count(worstLast ? level : cells.length - 1 - level);
    if (counted.interrupted) return { group, interrupted: true };
    group.checks.push({
      level,
      bisected: shareAt(thresholds, level),
      counted: proportion(counted.share, replicates.length),
      otherwise: counted.answers.filter((answer, i) => answer !== thresholds[i].at <= level).length,
    });
  }
  return { group, interrupted: false };
}
