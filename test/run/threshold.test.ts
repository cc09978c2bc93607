import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { runChains } from '../../src/run/chains.ts';
import { findThreshold } from '../../src/run/threshold.ts';
import type { Task, TaskResult } from '../../src/run/results.ts';

describe('the threshold of a replicate', () => {
  property.prop([fc.integer({ min: 2, max: 300 }), fc.nat(300)])(
    'is the first level at which it happens, in about log₂ of the levels questions',
    async (levels, first) => {
      let asked = 0;
      const { at, isReversed } = await findThreshold(levels, (level) => {
        asked++;
        return Promise.resolve(level >= first);
      });
      expect(at).toBe(Math.min(first, levels));
      expect(isReversed).toBe(false);
      expect(asked).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(levels)));
    },
  );

  test('says when it happens at the mild end and not at the bad one', async () => {
    expect(await findThreshold(9, (level) => Promise.resolve(level < 3))).toEqual({
      at: 0,
      isReversed: true,
    });
  });

  property.prop([fc.array(fc.boolean(), { minLength: 2, maxLength: 40 })])(
    'is a level at which it begins, even where it comes and goes',
    async (happens) => {
      const { at } = await findThreshold(happens.length, (level) => Promise.resolve(happens[level]));
      if (at > 0 && at < happens.length) expect([happens[at - 1], happens[at]]).toEqual([false, true]);
      else expect(at === 0 ? happens[0] : !happens.at(-1)).toBe(true);
    },
  );
});

describe('chains', () => {
  const labels = {};
  const scenario = { seed: '1', measure: { replicates: { atLeast: 1, atMost: 1 } } };
  const batch = { cells: [{ labels, scenario }] };
  const resultOf = (task: Task): TaskResult => ({ task, rows: [] });

  test('have as many tasks under way as the executor takes, and answer in their order', async () => {
    let [underWay, most] = [0, 0];
    const executor = {
      parallelism: 3,
      async run(task: Task) {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve, task.replicate % 2));
        underWay--;
        return resultOf(task);
      },
    };
    const chains = Array.from(
      { length: 8 },
      (_, replicate) => async (simulate: (task: Task) => Promise<TaskResult>) => {
        await simulate({ cell: 0, replicate });
        return (await simulate({ cell: 0, replicate })).task.replicate;
      },
    );
    expect(await runChains(batch, executor, chains)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  test('stop at the signal, and keep what was finished', async () => {
    const signal = { aborted: false };
    const executor = {
      parallelism: 1,
      run: (task: Task) => {
        signal.aborted = task.replicate === 1;
        return Promise.resolve(resultOf(task));
      },
    };
    const chains = [0, 1, 2].map(
      (replicate) => (simulate: (task: Task) => Promise<TaskResult>) => simulate({ cell: 0, replicate }),
    );
    const answers = await runChains(batch, executor, chains, { signal });
    expect(answers.map((answer) => answer?.task.replicate)).toEqual([0, 1, undefined]);
  });

  test('say which replicate failed', async () => {
    const executor = { parallelism: 2, run: () => Promise.reject(new Error('no')) };
    const chain = (simulate: (task: Task) => Promise<TaskResult>) => simulate({ cell: 0, replicate: 5 });
    await expect(runChains(batch, executor, [chain])).rejects.toThrow('cell 0, replicate 5, seed 1 failed');
  });

  test('end with what the hearer of results throws, which is no failed replicate', async () => {
    const executor = { parallelism: 1, run: (task: Task) => Promise.resolve(resultOf(task)) };
    const chain = (simulate: (task: Task) => Promise<TaskResult>) => simulate({ cell: 0, replicate: 5 });
    const full = new Error('the disk is full');
    const onResult = (): never => {
      throw full;
    };
    await expect(runChains(batch, executor, [chain, chain], { onResult })).rejects.toBe(full);
  });
});
