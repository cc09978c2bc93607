import type { TopLevelSpec } from 'vega-lite';
import { layoutOf } from './axes.ts';
import { type Chart, type ChartRow, chartRows, type Layer } from './chart.ts';
import { by, frame, moneyAxis, pairsText, percent, source } from './theme.ts';

const LATENESS = 'lateness_mean';
const BAD_DEBT = 'lateness_bad_debt';

/** What it costs that liquidators come late; left out where they are equally late everywhere. */
export const lateness: Chart = {
  name: 'lateness',
  about: 'bad debt that liquidators found against how late they came, a point a design, with intervals',
  spec(inputs) {
    const { dose, designTitle } = layoutOf(inputs.summary);
    // The first axis by colour, the others by shape: a colour for each of their combinations would be too many.
    const axes = [...designTitle.split(' · '), ...(dose ? [dose.axis] : [])].filter((axis) => axis !== '');
    const [first, ...others] = axes;
    const labelOf = (row: ChartRow, of: readonly string[]): string => of.map((axis) => row[axis]).join(' · ');
    const rows = chartRows(inputs.summary)
      .filter((row) => row[LATENESS] !== null && row[BAD_DEBT] !== null)
      .map((row): ChartRow => ({
        design: labelOf(row, axes.slice(0, 1)),
        variation: labelOf(row, others),
        n: row.n,
        lateness: row[LATENESS],
        lateness_low: row[`${LATENESS}_low`],
        lateness_high: row[`${LATENESS}_high`],
        bad_debt: row[BAD_DEBT],
        bad_debt_low: row[`${BAD_DEBT}_low`],
        bad_debt_high: row[`${BAD_DEBT}_high`],
      }));
    if (new Set(rows.map((row) => row.lateness)).size < 2) return undefined;
    const open = rows.some(({ lateness_low }) => lateness_low === null) ? ' (none drawn: not bounded)' : '';
    const color = nominal('design', rows, first);
    const shape = nominal('variation', rows, others.join(' · '));
    const x = {
      field: 'lateness',
      type: 'quantitative',
      title: 'mean time from the mark that breaks an account to its first step (s)',
      axis: { grid: true, tickCount: 6 },
    } as const;
    const y = {
      field: 'bad_debt',
      type: 'quantitative',
      title: 'bad debt that arose meanwhile (quote)',
      axis: { grid: true, ...moneyAxis(6) },
    } as const;
    return {
      ...frame(rows, {
        title: `Lateness and bad debt${by(axes.join(' · '))}`,
        lines: [
          'means of the closed arm · an account that nobody came for waits until the end',
          `${pairsText(rows, 'replicates a point')} · ${percent(inputs.level)} t intervals${open}`,
          source(inputs),
        ],
      }),
      width: 560,
      height: 360,
      layer: [
        interval('lateness', 'x', { x, y, color }),
        interval('bad_debt', 'y', { x, y, color }),
        {
          mark: { type: 'point', filled: true, size: 80, opacity: 1 },
          encoding: {
            x,
            y,
            color,
            shape,
            tooltip: ['design', 'variation', 'lateness', 'bad_debt', 'n'].map((field) => ({ field })),
          },
        },
      ],
    } satisfies TopLevelSpec;
  },
};

/** In the order of the batch; without a legend when there is one value only. */
function nominal(field: 'design' | 'variation', rows: readonly ChartRow[], title: string) {
  const values = [...new Set(rows.map((row) => row[field] as string))];
  const legend = values.length > 1 ? { title, symbolSize: 80, symbolOpacity: 1 } : null;
  return { field, type: 'nominal', sort: values, legend } as const;
}

/** Neither a wait nor this debt is below zero in all but odd runs, though a t interval may be. */
function interval(
  field: string,
  along: 'x' | 'y',
  { x, y, color }: Record<'x' | 'y' | 'color', object>,
): Layer {
  const from = { field: `${field}_from`, type: 'quantitative' } as const;
  return {
    transform: [
      { filter: `isValid(datum.${field}_low) && isValid(datum.${field}_high)` },
      { calculate: `max(0, datum.${field}_low)`, as: `${field}_from` },
    ],
    mark: { type: 'rule', opacity: 0.6, strokeWidth: 1.5 },
    encoding: {
      x: along === 'x' ? { ...x, ...from } : x,
      y: along === 'y' ? { ...y, ...from } : y,
      [`${along}2`]: { field: `${field}_high` },
      color,
    },
  };
}
