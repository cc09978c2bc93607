import type { TopLevelSpec } from 'vega-lite';
import { proportion } from '../metrics/estimates/proportion.ts';
import { pairedRuns } from '../tables/paired-runs.ts';
import { layoutOf } from './axes.ts';
import type { Chart, ChartRow, Layer, Panel } from './chart.ts';
import { by, COLUMNS, frame, heading, pairsText, percent, source } from './theme.ts';

/** Intervals of more designs than this cover each other; the lines remain. */
const MOST_BANDS = 3;
/** A drawdown of less is drawn as this much: a logarithm has no zero. */
const LEAST_BP = 0.1;

/** The share of the replicates that fell further, on logarithms: a straight line is a power law, a shoulder the scale of cascades. */
export const drawdownSurvival: Chart = {
  name: 'drawdown-survival',
  about: 'share of the replicates whose drawdown was larger, a line a design, on logarithmic axes',
  spec(inputs) {
    const { dose, designs, designOf, designTitle } = layoutOf(inputs.runs);
    const rows = pairedRuns(inputs.runs).flatMap((pairs): ChartRow[] => {
      const drawdowns = pairs.column('closed', 'drawdown');
      const place = { design: designOf(pairs.labels), size: dose ? pairs.labels[dose.axis] : '' };
      return drawdowns ? survival(drawdowns, inputs.level).map((step) => ({ ...place, ...step })) : [];
    });
    if (rows.length === 0) return undefined;
    const sizes = dose?.labels ?? [''];
    const shown = { designs, designTitle, bands: designs.length <= MOST_BANDS };
    const intervals = shown.bands
      ? `${percent(inputs.level)} mid-P intervals at each step`
      : `${percent(inputs.level)} mid-P intervals are in the data: bands of ${designs.length} designs would cover each other`;
    return {
      ...frame(rows, {
        title: `How often the fall is larger${by(designTitle)}`,
        lines: [
          'drawdown of the closed arm · both axes logarithmic · the last step is one replicate',
          `${pairsText(rows, 'replicates a line')} · ${intervals}`,
          source(inputs),
        ],
      }),
      concat: sizes.map((size) => panel(size, { ...shown, axis: dose?.axis })),
      columns: COLUMNS,
      resolve: { scale: { color: 'shared', y: 'shared' } },
    } satisfies TopLevelSpec;
  },
};

/** P(D ≥ d) at each drawdown seen: of n values in order, n at the smallest, one at the largest. */
function survival(drawdowns: Float64Array, level: number): ChartRow[] {
  const n = drawdowns.length;
  return Array.from(drawdowns.slice().sort(), (drawdown, below) => {
    const { estimate, low, high } = proportion(n - below, n, level);
    return {
      drawdown: Math.max(LEAST_BP, drawdown),
      share: estimate,
      low: Math.max(low, 1 / (10 * n)),
      high,
      n,
    };
  });
}

function panel(
  size: string,
  {
    designs,
    designTitle,
    bands,
    axis,
  }: { designs: readonly string[]; designTitle: string; bands: boolean; axis: string | undefined },
): Panel {
  const legend = designs.length > 1 ? { title: designTitle } : null;
  const color = { field: 'design', type: 'nominal', sort: [...designs], legend } as const;
  const x = {
    field: 'drawdown',
    type: 'quantitative',
    scale: { type: 'log', nice: false, padding: 8 },
    title: 'drawdown (bp)',
    axis: { grid: true, tickCount: 4, format: '~s' },
  } as const;
  const y = {
    field: 'share',
    type: 'quantitative',
    scale: { type: 'log' },
    title: 'share with a larger one',
    axis: { grid: true, tickCount: 3, format: '~%' },
  } as const;
  const band: Layer = {
    mark: { type: 'area', opacity: 0.14, interpolate: 'step-before' },
    encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
  };
  return {
    ...(axis !== undefined && { title: heading(`${axis} ${size}`) }),
    width: 230,
    height: 210,
    transform: [{ filter: { field: 'size', equal: size } }],
    layer: [
      ...(bands ? [band] : []),
      { mark: { type: 'line', interpolate: 'step-before', strokeWidth: 1.8 }, encoding: { x, y, color } },
    ],
  };
}
