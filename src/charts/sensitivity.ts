import type { TopLevelSpec } from 'vega-lite';
import type { Analysis } from '../run/sensitivity/analysis.ts';
import { finite } from './chart.ts';
import type { ChartRow, Panel } from './chart.ts';
import { frame, heading, PALETTE, percent, source } from './theme.ts';

/** What the chart of a sensitivity analysis is drawn from. */
export interface SensitivityInputs {
  readonly title: string;
  readonly seed: string;
  /** Name and unit of the response. */
  readonly response: string;
  readonly unit: string;
  /** Of the parameters, in their order. */
  readonly names: readonly string[];
  /** At each point. */
  readonly replicates: number;
  readonly analysis: Analysis;
}

/** Morris screening: how much each parameter matters against how much it depends on the others; below it the Sobol indices of those that survived. */
export function sensitivityChart(inputs: SensitivityInputs): TopLevelSpec {
  const { names, response, unit, analysis, replicates } = inputs;
  const { screening, indices, survivors } = analysis;
  const { n, level } = screening[0].muStar;
  const rows: ChartRow[] = [
    ...screening.map(({ muStar, sigma, noise }, i) => ({
      ...{ panel: 'morris', parameter: names[i], index: null, value: finite(muStar.estimate) },
      ...{ low: finite(muStar.low), high: finite(muStar.high), sigma: finite(sigma), noise: finite(noise) },
    })),
    ...survivors.flatMap((i, at) =>
      (['first', 'total'] as const).flatMap((index) => {
        const estimate = indices?.parameters[at][index];
        if (estimate === undefined) return [];
        return {
          ...{ panel: 'sobol', parameter: names[i], index, value: finite(estimate.estimate) },
          ...{ low: finite(estimate.low), high: finite(estimate.high), sigma: null, noise: null },
        };
      }),
    ),
  ];
  const inIndices = indices?.parameters[0].first.n;
  return {
    ...frame(rows, {
      title: `What ${response} is sensitive to`,
      lines: [
        `lines: ${percent(level)} BCa intervals over ${n} trajectories${inIndices === undefined ? '' : ` and over ${inIndices} rows`} · ${replicates} replicates a point, the same seeds at all`,
        ...(indices === undefined
          ? []
          : [
              `the seed's own share of the variance of one replicate: ${percent(Number(indices.seedShare.toPrecision(2)))}`,
            ]),
        source(inputs),
      ],
    }),
    resolve: { scale: { color: 'independent' }, legend: { color: 'independent' } },
    vconcat: [
      morris(`${response}, ${unit} over the range`, names),
      ...(indices === undefined ? [] : [sobol(indices.noise)]),
    ],
  };
}

function morris(title: string, names: readonly string[]): Panel {
  const x = { field: 'value', type: 'quantitative', title: `μ* of ${title}`, scale: { zero: true } } as const;
  const y = {
    field: 'sigma',
    type: 'quantitative',
    title: 'σ of the same',
    scale: { zero: true, padding: 14 },
  } as const;
  const color = {
    field: 'parameter',
    type: 'nominal',
    sort: [...names],
    legend: { title: null, symbolOpacity: 1 },
  } as const;
  return {
    title: heading('Screening · ticks on the axis: the μ* that randomness alone would give each'),
    width: 480,
    height: 240,
    transform: [{ filter: "datum.panel === 'morris'" }],
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.7 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color },
      },
      {
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: { x, y, color, tooltip: tooltip('sigma', 'noise') },
      },
      {
        mark: { type: 'tick', thickness: 2, size: 12 },
        encoding: { x: { ...x, field: 'noise' }, y: { datum: 0 }, color },
      },
    ],
  };
}

function sobol(noise: number): Panel {
  const y = {
    field: 'parameter',
    type: 'nominal',
    title: null,
    axis: { ticks: false, labelLimit: 240 },
  } as const;
  const yOffset = { field: 'index', type: 'nominal', sort: ['first', 'total'] } as const;
  const x = { field: 'value', type: 'quantitative', title: 'share of the variance over the ranges' } as const;
  const range = [PALETTE[0], PALETTE[5]];
  const color = {
    field: 'index',
    type: 'nominal',
    scale: { domain: ['first', 'total'], range },
    legend: { title: 'Sobol index' },
  } as const;
  return {
    title: heading('Indices of what survived · dashed: the most of it that is left of the seeds'),
    width: 480,
    height: { step: 22 },
    transform: [{ filter: "datum.panel === 'sobol'" }],
    layer: [
      { mark: { type: 'bar', opacity: 1 }, encoding: { y, yOffset, x, color, tooltip: tooltip('index') } },
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 1.5, color: '#222222' },
        encoding: { y, yOffset, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      ...(Number.isFinite(noise)
        ? [
            {
              mark: { type: 'rule' as const, strokeDash: [5, 4], color: '#444444' },
              encoding: { x: { datum: noise, type: 'quantitative' as const } },
            },
          ]
        : []),
    ],
  };
}

function tooltip(...more: readonly string[]): { field: string }[] {
  return ['parameter', 'value', 'low', 'high', ...more].map((field) => ({ field }));
}
