import { describe, expect, test } from 'vitest';
import { RandomSource } from '../../src/base/random.ts';
import { bcaRatio } from '../../src/metrics/estimates/bca.ts';
import { ESTIMANDS, estimandAt, estimandBca, findEstimand } from '../../src/metrics/estimates/estimands.ts';
import { meanWithInterval } from '../../src/metrics/estimates/mean.ts';
import { ratioOfMeans } from '../../src/metrics/estimates/ratio-of-means.ts';
import { converged, precisionReached, relativeHalfWidth } from '../../src/metrics/estimates/stopping.ts';
import { type MetricRow, METRICS } from '../../src/metrics/metrics.ts';

const row = (known: Partial<MetricRow>): MetricRow =>
  ({ ...Object.fromEntries(METRICS.map(({ name }) => [name, 0])), ...known }) as MetricRow;

/** Replicates in two arms with the given drawdowns. */
const results = (pairs: readonly (readonly [off: number, closed: number])[]) =>
  pairs.map(([off, closed]) => ({
    rows: [
      { arm: 'off', metrics: row({ drawdown: off }) },
      { arm: 'closed', metrics: row({ drawdown: closed, ruin: closed > 30 ? 1 : 0 }) },
    ],
  }));
const PAIRS = [
  [10, 20],
  [12, 26],
  [9, 19],
  [14, 29],
] as const;

/** As of so many replicates that n has no say. */
const of = (estimate: { estimate: number; low: number; high: number }, n = 1_000_000) => ({
  ...estimate,
  ...{ n, level: 0.95 },
});

