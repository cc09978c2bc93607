import type { TopLevelSpec } from 'vega-lite';
import type { CheckResult, Curve } from '../run/validation/check.ts';
import { finite } from './chart.ts';
import type { ChartRow, Panel } from './chart.ts';
import { COLUMNS, frame, heading, PALETTE } from './theme.ts';

/** The curves behind the findings of a validation, a panel each: the market as it is, and the placebo beside it. */
export function validationCurves(
  results: readonly CheckResult[],
  { title }: { title: string },
): TopLevelSpec | undefined {
  const findings = results.flatMap((result) => result.findings).filter(({ curve }) => curve !== undefined);
  const rows = findings.flatMap(({ curve }) => rowsOf(curve!));
  if (rows.length === 0) return undefined;
  return {
    ...frame(rows, {
      title,
      lines: [
        'n replicates taken together · intervals of the numbers in the report: jackknife over replicates',
        'model: the baseline market without a shock · placebo: Poisson orders of zero intelligence',
      ],
    }),
    concat: findings.map(({ curve, n }) => panel(curve!, n)),
    columns: COLUMNS,
    resolve: { scale: { color: 'shared' } },
  } satisfies TopLevelSpec;
}

function rowsOf({ title, x, model, placebo }: Curve): ChartRow[] {
  const line = (market: string, values: readonly number[]): ChartRow[] =>
    values.map((value, i) => ({ panel: title, market, x: x[i], y: finite(value) }));
  return [...line('model', model), ...line('placebo', placebo)];
}

/** Powers of two and the like are spread evenly; signed values are shown with their zero. */
function panel({ title, along, x, model }: Curve, n: number | undefined): Panel {
  const scale = x.at(-1)! / x[0] >= 16 && x.length <= 8 ? { type: 'log' as const, nice: false } : {};
  const isImpact = model.every((value) => value > 0) && 'type' in scale;
  return {
    title: heading(`${title}, n = ${n}`),
    width: 250,
    height: 180,
    layer: [
      ...(isImpact
        ? []
        : [
            {
              data: { values: [{}] },
              mark: { type: 'rule' as const, color: '#444444', strokeDash: [5, 4] },
              encoding: { y: { datum: 0, type: 'quantitative' as const } },
            },
          ]),
      {
        transform: [{ filter: { field: 'panel', equal: title } }],
        mark: { type: 'line', point: x.length <= 8 },
        encoding: {
          x: { field: 'x', type: 'quantitative', title: along, scale, axis: { grid: false, tickCount: 6 } },
          y: {
            field: 'y',
            type: 'quantitative',
            title: null,
            ...(isImpact ? { scale: { type: 'log', nice: false } } : {}),
            axis: { tickCount: 5 },
          },
          color: {
            field: 'market',
            type: 'nominal',
            title: null,
            scale: { domain: ['model', 'placebo'], range: PALETTE.slice(0, 2) },
          },
        },
      },
    ],
  };
}
