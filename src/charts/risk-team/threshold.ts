import type { TopLevelSpec } from 'vega-lite';
import { proportion } from '../../metrics/estimates/proportion.ts';
import type { Threshold } from '../../run/threshold.ts';
import { numberOf } from '../axes.ts';
import type { ChartRow } from '../chart.ts';
import { frame, PALETTE, percent, source } from '../theme.ts';

/** The thresholds of the replicates, by cell. */
export interface ThresholdInputs {
  readonly title: string;
  readonly seed: string;
  readonly level: number;
  readonly vary: string;
  readonly event: string;
  readonly probability: number;
  /** As written, from one end to the other. */
  readonly levels: readonly string[];
  readonly groups: readonly {
    readonly label: string;
    readonly worstLast: boolean;
    readonly thresholds: readonly Threshold[];
  }[];
}

/** The probability of an event over a parameter: the share of replicates whose threshold is behind. Undefined without one. */
export function thresholdChart(inputs: ThresholdInputs): TopLevelSpec | undefined {
  const { levels, groups, level, probability, event, vary } = inputs;
  const rows = groups.flatMap(({ label, worstLast, thresholds }) =>
    levels.map((text, i): ChartRow => {
      const behind = worstLast ? i : levels.length - 1 - i;
      const { estimate, low, high, n } = proportion(
        thresholds.filter(({ at }) => at <= behind).length,
        thresholds.length,
        level,
      );
      return { cell: label, size: numberOf(text) ?? i, size_label: text, n, share: estimate, low, high };
    }),
  );
  if (rows.length === 0) return undefined;
  const sizes = rows.map(({ size }) => Math.abs(size as number));
  const isLog = rows.every(({ size }) => (size as number) > 0) && Math.max(...sizes) / Math.min(...sizes) > 8;
  const x = {
    field: 'size',
    type: 'quantitative',
    title: vary,
    scale: { type: isLog ? 'log' : 'linear', ...(isLog ? {} : { zero: false }), nice: false },
    axis: { grid: false, format: '~s', tickCount: 6 },
  } as const;
  const legend = groups.length > 1 ? { title: null } : null;
  const color = { field: 'cell', type: 'nominal', legend, scale: { range: PALETTE } } as const;
  return {
    ...frame(rows, {
      title: `Probability of ${event} over ${vary}`,
      lines: [
        'share of the replicates whose own threshold is behind, each found by bisection on equal random numbers',
        `${rows[0].n} replicates · ${percent(level)} mid-P intervals, level by level (rule of three where none or all) · dashed: ${percent(probability)}`,
        source(inputs),
      ],
    }),
    width: 560,
    height: 320,
    layer: [
      {
        mark: { type: 'area', opacity: 0.18 },
        encoding: { x, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'line', interpolate: 'step-after' },
        encoding: {
          x,
          y: {
            field: 'share',
            type: 'quantitative',
            title: `probability of ${event}`,
            scale: { domain: [0, 1] },
            axis: { format: '.0%' },
          },
          color,
        },
      },
      {
        mark: { type: 'rule', strokeDash: [5, 4], color: '#444444' },
        encoding: { y: { datum: probability } },
      },
    ],
  };
}
