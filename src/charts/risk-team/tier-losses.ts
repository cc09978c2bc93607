import type { TopLevelSpec } from 'vega-lite';
import type { Stress } from '../../tables/risk-team/stress.ts';
import { type ChartRow, finite } from '../chart.ts';
import { frame, moneyAxis, PALETTE, percent, source } from '../theme.ts';

/** Cells under a name each. */
export interface TierLossesInputs {
  readonly title: string;
  readonly seed: string;
  readonly level: number;
  readonly cells: readonly { readonly label: string; readonly stress: Stress }[];
}

/** What each margin tier pays in, less what it costs: a panel a cell; below zero the others pay for it. Undefined when nothing was liquidated. */
export function tierLossesChart(inputs: TierLossesInputs): TopLevelSpec | undefined {
  const rows = inputs.cells.flatMap(({ label, stress }) =>
    stress.tiers.map(({ contract, tier, net, paidIn, fundPaid, othersPaid, fundPositions }): ChartRow => ({
      cell: label,
      contract,
      tier: tier + 1,
      n: stress.n,
      net: net.estimate,
      low: finite(net.low),
      high: finite(net.high),
      paid_in: paidIn,
      fund_paid: fundPaid,
      others_paid: othersPaid,
      fund_positions: fundPositions,
    })),
  );
  if (rows.length === 0) return undefined;
  const counts = [...new Set(rows.map(({ n }) => n as number))].join(' or ');
  const y = { field: 'tier', type: 'ordinal', title: 'margin tier' } as const;
  return {
    ...frame(rows, {
      title: 'What each tier pays in, less what it costs',
      lines: [
        'mean a replicate in quote currency: fees and surplus, less payments of fund and winners,',
        'with its part of the positions that the fund took over',
        `${counts} replicates a bar · ${percent(inputs.level)} t intervals of the difference within each replicate`,
        source(inputs),
      ],
    }),
    facet: {
      row: {
        field: 'cell',
        type: 'nominal',
        title: null,
        sort: inputs.cells.map(({ label }) => label),
        header: { orient: 'top', labelAngle: 0, labelAnchor: 'start' },
      },
    },
    spec: {
      width: 520,
      height: { step: 20 },
      layer: [
        {
          mark: { type: 'bar', height: 12 },
          encoding: {
            y,
            x: { field: 'net', type: 'quantitative', title: 'quote', axis: moneyAxis(6) },
            color: {
              condition: { test: 'datum.net < 0', value: PALETTE[1] },
              value: PALETTE[0],
            },
          },
        },
        {
          transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
          mark: { type: 'rule', color: '#222222' },
          encoding: { y, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
        },
      ],
    },
  };
}
