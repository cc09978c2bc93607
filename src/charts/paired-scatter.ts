import type { TopLevelSpec } from 'vega-lite';
import { pairedRuns } from '../tables/paired-runs.ts';
import { layoutOf } from './axes.ts';
import type { Chart, ChartInputs, ChartRow, Panel } from './chart.ts';
import { COLUMNS, frame, heading, source } from './theme.ts';

/** Every replicate as a point: what the closed arm made of the drawdown that the off arm had. */
export const pairedScatter: Chart = {
  name: 'paired-scatter',
  about: 'drawdown with liquidation against drawdown without, a point a replicate',
  spec(inputs) {
    const { dose, designs, designOf, designTitle } = layoutOf(inputs.runs);
    const rows = pairRows(inputs, (labels) => ({
      design: designOf(labels),
      size: dose ? labels[dose.axis] : '',
    }));
    if (rows.length === 0) return undefined;
    const sizes = dose?.labels ?? [''];
    const legend = designs.length > 1 ? { title: designTitle } : null;
    const panels = sizes.map((size) => panel(size, rows, { designs, legend, axis: dose?.axis }));
    return {
      ...frame(rows, {
        title: 'What liquidation makes of a drawdown',
        lines: [
          `${rows.length} pairs · a point is one replicate, with and without liquidation: nothing is estimated`,
          'drawdowns on the same random numbers · dashed: liquidation changed nothing',
          source(inputs),
        ],
      }),
      concat: panels,
      columns: COLUMNS,
      resolve: { scale: { color: 'shared', shape: 'shared' } },
    } satisfies TopLevelSpec;
  },
};

function pairRows(
  { runs }: ChartInputs,
  place: (labels: Readonly<Record<string, string>>) => { design: string; size: string },
): ChartRow[] {
  return pairedRuns(runs).flatMap((pairs) => {
    const off = pairs.column('off', 'drawdown');
    const closed = pairs.column('closed', 'drawdown');
    if (!off || !closed) return [];
    const { design, size } = place(pairs.labels);
    return pairs.replicates.map((replicate, i) => ({
      design,
      size,
      replicate,
      off: off[i],
      closed: closed[i],
    }));
  });
}

/** Each panel has its own square, from zero to its largest drawdown, so that the diagonal is one. */
function panel(
  size: string,
  rows: readonly ChartRow[],
  {
    designs,
    legend,
    axis,
  }: { designs: readonly string[]; legend: { title: string } | null; axis: string | undefined },
): Panel {
  const here = rows.filter((row) => row.size === size);
  const most = here.reduce((max, { off, closed }) => Math.max(max, off as number, closed as number), 0);
  const scale = { domain: [0, most > 0 ? 1.05 * most : 1], nice: false };
  const design = { field: 'design', type: 'nominal', sort: [...designs], legend } as const;
  return {
    ...(axis !== undefined && { title: heading(`${axis} ${size}`) }),
    width: 250,
    height: 250,
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: '#444444', strokeDash: [5, 4] },
        encoding: {
          x: { datum: 0, type: 'quantitative', scale },
          x2: { datum: scale.domain[1] },
          y: { datum: 0, type: 'quantitative', scale },
          y2: { datum: scale.domain[1] },
        },
      },
      {
        transform: [{ filter: { field: 'size', equal: size } }],
        mark: { type: 'point', filled: true, size: 28, opacity: 0.65 },
        encoding: {
          x: {
            field: 'off',
            type: 'quantitative',
            title: 'without liquidation (bp)',
            scale,
            axis: { tickCount: 5, grid: true },
          },
          y: {
            field: 'closed',
            type: 'quantitative',
            title: 'with liquidation (bp)',
            scale,
            axis: { tickCount: 5, grid: true },
          },
          color: design,
          shape: design,
          tooltip: ['design', 'replicate', 'off', 'closed'].map((field) => ({ field })),
        },
      },
    ],
  };
}
