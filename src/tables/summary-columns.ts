import { amplification, type Amplification } from '../metrics/estimates/amplification.ts';
import type { RandomSource } from '../base/random.ts';
import type { Estimate, Interval } from '../metrics/estimates/estimate.ts';
import { type Estimand, estimandBca, findEstimand, TAIL_SHARE } from '../metrics/estimates/estimands.ts';
import { mean } from '../metrics/estimates/moments.ts';
import type { Target } from '../world/scenario-precision.ts';
import { converged } from '../metrics/estimates/stopping.ts';
import { tailCount } from '../metrics/estimates/tail-mean.ts';
import { assert } from '../base/check.ts';
import type { Metric, MetricName } from '../metrics/metrics.ts';
import { columnsOf, type PairedRuns } from './paired-runs.ts';

/** A column of the summary besides the labels. */
export interface SummaryColumn {
  readonly name: string;
  /** For the head of a printed table. */
  readonly title: string;
  readonly unit: Metric['unit'] | 'flag';
  readonly about: string;
}

/** One cell with what several columns share. */
export interface SummaryCell {
  readonly pairs: PairedRuns;
  readonly amplification: Amplification;
  /** The stopping rule's targets by estimand. */
  readonly targets: Readonly<Record<string, Target>>;
  /** The estimand with its own interval; undefined when an arm it needs was not run. */
  estimate(name: string): Estimate | undefined;
  /** Its BCa bootstrap interval. */
  bootstrap(name: string): Interval | undefined;
}

type Bounded = Interval & { readonly estimate: number };

/** Each bootstrap draws from a stream of its own, so that a new column leaves the others as they were. */
export function summaryCell(
  pairs: PairedRuns,
  { level, targets, random }: { level: number; targets: SummaryCell['targets']; random: RandomSource },
): SummaryCell {
  const drawdowns = {
    dOff: pairs.column('off', 'drawdown'),
    dOpen: pairs.column('open-loop', 'drawdown'),
    dClosed: pairs.column('closed', 'drawdown'),
  };
  const cell = `cell/${pairs.cell}`;
  return {
    pairs,
    targets,
    amplification: amplification(drawdowns, { level, random: random.stream(cell) }),
    estimate: remembered((name) => {
      const columns = columnsOf(estimand(name), pairs);
      return columns && estimand(name).estimate(columns, level);
    }),
    bootstrap: remembered((name) => {
      const columns = columnsOf(estimand(name), pairs);
      return columns && estimandBca(estimand(name), columns, random.stream(`${cell}/${name}`), level);
    }),
  };
}

/** A value and the two ends of its interval are three columns of one estimate. */
function remembered<Value>(of: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    if (!known.has(name)) known.set(name, of(name));
    return known.get(name)!;
  };
}

interface Computed extends SummaryColumn {
  /** Undefined when an arm it needs was not run. */
  of(cell: SummaryCell): number | undefined;
}

