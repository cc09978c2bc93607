import { ESTIMANDS, findEstimand } from '../metrics/estimates/estimands.ts';
import { METHODS } from '../metrics/estimates/methods.ts';
import { SUMMARY_COLUMNS } from './summary-columns.ts';

/** How one quantity of the summary was estimated. */
export interface EstimatedQuantity {
  /** The column of the estimate; `_low` and `_high` beside it are the ends of its interval. */
  readonly column: string;
  readonly estimator: string;
  /** The method of the interval, and what it does. */
  readonly interval: string;
  readonly method: string;
  readonly assumes: string;
  /** Of a second interval in `_bca_low` and `_bca_high`. */
  readonly beside?: string;
}

/** What stands behind the numbers of a summary: for readers who want to judge them. */
export interface Estimation {
  readonly seed: string;
  readonly arms: readonly string[];
  readonly level: number;
  /** Replicates of the cells with the fewest and the most; those of a cell are numbered 0 to n − 1. */
  readonly replicates: { readonly least: number; readonly most: number };
  readonly pairing: string;
  readonly stopping: string;
  readonly multiplicity: string;
  readonly quantities: readonly EstimatedQuantity[];
}

/** The estimation of a summary with these numbers of replicates. */
export function estimationOf({
  seed,
  arms,
  level,
  replicates,
}: Pick<Estimation, 'seed' | 'arms' | 'level'> & { readonly replicates: readonly number[] }): Estimation {
  return {
    seed,
    arms,
    level,
    replicates: { least: Math.min(...replicates), most: Math.max(...replicates) },
    pairing:
      'replicate k of every cell and arm meets the same random numbers: differences are taken over pairs',
    stopping:
      'by the width of intervals at looks ten replicates apart, never by significance; what was the same in all n replicates counts as known to 3/n of itself, a constant 0 from 60 on',
    multiplicity:
      'each interval is for one quantity of one cell by itself; `cascade compare` has simultaneous ones',
    quantities: quantities(),
  };
}

/** The columns that have an interval, in the order of the table. */
function quantities(): EstimatedQuantity[] {
  const names = new Set(SUMMARY_COLUMNS.map(({ name }) => name));
  return [...names].flatMap((column) => {
    if (!names.has(`${column}_low`) || column.endsWith('_bca')) return [];
    // The only column with its unit in its name.
    const estimand = findEstimand(column.replace(/_bp$/, ''))!;
    const compound = ESTIMANDS.includes(estimand);
    return [
      {
        column,
        estimator: compound ? estimand.about : `mean in the closed arm: ${estimand.about}`,
        interval: estimand.method.name,
        method: estimand.method.about,
        assumes: estimand.method.assumes,
        ...(names.has(`${column}_bca_low`) && { beside: `${METHODS.bca.name}, ${METHODS.bca.about}` }),
      },
    ];
  });
}
