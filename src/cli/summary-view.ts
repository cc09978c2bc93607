import { ends, money, withInterval } from './format.ts';
import { plainTable } from './plain-table.ts';

/** A row of the summary table by column name: labels are strings, the rest are numbers. */
export type SummaryRow = Readonly<Record<string, unknown>>;

/** The summary for a terminal: one line a cell, money in human units, a star at the `n` of a cell that has not converged. */
export function renderSummary(rows: readonly SummaryRow[], axes: readonly string[]): string {
  const has = (column: string): boolean => rows.some((row) => Boolean(row[column]));
  const columns = [
    ...COLUMNS,
    ...(has('collateral_forced_notional') || has('collateral_seized') ? COLLATERAL_COLUMNS : []),
    ...(has('lp_pnl') ? POOL_COLUMNS : []),
  ];
  const heads = columns.map(({ head }) => head);
  const cells = rows.map((row) => [
    ...axes.map((axis) => String(row[axis])),
    ...columns.map((column) => column.cell(row)),
  ]);
  const star = rows.some((row) => row.converged === false)
    ? ['* stopped before the intervals were as narrow as the scenario asks']
    : [];
  return [plainTable([...axes, ...heads], cells, { right: heads }), ...star].join('\n');
}

interface Column {
  readonly head: string;
  cell(row: SummaryRow): string;
}

const COLUMNS: readonly Column[] = [
  { head: 'n', cell: (row) => `${number(row, 'n')}${row.converged === false ? '*' : ''}` },
  { head: 'amplification', cell: (row) => interval(row, 'amplification') },
  { head: 'BCa', cell: (row) => ends(boundsOf(row, 'amplification_bca')) },
  { head: 'R̂', cell: (row) => interval(row, 'reproduction') },
  { head: 'forced', cell: (row) => money(number(row, 'forced_notional')) },
  { head: 'fund used', cell: (row) => money(number(row, 'fund_used')) },
  { head: 'ADL', cell: (row) => money(number(row, 'adl_notional')) },
];

/** Where other assets back positions and have fallen: what that forced, and what was taken of them. */
const COLLATERAL_COLUMNS: readonly Column[] = [
  { head: 'by collateral', cell: (row) => money(number(row, 'collateral_forced_notional')) },
  { head: 'seized', cell: (row) => money(number(row, 'collateral_seized')) },
];

/** Where a pool takes part: what its providers made, in all and against holding. */
const POOL_COLUMNS: readonly Column[] = [
  { head: 'LPs', cell: (row) => money(number(row, 'lp_pnl')) },
  { head: 'against holding', cell: (row) => money(number(row, 'lp_against_holding')) },
];

function number(row: SummaryRow, column: string): number {
  return row[column] as number;
}

function interval(row: SummaryRow, column: string): string {
  return withInterval({ estimate: number(row, column), ...boundsOf(row, column) });
}

function boundsOf(row: SummaryRow, column: string): { low: number; high: number } {
  return { low: number(row, `${column}_low`), high: number(row, `${column}_high`) };
}
