import { amountInWords, findEstimand, isReached, targetInWords } from '../index.ts';
import type { Batch, CellResult, Estimation } from '../index.ts';
import { threeDigits } from './format.ts';
import type { SummaryRow } from './summary-view.ts';

/** How the numbers of the printed table were estimated, a line each. */
export function estimationInWords(
  { seed, arms, level, replicates, quantities, ...rest }: Estimation,
  summary: readonly SummaryRow[],
): string[] {
  const { least, most } = replicates;
  const last = least === most ? `${least - 1}` : `${least - 1} to ${most - 1}, by cell`;
  const confidence = `${100 * level} %`;
  const printed = [
    ['amplification', 'amplification'],
    ['reproduction', 'R̂'],
  ].map(([column, head]) => {
    const { estimator, interval, assumes } = quantities.find((one) => one.column === column)!;
    return `${head}: ${estimator} · ${confidence} ${interval} · assumes ${assumes}`;
  });
  const { beside } = quantities.find(({ column }) => column === 'amplification')!;
  return [
    'How estimated',
    `n: replicates a cell, numbers 0 to ${last}, of seed ${seed}, each in the arms ${arms.join(', ')}`,
    ...printed,
    `BCa: of the amplification too · ${beside}`,
    'forced, fund used, ADL: means in the closed arm; the intervals of these and of all else are in summary.csv',
    `pairing: ${rest.pairing} · ${pairingInWords(summary)}`,
    `stopping: ${rest.stopping}`,
    `many cells: ${rest.multiplicity}`,
  ].map((line, at) => (at === 0 ? line : `  ${line}`));
}

/** What the pairing of the arms gained, over the cells. */
function pairingInWords(summary: readonly SummaryRow[]): string {
  const range = (column: string): string | undefined => {
    const values = summary.map((row) => row[column] as number).filter((value) => !Number.isNaN(value));
    if (values.length === 0) return undefined;
    const [least, most] = [Math.min(...values), Math.max(...values)].map(threeDigits);
    return least === most ? least : `${least} to ${most}`;
  };
  const [correlation, reduction] = [range('correlation'), range('variance_reduction')];
  if (correlation === undefined && reduction === undefined) return 'no pairs of closed and off';
  return (
    `closed and off correlate ${correlation ?? '–'}` +
    (reduction === undefined ? '' : `, and independent arms would need ${reduction} times the replicates`)
  );
}

/** A line for each target that a cell did not reach before its last replicate. */
export function notConvergedInWords(batch: Batch, cells: readonly CellResult[]): string[] {
  return cells.flatMap(({ cell, converged, reached, replicates }) => {
    if (converged) return [];
    const { labels, scenario } = batch.cells[cell];
    const { until = {} } = scenario.measure.replicates;
    const where = Object.values(labels).join(' · ');
    return Object.entries(reached).flatMap(([name, precision]) => {
      const target = until[name];
      if (isReached(target, precision)) return [];
      const { relative, absolute, isConstant, estimate } = precision;
      const { unit } = findEstimand(name)!;
      const widths = [
        ...(target.relative === undefined ? [] : [`± ${threeDigits(100 * relative)} %`]),
        ...(target.absolute === undefined ? [] : [`± ${amountInWords(absolute, unit)}`]),
      ].join(' or ');
      const asked = targetInWords(target, unit);
      const known = isConstant ? `constant so far (${threeDigits(estimate)})` : widths;
      return [
        `not converged: ${where === '' ? '' : `${where}: `}${name} ${known} after ${replicates.length}, asked for ${asked}`,
      ];
    });
  });
}
