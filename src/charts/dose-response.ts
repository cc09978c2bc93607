import type { TopLevelSpec } from 'vega-lite';
import { type Dose, layoutOf } from './axes.ts';
import { type Chart, type ChartInputs, type ChartRow, chartRows, type Layer } from './chart.ts';
import { by, designAxis, frame, PALETTE, pairsText, percent, source } from './theme.ts';

/** Amplification over the size of the shock, a line a design; without an axis of sizes, a point a design. */
export const doseResponse: Chart = {
  name: 'dose-response',
  about: 'amplification of the drawdown over the size of the shock, a line a design, with intervals',
  spec(inputs) {
    const { dose, designOf, designs, designTitle } = layoutOf(inputs.summary);
    const rows = chartRows(inputs.summary)
      .filter((row) => row.amplification !== null)
      .map((row): ChartRow => ({
        design: designOf(row),
        ...(dose && { size: dose.sizeOf(String(row[dose.axis])), size_label: row[dose.axis] }),
        n: row.n,
        amplification: row.amplification,
        low: row.amplification_low,
        high: row.amplification_high,
        converged: row.converged,
      }));
    if (rows.length === 0) return undefined;
    const shown = { designs, designTitle };
    return dose ? lines(inputs, rows, { ...shown, dose }) : points(inputs, rows, shown);
  },
};

interface Shown {
  readonly designs: readonly string[];
  readonly designTitle: string;
}

const RATIO = 'amplification (×)';
/** Bands of more designs than this cover each other; the bars at the points remain. */
const MOST_BANDS = 3;

function caption(inputs: ChartInputs, rows: readonly ChartRow[]): string[] {
  const open = rows.some(({ low }) => low === null) ? ' (none drawn: not bounded)' : '';
  const pairs = pairsText(rows, 'pairs a point');
  const early = rows.filter(({ converged }) => converged === false).length;
  const ringed = early === 0 ? '' : ` · ringed: not converged (${early} of ${rows.length})`;
  return [
    `mean drawdown with liquidation over the mean without · dashed: no amplification${ringed}`,
    `${pairs} · ${percent(inputs.level)} Fieller intervals${open}`,
    source(inputs),
  ];
}

function lines(
  inputs: ChartInputs,
  rows: readonly ChartRow[],
  { dose, designs, designTitle }: Shown & { dose: Dose },
): TopLevelSpec {
  const title = `Amplification over ${dose.axis}`;
  const x = { field: 'size', type: 'quantitative', ...sizeAxis(dose) } as const;
  const legend = designs.length > 1 ? { title: designTitle, symbolSize: 80, symbolOpacity: 1 } : null;
  const color = { field: 'design', type: 'nominal', sort: [...designs], legend } as const;
  const bounded = [{ filter: 'isValid(datum.low) && isValid(datum.high)' }];
  const band: Layer = {
    transform: bounded,
    mark: { type: 'area', opacity: 0.16 },
    encoding: { x, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
  };
  return {
    ...frame(rows, { title, lines: caption(inputs, rows) }),
    width: 560,
    height: 340,
    layer: [
      unity('y'),
      ...(designs.length <= MOST_BANDS ? [band] : []),
      {
        transform: bounded,
        mark: { type: 'rule', opacity: 0.8, strokeWidth: 1.5 },
        encoding: { x, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'line' },
        encoding: { x, y: { field: 'amplification', type: 'quantitative' }, color },
      },
      rings({ x, y: { field: 'amplification', type: 'quantitative' } }),
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          x,
          y: {
            field: 'amplification',
            type: 'quantitative',
            title: RATIO,
            scale: { zero: false, nice: false, padding: 16 },
            axis: { grid: true, tickCount: 6 },
          },
          color,
          shape: color,
          tooltip: ['design', 'size_label', 'amplification', 'low', 'high', 'n', 'converged'].map(
            (field) => ({ field }),
          ),
        },
      },
    ],
  };
}

function points(
  inputs: ChartInputs,
  rows: readonly ChartRow[],
  { designs, designTitle }: Shown,
): TopLevelSpec {
  const y = designAxis(designs);
  return {
    ...frame(rows, { title: `Amplification${by(designTitle)}`, lines: caption(inputs, rows) }),
    width: 480,
    height: { step: 30 },
    layer: [
      unity('x'),
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 2, color: PALETTE[0] },
        encoding: { y, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      rings({ y, x: { field: 'amplification', type: 'quantitative' } }),
      {
        mark: { type: 'point', filled: true, size: 80, opacity: 1 },
        encoding: {
          y,
          x: {
            field: 'amplification',
            type: 'quantitative',
            title: RATIO,
            scale: { zero: false, nice: false, padding: 16 },
            axis: { grid: true, tickCount: 6 },
          },
          tooltip: ['design', 'amplification', 'low', 'high', 'n', 'converged'].map((field) => ({ field })),
        },
      },
    ],
  };
}

/** Round the points of cells that ended before their intervals were as narrow as asked. */
function rings(encoding: { x: object; y: object }): Layer {
  return {
    transform: [{ filter: 'datum.converged === false' }],
    mark: { type: 'point', filled: false, shape: 'circle', size: 260, strokeWidth: 1.5, color: '#444444' },
    encoding,
  };
}

/** Where nothing is amplified. */
function unity(channel: 'x' | 'y'): Layer {
  return {
    mark: { type: 'rule', strokeDash: [5, 4], color: '#444444' },
    encoding: { [channel]: { datum: 1, type: 'quantitative' } },
  };
}

/** Ticks at the sizes that were run, labelled as they were written; logarithmic when they span more than a factor of 8. */
function sizeAxis({ axis, labels, sizeOf }: Dose) {
  const sizes = labels.map(sizeOf);
  const [least, most] = [sizes[0], sizes[sizes.length - 1]];
  const isLog = least > 0 && most / least > 8;
  const written = labels.map((label) => `datum.value === ${sizeOf(label)} ? ${JSON.stringify(label)}`);
  return {
    title: axis,
    scale: { type: isLog ? 'log' : 'linear', ...(isLog ? {} : { zero: false }), nice: false, padding: 24 },
    axis: { values: sizes, labelExpr: `${written.join(' : ')} : ''`, grid: false },
  } as const;
}
