import type { TopLevelSpec } from 'vega-lite';
import { axesOf } from '../tables/runs-table.ts';
import { numberOf } from './axes.ts';
import { type Chart, type ChartRow, chartRows } from './chart.ts';
import { COLUMNS, frame, pairsText, percent, source } from './theme.ts';

/** More columns than this do not fit a page. */
const MOST_COLUMNS = 12;

/**
 * Amplification over two axes of a sweep, a panel for each combination of the others. The line of criticality, k = 1, is not in it: a
 * summary has no local criticality, and R̂ is below 1 by its definition.
 */
export const heatMap: Chart = {
  name: 'heat-map',
  about: 'amplification over two axes of the sweep, such as leverage and depth or tier cap and rate',
  spec(inputs) {
    const all = chartRows(inputs.summary);
    const axes = axesOf(inputs.summary).filter((axis) => labelsOf(all, axis).length > 1);
    // Two axes of numbers, the later ones, or whichever vary.
    const numbers = axes.filter((axis) =>
      labelsOf(all, axis).every((label) => numberOf(label) !== undefined),
    );
    const [y, x] = numbers.length >= 2 ? numbers.slice(-2) : axes.slice(-2);
    if (x === undefined || labelsOf(all, x).length > MOST_COLUMNS) return undefined;
    const others = axes.filter((axis) => axis !== x && axis !== y);
    const rows = all
      .filter((row) => row.amplification !== null)
      .map((row): ChartRow => ({
        ...(others.length > 0 && { panel: others.map((axis) => String(row[axis])).join(' · ') }),
        x: row[x],
        y: row[y],
        n: row.n,
        amplification: row.amplification,
        low: row.amplification_low,
        high: row.amplification_high,
      }));
    if (rows.length === 0) return undefined;
    const panels = [...new Set(rows.map(({ panel }) => panel as string))];
    const place = {
      x: { field: 'x', type: 'ordinal', title: x, sort: sorted(all, x), axis: { labelAngle: 0 } },
      y: { field: 'y', type: 'ordinal', title: y, sort: sorted(all, y).reverse() },
    } as const;
    const text = (field: string, dy: number, fontSize: number) =>
      ({
        mark: { type: 'text', dy, fontSize },
        encoding: {
          ...place,
          text: { field, type: 'nominal' },
          color: {
            condition: { test: `datum.amplification > ${middle(rows)}`, value: 'white' },
            value: '#222222',
          },
        },
      }) as const;
    const framed = frame(rows, {
      title: `Amplification over ${y} and ${x}`,
      lines: [
        'mean drawdown with liquidation over the mean without',
        `${pairsText(rows, 'pairs a cell')} · in brackets: ${percent(inputs.level)} Fieller intervals`,
        source(inputs),
      ],
    });
    const map: Pick<Extract<TopLevelSpec, { layer: unknown }>, 'width' | 'height' | 'transform' | 'layer'> = {
      width: { step: 92 },
      height: { step: 44 },
      transform: [
        { calculate: "format(datum.amplification, '.2f')", as: 'middle' },
        {
          calculate:
            "isValid(datum.low) && isValid(datum.high) ? '[' + format(datum.low, '.2f') + ', ' + format(datum.high, '.2f') + ']' : '[not bounded]'",
          as: 'interval',
        },
      ],
      layer: [
        {
          mark: { type: 'rect', stroke: 'white' },
          encoding: {
            ...place,
            color: {
              field: 'amplification',
              type: 'quantitative',
              // Every cell says its number.
              legend: null,
              scale: { scheme: 'blues', zero: false },
            },
            tooltip: ['x', 'y', 'amplification', 'low', 'high', 'n'].map((field) => ({ field })),
          },
        },
        text('middle', -6, 13),
        text('interval', 10, 10),
      ],
    };
    if (others.length === 0) return { ...framed, ...map };
    return {
      ...framed,
      facet: { field: 'panel', type: 'nominal', title: others.join(' · '), sort: panels },
      columns: COLUMNS - 1,
      spec: map,
    };
  },
};

function labelsOf(rows: readonly ChartRow[], axis: string): string[] {
  return [...new Set(rows.map((row) => String(row[axis])))];
}

/** By size where all labels are numbers, else as they stand in the scenario. */
function sorted(rows: readonly ChartRow[], axis: string): string[] {
  const labels = labelsOf(rows, axis);
  if (labels.some((label) => numberOf(label) === undefined)) return labels;
  return labels.sort((a, b) => numberOf(a)! - numberOf(b)!);
}

/** Above it cells are dark. */
function middle(rows: readonly ChartRow[]): number {
  const values = rows.map(({ amplification }) => amplification as number);
  return (Math.min(...values) + Math.max(...values)) / 2;
}
