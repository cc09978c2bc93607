import { LEVEL, rowsToCsv, tierLossesChart } from '../../index.ts';
import type {
  Batch,
  CheckedTierRow,
  Estimate,
  ImpactFigures,
  Stress,
  StressDifference,
  TierLosses,
} from '../../index.ts';
import { drawn } from '../chart-files.ts';
import { chanceWithInterval, money, moneyWithInterval, percent, threeDigits } from '../format.ts';
import { toJson } from '../json.ts';
import { plainTable } from '../plain-table.ts';
import { MANIFEST } from '../results-folder.ts';
import type { ResultFiles } from '../results-folder.ts';
import { cellName, manifestOf } from './manifest.ts';

/** One cell of the sweep with its answers. */
export interface StressedCell {
  readonly cell: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly stress: Stress;
  /** Against the same cell with the first tier table. */
  readonly difference?: StressDifference;
  readonly check?: readonly CheckedTierRow[];
}

interface Answer {
  readonly batch: Batch;
  readonly cells: readonly StressedCell[];
  readonly interrupted: boolean;
  readonly folder: string;
  readonly command: string;
  readonly impact: ImpactFigures | undefined;
}

export function stressInFull({ batch, cells, interrupted, folder }: Answer): unknown {
  const { seed } = batch.cells[0].scenario;
  return { title: batch.title, seed, axes: batch.axes, level: LEVEL, interrupted, cells, folder };
}

export async function stressFiles(answer: Answer): Promise<ResultFiles> {
  const { batch, cells } = answer;
  const { folder: _, ...full } = stressInFull(answer) as { folder: string };
  return {
    'stress.json': toJson(full),
    ...tablesOf(cells),
    ...(await drawn(
      'tier-losses',
      tierLossesChart({
        title: batch.title,
        seed: batch.cells[0].scenario.seed,
        level: LEVEL,
        cells: cells.map(({ labels, stress }) => ({ label: cellName(labels), stress })),
      }),
    )),
    [MANIFEST]: toJson(manifestOf(answer)),
  };
}

function tablesOf(cells: readonly StressedCell[]): ResultFiles {
  const flat = (name: string, { estimate, low, high }: Estimate) => ({
    [name]: estimate,
    [`${name}_low`]: low,
    [`${name}_high`]: high,
  });
  const tiers = cells.flatMap(({ labels, stress }) =>
    stress.tiers.map(({ net, short, tier, ...rest }) => ({
      ...labels,
      n: stress.n,
      ...rest,
      tier: tier + 1,
      ...flat('net', net),
      ...flat('short', short),
    })),
  );
  return tiers.length === 0 ? {} : { 'tier-losses.csv': rowsToCsv(tiers) };
}

export function stressInWords(answer: Answer): string {
  const { batch, cells, interrupted, folder } = answer;
  const contracts = [batch.cells[0].scenario.contract.name, ...Object.keys(batch.cells[0].scenario.markets)];
  return [
    batch.title,
    '',
    chances(cells),
    ...differences(cells),
    ...cells.flatMap((cell) => [
      '',
      ...losses(cell, contracts),
      ...(cell.check === undefined ? [] : ['', ...tierChecks(cell, cell.check, answer.impact)]),
    ]),
    '',
    ...(interrupted
      ? ['Interrupted: the tables hold the replicates finished so far. Ask again to go on.']
      : []),
    `replicates ${interrupted ? 'finished' : '0 to n − 1'} of seed ${batch.cells[0].scenario.seed} · closed arm · 95 % intervals: mid-P for chances (rule of three where none or all), t for means, of pairs for differences`,
    'assumes independent replicates, and means that are about normal: of few replicates with large losses the interval is too narrow',
    `results in ${folder}`,
    '',
  ].join('\n');
}

function chances(cells: readonly StressedCell[]): string {
  const axes = Object.keys(cells[0]?.labels ?? {});
  const heads = ['n', 'fund exhausted', 'ADL', 'ruin', 'fund used', 'fund gained'];
  return plainTable(
    [...axes, ...heads],
    cells.map(({ labels, stress }) => [
      ...axes.map((axis) => labels[axis]),
      String(stress.n),
      chanceWithInterval(stress.exhausted),
      chanceWithInterval(stress.adl),
      chanceWithInterval(stress.ruin),
      moneyWithInterval(stress.fundUsed),
      moneyWithInterval(stress.fundGained),
    ]),
    { right: heads },
  );
}

