import { describe, expect, test } from 'vitest';
import { findEstimand } from '../../src/metrics/estimates/estimands.ts';
import { runsTable } from '../../src/tables/runs-table.ts';
import { tournament, type TournamentOptions } from '../../src/tables/tournament.ts';
import { madeUpBatch } from './made-up-batch.ts';

const { results, cells } = madeUpBatch({ replicates: 30, shocks: ['10M', '40M'] });
const runs = runsTable(results, cells);
const play = (metric: string, options: Partial<TournamentOptions> = {}, table = runs) =>
  tournament(table, { estimand: findEstimand(metric)!, axis: 'mark', seed: 's', ...options })!;
const excess = play('excess_drawdown');
const [, large] = excess.situations;

/** D closed and D off of a design under 40M, seed by seed. */
const drawdowns = (mark: string, arm: number): number[] =>
  results
    .filter(({ task }) => cells[task.cell].labels.mark === mark && cells[task.cell].labels.shock === '40M')
    .map(({ rows }) => rows[arm].metrics.drawdown);
const excessOf = (mark: string): number[] => {
  const off = drawdowns(mark, 0);
  return drawdowns(mark, 2).map((closed, i) => closed - off[i]);
};
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const varianceOf = (values: readonly number[]): number => {
  const centre = sum(values) / values.length;
  return sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1);
};

describe('a tournament', () => {
  test('has the designs of the axis in every situation that the other axes make', () => {
    expect(excess).toMatchObject({ metric: 'excess_drawdown', unit: 'bp', axis: 'mark', n: 30, seed: 's' });
    expect(excess.situations.map(({ labels }) => labels)).toEqual([{ shock: '10M' }, { shock: '40M' }]);
    expect(large.entrants.map(({ design, rank }) => [design, rank])).toEqual([
      ['index', 1],
      ['median', 2],
      ['blend', 3],
      ['ema', 4],
      ['local', 5],
    ]);
    expect(large.differences).toHaveLength(10);
  });

  test('has paired differences, with intervals and adjusted p values', () => {
    const { left, right, estimate, low, high, holm } = large.differences.at(-1)!;
    const paired = excessOf('ema').map((value, i) => value - excessOf('local')[i]);
    expect([left, right]).toEqual(['ema', 'local']);
    expect(estimate).toBeCloseTo(sum(paired) / 30, 9);
    // Student's t, 29 degrees of freedom, 97.5 %.
    const half = 2.0452 * Math.sqrt(varianceOf(paired) / 30);
    // Here all differences are multiples of the same luck: the family is as narrow as one, but for the resampling.
    expect((high - low) / 2).toBeGreaterThan(0.94 * half);
    expect((high - low) / 2).toBeLessThan(1.2 * half);
    expect(high).toBeLessThan(0);
    expect(holm).toBeLessThan(0.05);
  });

  test('says what equal seeds gain, and what they could at most', () => {
    const [a, b] = [excessOf('ema'), excessOf('local')];
    const apart = varianceOf(a.map((value, i) => value - b[i]));
    const { varianceReduction, mostReduction, correlation } = large.differences.at(-1)!;
    // Resampled variances stray from the sample's by a few per cent.
    expect(varianceReduction / ((varianceOf(a) + varianceOf(b)) / apart)).toBeCloseTo(1, 1);
    expect(correlation).toBeCloseTo(1, 6); // Both are multiples of the same luck.
    expect(varianceReduction / mostReduction).toBeCloseTo(1, 3);
  });

  test('gives each design its chance of being the best, and equal ones a share of it', () => {
    expect(large.entrants.map(({ bestProbability }) => bestProbability)).toEqual([1, 0, 0, 0, 0]);
    const twins = madeUpBatch({ replicates: 10, shocks: ['20M'], designs: { one: 0.3, two: 0.3, bad: 0.6 } });
    const { situations } = play('amplification', {}, runsTable(twins.results, twins.cells));
    expect(situations[0].entrants).toMatchObject([
      { design: 'one', rank: 1.5, bestProbability: 0.5, regret: { worst: 0 } },
      { design: 'two', rank: 1.5, bestProbability: 0.5 },
      { design: 'bad', rank: 3, bestProbability: 0 },
    ]);
    expect(situations[0].differences[0]).toMatchObject({ estimate: 0, low: 0, high: 0, holm: 1 });
  });

  test('has the regret of a design seed by seed', () => {
    const index = excessOf('index');
    const regrets = excessOf('local').map((value, i) => value - index[i]);
    const { regret } = large.entrants[4];
    expect(regret.mean).toBeCloseTo(sum(regrets) / 30, 9);
    expect(regret.worst).toBeCloseTo(Math.max(...regrets), 9);
    expect(large.entrants[0].regret).toEqual({ mean: 0, median: 0, p95: 0, worst: 0 });
  });

  test('of a ratio takes the difference of the two sides as regret', () => {
    expect(play('amplification').situations[1].entrants[4].regret.mean).toBeCloseTo(
      large.entrants[4].regret.mean,
      9,
    );
  });

  test('tells how stable the ranking is over the situations', () => {
    expect(excess.stability).toEqual({ mean: 1, least: 1 });
    expect(excess.standings[4]).toMatchObject({ design: 'local', meanRank: 5, rankShares: [0, 0, 0, 0, 1] });
    // Off is the same for all designs: nothing to rank.
    expect(play('excess_drawdown', { axis: 'shock' }).situations).toHaveLength(5);
  });

  test('with the highest as the best turns it round', () => {
    const { situations } = play('excess_drawdown', { best: 'highest' });
    expect(situations[1].entrants.map(({ rank }) => rank)).toEqual([5, 4, 3, 2, 1]);
    expect(situations[1].entrants[4]).toMatchObject({ bestProbability: 1, regret: { mean: 0 } });
  });

  test('uses the replicates that all cells have', () => {
    const shorter = results.filter(({ task }) => task.cell !== 3 || task.replicate < 20);
    expect(play('excess_drawdown', {}, runsTable(shorter, cells)).n).toBe(20);
  });

  test('is the same for the same seed, and is not there when an arm is missing', () => {
    expect(play('excess_drawdown')).toEqual(excess);
    const closed = madeUpBatch({ arms: ['closed'], replicates: 3 });
    expect(play('excess_drawdown', {}, runsTable(closed.results, closed.cells))).toBeUndefined();
  });
});

