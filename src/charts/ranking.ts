import type { TopLevelSpec } from 'vega-lite';
import { findEstimand } from '../metrics/estimates/estimands.ts';
import { type Situation, type Tournament, tournament } from '../tables/tournament.ts';
import { layoutOf } from './axes.ts';
import { type Chart, type ChartInputs, type ChartRow, finite, type Panel } from './chart.ts';
import { axesOf } from '../tables/runs-table.ts';
import { COLUMNS, frame, heading, PALETTE, percent, source } from './theme.ts';

const METRIC = 'excess_drawdown';

/** How much worse each design is than the best, with intervals that hold all at once. */
export const ranking: Chart = {
  name: 'ranking',
  about:
    'designs by the drawdown that liquidation adds, against the best of them, with simultaneous intervals',
  spec(inputs) {
    const axis = designAxisOf(inputs);
    if (axis === undefined) return undefined;
    const found = tournament(inputs.runs, {
      estimand: findEstimand(METRIC)!,
      axis,
      seed: inputs.seed,
      level: inputs.level,
    });
    if (found === undefined) return undefined;
    const rows = found.situations.flatMap((situation) => rowsFor(situation, found));
    const differences = found.situations.reduce((sum, situation) => sum + situation.differences.length, 0);
    const open = rows.some(({ low, best }) => low === null && best === false);
    return {
      ...frame(rows, {
        title: `Designs against the best, by ${axis}`,
        lines: [
          'excess drawdown over that of the best design · above it: share of the resamples in which it was the best',
          `${found.n} pairs a design on equal seeds · ${percent(inputs.level)} max-t bootstrap, all ${differences} differences at once${open ? ' (none drawn: not bounded)' : ''}`,
          source(inputs),
        ],
      }),
      concat: found.situations.map((situation) => panel(situation)),
      columns: COLUMNS,
      spacing: 26,
    } satisfies TopLevelSpec;
  },
};

/** The first axis of names that varies: sizes are compared within, not with each other. */
function designAxisOf({ runs }: ChartInputs): string | undefined {
  const { dose } = layoutOf(runs);
  return axesOf(runs).find(
    (axis) =>
      axis !== dose?.axis && new Set(runs.array(axis) as ArrayLike<string> & Iterable<string>).size > 1,
  );
}

function rowsFor({ labels, entrants, differences }: Situation, { n }: Tournament): ChartRow[] {
  const best = entrants.reduce((a, b) => (b.rank < a.rank ? b : a));
  return entrants
    .toSorted((a, b) => a.rank - b.rank)
    .map((entrant): ChartRow => {
      const { design } = entrant;
      const pair = differences.find(
        ({ left, right }) =>
          (left === design && right === best.design) || (right === design && left === best.design),
      );
      const sign = pair?.left === design ? 1 : -1;
      const ends = pair && [sign * pair.low, sign * pair.high].sort((a, b) => a - b);
      return {
        situation: nameOf(labels),
        design,
        n,
        rank: entrant.rank,
        best: entrant === best,
        worse: finite(entrant.estimate - best.estimate),
        low: finite(ends?.[0] ?? NaN),
        high: finite(ends?.[1] ?? NaN),
        best_probability: entrant.bestProbability,
        mean_regret: finite(entrant.regret.mean),
      };
    });
}

function nameOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([axis, label]) => `${axis} ${label}`)
    .join(' · ');
}

/** Each panel has its own order, its best design above, and its own scale. */
function panel({ labels, entrants }: Situation): Panel {
  const order = entrants.toSorted((a, b) => a.rank - b.rank).map(({ design }) => design);
  const axis = { ticks: false, labelLimit: 300 };
  const y = { field: 'design', type: 'nominal', sort: order, title: null, axis } as const;
  const name = nameOf(labels);
  return {
    ...(name !== '' && { title: heading(name) }),
    width: 230,
    height: { step: 30 },
    transform: [{ filter: { field: 'situation', equal: name } }],
    layer: [
      {
        mark: { type: 'rule', strokeDash: [5, 4], color: '#444444' },
        encoding: { x: { datum: 0, type: 'quantitative' } },
      },
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 2, color: PALETTE[0] },
        encoding: { y, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          y,
          x: {
            field: 'worse',
            type: 'quantitative',
            title: 'worse than the best (bp)',
            scale: { nice: false, padding: 12 },
            axis: { grid: true, tickCount: 4 },
          },
          tooltip: ['design', 'rank', 'worse', 'low', 'high', 'best_probability', 'mean_regret', 'n'].map(
            (field) => ({ field }),
          ),
        },
      },
      {
        mark: { type: 'text', align: 'left', dy: -9, dx: 5, fontSize: 10, color: '#666666' },
        encoding: {
          y,
          x: { field: 'worse', type: 'quantitative' },
          text: { field: 'best_probability', type: 'quantitative', format: '.0%' },
        },
      },
    ],
  };
}
