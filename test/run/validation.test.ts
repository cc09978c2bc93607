import { describe, expect, test } from 'vitest';
import { failed } from '../../src/cli/validation-report.ts';
import { RandomSource } from '../../src/base/random.ts';
import { meanWithInterval } from '../../src/metrics/estimates/mean.ts';
import { compare, exactly, judged } from '../../src/run/validation/check.ts';
import type { Check } from '../../src/run/validation/check.ts';
import { CHECKS } from '../../src/run/validation/checks.ts';
import {
  autocorrelation,
  correlation,
  excessKurtosis,
  jackknife,
  logSlope,
  returnsOf,
} from '../../src/run/validation/facts/statistics.ts';
import { sessionMoments } from '../../src/run/validation/literature/inventory-theory.ts';
import {
  borel,
  firstToEmpty,
  poissonProbability,
  resilientLows,
  timeToEmpty,
} from '../../src/run/validation/theory.ts';
import { laboratory } from '../acceptance/laboratory.ts';

const check = (more: Partial<Check> = {}): Check => ({
  ...{ id: 'made-up', group: 'limits', title: 'Made up', theory: 'one is one', run: () => [] },
  ...more,
});

describe('a finding', () => {
  test('holds up to its tolerance', () => {
    const at = (simulated: number) =>
      compare('', { theory: 10, simulated, tolerance: 0.5, because: '' }).holds;
    expect([9.5, 10.5, 9.49, 10.51, NaN].map(at)).toEqual([true, true, false, false, false]);
  });
  test('that is exact has no tolerance', () => {
    expect(exactly('', 1, 1).holds).toBe(true);
    expect(exactly('', 1, 1 + 2 ** -52).holds).toBe(false);
  });
});

describe('a check', () => {
  const [right, wrong] = [exactly('', 1, 1), exactly('', 1, 2)];
  test('holds when all of its findings do, and fails the program if it is binding', () => {
    expect(judged(check(), [right, right])).toMatchObject({ holds: true, isBinding: true });
    expect(failed(judged(check(), [right, wrong]))).toBe(true);
    expect(failed(judged(check({ group: 'facts' }), [right, wrong]))).toBe(false);
  });
  test('holds though a target is missed', () => {
    expect(judged(check(), [right, { ...wrong, isTarget: true }]).holds).toBe(true);
  });
  test('that does not notice a market that is off proves nothing', () => {
    const noticed = judged(check(), [right], [[wrong, right], [wrong]]);
    expect(noticed).toMatchObject({
      holds: true,
      noticed: [
        { off: 1.03, misses: 1 },
        { off: 0.97, misses: 1 },
      ],
    });
    expect(judged(check(), [right], [[wrong], [right]]).holds).toBe(false);
    const named = { ...right, quantity: 'another' };
    const { findings } = judged(
      check(),
      [right, named],
      [[wrong, named], [{ ...wrong, quantity: 'another' }]],
    );
    expect(findings.map(({ noticedAt }) => noticedAt)).toEqual([[1.03], [0.97]]);
  });
});

// The limits are in test/acceptance/limits.test.ts; the facts describe the model and are left to `cascade validate`.
describe.each(CHECKS.filter(({ group }) => ['literature', 'coverage', 'venues'].includes(group)))(
  '$id: $title',
  ({ run }) => {
    test('every number is what it should be', { timeout: 60_000 }, () => {
      const findings = run(laboratory('test'));
      expect(findings.length).toBeGreaterThan(1);
      expect(findings.filter(({ holds, isTarget }) => !holds && isTarget !== true)).toEqual([]);
    });
  },
);

describe('the statistics of stylised facts', () => {
  const random = new RandomSource('facts').stream('normal');
  const noise = Float64Array.from({ length: 20_000 }, () => random.normal());

  test('autocorrelation: φ to the power of the lag for an autoregression, 0 for a constant', () => {
    const series = noise.slice();
    for (let i = 1; i < series.length; i++) series[i] += 0.6 * series[i - 1];
    for (const lag of [1, 2, 3])
      expect(Math.abs(autocorrelation(series, lag) - 0.6 ** lag)).toBeLessThan(0.03);
    expect(autocorrelation(Float64Array.of(2, 2, 2), 1)).toBe(0);
  });
  test('excess kurtosis: 0 of a normal, −2 of a coin, 3 of a Laplace law', () => {
    expect(Math.abs(excessKurtosis(noise))).toBeLessThan(0.15);
    expect(excessKurtosis(Float64Array.of(1, -1, 1, -1))).toBe(-2);
    const laplace = noise.map((_, i) => (i % 2 === 0 ? 1 : -1) * random.exponential());
    expect(Math.abs(excessKurtosis(laplace) - 3)).toBeLessThan(0.6);
  });
  test('correlation, returns and the slope of a power law', () => {
    expect(correlation(Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6))).toBeCloseTo(1, 12);
    expect(correlation(Float64Array.of(1, 2, 3), Float64Array.of(5, 5, 5))).toBe(0);
    expect([...returnsOf(Float64Array.of(1, 7, Math.E, 9, Math.E ** 3), 2)].map((x) => x.toFixed(9))).toEqual(
      ['1.000000000', '2.000000000'],
    );
    expect(logSlope([1, 2, 4, 8], [3, 3 * 2 ** 0.5, 6, 3 * 8 ** 0.5])).toBeCloseTo(0.5, 12);
  });
  test("the jackknife of a mean is Student's t interval of the mean", () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9, 10, 12];
    const expected = meanWithInterval(Float64Array.from(values));
    const found = jackknife(values, (some) => some.reduce((sum, one) => sum + one, 0) / some.length);
    expect(found.low).toBeCloseTo(expected.low, 10);
    expect(found.high).toBeCloseTo(expected.high, 10);
  });
});

