import { layoutOf } from './axes.ts';
import { type Chart, type ChartRow, chartRows } from './chart.ts';
import { genealogyCounts } from './genealogy-counts.ts';
import { by, COLUMNS, frame, heading, source } from './theme.ts';

/** How large the clusters are that descend from one root, against Borel's law with the same mean. */
export const clusterSizes: Chart = {
  name: 'cluster-sizes',
  about: 'share of clusters of at least so many liquidations, against the law of Borel with the same mean',
  spec(inputs) {
    const { dose, designs, designOf, designTitle } = layoutOf(inputs.summary);
    const cells = new Map(chartRows(inputs.summary).map((row) => [row.cell as number, row]));
    const rows = [...genealogyCounts(inputs, 'cluster')].flatMap(([cell, sizes]): ChartRow[] => {
      const row = cells.get(cell)!;
      return survival(sizes).map((point) => ({
        design: designOf(row),
        panel: dose ? row[dose.axis] : '',
        ...point,
      }));
    });
    if (rows.length === 0) return undefined;
    const all = [...genealogyCounts(inputs, 'cluster').values()];
    const sum = (of: (sizes: ReadonlyMap<number, number>) => number) =>
      all.reduce((total, sizes) => total + of(sizes), 0);
    const panels = dose?.labels ?? [''];
    const color = {
      field: 'design',
      type: 'nominal',
      sort: [...designs],
      legend: designs.length > 1 ? { title: null } : null,
    } as const;
    const x = { field: 'size', type: 'quantitative', title: 'liquidations in the cluster', scale: { type: 'log' }, axis: { tickCount: 3, format: '~s' } } as const; // prettier-ignore
    return {
      ...frame(rows, {
        title: `Sizes of clusters${by(designTitle)}`,
        lines: [
          'points: share of clusters at least so large, a root with all that descend from it; lines: Borel, R = 1 − 1/mean size',
          `${sum(totalOf)} clusters with ${sum(membersOf)} liquidations, the closed arms of all replicates · counts, no intervals`,
          source(inputs),
        ],
      }),
      concat: panels.map((panel) => ({
        title: heading(dose ? `${dose.axis} ${panel}` : 'all shocks'),
        width: 210,
        height: 190,
        transform: [{ filter: { field: 'panel', equal: panel } }],
        layer: [
          {
            transform: [{ filter: 'isValid(datum.borel)' }],
            mark: { type: 'line', strokeDash: [4, 3], strokeWidth: 1.5 },
            encoding: { x, y: { field: 'borel', type: 'quantitative' }, color },
          },
          {
            mark: { type: 'point', filled: true, size: 30, opacity: 1 },
            encoding: {
              x,
              y: {
                field: 'share',
                type: 'quantitative',
                title: 'share at least so large',
                scale: { type: 'log' },
                axis: { tickCount: 4, format: '~g' },
              },
              color,
            },
          },
        ],
      })),
      columns: COLUMNS,
      spacing: 26,
    };
  },
};

function totalOf(sizes: ReadonlyMap<number, number>): number {
  return [...sizes.values()].reduce((sum, count) => sum + count, 0);
}

function membersOf(sizes: ReadonlyMap<number, number>): number {
  return [...sizes].reduce((sum, [size, count]) => sum + size * count, 0);
}

/** At each size that occurs: the share of clusters of at least that size, and what Borel's law says. */
function survival(
  sizes: ReadonlyMap<number, number>,
): { size: number; share: number; borel: number | null }[] {
  const clusters = totalOf(sizes);
  const r = 1 - clusters / membersOf(sizes);
  let smaller = 0;
  let borelBelow = 0;
  let [next, logFactorial] = [1, 0];
  return [...sizes]
    .sort(([a], [b]) => a - b)
    .map(([size, count]) => {
      for (; next < size; next++) {
        logFactorial += Math.log(next);
        borelBelow +=
          r === 0 ? Number(next === 1) : Math.exp((next - 1) * Math.log(r * next) - r * next - logFactorial);
      }
      const point = { size, share: 1 - smaller / clusters, borel: null as number | null };
      // Below the last point the line would only stretch the axis.
      if (1 - borelBelow > 0.5 / clusters) point.borel = 1 - borelBelow;
      smaller += count;
      return point;
    });
}
