import type { TopLevelSpec } from 'vega-lite';
import { quantileOf } from '../../metrics/estimates/quantile.ts';
import { ruinWith } from '../../tables/risk-team/fund-size.ts';
import type { ChartRow } from '../chart.ts';
import { frame, heading, moneyAxis, PALETTE, percent, source } from '../theme.ts';

/** What replicates with a fund without end needed of it. */
export interface FundInputs {
  readonly title: string;
  readonly seed: string;
  readonly level: number;
  /** The target. */
  readonly ruin: number;
  /** One a replicate; Infinity where no fund helps. */
  readonly needs: readonly number[];
  readonly paths: readonly { readonly seconds: readonly number[]; readonly used: readonly number[] }[];
}

/** Quantiles of the fan, outermost first. */
const BANDS = [
  [0.05, 0.95],
  [0.25, 0.75],
] as const;
/** Sizes at which the probability of ruin is drawn. */
const SIZES = 80;

/** How far the fund is down over time, as a fan, and the probability of ruin over its size. Undefined without a replicate. */
export function fundChart(inputs: FundInputs): TopLevelSpec | undefined {
  const { needs, paths, ruin, level } = inputs;
  if (needs.length === 0) return undefined;
  const rows = [...fanOf(paths), ...ruinOver(needs, level)];
  return {
    ...frame(rows, {
      title: 'What the fund goes through, and how large it must be',
      lines: [
        'left: what a fund without end is down by at the mark, median with 50 % and 90 % of the replicates · right: probability of ruin over its size',
        `${needs.length} replicates · ${percent(level)} mid-P intervals (rule of three where none or all) · dashed: the target of ${percent(ruin)}`,
        source(inputs),
      ],
    }),
    hconcat: [
      {
        title: heading('down by, over time'),
        width: 330,
        height: 260,
        transform: [{ filter: "datum.panel === 'fan'" }],
        layer: [
          ...BANDS.map((_, i) => ({
            mark: { type: 'area' as const, opacity: 0.22, color: PALETTE[0] },
            encoding: {
              x: { field: 'x', type: 'quantitative' as const },
              y: { field: `low_${i}`, type: 'quantitative' as const },
              y2: { field: `high_${i}` },
            },
          })),
          {
            mark: { type: 'line', color: PALETTE[0] },
            encoding: {
              x: {
                field: 'x',
                type: 'quantitative',
                title: 'seconds since the shock began',
                axis: { grid: false },
              },
              y: { field: 'y', type: 'quantitative', title: 'quote', axis: moneyAxis(6) },
            },
          },
        ],
      },
      {
        title: heading('ruin, by initial size'),
        width: 330,
        height: 260,
        transform: [{ filter: "datum.panel === 'ruin'" }],
        layer: [
          {
            mark: { type: 'area', opacity: 0.22, color: PALETTE[1] },
            encoding: {
              x: { field: 'x', type: 'quantitative' },
              y: { field: 'low_0', type: 'quantitative' },
              y2: { field: 'high_0' },
            },
          },
          {
            mark: { type: 'line', color: PALETTE[1], interpolate: 'step-after' },
            encoding: {
              x: {
                field: 'x',
                type: 'quantitative',
                title: 'fund, quote',
                axis: { ...moneyAxis(5), grid: false },
              },
              y: {
                field: 'y',
                type: 'quantitative',
                title: 'probability of ruin',
                scale: { domain: [0, 1] },
                axis: { format: '.0%' },
              },
            },
          },
          { mark: { type: 'rule', strokeDash: [5, 4], color: '#444444' }, encoding: { y: { datum: ruin } } },
        ],
      },
    ],
    spacing: 40,
  };
}

function fanOf(paths: FundInputs['paths']): ChartRow[] {
  return paths[0].seconds.map((x, i) => {
    const used = Float64Array.from(paths, (path) => path.used[i]).sort();
    return rowOf(
      'fan',
      x,
      quantileOf(used, 0.5),
      BANDS.map(([low, high]) => [quantileOf(used, low), quantileOf(used, high)]),
    );
  });
}

function ruinOver(needs: readonly number[], level: number): ChartRow[] {
  const finite = needs.filter((need) => need < Infinity);
  const most = 1.1 * Math.max(...finite, 1);
  return Array.from({ length: SIZES + 1 }, (_, i) => {
    const x = (most * i) / SIZES;
    const { estimate, low, high } = ruinWith(Float64Array.from(needs), x, level);
    return rowOf('ruin', x, estimate, [[low, high]]);
  });
}

function rowOf(
  panel: string,
  x: number,
  y: number,
  bands: readonly (readonly [number, number] | number[])[],
): ChartRow {
  const at = (band: number, end: number): number | null => bands[band]?.[end] ?? null;
  return { panel, x, y, low_0: at(0, 0), high_0: at(0, 1), low_1: at(1, 0), high_1: at(1, 1) };
}