describe('the theory', () => {
  test('Poisson probabilities add up to 1 and have their mean', () => {
    const law = Array.from({ length: 80 }, (_, n) => poissonProbability(n, 10));
    expect(law.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    expect(law.reduce((sum, p, n) => sum + p * n, 0)).toBeCloseTo(10, 5);
  });
  test('a race of queues is fair between equal ones, and solved by hand where nothing arrives', () => {
    const table = firstToEmpty({ arrivals: 1.85, takers: 0.94, cancels: 0.71 }, 60);
    for (const n of [1, 3, 5]) expect(table[n][n]).toBeCloseTo(0.5, 9);
    for (const [b, a] of [
      [1, 2],
      [2, 5],
    ])
      expect(table[b][a] + table[a][b]).toBeCloseTo(1, 9);
    // Queues of 1 and 2 drained at 1 each: the ask queue loses two before the bid queue one: a quarter.
    expect(firstToEmpty({ arrivals: 0, takers: 1, cancels: 0 }, 5)[1][2]).toBeCloseTo(0.25, 9);
  });
  test('a race of queues ends after the time known by hand: of an Erlang law and of the first of two exponential ones', () => {
    // Two orders each drained at 1, nothing arrives: the first of two Erlang(2) times has the mean 5/4 and the mean square 9/4.
    const drained = timeToEmpty({ arrivals: 0, takers: 1, cancels: 0 }, 5);
    expect(drained.mean[2][2]).toBeCloseTo(5 / 4, 9);
    expect(drained.variance[2][2]).toBeCloseTo(9 / 4 - (5 / 4) ** 2, 9);
    const cancelled = timeToEmpty({ arrivals: 0, takers: 0.5, cancels: 0.25 }, 5);
    expect(cancelled.mean[1][1]).toBeCloseTo(1 / 1.5, 9);
    expect(cancelled.variance[1][1]).toBeCloseTo(1 / 1.5 ** 2, 9);
  });
  test('Borel’s law adds up to 1 and has the mean 1/(1 − R) and the variance R/(1 − R)³', () => {
    const law = Array.from({ length: 1_000 }, (_, n) => (n === 0 ? 0 : borel(n, 0.6)));
    const moment = (power: number): number => law.reduce((sum, p, n) => sum + p * n ** power, 0);
    expect(moment(0)).toBeCloseTo(1, 9);
    expect(moment(1)).toBeCloseTo(2.5, 8);
    expect(moment(2) - moment(1) ** 2).toBeCloseTo(0.6 / 0.4 ** 3, 6);
  });
  test('a maker with quotes at a fixed distance: two binomials and a sum of their differences', () => {
    const [steps, volatility] = [5, 0.3];
    const session = { steps, volatility, rate: 0.7, decay: 1.5, riskAversion: 0.1 };
    const half = (0.1 * volatility ** 2 * steps) / 4 + 10 * Math.log1p(0.1 / 1.5);
    const p = 0.7 * Math.exp(-1.5 * half);
    const hits = 2 * p * (1 - p);
    const found = sessionMoments(session, 'index');
    expect(found.profit).toBeCloseTo(2 * steps * p * half, 9);
    expect(found.stockDeviation ** 2).toBeCloseTo(steps * hits, 9);
    // 1 + 2 + … + 5 steps of the price for the orders of each step.
    expect(found.profitDeviation ** 2).toBeCloseTo(half ** 2 * steps * hits + volatility ** 2 * hits * 15, 9);
  });
  test('a maker round its reservation price: simulated by another program', () => {
    // 300 000 sessions each of 5 steps of the paper's unit of time; four standard errors.
    const session = { steps: 5, volatility: 2 / Math.sqrt(5), rate: 0.7, decay: 1.5, riskAversion: 0.1 };
    const { profit, profitDeviation, stockDeviation } = sessionMoments(session, 'reservation');
    expect(Math.abs(profit - 1.6686)).toBeLessThan(0.0145);
    expect(Math.abs(profitDeviation - 1.9792)).toBeLessThan(0.0145);
    expect(Math.abs(stockDeviation - 1.0904)).toBeLessThan(0.0075);
  });
  test('a book that refills: 1/(1 − k) without refill, no cascade at k = 1 − a', () => {
    expect(resilientLows(100, { k: 0.5, a: 1 }).at(-1)).toBeCloseTo(200, 9);
    expect(resilientLows(100, { k: 0.5, a: 0.5 })).toEqual([100]);
    expect(resilientLows(100, { k: 0.75, a: 0.5 })).toEqual([100, 125]);
  });
});
