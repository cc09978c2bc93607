import { ratioOfMeans } from '../metrics/estimates/ratio-of-means.ts';
import { layoutOf } from './axes.ts';
import { type Chart, type ChartInputs, type ChartRow, chartRows, finite, type Panel } from './chart.ts';
import { genealogyCounts } from './genealogy-counts.ts';
import { by, COLUMNS, designAxis, frame, heading, pairsText, PALETTE, percent, source } from './theme.ts';

/** How liquidations dwindle from generation to generation, and R̂ from the parents beside R̂ from the arms. */
export const generations: Chart = {
  name: 'generations',
  about:
    'mean number of liquidations in each generation, and the reproduction number from parents and from arms',
  spec(inputs) {
    const { dose, designs, designOf, designTitle } = layoutOf(inputs.summary);
    const summary = chartRows(inputs.summary);
    const sizeOf = (row: ChartRow) => (dose ? row[dose.axis] : '');
    const counts = genealogyCounts(inputs, 'generation');
    if (counts.size === 0) return undefined;
    const rows = summary.flatMap((row): ChartRow[] => {
      const n = replicatesOf(inputs, row.cell as number);
      const cell = { design: designOf(row), size: sizeOf(row), n };
      const nothing = { generation: null, mean: null, from: null, estimate: null, low: null, high: null };
      const means = [...(counts.get(row.cell as number) ?? new Map<number, number>())];
      const arms = { estimate: row.reproduction, low: row.reproduction_low, high: row.reproduction_high };
      return [
        ...means.map(([generation, count]) => ({ ...cell, ...nothing, generation, mean: count / n })),
        { ...cell, ...nothing, from: 'arms', ...(row.reproduction === undefined ? {} : arms) },
        { ...cell, ...nothing, from: 'parents', ...fromParents(inputs, row.cell as number) },
      ];
    });
    const sizes = dose?.labels ?? [''];
    return {
      ...frame(rows, {
        title: `Liquidations by generation${by(designTitle)}`,
        lines: [
          'generation 1 has no liquidation as its cause; each other was set off by an order of the one before',
          'R̂ from parents is a lower bound: it sees the orders that carried the price themselves. R̂ from arms holds all that liquidations do',
          `${pairsText(rows, 'replicates')} · mean of the closed arm · R̂ with ${percent(inputs.level)} Fieller intervals`,
          source(inputs),
        ],
      }),
      concat: sizes.map((size, i) => ({
        vconcat: [
          byGeneration(size, dose ? `${dose.axis} ${size}` : 'mean number a replicate', designs),
          reproduction(size, designAxis(designs, { labels: i % COLUMNS === 0 })),
        ],
      })),
      columns: COLUMNS,
      spacing: 26,
    };
  },
};

interface Run {
  readonly cell: number;
  readonly arm: string;
  readonly set_off_liquidations: number;
  readonly liquidated_accounts: number;
}

function closedRuns({ runs }: ChartInputs, cell: number): Run[] {
  return (runs.objects() as Run[]).filter((run) => run.cell === cell && run.arm === 'closed');
}

function replicatesOf(inputs: ChartInputs, cell: number): number {
  return closedRuns(inputs, cell).length;
}

/** E[liquidations with a parent] over E[liquidations]: how many one sets off by its own orders. */
function fromParents(inputs: ChartInputs, cell: number): ChartRow {
  const runs = closedRuns(inputs, cell);
  const { estimate, fieller } = ratioOfMeans(
    Float64Array.from(runs, (run) => run.set_off_liquidations),
    Float64Array.from(runs, (run) => run.liquidated_accounts),
    inputs.level,
  );
  return { estimate: finite(estimate), low: finite(fieller.low), high: finite(fieller.high) };
}

function byGeneration(size: string, above: string, designs: readonly string[]): Panel {
  return {
    title: heading(above),
    width: 210,
    height: 170,
    transform: [{ filter: { field: 'size', equal: size } }, { filter: 'isValid(datum.mean)' }],
    mark: { type: 'line', point: { size: 28 } },
    encoding: {
      x: {
        field: 'generation',
        type: 'quantitative',
        title: 'generation',
        axis: { tickMinStep: 1, format: 'd' },
        scale: { zero: false },
      },
      y: {
        field: 'mean',
        type: 'quantitative',
        title: 'liquidations',
        scale: { type: 'log' },
        axis: { tickCount: 4 },
      },
      color: {
        field: 'design',
        type: 'nominal',
        sort: [...designs],
        legend: designs.length > 1 ? { title: null } : null,
      },
    },
  };
}

function reproduction(size: string, y: object): Panel {
  const from = { field: 'from', sort: ['arms', 'parents'] };
  return {
    width: 210,
    height: { step: 16 },
    transform: [{ filter: { field: 'size', equal: size } }, { filter: 'isValid(datum.from)' }],
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 1.5, color: PALETTE[7] },
        encoding: { y, yOffset: from, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      {
        transform: [{ filter: 'isValid(datum.estimate)' }],
        mark: { type: 'point', filled: true, size: 45, opacity: 1, color: PALETTE[6] },
        encoding: {
          y,
          yOffset: from,
          shape: { ...from, type: 'nominal', legend: { title: 'R̂ from' } },
          x: {
            field: 'estimate',
            type: 'quantitative',
            title: 'reproduction number R̂',
            axis: { tickCount: 4 },
          },
        },
      },
    ],
  };
}
