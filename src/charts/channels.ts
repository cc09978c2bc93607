import type { TopLevelSpec } from 'vega-lite';
import type { FactorialEffects } from '../metrics/sensitivity/factorial.ts';
import { finite } from './chart.ts';
import type { ChartRow } from './chart.ts';
import { designAxis, frame, PALETTE, percent, source } from './theme.ts';

/** What the chart of a factorial of channels is drawn from. */
export interface ChannelInputs {
  readonly title: string;
  readonly seed: string;
  readonly metric: string;
  readonly unit: string;
  readonly effects: FactorialEffects;
}

/** Shapley shares of the channels, a bar each, with intervals. */
export function channelChart(inputs: ChannelInputs): TopLevelSpec {
  const { metric, unit, effects } = inputs;
  const rows = effects.channels.map(({ name, share, shapley, main }): ChartRow => ({
    channel: name,
    ...{ share: finite(share.estimate), low: finite(share.low), high: finite(share.high) },
    ...{ shapley: finite(shapley.estimate), main: finite(main.estimate) },
  }));
  const { n, level } = effects.channels[0].share;
  const y = { ...designAxis(rows.map(({ channel }) => channel as string)), field: 'channel' } as const;
  const axis = { format: '%' };
  return {
    ...frame(rows, {
      title: `What makes ${metric}`,
      lines: [
        `Shapley share of ${Number(effects.total.estimate.toPrecision(3))} ${unit}, from no channel to all of them`,
        `${n} pairs a channel setting · ${percent(level)} BCa intervals over whole replicates`,
        source(inputs),
      ],
    }),
    width: 480,
    height: { step: 34 },
    layer: [
      {
        mark: { type: 'bar', color: PALETTE[0] },
        encoding: {
          y,
          x: { field: 'share', type: 'quantitative', title: 'share', axis },
          tooltip: ['channel', 'share', 'low', 'high', 'shapley', 'main'].map((field) => ({ field })),
        },
      },
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 2, color: '#222222' },
        encoding: { y, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
    ],
  };
}
