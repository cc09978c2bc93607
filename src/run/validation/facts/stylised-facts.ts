import type { Interval } from '../../../metrics/estimates/estimate.ts';
import { mean } from '../../../metrics/estimates/moments.ts';
import type { Check, Curve, Finding } from '../check.ts';
import type { Laboratory } from '../laboratory.ts';
import { observe } from './observed.ts';
import type { Observed } from './observed.ts';
import { autocorrelation, correlation, excessKurtosis, jackknife, returnsOf } from './statistics.ts';

/** A number that real markets agree on, reckoned from replicates taken together. */
interface Fact {
  readonly quantity: string;
  readonly range: Interval;
  readonly statistic: (replicates: readonly Observed[]) => number;
  /** The curve that the number sums up. */
  readonly curve?: {
    readonly title: string;
    readonly along: string;
    readonly at: readonly number[];
    readonly value: (replicates: readonly Observed[], x: number) => number;
  };
}

const FACTS: readonly Fact[] = [
  {
    quantity: 'autocorrelation of 1 s returns, largest in size over lags 2 to 10',
    range: { low: -0.05, high: 0.05 },
    statistic: (replicates) =>
      largest(lags(2, 10).map((lag) => averaged(replicates, (one) => autocorrelation(returns(one, 1), lag)))),
    curve: {
      title: 'Autocorrelation of 1 s returns',
      along: 'lag (s)',
      at: lags(1, 30),
      value: (replicates, lag) => averaged(replicates, (one) => autocorrelation(returns(one, 1), lag)),
    },
  },
  {
    quantity: 'autocorrelation of 1 min returns at lag 1',
    range: { low: -0.1, high: 0.1 },
    statistic: (replicates) => averaged(replicates, (one) => autocorrelation(returns(one, 60), 1)),
  },
  {
    quantity: 'excess kurtosis of 1 s returns',
    range: { low: 1, high: Infinity },
    statistic: (replicates) => excessKurtosis(pooled(replicates, 1)),
    curve: {
      title: 'Excess kurtosis over the time of a return',
      along: 'time of a return (s)',
      at: [1, 2, 5, 10, 20, 60],
      value: (replicates, scale) => excessKurtosis(pooled(replicates, scale)),
    },
  },
  {
    quantity: 'excess kurtosis of 1 s returns less that of 1 min returns: tails thin out',
    range: { low: 0, high: Infinity },
    statistic: (replicates) => excessKurtosis(pooled(replicates, 1)) - excessKurtosis(pooled(replicates, 60)),
  },
  {
    quantity: 'autocorrelation of the size of 1 s returns, mean over lags 1 to 60: volatility clusters',
    range: { low: 0.05, high: 0.5 },
    statistic: (replicates) =>
      averaged(replicates, (one) => meanOf(lags(1, 60).map((lag) => autocorrelation(sizes(one, 1), lag)))),
    curve: {
      title: 'Autocorrelation of the size of 1 s returns',
      along: 'lag (s)',
      at: lags(1, 60),
      value: (replicates, lag) => averaged(replicates, (one) => autocorrelation(sizes(one, 1), lag)),
    },
  },
  {
    quantity: 'correlation of volume and size of return, 1 min',
    range: { low: 0.1, high: 1 },
    statistic: (replicates) => averaged(replicates, (one) => correlation(volumes(one, 60), sizes(one, 60))),
  },
  {
    quantity: 'autocorrelation of the side of market orders, mean over lags 1 to 20: orders are split',
    range: { low: 0.05, high: 0.8 },
    statistic: (replicates) =>
      averaged(replicates, ({ signs }) => meanOf(lags(1, 20).map((lag) => autocorrelation(signs, lag)))),
    curve: {
      title: 'Autocorrelation of the side of market orders',
      along: 'lag (orders)',
      at: lags(1, 40),
      value: (replicates, lag) => averaged(replicates, ({ signs }) => autocorrelation(signs, lag)),
    },
  },
];

export const stylisedFacts: Check = {
  id: 'stylised-facts',
  group: 'facts',
  title: 'Returns, volume and orders of the market without a shock',
  theory:
    'returns without memory, heavy tails that thin out with time, volatility that clusters and goes with volume, orders whose side is remembered; the placebo is a book of Poisson orders',
  source:
    'Cont, Quantitative Finance 1 (2001); Lillo and Farmer (2004) for the side of orders; the ranges are wide readings of them, set before the model was measured',
  run(lab) {
    const replicates = lab.replicates({ test: 2, quick: 6, full: 24 });
    const model = observeAll('literature/baseline.yaml', [], replicates, lab);
    const placebo = observeAll('literature/cont-stoikov-talreja.yaml', ['horizon=1h'], replicates, lab);
    return FACTS.map((fact) => findingOf(fact, model, placebo));
  },
};

function observeAll(file: string, settings: readonly string[], n: number, lab: Laboratory): Observed[] {
  const scenario = lab.scenario(file, settings);
  return Array.from({ length: n }, (_, replicate) => observe(scenario, replicate));
}

function findingOf(
  { quantity, range, statistic, curve }: Fact,
  model: readonly Observed[],
  placebo: readonly Observed[],
): Finding {
  const { estimate, low, high } = jackknife(model, statistic);
  const line = (replicates: readonly Observed[]): number[] =>
    curve === undefined ? [] : curve.at.map((x) => curve.value(replicates, x));
  const drawn: Curve | undefined = curve && {
    title: curve.title,
    along: curve.along,
    x: curve.at,
    model: line(model),
    placebo: line(placebo),
  };
  return {
    quantity,
    theory: NaN,
    simulated: estimate,
    tolerance: NaN,
    because: '95 % interval by the jackknife over hours',
    n: model.length,
    interval: { low, high },
    range,
    placebo: jackknife(placebo, statistic),
    ...(drawn && { curve: drawn }),
    holds: estimate >= range.low && estimate <= range.high,
  };
}

function returns({ mids }: Observed, scale: number): Float64Array {
  return returnsOf(mids, scale);
}

function sizes(one: Observed, scale: number): Float64Array {
  return returns(one, scale).map(Math.abs);
}

function volumes({ volumes: each }: Observed, scale: number): Float64Array {
  return Float64Array.from({ length: Math.floor((each.length - 1) / scale) }, (_, i) =>
    each.subarray(i * scale + 1, (i + 1) * scale + 1).reduce((sum, volume) => sum + volume, 0),
  );
}

function pooled(replicates: readonly Observed[], scale: number): Float64Array {
  return Float64Array.from(replicates.flatMap((one) => [...returns(one, scale)]));
}

function averaged(replicates: readonly Observed[], value: (one: Observed) => number): number {
  return meanOf(replicates.map(value));
}

function meanOf(values: readonly number[]): number {
  return mean(Float64Array.from(values));
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
}

function lags(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
