import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { METRICS } from '../../src/metrics/metrics.ts';
import type { MetricRow } from '../../src/metrics/metrics.ts';
import { ReplicateError, runBatch } from '../../src/run/batch.ts';
import type { BatchOptions, Executor, RunnableBatch } from '../../src/run/batch.ts';
import { BLOCK } from '../../src/run/plan.ts';
import type { Precision, StoppingRule } from '../../src/run/plan.ts';
import type { Task, TaskResult } from '../../src/run/results.ts';

describe('runBatch', () => {
  test('gives every cell exactly its replicates, in order, when there is no target', async () => {
    const batch = batchOf([
      { atLeast: 3, atMost: 9 },
      { atLeast: 5, atMost: 5 },
    ]);
    const result = await runBatch(batch, executorOf(2), { precision: never });
    expect(result.interrupted).toBe(false);
    expect(result.cells.map((cell) => cell.replicates.map((r) => r.task.replicate))).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3, 4],
    ]);
    expect(result.cells.every((cell) => cell.converged)).toBe(true);
  });

  test('stops at the first look at which every target holds', async () => {
    // 1/n passes 1/27 at n = 27, and looks are at 10, 20, 30.
    const batch = batchOf([
      { atLeast: 10, atMost: 100, until: { amplification: { relative: 1 / 27 }, runup: { absolute: 1 } } },
    ]);
    const [cell] = (await runBatch(batch, executorOf(3), { precision: oneOverN })).cells;
    expect(cell.replicates).toHaveLength(10 + 2 * BLOCK);
    expect(cell.converged).toBe(true);
    expect(cell.reached).toEqual({ amplification: width(1 / 30), runup: width(1 / 30) });
  });

  test('ends at most at atMost and says that it has not converged', async () => {
    const batch = batchOf([{ atLeast: 10, atMost: 25, until: { amplification: { relative: 1e-6 } } }]);
    const [cell] = (await runBatch(batch, executorOf(4), { precision: oneOverN })).cells;
    expect(cell.replicates).toHaveLength(25);
    expect(cell.converged).toBe(false);
    expect(cell.reached).toEqual({ amplification: width(1 / 25) });
  });

  test.prop([
    fc.array(
      fc.record({
        atLeast: fc.integer({ min: 1, max: 15 }),
        more: fc.integer({ min: 0, max: 30 }),
        target: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    fc.integer({ min: 1, max: 9 }),
    fc.infiniteStream(fc.nat({ max: 1_000 })),
  ])(
    'has the same result for any parallelism and any order of finishing',
    async (rules, parallelism, luck) => {
      const batch = batchOf(
        rules.map(({ atLeast, more, target }) => ({
          atLeast,
          atMost: atLeast + more,
          until: { drawdown: { relative: target } },
        })),
      );
      const serial = await runBatch(batch, executorOf(1), { precision: spread });
      const parallel = await runBatch(batch, shuffling(parallelism, luck), { precision: spread });
      expect(parallel).toEqual(serial);
    },
  );

  test('stops by any estimand, relatively or absolutely, the same in any order of finishing', async () => {
    const until = {
      drawdown_p50: { relative: 0.9 },
      ruin: { absolute: 0.2 },
      false_liquidation_share: { relative: 0.5, absolute: 0.2 },
    };
    const batch = batchOf([
      { atLeast: 10, atMost: 200, until },
      { atLeast: 20, atMost: 30, until: { drawdown: { absolute: 0.001 } } },
    ]);
    const serial = await runBatch(batch, executorOf(1));
    const [first, second] = serial.cells;
    expect(first).toMatchObject({ converged: true });
    expect(first.replicates.length).toBeGreaterThan(10);
    expect(first.replicates.length).toBeLessThan(200);
    expect(first.reached.ruin.absolute).toBeLessThanOrEqual(0.2);
    expect(second).toMatchObject({ converged: false });
    expect(second.replicates).toHaveLength(30);
    const luck = (seed: number): Iterable<number> => ({
      *[Symbol.iterator]() {
        for (let state = seed; ; state = (state * 48_271) % 2_147_483_647) yield state;
      },
    });
    for (const parallelism of [2, 7]) {
      expect(await runBatch(batch, shuffling(parallelism, luck(parallelism)))).toEqual(serial);
    }
  });

  test('keeps the executor as busy as it asks for, across cells', async () => {
    const batch = batchOf([1, 1, 1, 1].map(() => ({ atLeast: 1, atMost: 1 })));
    let running = 0;
    let most = 0;
    const executor: Executor = {
      parallelism: 3,
      async run(task) {
        most = Math.max(most, ++running);
        await pause();
        running--;
        return resultOf(task);
      },
    };
    await runBatch(batch, executor, { precision: never });
    expect(most).toBe(3);
  });

  test('names cell, labels, replicate and seed of a replicate that failed, after waiting for the others', async () => {
    const batch = batchOf([
      { atLeast: 4, atMost: 4 },
      { atLeast: 4, atMost: 4 },
    ]);
    const finished: Task[] = [];
    const executor: Executor = {
      parallelism: 2,
      async run(task) {
        await pause();
        if (task.cell === 1 && task.replicate === 2) throw new RangeError('the book is empty');
        return resultOf(task);
      },
    };
    const run = runBatch(batch, executor, { precision: never, onResult: ({ task }) => finished.push(task) });
    await expect(run).rejects.toThrow(
      'cell 1 (mark=design1), replicate 2, seed s failed: RangeError: the book is empty',
    );
    await expect(run).rejects.toBeInstanceOf(ReplicateError);
    expect(finished).not.toContainEqual({ cell: 1, replicate: 2 });
    expect(finished.length).toBeGreaterThanOrEqual(4);
  });

  test('ends with what onResult throws, as it was thrown', async () => {
    const full = new Error('no space left on device');
    let calls = 0;
    const options: BatchOptions = {
      precision: never,
      onResult: () => {
        calls++;
        throw full;
      },
    };
    await expect(runBatch(batchOf([{ atLeast: 9, atMost: 9 }]), executorOf(2), options)).rejects.toBe(full);
    expect(calls).toBe(1);
  });

  test('when interrupted, lets what runs finish and returns the beginning of each cell', async () => {
    const batch = batchOf([
      { atLeast: 20, atMost: 20 },
      { atLeast: 20, atMost: 20 },
    ]);
    const signal = { aborted: false };
    const result = await runBatch(batch, executorOf(2), {
      precision: never,
      signal,
      onResult: (_, { done }) => {
        if (done === 6) signal.aborted = true;
      },
    });
    expect(result.interrupted).toBe(true);
    for (const cell of result.cells) {
      expect(cell.converged).toBe(false);
      expect(cell.replicates.map((r) => r.task.replicate)).toEqual(cell.replicates.map((_, n) => n));
      expect(Math.abs(cell.replicates.length - 3)).toBeLessThanOrEqual(1);
    }
  });

  test('tells the progress: done grows by one, planned grows when more is decided on', async () => {
    const batch = batchOf([{ atLeast: 2, atMost: 12, until: { amplification: { relative: 0.01 } } }]);
    const seen: string[] = [];
    await runBatch(batch, executorOf(1), {
      precision: oneOverN,
      onResult: (_, { done, planned }) => seen.push(`${done}/${planned}`),
    });
    expect(seen[0]).toBe('1/2');
    expect(seen.slice(1)).toEqual(Array.from({ length: 11 }, (_, n) => `${n + 2}/12`));
  });
});

const width = (value: number) => ({
  estimate: 1,
  relative: value,
  absolute: value,
  isConstant: false,
});
const never: Precision = () => width(Infinity);
const oneOverN: Precision = (_, results) => width(1 / results.length);

/** A target that depends on the values and on their order: any mistake in either changes the number of replicates. */
const spread: Precision = (_, results) =>
  width(
    results.reduce((sum, result, n) => sum + result.rows[0].metrics.drawdown * ((n % 7) + 1), 0) /
      results.length ** 2,
  );

function batchOf(rules: readonly StoppingRule[]): RunnableBatch {
  return {
    cells: rules.map((replicates, cell) => ({
      labels: { mark: `design${cell}` },
      scenario: { seed: 's', measure: { replicates } },
    })),
  };
}

function resultOf(task: Task): TaskResult {
  const value = ((task.cell * 31 + task.replicate * 17) % 13) / 13;
  const metrics = Object.fromEntries(METRICS.map(({ name }) => [name, value])) as MetricRow;
  return { task, rows: [{ arm: 'closed', metrics, fingerprint: 'f', prefixFingerprint: 'p' }] };
}

function executorOf(parallelism: number): Executor {
  return { parallelism, run: (task) => Promise.resolve(resultOf(task)) };
}

/** Finishes its tasks in an order drawn from `luck`. */
function shuffling(parallelism: number, luck: Iterable<number>): Executor {
  const draws = luck[Symbol.iterator]();
  const waiting: (() => void)[] = [];
  const finishOne = () => {
    const chosen = (draws.next().value as number) % waiting.length;
    waiting.splice(chosen, 1)[0]();
  };
  return {
    parallelism,
    run: (task) =>
      new Promise((resolve) => {
        waiting.push(() => resolve(resultOf(task)));
        setImmediate(finishOne);
      }),
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