describe('a tournament in an estimand that is not defined everywhere', () => {
  // R̂ is a ratio over liquidations: of `calm` there are none, of `rare` in one replicate only, of `busy` in each.
  const { results: all, cells: three } = madeUpBatch({
    ...{ replicates: 10, shocks: ['20M'] },
    designs: { calm: 0.1, rare: 0.3, busy: 0.6 },
  });
  const liquidations = (design: string, replicate: number, arm: string): number =>
    design === 'calm' || (design === 'rare' && replicate > 0) ? 0 : arm === 'closed' ? 4 : 2;
  const changed = all.map((result) => ({
    ...result,
    rows: result.rows.map((row) => {
      const { labels } = three[result.task.cell];
      const liquidated_accounts = liquidations(labels.mark, result.task.replicate, row.arm);
      return { ...row, metrics: { ...row.metrics, liquidated_accounts } };
    }),
  }));
  const { situations, standings } = play('reproduction', {}, runsTable(changed, three));
  const [{ entrants, undecided, differences }] = situations;

  test('ranks those that are defined, and the others not', () => {
    expect(entrants.map(({ design, rank }) => [design, rank])).toEqual([
      ['calm', NaN],
      ['rare', 1.5],
      ['busy', 1.5],
    ]);
    expect(standings[0]).toMatchObject({ meanRank: NaN, bestProbability: NaN });
  });

  test('tells the best by the resamples in which those are defined, and how many are left out', () => {
    // A replicate of ten is in none of ten draws with probability 0.9^10.
    expect(undecided).toBeCloseTo(0.9 ** 10, 1);
    expect(entrants.map(({ bestProbability }) => bestProbability)).toEqual([NaN, 0.5, 0.5]);
    expect(differences.every(({ low, high }) => low === -Infinity && high === Infinity)).toBe(true);
  });
});