function differences(cells: readonly StressedCell[]): string[] {
  const compared = cells.filter(({ difference }) => difference !== undefined);
  if (compared.length === 0) return [];
  const axes = Object.keys(compared[0].labels);
  const heads = ['pairs', 'ruin', 'fund used', 'ADL notional'];
  const rows = compared.map(({ labels, difference }) => [
    ...axes.map((axis) => labels[axis]),
    String(difference!.n),
    chanceWithInterval(difference!.ruin),
    moneyWithInterval(difference!.fundUsed),
    moneyWithInterval(difference!.adlNotional),
  ]);
  return [
    '',
    'Less the first table, on equal seeds',
    plainTable([...axes, ...heads], rows, { right: heads }),
  ];
}

const VERDICTS = {
  less: 'pays in less than it costs',
  more: 'pays in more than it costs',
  open: 'cannot be said',
} as const satisfies Record<TierLosses['verdict'], string>;

function losses({ labels, stress }: StressedCell, contracts: readonly string[]): string[] {
  if (stress.tiers.length === 0) return [`Losses by tier${ofCell(labels)}: nothing was liquidated`];
  const heads = [
    'liquidated',
    'notional',
    'paid in',
    'fund paid',
    'others paid',
    'taken over',
    'net',
    'short',
  ];
  const rows = stress.tiers.map((one) => [
    ...(contracts.length > 1 ? [contracts[one.contract]] : []),
    String(one.tier + 1),
    threeDigits(one.liquidations),
    money(one.notional),
    money(one.paidIn),
    money(one.fundPaid),
    money(one.othersPaid),
    money(one.fundPositions),
    moneyWithInterval(one.net),
    chanceWithInterval(one.short),
    VERDICTS[one.verdict],
  ]);
  const axes = contracts.length > 1 ? ['contract', 'tier'] : ['tier'];
  return [
    `Losses by tier${ofCell(labels)}, means a replicate`,
    plainTable([...axes, ...heads, ''], rows, { right: ['tier', ...heads] }),
    '  tier: of the position when it broke · taken over: what the fund made of positions after it had them, by notional · short: share of',
    '  liquidations that cost the fund or others anything (Fieller)',
  ];
}

function tierChecks(
  { labels, stress }: StressedCell,
  check: readonly CheckedTierRow[],
  impact: ImpactFigures | undefined,
): string[] {
  const heads = [
    'up to',
    'leverage',
    'maintenance',
    'bankrupt',
    'liquidated',
    'book before',
    'book at thinnest',
  ];
  const root = impact === undefined ? [] : ['square root'];
  const simulated = ['largest without loss', 'smallest with'];
  const rows = check.map((row) => {
    const seen = stress.tiers.find(({ contract, tier }) => contract === 0 && tier === row.tier);
    return [
      String(row.tier + 1),
      money(row.cap),
      `${threeDigits(row.maxLeverage)}x`,
      percent(row.maintenanceRate),
      percent(Number((row.bankruptcy - 1).toFixed(6))),
      percent(Number((row.liquidation - 1).toFixed(6))),
      checked(row.before),
      checked(row.thinnest),
      ...(row.squareRoot ? [checked(row.squareRoot)] : []),
      seen === undefined || seen.largestCovered === 0 ? '–' : money(seen.largestCovered),
      seen === undefined || seen.smallestShort === 0 ? '–' : money(seen.smallestShort),
    ];
  });
  const columns = [...heads, ...root, ...simulated];
  return [
    `Closed form${ofCell(labels)}: the largest position that closes without loss to the fund; ! where the tier allows larger ones`,
    plainTable(['tier', ...columns], rows, { right: ['tier', ...columns] }),
    `  an isolated long of the tier's leverage that closes alone and at once; 2·D·m·P* on an evenly spread book; bids within 1 %: ${money(stress.depthBefore.estimate)} when the`,
    `  shock begins, ${money(stress.depthMinimum.estimate)} at their fewest (means); no fees, nobody refills · bankrupt and liquidated: from the entry price`,
    ...(impact === undefined
      ? []
      : [
          `  square root: V(3m/2Yσ)², V = ${money(impact.volume)} a day, σ = ${percent(impact.volatility)} a day, Y = ${impact.factor}: given, not measured`,
        ]),
    '  simulated: over all replicates, several positions at a time, whatever their leverage',
  ];
}

function checked({ largest, holds }: { largest: number; holds: boolean }): string {
  return `${money(largest)}${holds ? ' ' : '!'}`;
}

function ofCell(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels).length === 0 ? '' : `, ${cellName(labels)}`;
}
