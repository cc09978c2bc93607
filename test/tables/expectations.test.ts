import { describe, expect, test } from 'vitest';
import { compareAmplification } from '../../src/tables/compare.ts';
import { evaluateExpectations } from '../../src/tables/expectations.ts';
import { runsTable } from '../../src/tables/runs-table.ts';
import type { Expectation } from '../../src/world/scenario-expectation.ts';
import { madeUpBatch } from './made-up-batch.ts';

const { results, cells } = madeUpBatch({ replicates: 30 });
const runs = runsTable(results, cells);
const cellOf = (mark: string, shock: string): number =>
  cells.findIndex(({ labels }) => labels.mark === mark && labels.shock === shock);
const drawdowns = (cell: number, arm: number): number[] =>
  results.filter(({ task }) => task.cell === cell).map(({ rows }) => rows[arm].metrics.drawdown);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const ratio = (cell: number): number => sum(drawdowns(cell, 2)) / sum(drawdowns(cell, 0));

describe('comparing two designs under the same seeds', () => {
  const [local, index] = [cellOf('local', '40M'), cellOf('index', '40M')];

  test('gives the difference of their amplifications and of their excess drawdowns', () => {
    const { n, amplification, excess } = compareAmplification(runs, {
      first: local,
      second: index,
      seed: 's',
    });
    expect(n).toBe(30);
    expect(amplification.estimate).toBeCloseTo(ratio(local) - ratio(index), 12);
    expect(amplification.low).toBeGreaterThan(0);
    expect(excess.estimate).toBeCloseTo((sum(drawdowns(local, 2)) - sum(drawdowns(index, 2))) / 30, 9);
  });

  test('of a design with itself finds exactly nothing', () => {
    const { amplification, excess } = compareAmplification(runs, { first: local, second: local, seed: 's' });
    expect(amplification).toMatchObject({ estimate: 0, low: 0, high: 0 });
    expect(excess).toMatchObject({ estimate: 0, low: 0, high: 0 });
  });

  test('uses the replicates that both have', () => {
    const shorter = results.filter(({ task }) => task.cell !== index || task.replicate < 20);
    const { n } = compareAmplification(runsTable(shorter, cells), { first: local, second: index, seed: 's' });
    expect(n).toBe(20);
  });

  test('needs the off and the closed arm', () => {
    const closed = madeUpBatch({ arms: ['closed'], replicates: 3 });
    expect(() =>
      compareAmplification(runsTable(closed.results, closed.cells), { first: 0, second: 1, seed: 's' }),
    ).toThrow('cell 0 has no pairs of the off and the closed arm');
  });
});

describe('an expectation', () => {
  const expectation = (change: Partial<Expectation>): Expectation => ({
    text: 'amplification[mark=index] < amplification[mark=local]',
    left: { metric: 'amplification', where: { mark: 'index', shock: '40M' } },
    op: '<',
    right: { metric: 'amplification', where: { mark: 'local', shock: '40M' } },
    level: 0.95,
    ...change,
  });
  const evaluate = (change: Partial<Expectation> = {}) =>
    evaluateExpectations([expectation(change)], runs, { seed: 's' })[0];

  test('between two designs holds when the whole interval of their difference is on its side', () => {
    const result = evaluate();
    expect(result).toMatchObject({ holds: true, level: 0.95, n: 30, text: expectation({}).text });
    expect(result.left).toBeCloseTo(ratio(cellOf('index', '40M')), 12);
    expect(result.right).toBeCloseTo(ratio(cellOf('local', '40M')), 12);
    expect(result.interval.high).toBeLessThan(0);
    expect(evaluate({ op: '>' }).holds).toBe(false);
  });

  test('of a difference that is exactly zero never holds', () => {
    const same = { right: expectation({}).left };
    expect(evaluate({ ...same, op: '<' }).holds).toBe(false);
    expect(evaluate({ ...same, op: '>' }).holds).toBe(false);
  });

  test("against a number is held against the estimand's own interval", () => {
    const left = { metric: 'amplification', where: { mark: 'local', shock: '40M' } };
    const low = evaluate({ left, op: '>', right: 2 });
    expect(low).toMatchObject({ holds: true, right: 2 });
    expect(evaluate({ left, op: '>', right: low.left }).holds).toBe(false);
  });

  test('about a ruin never seen knows the rule of three', () => {
    const left = { metric: 'ruin', where: { mark: 'index', shock: '10M' } };
    expect(evaluate({ left, op: '<', right: 0.09 })).toMatchObject({ holds: false, left: 0 });
    expect(evaluate({ left, op: '<', right: 0.11 }).holds).toBe(true);
  });

  test('holds in each cell of the axes that nobody names, and shows the weakest of them', () => {
    const left = { metric: 'amplification', where: { mark: 'index' } };
    const right = { metric: 'amplification', where: { mark: 'local' } };
    const result = evaluate({ left, right });
    expect(result.holds).toBe(true);
    expect(result.cases.map(({ leftCell, rightCell }) => [leftCell, rightCell])).toEqual(
      ['10M', '20M', '40M'].map((shock) => [
        { mark: 'index', shock },
        { mark: 'local', shock },
      ]),
    );
    expect(result.leftCell.shock).toBe('10M'); // amplification grows with the shock
    expect(evaluate({ left: right, op: '>', right: 2 })).toMatchObject({
      holds: false,
      leftCell: { mark: 'local', shock: '10M' },
    });
  });

  test('compares one named cell with all others', () => {
    const others = { metric: 'amplification', where: { shock: '40M' } };
    const result = evaluate({ right: others });
    expect(result.cases.map(({ rightCell }) => rightCell!.mark)).toEqual(['median', 'blend', 'ema', 'local']);
    expect(result.holds).toBe(true);
  });

  test('takes a metric as its mean in the closed arm', () => {
    const where = { mark: 'local', shock: '40M' };
    const { left } = evaluate({ left: { metric: 'drawdown', where }, op: '>', right: 0 });
    expect(left).toBeCloseTo(sum(drawdowns(cellOf('local', '40M'), 2)) / 30, 9);
  });

  test('does not hold when its arms were not run', () => {
    const closed = madeUpBatch({ arms: ['closed'], replicates: 3 });
    const [result] = evaluateExpectations([expectation({})], runsTable(closed.results, closed.cells), {
      seed: 's',
    });
    expect(result).toMatchObject({ holds: false, left: NaN });
  });

  test('must be about cells and quantities that exist', () => {
    expect(() => evaluate({ left: { metric: 'amplification', where: { mark: 'mid' } } })).toThrow('no cell');
    expect(() => evaluate({ left: { metric: 'amplify', where: {} } })).toThrow('no estimand');
  });
});
