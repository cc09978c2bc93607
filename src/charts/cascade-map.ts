import { MAP_BIN } from '../metrics/cascade-map.ts';
import type { CascadeMap } from '../metrics/cascade-map.ts';
import { ratioOfMeans } from '../metrics/estimates/ratio-of-means.ts';
import { type Chart, type ChartRow, finite, type Layer, type Panel, type RunChartInputs } from './chart.ts';
import { frame, heading, moneyAxis, PALETTE, percent, source } from './theme.ts';

/** Fuel against the book just before the shock: k(p) over the distance from the mark, what breaks and what rests there. */
export const cascadeMap: Chart<RunChartInputs> = {
  name: 'cascade-map',
  about: 'local criticality k(p) over the distance from the mark, before the shock, with fuel and depth',
  spec(inputs) {
    if (inputs.cascadeMaps === undefined) return undefined;
    const { maps, labels, replicates } = inputs.cascadeMaps;
    const rows = cascadeMapRows(maps, inputs.level);
    if (rows.length === 0) return undefined;
    const where = Object.entries(labels).map(([axis, label]) => `${axis} ${label}`);
    const n = maps.length;
    const estimate =
      n === 1
        ? `n = 1, replicate ${replicates[0]} alone: no interval`
        : `n = ${n} replicates, ${replicates[0]} to ${replicates.at(-1)} · ratio of means with ${percent(inputs.level)} Fieller intervals, bin by bin`;
    return {
      ...frame(rows, {
        title: 'Cascade map: fuel over book just before the shock',
        lines: [
          `k: lots that break while the mark crosses a bin (${percent(MAP_BIN)}), over the lots of book that the local price crosses meanwhile`,
          'where k > 1 (shaded) each lot sold breaks more than one; no line: the book has ended there',
          'all sold at market, nobody replenishes, the index stands still, the mark has time to come to rest',
          [...where, estimate].join(' · '),
          source(inputs),
        ],
      }),
      vconcat: [criticality(rows), fuel(), cumulated()],
      spacing: 14,
      resolve: { scale: { x: 'shared', color: 'independent' } },
    };
  },
};

const WIDTH = 680;
/** k is drawn evenly up to here, so that 0 has a place, and by its logarithm beyond. */
const LINEAR = 0.1;
const TICKS = [0, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000];

/** A row a bin, from the furthest below the mark to the furthest above, as far as anything breaks anywhere. */
function cascadeMapRows(maps: readonly CascadeMap[], level: number): ChartRow[] {
  const [{ side, from, to }] = maps;
  const column = (name: keyof CascadeMap, row: number) => Float64Array.from(maps, (map) => map[name][row]);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  let [fuelSum, depthSum] = [0, 0];
  const bins = Array.from(side, (_, row): ChartRow => {
    if (from[row] === 0) [fuelSum, depthSum] = [0, 0];
    // Longs lie below. Taken from 0, which leaves no −0.
    const signed = (distance: number): number => 0 - side[row] * distance;
    const broken = column('broken', row);
    const absorbing = column('absorbing', row);
    const { estimate, fieller } = ratioOfMeans(broken, absorbing, level);
    const k = mean(broken) === 0 ? 0 : estimate;
    const bounds = k === 0 || maps.length === 1 ? { low: null, high: null } : fieller;
    const fuel = mean(column('fuel', row));
    const depth = mean(column('depth', row));
    fuelSum += fuel;
    depthSum += depth;
    return {
      side: side[row] > 0 ? 'longs' : 'shorts',
      at: signed((from[row] + to[row]) / 2),
      begin: signed(from[row]),
      end: signed(to[row]),
      ...{ k: finite(k), low: finite(bounds.low), high: finite(bounds.high) },
      critical: k > 1,
      ...{ fuel, depth, fuel_sum: fuelSum, depth_sum: depthSum },
    };
  });
  const furthest = Math.max(...bins.map(({ fuel, end }) => (fuel === 0 ? 0 : Math.abs(end as number))));
  return bins
    .filter(({ end }) => Math.abs(end as number) <= furthest * 1.0001)
    .toSorted((a, b) => (a.at as number) - (b.at as number));
}

