import { assert } from '../base/check.ts';
import type { ColumnTable, RunDetail } from '../run/results.ts';
import { type Chart, type ChartRow, finite, type Layer, type Panel, type RunChartInputs } from './chart.ts';
import { frame, heading, moneyAxis, PALETTE, source } from './theme.ts';

/** One replicate in time: prices, forced flow, depth, insurance fund, ADL under each other. */
export const timeline: Chart<RunChartInputs> = {
  name: 'timeline',
  about: 'one replicate in time: prices, forced flow, depth, insurance fund and ADL',
  spec(inputs) {
    if (inputs.timeline === undefined) return undefined;
    const { detail, labels, replicate, shockAt } = inputs.timeline;
    const rows = timelineRows(detail, shockAt);
    const where = Object.entries(labels).map(([axis, label]) => `${axis} ${label}`);
    const liquidated = detail.liquidations.time_s.length;
    return {
      ...frame(rows, {
        title: 'A cascade in time',
        lines: [
          [...where, `replicate ${replicate}`, `${detail.row.arm} arm`, `${liquidated} liquidations`].join(
            ' · ',
          ),
          'one run, n = 1: nothing is estimated',
          source(inputs),
        ],
      }),
      vconcat: panels(rows),
      spacing: 14,
      resolve: { scale: { x: 'shared' } },
    };
  },
};

/** Points that fit side by side in the width of the chart. */
const BUCKETS = 600;
const PRICES = ['mid', 'mark', 'index', 'fundamental'] as const;
const WIDTH = 680;

/**
 * The paths thinned to at most two samples a bucket, the lowest and the highest mid of it, so that no extreme of the mid
 * is lost. Time counts from the shock. `forced_rate` is forced notional per second and `liquidations` the number begun,
 * both since the row before.
 */
function timelineRows({ paths, liquidations }: RunDetail, shockAt: number): ChartRow[] {
  const time = numbers(paths, 'time_s');
  const begun = numbers(liquidations, 'time_s').toSorted();
  const kept = thinned(numbers(paths, 'mid'));
  const forced = numbers(paths, 'forced_notional');
  let next = 0;
  return kept.map((at, row) => {
    const before = row === 0 ? at : kept[row - 1];
    const first = next;
    while (next < begun.length && begun[next] <= time[at]) next++;
    return {
      time_s: time[at] - shockAt,
      ...Object.fromEntries(PRICES.map((name) => [name, finite(numbers(paths, name)[at])])),
      forced_rate: row === 0 ? 0 : (forced[at] - forced[before]) / (time[at] - time[before]),
      bid_depth: finite(numbers(paths, 'bid_depth')[at]),
      fund_equity: finite(numbers(paths, 'fund_equity')[at]),
      adl_notional: finite(numbers(paths, 'adl_notional')[at]),
      liquidations: next - first,
    };
  });
}

function thinned(mid: Float64Array): number[] {
  if (mid.length <= 2 * BUCKETS) return [...mid.keys()];
  const kept: number[] = [];
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const from = Math.floor((bucket * mid.length) / BUCKETS);
    const to = Math.floor(((bucket + 1) * mid.length) / BUCKETS);
    let [lowest, highest] = [from, from];
    for (let i = from; i < to; i++) {
      if (mid[i] < mid[lowest]) lowest = i;
      if (mid[i] > mid[highest]) highest = i;
    }
    kept.push(...new Set([Math.min(lowest, highest), Math.max(lowest, highest)]));
  }
  return kept;
}

function panels(rows: readonly ChartRow[]): Panel[] {
  const flows = [
    { field: 'forced_rate', title: 'forced flow (quote per second)', colour: PALETTE[1], mark: 'area' },
    { field: 'bid_depth', title: 'bids within 1 % of the mid (quote)', colour: PALETTE[2], mark: 'area' },
    { field: 'fund_equity', title: 'equity of the insurance fund (quote)', colour: PALETTE[0], mark: 'line' },
    { field: 'adl_notional', title: 'closed by ADL so far (quote)', colour: PALETTE[3], mark: 'area' },
  ] as const;
  return [
    prices(rows),
    ...flows.map(({ field, title, colour, mark }, i): Panel => ({
      title: heading(title),
      width: WIDTH,
      height: 75,
      layer: [
        shockRule(),
        {
          mark:
            mark === 'area'
              ? { type: 'area', interpolate: 'step-after', color: colour, opacity: 0.75 }
              : { type: 'line', interpolate: 'step-after', color: colour },
          encoding: {
            x: timeAxis(i === flows.length - 1),
            y: { field, type: 'quantitative', title: null, axis: moneyAxis(3) },
          },
        },
      ],
    })),
  ];
}

function prices(rows: readonly ChartRow[]): Panel {
  const present = PRICES.filter((name) => rows.some((row) => row[name] !== null));
  const rug: Layer = {
    transform: [{ filter: 'datum.liquidations > 0' }],
    mark: {
      type: 'tick',
      orient: 'vertical',
      thickness: 1,
      size: 10,
      color: '#444444',
      opacity: 0.7,
      clip: false,
    },
    encoding: { x: timeAxis(false), y: { value: 207 } },
  };
  return {
    title: heading('prices (quote) and liquidations (ticks below)'),
    width: WIDTH,
    height: 200,
    layer: [
      shockRule(),
      {
        transform: [{ fold: [...present], as: ['price', 'value'] }],
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5 },
        encoding: {
          x: timeAxis(false),
          y: { field: 'value', type: 'quantitative', title: null, scale: { zero: false } },
          color: {
            field: 'price',
            type: 'nominal',
            sort: [...PRICES],
            scale: { domain: [...present], range: PALETTE },
            title: null,
          },
        },
      },
      rug,
    ],
  };
}

/** All panels share the axis; only the last one is labelled. */
function timeAxis(labelled: boolean) {
  return {
    field: 'time_s',
    type: 'quantitative',
    title: labelled ? 'seconds since the shock' : null,
    scale: { nice: false },
    axis: { labels: labelled, ticks: labelled, grid: true, tickCount: 8 },
  } as const;
}

function shockRule(): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'rule', strokeDash: [5, 4], color: '#444444' },
    encoding: { x: { datum: 0, type: 'quantitative' } },
  };
}

function numbers(table: ColumnTable, name: string): Float64Array {
  const column = table[name];
  assert(column instanceof Float64Array, `the run has no column of numbers called ${name}`);
  return column;
}
