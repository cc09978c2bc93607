import { layoutOf } from './axes.ts';
import { type Chart, type ChartRow, chartRows, type Panel } from './chart.ts';
import { by, COLUMNS, designAxis, frame, heading, pairsText, PALETTE, percent, source } from './theme.ts';

/** The drawdown as shock + direct + feedback, and the reproduction number below it. */
export const decomposition: Chart = {
  name: 'decomposition',
  about:
    'how much of the drawdown is the shock, its direct liquidations and their feedback; the reproduction number',
  spec(inputs) {
    const { dose, designs, designOf, designTitle } = layoutOf(inputs.summary);
    const rows = chartRows(inputs.summary)
      .filter(({ drawdown_off_bp: off, drawdown_open_bp: open, drawdown_closed_bp: closed }) =>
        [off, open, closed].every((mean) => mean !== null),
      )
      .map((row): ChartRow => {
        const [off, open, closed] = [
          row.drawdown_off_bp,
          row.drawdown_open_bp,
          row.drawdown_closed_bp,
        ] as number[];
        return {
          design: designOf(row),
          size: dose ? row[dose.axis] : '',
          n: row.n,
          shock: off,
          direct: open - off,
          feedback: closed - open,
          reproduction: row.reproduction,
          low: row.reproduction_low,
          high: row.reproduction_high,
        };
      });
    if (rows.length === 0) return undefined;
    const sizes = dose?.labels ?? [''];
    const y = (i: number) => designAxis(designs, { labels: i % COLUMNS === 0 });
    return {
      ...frame(rows, {
        title: `What the drawdown is made of${by(designTitle)}`,
        lines: [
          'without liquidation · liquidations set off by the shock · by other liquidations',
          `${pairsText(rows, 'replicates, each in three arms')} · R̂ with ${percent(inputs.level)} Fieller intervals`,
          source(inputs),
        ],
      }),
      concat: sizes.map((size, i) => ({
        vconcat: [
          parts(size, { y: y(i), above: dose ? `${dose.axis} ${size}` : 'mean drawdown' }),
          reproduction(size, y(i)),
        ],
      })),
      columns: COLUMNS,
      spacing: 26,
    };
  },
};

function parts(size: string, { y, above }: { y: object; above: string }): Panel {
  return {
    title: heading(above),
    width: 210,
    height: { step: 26 },
    transform: [
      { filter: { field: 'size', equal: size } },
      { fold: ['shock', 'direct', 'feedback'], as: ['part', 'drawdown'] },
      { calculate: "indexof(['shock', 'direct', 'feedback'], datum.part)", as: 'order' },
    ],
    mark: { type: 'bar' },
    encoding: {
      y,
      x: { field: 'drawdown', type: 'quantitative', title: 'mean drawdown (bp)', axis: { tickCount: 4 } },
      color: {
        field: 'part',
        type: 'nominal',
        sort: ['shock', 'direct', 'feedback'],
        scale: { domain: ['shock', 'direct', 'feedback'], range: ['#bdbdbd', PALETTE[4], PALETTE[1]] },
        legend: { title: 'part' },
      },
      order: { field: 'order' },
    },
  };
}

function reproduction(size: string, y: object): Panel {
  return {
    width: 210,
    height: { step: 26 },
    transform: [{ filter: { field: 'size', equal: size } }],
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 2, color: PALETTE[0] },
        encoding: { y, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: {
          y,
          x: {
            field: 'reproduction',
            type: 'quantitative',
            title: 'reproduction number R̂',
            scale: { nice: false, padding: 12 },
            axis: { tickCount: 4 },
          },
        },
      },
    ],
  };
}
