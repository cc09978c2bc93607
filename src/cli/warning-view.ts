import { PLACEBO_QUANTILE } from '../index.ts';
import type { Bounded, EarlyWarning, SeverityWarnings, Warning } from '../index.ts';
import { ends, money, percent, threeDigits } from './format.ts';
import { plainTable } from './plain-table.ts';

const SEVERITY_IN_WORDS: Readonly<Record<SeverityWarnings['severity'], string>> = {
  excess_drawdown: 'Severity: excess drawdown, closed less off',
  forced_notional: 'Severity: forced notional',
};

/** Early warning for a terminal: a table for each severity, then how it was reckoned. */
export function warningsInWords(
  result: EarlyWarning,
  { title, folder }: { title: string; folder: string },
): string {
  const single = result.cells === 1;
  return [
    title,
    '',
    ...result.severities.flatMap((one) => [
      `${SEVERITY_IN_WORDS[one.severity]}; severe above its median of ${medianOf(one)} (${threeDigits(100 * one.severe)} % of the runs)`,
      tableOf(one, { single, level: result.level }),
      '',
    ]),
    ...howReckoned(result),
    '',
    `from ${folder}`,
    '',
  ].join('\n');
}

function tableOf(
  { warnings }: SeverityWarnings,
  { single, level }: { single: boolean; level: number },
): string {
  const at = percent(level);
  const placebo = `placebo ${percent(PLACEBO_QUANTILE)}`;
  const heads = [
    `Spearman ρ [${at}]`,
    ...(single ? [] : [`within cells [${at}]`]),
    `AUC [${at}]`,
    placebo,
    `R² [${at}]`,
    placebo,
  ];
  const rows = warnings.map(({ sign, correlation, within, auc, r2 }: Warning) => [
    sign,
    bounded(correlation),
    ...(single ? [] : [bounded(within)]),
    bounded(auc),
    twoDecimals(auc.placebo),
    bounded(r2),
    twoDecimals(r2.placebo),
  ]);
  return plainTable(['before the shock', ...heads], rows, { right: heads });
}

function bounded(of: Bounded): string {
  if (Number.isNaN(of.estimate)) return '–';
  return `${twoDecimals(of.estimate)} ${ends(of)}`;
}

function twoDecimals(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(2).replace('-', '−');
}

function medianOf({ median, unit }: SeverityWarnings): string {
  return unit === 'quote' ? money(median) : `${threeDigits(median)} ${unit}`;
}

function howReckoned({ n, cells, replicates, folds, permutations, seed, level }: EarlyWarning): string[] {
  return [
    'How estimated',
    `  n = ${n} runs: ${cells} ${cells === 1 ? 'cell' : 'cells'} of replicates 0 to ${replicates - 1}; seed ${seed} of folds, resamples and permutations`,
    '  signs are those of the closed arm when the shock begins; – is a sign or a severity that does not vary',
    '  Spearman ρ: rank correlation over all runs; within cells: in each cell by itself, averaged: what the settings of a cell do not tell',
    `  AUC and R²: of linear predictions by the other ${folds - 1} of ${folds} parts, never by the runs predicted; AUC 0.5 and R² 0 say nothing; R² is below 0 when worse than the mean`,
    `  ${percent(level)}: BCa bootstrap, 2,000 resamples of replicates with all their cells, each interval by itself; those of AUC and R² hold the predictions as they are`,
    `  placebo: ${percent(PLACEBO_QUANTILE)} quantile of the same over ${permutations} permutations of the severities, of replicates and of cells: below it nothing has been shown`,
  ];
}
