import type { TopLevelSpec } from 'vega-lite';
import type { ChartInputs, ChartRow } from './chart.ts';

/** Okabe and Ito's colours, which people with any colour vision can tell apart; with grey for the yellow, which fades on white. */
export const PALETTE = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
  '#999999',
];
const FONT = 'DejaVu Sans, Verdana, Arial, sans-serif';
const INK = '#222222';
const QUIET = '#666666';
const GRID = '#e4e4e4';

/** What every chart shares: schema, look, inline rows, and a title that says what is shown, from what and how sure. */
export function frame(
  rows: readonly ChartRow[],
  { title, lines }: { title: string; lines: readonly string[] },
): Pick<TopLevelSpec, '$schema' | 'title' | 'background' | 'padding' | 'config'> & {
  data: { name: string; values: ChartRow[] };
} {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, subtitle: [...lines] },
    background: 'white',
    padding: 16,
    data: { name: 'rows', values: [...rows] },
    config: {
      font: FONT,
      title: {
        anchor: 'start',
        fontSize: 16,
        color: INK,
        subtitleFontSize: 11.5,
        subtitleColor: QUIET,
        subtitlePadding: 5,
        subtitleLineHeight: 15,
        offset: 14,
      },
      axis: {
        labelFontSize: 11,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        labelColor: INK,
        titleColor: INK,
        gridColor: GRID,
        domainColor: QUIET,
        tickColor: QUIET,
        // A label at the end of an axis stays under its tick, and away from the one beside it.
        labelFlush: false,
        labelSeparation: 4,
      },
      header: { labelFontSize: 12, labelFontWeight: 'bold', titleFontSize: 12, labelColor: INK },
      legend: { labelFontSize: 11.5, titleFontSize: 12, labelColor: INK, titleColor: INK, labelLimit: 320 },
      view: { stroke: null },
      range: { category: PALETTE },
      line: { strokeWidth: 2 },
      mark: { color: PALETTE[0] },
    },
  };
}

/** `40 pairs a point` or, when stopping rules ended cells differently, `40 to 90 pairs a point`. */
export function pairsText(rows: readonly ChartRow[], what: string): string {
  const counts = rows.map(({ n }) => n as number);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `${least === most ? least : `${least} to ${most}`} ${what}`;
}

/** `95 %`. */
export function percent(level: number): string {
  return `${Number((100 * level).toPrecision(6))} %`;
}

/** The last line under a title: where the numbers can be had again. */
export function source({ title, seed }: Pick<ChartInputs, 'title' | 'seed'>): string {
  return `${title} · seed ${seed}`;
}

/** An axis of money with few ticks: 0, 500k, 20M, 1.5B. */
export function moneyAxis(tickCount: number) {
  const text = "datum.value === 0 ? '0' : replace(format(datum.value, '~s'), 'G', 'B')";
  return { tickCount, labelExpr: text };
}

/** The axis of designs. What varies stands in the chart's title: along the axis it would not fit beside few rows. */
export function designAxis(designs: readonly string[], { labels }: { labels: boolean } = { labels: true }) {
  const axis = { labels, ticks: false, labelLimit: 300 };
  return { field: 'design', type: 'nominal', sort: [...designs], title: null, axis } as const;
}

/** `, by mark`, or nothing when there is one design. */
export function by(designTitle: string): string {
  return designTitle === '' ? '' : `, by ${designTitle}`;
}

/** Above a panel, from the left edge of its plot: it stays horizontal, and short panels hold it. */
export function heading(text: string) {
  return { text, anchor: 'start', frame: 'group', fontSize: 12, offset: 6 } as const;
}

/** Panels in a row, so that a page holds them. */
export const COLUMNS = 3;
