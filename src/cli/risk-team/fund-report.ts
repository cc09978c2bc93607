import { fundChart, LEVEL, replicatesForBound, rowsToCsv } from '../../index.ts';
import type { Batch, FundSize, ProportionEstimate } from '../../index.ts';
import { drawn } from '../chart-files.ts';
import { chanceWithInterval, money, moneyWithInterval, percent } from '../format.ts';
import { toJson } from '../json.ts';
import { plainTable } from '../plain-table.ts';
import { MANIFEST } from '../results-folder.ts';
import type { ResultFiles } from '../results-folder.ts';
import { cellName, manifestOf } from './manifest.ts';

/** One cell with the fund it needs. */
export interface SizedCell {
  readonly cell: number;
  readonly labels: Readonly<Record<string, string>>;
  /** One a replicate, in their order. */
  readonly needs: readonly number[];
  readonly size: FundSize;
  /** What an endless fund was down by, over time; one a replicate. */
  readonly paths: readonly { readonly seconds: readonly number[]; readonly used: readonly number[] }[];
  /** With the fund that the needs ask for, and where that is too small with others; the smallest first. */
  readonly checks: readonly FundCheck[];
}

/** The replicates again with a fund of this size. */
export interface FundCheck {
  readonly fund: number;
  readonly ruin: ProportionEstimate;
  /** Replicates that end otherwise than their need says. */
  readonly otherwise: number;
}

/** The smallest fund tried with which, and with all larger ones tried, ruin was as rare as asked; undefined when the largest was too small. */
export function enoughOf({ checks }: Pick<SizedCell, 'checks'>, ruin: number): number | undefined {
  const last = checks.findLastIndex((check) => check.ruin.estimate > ruin);
  return checks[last + 1]?.fund;
}

interface Answer {
  readonly batch: Batch;
  readonly cells: readonly SizedCell[];
  readonly ruin: number;
  readonly interrupted: boolean;
  readonly folder: string;
  readonly command: string;
}

export function sizeFundInFull({ batch, cells, ruin, interrupted, folder }: Answer): object {
  return {
    title: batch.title,
    seed: batch.cells[0].scenario.seed,
    axes: batch.axes,
    level: LEVEL,
    ruin,
    interrupted,
    cells: cells.map(({ paths: _, ...cell }) => ({ ...cell, enough: enoughOf(cell, ruin) ?? null })),
    folder,
  };
}

export async function sizeFundFiles(answer: Answer): Promise<ResultFiles> {
  const { batch, cells, ruin } = answer;
  const { folder: _, ...full } = sizeFundInFull(answer) as { folder: string };
  const { seed } = batch.cells[0].scenario;
  const charts = await Promise.all(
    cells.map(({ cell, labels, needs, paths }) =>
      drawn(
        cells.length === 1 ? 'fund' : `fund-cell${cell}`,
        fundChart({
          title: [batch.title, cellName(labels)].filter((text) => text !== '').join(' · '),
          seed,
          level: LEVEL,
          ruin,
          needs,
          paths,
        }),
      ),
    ),
  );
  return {
    'size-fund.json': toJson(full),
    'needs.csv': rowsToCsv(
      cells.flatMap(({ labels, needs }) => needs.map((need, replicate) => ({ ...labels, replicate, need }))),
    ),
    ...(Object.assign({}, ...charts) as ResultFiles),
    [MANIFEST]: toJson(manifestOf(answer)),
  };
}

/** In a sentence, so that nobody takes the first number for the answer where it is not. */
function verdict({ size, checks, enough }: SizedCell & { readonly enough: number | undefined }): string {
  const largest = checks.at(-1);
  if (enough !== undefined) return `Enough when run: ${money(enough)}`;
  if (largest !== undefined)
    return `NOT FOUND: no fund up to ${money(largest.fund)} was enough when run. Look further with cascade break --vary exchange.insuranceFund.balance`;
  return Number.isFinite(size.estimate) ? 'Not checked yet' : 'NOT FOUND: no fund suffices';
}

export function sizeFundInWords({ batch, cells, ruin, interrupted, folder }: Answer): string {
  const axes = batch.axes.map(({ name }) => name);
  const heads = ['n', 'by needs', 'run with', 'ruin there', 'otherwise than its need says'];
  const rows = cells.flatMap(({ labels, size, checks }) => {
    const needed = Number.isFinite(size.estimate) ? moneyWithInterval(size) : 'none suffices';
    const left = [...axes.map((axis) => labels[axis]), String(size.n), needed];
    if (checks.length === 0) return [[...left, '–', '–', '–']];
    return checks.map(({ fund, ruin: there, otherwise }, i) => [
      ...(i === 0 ? left : left.map(() => '')),
      money(fund),
      chanceWithInterval(there),
      `${otherwise} of ${there.n}`,
    ]);
  });
  const answers = cells.map((cell) => ({ ...cell, enough: enoughOf(cell, ruin) }));
  const hopeless = cells.filter(({ size }) => size.hopeless > 0);
  const isOpen = cells.some(({ size }) => Number.isFinite(size.estimate) && size.high === Infinity);
  return [
    batch.title,
    '',
    `Fund for a probability of ruin of ${percent(ruin)}`,
    plainTable([...axes, ...heads], rows, { right: heads }),
    ...answers.map((cell) => [cellName(cell.labels), verdict(cell)].filter((text) => text !== '').join(': ')),
    ...hopeless.map(
      ({ labels, size }) =>
        `${[cellName(labels), `in ${size.hopeless} of ${size.n} replicates winners were deleveraged or shared a loss whatever the fund`].filter((text) => text !== '').join(': ')}`,
    ),
    ...(isOpen
      ? [`For an upper end of the interval ask for at least ${replicatesForBound(ruin)} replicates`]
      : []),
    '',
    'need of a replicate: the most that a fund without end is down at the mark, its positions included · interval between order statistics',
    'run with: the same replicates with a fund of this size, and others until ruin is as rare as asked; a replicate ends otherwise than its',
    'need says where a rule looks at the size of the fund before it is used up',
    ...(interrupted ? ['Interrupted: the numbers are those of what was finished. Ask again to go on.'] : []),
    `replicates ${interrupted ? 'finished' : '0 to n − 1'} of seed ${batch.cells[0].scenario.seed} · closed arm · 95 % intervals (mid-P for ruin, the rule of three where none or all)`,
    'assumes independent replicates, and nothing about how their needs are distributed',
    `results in ${folder}`,
    '',
  ].join('\n');
}