/** In the order of the table. Metrics are of the closed arm unless their name says otherwise. */
export const COMPUTED_COLUMNS: readonly Computed[] = [
  {
    name: 'n',
    title: 'n',
    unit: 'count',
    about: 'replicates, each run in every arm',
    of: ({ pairs }) => pairs.replicates.length,
  },
  ...ratioColumns('amplification', 'A', 'mean drawdown over the mean without liquidation', 'amplification'),
  ...ratioColumns(
    'amplification_direct',
    'A direct',
    'open-loop over off: what the shock alone sets off',
    'direct',
  ),
  ...ratioColumns(
    'amplification_feedback',
    'A feedback',
    'closed over open-loop: liquidations that set off liquidations',
    'feedback',
  ),
  ...withInterval(
    { name: 'excess_drawdown_bp', title: 'excess', unit: 'bp', about: 'drawdown closed less off, paired' },
    ({ amplification: { excess } }) => excess,
  ),
  ...bcaColumns('excess_drawdown_bp', 'excess', 'excess_drawdown'),
  ...(['off', 'open-loop', 'closed'] as const).map((arm): Computed => {
    const word = arm === 'open-loop' ? 'open' : arm;
    return {
      name: `drawdown_${word}_bp`,
      title: `D ${word}`,
      unit: 'bp',
      about: `mean drawdown of the local mid in the ${arm} arm`,
      of: ({ pairs }) => {
        const drawdowns = pairs.column(arm, 'drawdown');
        return drawdowns && mean(drawdowns);
      },
    };
  }),
  ...estimandColumns('drawdown_p50', 'D median'),
  ...estimandColumns('drawdown_p95', 'D 95 %'),
  ...estimandColumns('drawdown_p99', 'D 99 %'),
  ...estimandColumns('drawdown_tail_mean', 'D tail'),
  {
    name: 'drawdown_tail_n',
    title: 'n tail',
    unit: 'count',
    about: 'replicates in the tail that drawdown_tail_mean is of',
    of: ({ pairs }) => pairs.column('closed', 'drawdown') && tailCount(pairs.replicates.length, TAIL_SHARE),
  },
  ...estimandColumns('reproduction', 'R̂'),
  ...bcaColumns('reproduction', 'R̂'),
  ...estimandColumns('reproduction_notional', 'R̂ notional'),
  ...bcaColumns('reproduction_notional', 'R̂ notional'),
  ...estimandColumns('forced_notional', 'forced'),
  ...estimandColumns('liquidated_accounts', 'liquidated'),
  ...estimandColumns('fund_gained', 'fund gained'),
  ...estimandColumns('fund_used', 'fund used'),
  ...estimandColumns('adl_notional', 'ADL'),
  ...estimandColumns('socialised_loss', 'socialised'),
  ...estimandColumns('ruin', 'P(ruin)'),
  ...meanColumn('collateral_forced_notional', 'forced by collateral'),
  ...meanColumn('collateral_seized', 'collateral seized'),
  ...estimandColumns('lp_pnl', 'LP PnL'),
  ...estimandColumns('lp_against_holding', 'LP against holding'),
  ...estimandColumns('false_liquidations', 'false'),
  ...estimandColumns('false_liquidation_share', 'false share'),
  ...estimandColumns('late_liquidations', 'late'),
  ...estimandColumns('late_liquidation_share', 'late share'),
  ...estimandColumns('lateness_mean', 'lateness'),
  ...meanColumn('lateness_p95', 'lateness 95 %'),
  ...meanColumn('lateness_loss', 'lost late'),
  ...estimandColumns('lateness_bad_debt', 'late bad debt'),
  ...meanColumn('keeper_top_share', 'top keeper'),
  ...meanColumn('keeper_rewards', 'keepers paid'),
  ...meanColumn('keeper_costs', 'keepers cost'),
  {
    name: 'correlation',
    title: 'corr.',
    unit: 'x',
    about: 'of the drawdowns closed and off, over the replicates',
    of: ({ amplification: { amplification: a } }) => a?.correlation,
  },
  {
    name: 'variance_reduction',
    title: 'var. red.',
    unit: 'x',
    about: 'how many times more replicates independent runs would need for the excess drawdown',
    of: ({ amplification: { amplification: a } }) => a?.varianceReduction,
  },
];

/** Whether every target of the stopping rule was reached. */
export function hasConverged(cell: SummaryCell): boolean {
  return Object.entries(cell.targets).every(([name, target]) => {
    const estimate = cell.estimate(name);
    return estimate !== undefined && converged(target, estimate);
  });
}

/** The columns of the summary that are not labels, in the order of the table. */
export const SUMMARY_COLUMNS: readonly SummaryColumn[] = [
  ...COMPUTED_COLUMNS,
  {
    name: 'converged',
    title: 'converged',
    unit: 'flag',
    about: 'every target of the stopping rule was reached (true when there is none)',
  },
];

function ratioColumns(
  name: string,
  title: string,
  about: string,
  part: 'amplification' | 'direct' | 'feedback',
): Computed[] {
  const column = { name, title, unit: 'x', about } as const;
  return [
    ...withInterval(column, (cell) => {
      const ratio = cell.amplification[part];
      return ratio && { estimate: ratio.estimate, low: ratio.fieller.low, high: ratio.fieller.high };
    }),
    ...ends(`${name}_bca`, { ...column, title: `${title} BCa` }, (cell) => cell.amplification[part]?.bca),
  ];
}

function estimandColumns(name: string, title: string): Computed[] {
  const { unit, about } = estimand(name);
  return withInterval({ name, title, unit, about }, (cell) => cell.estimate(name));
}

/** The ends of the bootstrap interval, beside those of the estimand's own. */
function bcaColumns(name: string, title: string, of = name): Computed[] {
  return ends(`${name}_bca`, { ...estimand(of), title: `${title} BCa` }, (cell) => cell.bootstrap(of));
}

function meanColumn(name: MetricName, title: string): Computed[] {
  return estimandColumns(name, title).slice(0, 1);
}

function withInterval(column: SummaryColumn, of: (cell: SummaryCell) => Bounded | undefined): Computed[] {
  return [{ ...column, of: (cell) => of(cell)?.estimate }, ...ends(column.name, column, of)];
}

function ends(
  name: string,
  { title, unit, about }: SummaryColumn,
  of: (cell: SummaryCell) => Interval | undefined,
): Computed[] {
  return (['low', 'high'] as const).map((end) => ({
    name: `${name}_${end}`,
    title: `${title} ${end}`,
    unit,
    about: `${end === 'low' ? 'lower' : 'upper'} end of the interval: ${about}`,
    of: (cell) => of(cell)?.[end],
  }));
}

function estimand(name: string): Estimand {
  const found = findEstimand(name);
  assert(found !== undefined, `no estimand is called ${name}`);
  return found;
}