describe('the stopping rule', () => {
  test('asks for a relative half-width of at most the target', () => {
    expect(relativeHalfWidth({ estimate: -4, low: -5, high: -3 })).toBe(0.25);
    expect(converged({ relative: 0.25 }, of({ estimate: -4, low: -5, high: -3 }))).toBe(true);
    expect(converged({ relative: 0.2499 }, of({ estimate: -4, low: -5, high: -3 }))).toBe(false);
  });

  test('is never content with an interval that is not bounded, nor relatively with one around zero', () => {
    expect(converged({ relative: 0.05 }, of({ estimate: 0, low: -1, high: 1 }))).toBe(false);
    expect(converged({ relative: 0.05 }, of({ estimate: NaN, low: -Infinity, high: Infinity }))).toBe(false);
  });

  test('takes what was the same in all n replicates for known to 3/n of itself, the rule of three', () => {
    const seven = (n: number) => of({ estimate: 7, low: 7, high: 7 }, n);
    expect(converged({ relative: 0.05 }, seven(59))).toBe(false);
    expect(converged({ relative: 0.05 }, seven(60))).toBe(true);
    expect(converged({ absolute: 0.21 }, seven(99))).toBe(false);
    expect(converged({ absolute: 0.21 }, seven(100))).toBe(true);
  });

  test('takes a constant 0 for known when at most one replicate in twenty can be otherwise', () => {
    const nothing = (n: number) => of({ estimate: 0, low: 0, high: 0 }, n);
    for (const target of [{ relative: 0.5 }, { absolute: 1e9 }]) {
      expect(converged(target, nothing(59))).toBe(false);
      expect(converged(target, nothing(60))).toBe(true);
    }
  });

  test('sees that a metric has been constant so far, rounding or not', () => {
    const same = (n: number) => results(Array.from({ length: n }, () => [1, 0.1] as const));
    expect(precisionReached('drawdown', same(30))).toMatchObject({ relative: 0.1, isConstant: true });
    expect(precisionReached('fund_used', same(30))).toMatchObject({ relative: Infinity, isConstant: true });
    expect(precisionReached('amplification', same(30))).toMatchObject({ relative: 0.1, isConstant: true });
    expect(precisionReached('drawdown', results(PAIRS)).isConstant).toBe(false);
  });

  test('asks for the farther end within an absolute target, which also a zero can reach', () => {
    const ruin = { estimate: 0, low: 0, high: 0.01 };
    expect(converged({ absolute: 0.01 }, of(ruin))).toBe(true);
    expect(converged({ absolute: 0.0099 }, of(ruin))).toBe(false);
    expect(converged({ relative: 0.05 }, of(ruin))).toBe(false);
    expect(converged({ absolute: 1 }, of({ estimate: 0, low: 0, high: Infinity }))).toBe(false);
  });

  test('is content with either of two targets', () => {
    const either = { relative: 0.1, absolute: 2 };
    expect(converged(either, of({ estimate: 100, low: 92, high: 108 }))).toBe(true);
    expect(converged(either, of({ estimate: 1, low: -1, high: 3 }))).toBe(true);
    expect(converged(either, of({ estimate: 10, low: 7, high: 13 }))).toBe(false);
  });

  test('knows a ruin never seen within one percentage point from 300 replicates on', () => {
    const never = (n: number) => results(Array.from({ length: n }, () => [1, 2] as const));
    expect(precisionReached('ruin', never(299)).absolute).toBeGreaterThan(0.01);
    expect(precisionReached('ruin', never(300)).absolute).toBeLessThanOrEqual(0.01);
  });

  test('measures a target on the results of a cell', () => {
    const { estimate, fieller } = ratioOfMeans(
      Float64Array.of(20, 26, 19, 29),
      Float64Array.of(10, 12, 9, 14),
    );
    expect(precisionReached('amplification', results(PAIRS)).relative).toBeCloseTo(
      (fieller.high - fieller.low) / 2 / estimate,
      12,
    );
    const mean = meanWithInterval(Float64Array.of(20, 26, 19, 29));
    expect(precisionReached('drawdown', results(PAIRS)).relative).toBeCloseTo(
      (mean.high - mean.estimate) / mean.estimate,
      12,
    );
  });

  test('has no precision where an arm is missing or nothing happened', () => {
    expect(precisionReached('amplification_direct', results(PAIRS))).toEqual({
      estimate: NaN,
      relative: Infinity,
      absolute: Infinity,
      isConstant: false,
    });
    expect(
      precisionReached(
        'amplification',
        results([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toMatchObject({ relative: Infinity, absolute: Infinity });
    expect(precisionReached('amplification', results([[10, 20]]))).toMatchObject({
      relative: Infinity,
      absolute: Infinity,
    });
  });

  test('does not know an estimand that nobody defined', () => {
    expect(() => precisionReached('amplifcation', results(PAIRS))).toThrow(
      'no estimand is called amplifcation',
    );
  });
});

describe('estimands', () => {
  test('have names of their own beside those of the metrics', () => {
    const names = [...ESTIMANDS, ...METRICS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('give the same value from means as from columns', () => {
    const columns = [Float64Array.of(4, 6, 8), Float64Array.of(3, 5, 4)];
    for (const estimand of ESTIMANDS.filter(({ inputs }) => inputs.every(({ reduce }) => !reduce)))
      expect(estimand.estimate(columns).estimate).toBeCloseTo(estimand.value([6, 4]), 12);
  });

  test('give the same value on all replicates as the estimate has, whatever they reduce a column to', () => {
    const columns = [Float64Array.of(4, 6, 8, 1, 9), Float64Array.of(3, 5, 4, 2, 2)];
    const all = Int32Array.of(0, 1, 2, 3, 4);
    for (const estimand of [...ESTIMANDS, findEstimand('ruin')!, findEstimand('forced_notional')!])
      expect(estimandAt(estimand, columns, all), estimand.name).toBeCloseTo(
        estimand.estimate(columns).estimate,
        12,
      );
  });

  test('on a resample take each replicate as often as it was drawn', () => {
    const columns = [Float64Array.of(4, 6, 8), Float64Array.of(3, 5, 4)];
    const twice = Int32Array.of(0, 2, 2);
    expect(estimandAt(findEstimand('amplification')!, columns, twice)).toBeCloseTo(20 / 11, 14);
    expect(estimandAt(findEstimand('drawdown_p50')!, columns, twice)).toBe(8);
  });

  test('count the false and the late among the liquidated by a ratio of means', () => {
    const columns = [Float64Array.of(0, 3), Float64Array.of(0, 4)];
    for (const name of ['false_liquidation_share', 'late_liquidation_share'])
      expect(findEstimand(name)!.estimate(columns).estimate).toBe(3 / 4);
  });

  test('have R̂ by notional as by count', () => {
    const columns = [Float64Array.of(4, 6, 5), Float64Array.of(5, 8, 7)];
    expect(findEstimand('reproduction_notional')!.inputs.map(({ metric }) => metric)).toEqual([
      'forced_notional',
      'forced_notional',
    ]);
    expect(findEstimand('reproduction_notional')!.estimate(columns)).toEqual(
      findEstimand('reproduction')!.estimate(columns),
    );
  });

  test('have a bootstrap interval each: of R̂, one less that of the ratio', () => {
    const columns = [Float64Array.of(4, 6, 5, 3, 7), Float64Array.of(5, 8, 7, 5, 8)];
    const stream = () => new RandomSource('bca').stream('x');
    const ratio = bcaRatio(columns[0], columns[1], stream());
    const reproduction = estimandBca(findEstimand('reproduction')!, columns, stream());
    // The quantiles of 1 − x are those of x from the other end, but for the rank that is rounded up.
    expect(reproduction.low).toBeCloseTo(1 - ratio.high, 2);
    expect(reproduction.high).toBeCloseTo(1 - ratio.low, 2);
  });

  test('take ruin as a probability: none seen does not mean none', () => {
    expect(findEstimand('ruin')!.estimate([new Float64Array(30)])).toMatchObject({
      estimate: 0,
      high: 3 / 30,
    });
    // Averages over cells are no longer 0 or 1.
    expect(findEstimand('ruin')!.estimate([Float64Array.of(0, 0.5, 1)]).estimate).toBe(0.5);
  });
});
