import type { TopLevelSpec } from 'vega-lite';
import { ratioOfMeans } from '../metrics/estimates/ratio-of-means.ts';
import { pairedRuns } from '../tables/paired-runs.ts';
import { layoutOf } from './axes.ts';
import { type Chart, type ChartInputs, type ChartRow, finite, type Panel } from './chart.ts';
import { by, COLUMNS, frame, heading, percent, source } from './theme.ts';

/** Points a line. */
const MOST_POINTS = 30;
/** Fewer pairs say nothing of an interval. */
const LEAST_PAIRS = 5;

/** Whether more replicates would change the picture: the estimate, its precision and the correlation of the pairs, as they came in. */
export const convergence: Chart = {
  name: 'convergence',
  about:
    'running amplification, half-width of its interval and correlation of the pairs, over the number of pairs',
  spec(inputs) {
    const { dose, designs, designOf, designTitle } = layoutOf(inputs.runs);
    const ended = inputs.summary.objects() as ChartRow[];
    const rows = runningRows(inputs, (labels) => ({
      design: designOf(labels),
      size: dose ? labels[dose.axis] : '',
    }));
    if (rows.length === 0) return undefined;
    const sizes = dose?.labels ?? [''];
    const legend = designs.length > 1 ? { title: designTitle } : null;
    const color = { field: 'design', type: 'nominal', sort: [...designs], legend } as const;
    const counts = ended.map(({ n }) => n as number);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const open = ended.filter(({ converged }) => converged === false).length;
    return {
      ...frame(rows, {
        title: `As the replicates come in${by(designTitle)}`,
        lines: [
          'amplification, half-width of its interval over the estimate, correlation of the drawdowns closed and off',
          `up to ${least === most ? most : `${least} to ${most}`} pairs a line · ${percent(inputs.level)} Fieller intervals, not drawn where not bounded`,
          open === 0
            ? 'every cell ended as its stopping rule asks'
            : `${open} of ${ended.length} cells: not converged`,
          source(inputs),
        ],
      }),
      concat: sizes.map((size) => panels(size, { color, axis: dose?.axis })),
      columns: COLUMNS,
      resolve: { scale: { color: 'shared' } },
    } satisfies TopLevelSpec;
  },
};

function runningRows(
  { runs, level }: ChartInputs,
  place: (labels: Readonly<Record<string, string>>) => { design: string; size: string },
): ChartRow[] {
  return pairedRuns(runs).flatMap((pairs) => {
    const [closed, off] = [pairs.column('closed', 'drawdown'), pairs.column('off', 'drawdown')];
    if (!closed || !off) return [];
    return pointsUpTo(closed.length).map((n): ChartRow => {
      const { estimate, fieller, correlation } = ratioOfMeans(closed.slice(0, n), off.slice(0, n), level);
      const half = (fieller.high - fieller.low) / 2 / Math.abs(estimate);
      return {
        ...place(pairs.labels),
        cell: pairs.cell,
        n,
        amplification: finite(estimate),
        low: finite(fieller.low),
        high: finite(fieller.high),
        // A logarithm has no zero; ± 0.01 % is none to speak of.
        half_width: finite(Math.max(1e-4, half)),
        correlation: finite(correlation),
      };
    });
  });
}

/** Numbers of pairs at which to look: all of them, or evenly spread ones, the last one always. */
function pointsUpTo(n: number): number[] {
  const first = Math.min(n, LEAST_PAIRS);
  const count = Math.min(MOST_POINTS, n - first + 1);
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? n : Math.round(first + (i * (n - first)) / (count - 1)),
  );
}

function panels(size: string, { color, axis }: { color: object; axis: string | undefined }): Panel {
  const x = { field: 'n', type: 'quantitative', axis: { tickCount: 5 } } as const;
  const line = (field: string, title: string, more: object, above?: string): Panel => ({
    ...(above !== undefined && { title: heading(above) }),
    width: 220,
    height: 110,
    transform: [{ filter: { field: 'size', equal: size } }, { filter: `isValid(datum.${field})` }],
    mark: { type: 'line', strokeWidth: 1.6 },
    encoding: {
      x: { ...x, title: field === 'correlation' ? 'pairs' : null },
      y: { field, type: 'quantitative', title, ...more },
      color,
    } as never,
  });
  return {
    vconcat: [
      line(
        'amplification',
        'amplification (×)',
        { scale: { zero: false }, axis: { grid: true, tickCount: 4 } },
        axis === undefined ? undefined : `${axis} ${size}`,
      ),
      line('half_width', '± half-width', {
        scale: { type: 'log' },
        // Lines for every tenth of a decade would hide the curves.
        axis: { grid: false, tickCount: 4, format: '~%' },
      }),
      line('correlation', 'correlation', { axis: { grid: true, tickCount: 4 } }),
    ],
  };
}
