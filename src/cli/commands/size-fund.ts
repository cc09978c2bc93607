import type { CommandModule } from 'yargs';
import { closedRows, contractFrom, fundNeeds, fundSize, proportion, RISK_EVENTS } from '../../index.ts';
import type { Batch, CellResult, TaskResult } from '../../index.ts';
import { commandLine } from '../command-line.ts';
import { EXIT, InputError } from '../errors.ts';
import { checkWorkers, EXECUTION_OPTIONS } from '../execution-options.ts';
import { toJson } from '../json.ts';
import { writeResults } from '../results-folder.ts';
import { runChainsWithProgress } from '../risk-team/chains.ts';
import { enoughOf, sizeFundFiles, sizeFundInFull, sizeFundInWords } from '../risk-team/fund-report.ts';
import type { FundCheck, SizedCell } from '../risk-team/fund-report.ts';
import { probabilityFrom } from '../risk-team/probability.ts';
import { loadForQuestion, partOf, questionFolder, withThreads } from '../risk-team/question.ts';
import type { QuestionOptions } from '../risk-team/question.ts';
import { runWithProgress } from '../run-with-progress.ts';
import { SCENARIO_OPTIONS } from '../scenario.ts';

interface SizeFundOptions extends QuestionOptions {
  readonly ruin: string;
}

const FUND_PATH = 'exchange.insuranceFund';

/** `cascade size-fund <scenario> --ruin 1%`: the insurance fund for a target probability of ruin. */
export const sizeFund: CommandModule<object, SizeFundOptions> = {
  command: 'size-fund <scenario>',
  describe:
    'The insurance fund that keeps the probability of ruin at a target, with its interval and a check',
  builder: (y) =>
    y
      .positional('scenario', { type: 'string', demandOption: true, describe: 'Scenario file' })
      .option('ruin', {
        type: 'string',
        demandOption: true,
        describe: 'Acceptable probability that fund, ADL or winners are needed, such as 1%',
      })
      .options(SCENARIO_OPTIONS)
      .options(EXECUTION_OPTIONS)
      .example('$0 size-fund tier-stress --ruin 5% --replicates 400', ''),
  handler: async (options) => {
    checkWorkers(options);
    const ruin = probabilityFrom('ruin', options.ruin);
    const asked = loadForQuestion(options);
    if (asked.axes.some(({ path }) => path.startsWith(FUND_PATH)))
      throw new InputError(
        `${options.scenario} sweeps over ${FUND_PATH}, which this command looks for. Leave it out with --set sweep={}`,
      );
    const balance = endlessFund(asked);
    const batch = loadForQuestion(options, [`${FUND_PATH}.balance=${balance}`]);
    const folder = questionFolder('size-fund', asked, options);
    const place = { folder: partOf(folder, 'endless'), options };
    const run = await withThreads(batch, place, (pool, journal) =>
      runWithProgress(batch, { pool, journal, quiet: options.quiet }),
    );
    const cells: SizedCell[] = [];
    let { interrupted } = run;
    for (const cell of run.cells.filter(({ replicates }) => replicates.length > 0)) {
      const sized = sizeOf(batch, cell, { balance, ruin });
      const checked = interrupted ? undefined : await checksOf(sized, cell, { options, folder, ruin });
      interrupted ||= checked?.interrupted === true;
      cells.push({ ...sized, checks: checked?.checks ?? [] });
    }
    const answer = {
      batch: asked,
      cells,
      ruin,
      interrupted,
      folder,
      command: commandLine('size-fund', options, ['--ruin', options.ruin]),
    };
    writeResults(folder, await sizeFundFiles(answer));
    process.stdout.write(options.json ? toJson(sizeFundInFull(answer)) : sizeFundInWords(answer));
    const found = cells.every((cell) => enoughOf(cell, ruin) !== undefined);
    process.exitCode = interrupted ? EXIT.interrupted : found ? EXIT.done : EXIT.notFound;
  },
};

/** A balance far beyond what any run can lose, and far within what money is counted in. */
function endlessFund({ cells }: Batch): number {
  const units = cells.map(({ scenario }) => contractFrom(scenario.contract).moneyUnit);
  return Math.floor(2 ** 49 * Math.min(...units));
}

function sizeOf(
  batch: Batch,
  { cell, replicates }: CellResult,
  { balance, ruin }: { balance: number; ruin: number },
): Omit<SizedCell, 'checks'> {
  const rows = closedRows(replicates);
  const needs = fundNeeds(rows, balance);
  return {
    cell,
    labels: batch.cells[cell].labels,
    needs: [...needs],
    size: fundSize(needs, ruin),
    paths: rows.map(({ risk }) => ({
      seconds: risk.fund.seconds,
      used: risk.fund.equity.map((equity) => balance - equity),
    })),
  };
}

/**
 * The same replicates again with the fund that was found. Where more of them are ruined than was asked for, because rules that look at the
 * size of the fund before it is used up make it go otherwise than without an end, with twice as much, or what the neediest needs if that
 * is more, until it is enough, and then
 * between the last two until they are near each other. Takes ruin to be rarer with a larger fund.
 */
async function checksOf(
  { cell, size, needs }: Omit<SizedCell, 'checks'>,
  { replicates }: CellResult,
  { options, folder, ruin }: { options: SizeFundOptions; folder: string; ruin: number },
): Promise<{ checks: FundCheck[]; interrupted: boolean }> {
  const checks: FundCheck[] = [];
  if (!Number.isFinite(size.estimate)) return { checks, interrupted: false };
  let [tooSmall, enough] = [0, Infinity];
  const largest = Math.max(0, ...needs.filter(Number.isFinite));
  let fund = roundedUp(size.estimate);
  while (checks.length < MOST_CHECKS) {
    const batch = loadForQuestion(options, [`${FUND_PATH}.balance=${fund}`]);
    const place = { folder: partOf(folder, `check-${cell}-${checks.length}`), options };
    const { answers, interrupted } = await withThreads(batch, place, (pool, journal) =>
      runChainsWithProgress(
        batch,
        replicates.map(
          ({ task }) =>
            (simulate) =>
              simulate(task),
        ),
        { pool, journal, quiet: options.quiet, planned: replicates.length },
      ),
    );
    if (interrupted) return { checks, interrupted };
    const ruined = closedRows(answers as TaskResult[]).map(({ metrics }) => RISK_EVENTS.ruin(metrics));
    const check = {
      fund,
      ruin: proportion(ruined.filter(Boolean).length, ruined.length),
      otherwise: ruined.filter((isRuined, i) => isRuined !== needs[i] >= fund).length,
    };
    checks.push(check);
    if (check.ruin.estimate <= ruin) enough = fund;
    else tooSmall = fund;
    if (tooSmall === 0 || enough / tooSmall < NEAR) break;
    fund = roundedUp(enough === Infinity ? Math.max(2 * tooSmall, largest) : Math.sqrt(tooSmall * enough));
    if (fund >= enough) break;
  }
  return { checks: checks.sort((a, b) => a.fund - b.fund), interrupted: false };
}

/** It stops looking where the smallest fund that is enough is less than this times the largest that is not. */
const NEAR = 1.1;
/** After so many, some hundred times the largest need if none was enough, it stops looking. */
const MOST_CHECKS = 11;

/** Up to three digits, and more than the need itself, which would just be used up. */
function roundedUp(need: number): number {
  const unit = need < 100 ? 1 : 10 ** (Math.floor(Math.log10(need)) - 2);
  return (Math.floor(need / unit) + 1) * unit;
}
