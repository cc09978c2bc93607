import { assert } from '../../base/check.ts';
import type { MetricRow } from '../../metrics/metrics.ts';
import type { RiskRecord } from '../../metrics/risk-record.ts';
import type { TaskResult } from '../../run/results.ts';

/** The closed arm of one replicate with its record. */
export interface ClosedRow {
  readonly metrics: MetricRow;
  readonly risk: RiskRecord;
}

/** Of the replicates of one cell, in their order. */
export function closedRows(replicates: readonly TaskResult[]): readonly ClosedRow[] {
  return replicates.map(({ rows }) => {
    const closed = rows.find(({ arm }) => arm === 'closed');
    assert(closed?.risk !== undefined, 'a replicate without a closed arm that kept its risk record');
    return { metrics: closed.metrics, risk: closed.risk };
  });
}

/** What may happen to the fund in one run, by name: whether it did. */
export const RISK_EVENTS = {
  /** The fund's equity at the mark came to nothing. */
  exhausted: ({ fund_minimum }: MetricRow) => fund_minimum <= 0,
  adl: ({ adl_notional }: MetricRow) => adl_notional > 0,
  /** One of the two, or a loss was socialised. */
  ruin: ({ ruin }: MetricRow) => ruin > 0,
} as const;
