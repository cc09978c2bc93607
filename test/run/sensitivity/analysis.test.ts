import { describe, expect, test } from 'vitest';
import { RandomSource } from '../../../src/base/random.ts';
import { analyse } from '../../../src/run/sensitivity/analysis.ts';
import { channelEffects, whyNoSwitchboard } from '../../../src/run/sensitivity/channels.ts';
import { rangeFrom, settingAt } from '../../../src/run/sensitivity/ranges.ts';
import type { MetricRow } from '../../../src/metrics/metrics.ts';
import type { Arm } from '../../../src/run/results.ts';

const ROOT = new RandomSource('analysis');

describe('a range of a parameter', () => {
  test.each([
    ['exchange.mark.window=5s..80s:log', 0.5, 'exchange.mark.window=20s'],
    ['shocks.dump.notional=10M..30M', 0.25, 'shocks.dump.notional=15M'],
    ['agents.makers.depthScale=0.5..2:log', 1, 'agents.makers.depthScale=2'],
    ['agents.makers.count=2..9:whole', 0.5, 'agents.makers.count=6'],
    ['agents.holders.stopLoss=0..10%', 0.3, 'agents.holders.stopLoss=3%'],
    ['a.b=-1..1', 0.5, 'a.b=0'],
  ])('%s at %d is %s', (text, share, setting) => {
    expect(settingAt(rangeFrom(text)!, share)).toBe(setting);
  });

  test.each(['a', 'a=1', 'a=2..1', 'a=1s..2ms', 'a=0..2:log', 'a=1..2:cubic', '=1..2'])(
    '%s is none',
    (text) => expect(rangeFrom(text)).toBeUndefined(),
  );
});

describe('an analysis', () => {
  const question = { parameters: 4, trajectories: 12, keep: 2, rows: 200 };
  /** Parameter 1 does nothing, parameter 3 next to nothing. */
  const model = ([a, , c, d]: readonly number[]) =>
    Promise.resolve(Float64Array.of(4 * a + 2 * c + 0.01 * d, 4 * a + 2 * c));

  test('takes the parameters that matter on to the indices', async () => {
    const { screening, survivors, indices } = await analyse(model, question, ROOT);
    expect(screening.map(({ muStar }) => Math.round(muStar.estimate))).toEqual([4, 0, 2, 0]);
    expect(survivors).toEqual([0, 2]);
    // Variances 16/12 and 4/12.
    const [a, c] = indices!.parameters;
    expect(Math.abs(a.first.estimate - 0.8)).toBeLessThan(0.15);
    expect(Math.abs(c.total.estimate - 0.2)).toBeLessThan(0.06);
  });

  test('keeps the largest only, and can end with the screening', async () => {
    const { survivors, indices } = await analyse(model, { ...question, keep: 1, rows: 0 }, ROOT);
    expect(survivors).toEqual([0]);
    expect(indices).toBeUndefined();
  });

  test('finds nothing where nothing changes', async () => {
    const flat = await analyse(() => Promise.resolve(Float64Array.of(5, 7)), question, ROOT);
    expect(flat).toMatchObject({ survivors: [], indices: undefined });
  });
});

describe('channels', () => {
  const axes = [
    { name: 'withdrawal', labels: ['stay', 'leave'] },
    { name: 'arbitrage', labels: ['none', 'some'] },
  ];
  const cells = ['stay', 'leave'].flatMap((withdrawal) =>
    ['none', 'some'].map((arbitrage) => ({ labels: { withdrawal, arbitrage } })),
  );
  const row = (arm: Arm, drawdown: number) => ({
    ...{ arm, metrics: { drawdown } as MetricRow },
    ...{ fingerprint: '', prefixFingerprint: '' },
  });
  const results = cells.map(({ labels }, cell) => ({
    ...{ cell, converged: true, reached: {} },
    replicates: [0, 1, 2].map((replicate) => {
      const off =
        50 + replicate + (labels.withdrawal === 'leave' ? 20 : 0) - (labels.arbitrage === 'some' ? 10 : 0);
      const closed = off + (labels.withdrawal === 'leave' ? 40 : 5);
      return { task: { cell, replicate }, rows: [row('off', off), row('closed', closed)] };
    }),
  }));

  test('are the axes and the arms', () => {
    const { channels, interactions, total } = channelEffects({ axes, cells }, results, {
      ...{ metric: 'drawdown', random: ROOT.stream('channels') },
    });
    const found = Object.fromEntries(channels.map(({ name, shapley }) => [name, shapley.estimate]));
    // Liquidations add 5, or 40 with withdrawal: 5 + 35/2. Withdrawal adds 20, or 55: 20 + 35/2.
    expect(found.liquidations).toBeCloseTo(22.5, 12);
    expect(found['withdrawal=leave']).toBeCloseTo(37.5, 12);
    expect(found['arbitrage=some']).toBeCloseTo(-10, 12);
    expect(total.estimate).toBeCloseTo(50, 12);
    expect(interactions[0]).toMatchObject({ pair: ['liquidations', 'withdrawal=leave'] });
    expect(interactions[0].effect.estimate).toBeCloseTo(35, 12);
  });

  test('need two values an axis', () => {
    expect(whyNoSwitchboard({ axes, cells })).toBeUndefined();
    expect(whyNoSwitchboard({ axes: [], cells: [] })).toBe('a sweep over channels');
    const three = { name: 'mark', labels: ['a', 'b', 'c'] };
    expect(whyNoSwitchboard({ axes: [three], cells })).toContain('on the axis mark, which has 3');
  });
});