function criticality(rows: readonly ChartRow[]): Panel {
  const highest = Math.max(...rows.map(({ k, high }) => Math.max(Number(k), Number(high))));
  const scale = {
    type: 'symlog' as const,
    constant: LINEAR,
    domain: [0, Math.max(1.5, 1.1 * highest)],
    nice: false,
  };
  const y = (field: string) =>
    ({
      field,
      type: 'quantitative',
      title: null,
      scale,
      axis: { values: TICKS, format: '~r', labelOverlap: false },
    }) as const;
  return {
    title: heading('k(p)'),
    width: WIDTH,
    height: 180,
    layer: [
      shading(false),
      markRule(),
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: '#222222', strokeWidth: 1.5 },
        encoding: { y: { datum: 1, type: 'quantitative' } },
      },
      {
        transform: [
          { filter: 'isValid(datum.low) && isValid(datum.high)' },
          // An interval may reach below 0, where no k is.
          { calculate: 'max(0, datum.low)', as: 'bottom' },
        ],
        mark: { type: 'rect', color: PALETTE[0], opacity: 0.25 },
        encoding: { ...acrossBin(false), y: y('bottom'), y2: { field: 'high' } },
      },
      {
        transform: [{ filter: 'isValid(datum.k)' }],
        mark: { type: 'rule', color: PALETTE[0], strokeWidth: 2.5 },
        encoding: { ...acrossBin(false), y: y('k') },
      },
    ],
  };
}

/** What the mark would reach: the liquidation map. */
function fuel(): Panel {
  return {
    title: heading('liquidation map: positions that break in a bin (quote)'),
    width: WIDTH,
    height: 90,
    layer: [
      shading(false),
      markRule(),
      {
        mark: { type: 'rect' },
        encoding: {
          ...acrossBin(false),
          y: { field: 'fuel', type: 'quantitative', title: null, axis: moneyAxis(3) },
          y2: { datum: 0 },
          color: {
            field: 'side',
            type: 'nominal',
            title: null,
            scale: { domain: ['longs', 'shorts'], range: [PALETTE[1], PALETTE[5]] },
          },
        },
      },
    ],
  };
}

function cumulated(): Panel {
  return {
    title: heading('from the mark to there: positions that break, orders in the book (quote)'),
    width: WIDTH,
    height: 110,
    layer: [
      shading(true),
      markRule(),
      {
        transform: [
          { fold: ['fuel_sum', 'depth_sum'], as: ['which', 'sum'] },
          { calculate: "datum.which === 'fuel_sum' ? 'break' : 'in the book'", as: 'what' },
        ],
        mark: { type: 'line', strokeWidth: 1.5 },
        encoding: {
          x: distanceAxis('end', true),
          y: { field: 'sum', type: 'quantitative', title: null, axis: moneyAxis(4) },
          color: {
            field: 'what',
            type: 'nominal',
            title: null,
            scale: { domain: ['break', 'in the book'], range: [PALETTE[1], PALETTE[2]] },
          },
          detail: { field: 'side' },
        },
      },
    ],
  };
}

/** All panels share the axis; only the last one is labelled. */
function distanceAxis(field: string, labelled: boolean) {
  return {
    field,
    type: 'quantitative',
    title: labelled ? 'distance from the mark (book: from the mid)' : null,
    scale: { nice: false },
    axis: { labels: labelled, ticks: labelled, grid: true, tickCount: 8, format: '~%' },
  } as const;
}

function acrossBin(labelled: boolean) {
  return { x: distanceAxis('begin', labelled), x2: { field: 'end' } } as const;
}

function shading(labelled: boolean): Layer {
  return {
    transform: [{ filter: 'datum.critical' }],
    mark: { type: 'rect', color: PALETTE[4], opacity: 0.22 },
    encoding: { ...acrossBin(labelled) },
  };
}

function markRule(): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'rule', strokeDash: [5, 4], color: '#444444' },
    encoding: { x: { datum: 0, type: 'quantitative' } },
  };
}
