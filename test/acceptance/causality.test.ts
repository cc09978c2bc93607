import { describe, expect, test } from 'vitest';
import { genealogyOf } from '../../src/metrics/genealogy.ts';
import { simulateDetail } from '../../src/run/simulate.ts';
import { CAUSES } from '../../src/world/causes.ts';
import type { World } from '../../src/world/world.ts';
import { runWorld, scenarioOf } from './laboratory.ts';

/**
 * Who set whom off, where it is known by hand. The book holds 100 lots at every tick below 100 000, one account breaks at each tick, and
 * each liquidation sells 50 lots: an order that falls the price by a tick sets one account off, so that every generation is half as
 * large as the one before. The shock sells 256 ticks.
 */
const WAVE = ['sweep={}', 'expect=[]', 'agents.longs.notional=50', 'shocks.sale.notional=25.6k'];
const START = 100_000;
const LOTS_PER_TICK = 100;

const waveUnder = (mark: string, ...more: string[]): World =>
  runWorld(scenarioOf('limits/wave.yaml', [...WAVE, `exchange.mark={ every: 10ms, ${mark} }`, ...more]));

describe('CAUSE-1 a last-trade mark', () => {
  const world = waveUnder('design: last-trade');
  const { parent, cause, account, mark } = world.recorder.liquidationLines.table();

  test('generation n has 256 · 2^(1 − n) liquidations', () => {
    const { liquidations, notional, clusters } = genealogyOf(world);
    // The nine generations sell 511 · 50 lots, half a tick more than they have broken: the last lots touch one more account.
    expect(liquidations).toEqual([256, 128, 64, 32, 16, 8, 4, 2, 1, 1]);
    // At 50 lots each, between the start price and the lowest one.
    notional.forEach((quote, g) => {
      const lots = 50 * liquidations[g];
      const perLot = quote / (lots * world.contract.moneyUnit);
      expect(perLot).toBeGreaterThan(START - 512);
      expect(perLot).toBeLessThanOrEqual(START);
    });
    expect(clusters.reduce((sum, [size, count]) => sum + size * count, 0)).toBe(512);
    expect(clusters.reduce((sum, [, count]) => sum + count, 0)).toBe(256);
  });

  test('the parent is the one whose order sold through the threshold', () => {
    // The book is sold in the order of liquidations: what number n sells begins 50 n lots below the shock's 256 ticks.
    const touchAfter = (orders: number): number => START - 256 - Math.ceil((50 * orders) / LOTS_PER_TICK);
    let checked = 0;
    parent.forEach((by, number) => {
      if (Number.isNaN(by)) return;
      // One account a tick: the accounts break in the order of their thresholds.
      const threshold = START - number - 1;
      expect(touchAfter(by)).toBeGreaterThan(threshold);
      expect(touchAfter(by + 1)).toBeLessThanOrEqual(threshold);
      checked++;
    });
    expect(checked).toBe(256);
    expect(new Set(account).size).toBe(512);
    expect(Math.min(...mark)).toBe(START - 512);
  });

  test('the roots are the shock’s', () => {
    expect([...new Set(cause.subarray(0, 256))]).toEqual([CAUSES.indexOf('shock')]);
    expect(genealogyOf(world).causes).toEqual({ shock: 256, liquidation: 256 });
  });
});

describe('CAUSE-2 marks that lag', () => {
  // The mid falls half as far as the touch: 128 accounts by the shock, a quarter in each generation.
  test.each([
    ['design: mid', '1s'],
    ['design: ema-of-mid, constant: 300ms', '4s'],
    ['design: twap-of-mid, window: 300ms', '2s'],
    ['design: median-of-three, window: 300ms', '2s'],
  ])('%s: the generations are those of the mid', (mark, horizon) => {
    const { liquidations, causes } = genealogyOf(waveUnder(mark, `horizon=${horizon}`));
    expect(liquidations).toEqual([128, 32, 8, 2]);
    expect(causes).toEqual({ shock: 128, liquidation: 42 });
  });
});

describe('CAUSE-3 the index', () => {
  test('under an index mark nothing has a parent, whatever is sold meanwhile', () => {
    const world = runWorld(
      scenarioOf('limits/index-mark.yaml', [
        'sweep={}',
        'expect=[]',
        'shocks.jump={ kind: price-jump, at: 200ms, size: -1% }',
      ]),
    );
    const { liquidations, causes } = genealogyOf(world);
    expect(liquidations).toEqual([1000]);
    expect(causes).toEqual({ index: 1000 });
  });

  test('under a blend its move alone is the cause of what it reaches alone', () => {
    // Half of 1 % is 500 ticks of one account each. The sale before had brought the mark down by 100 and k = 0.8 · 0.5 of it and so on.
    const world = runWorld(
      scenarioOf('limits/blend.yaml', [
        'sweep={}',
        'expect=[]',
        'exchange.mark.localWeight=0.5',
        'shocks.jump={ kind: price-jump, at: 600ms, size: -1% }',
      ]),
    );
    const { causes } = genealogyOf(world);
    expect(causes.shock).toBe(100);
    expect(causes.index).toBe(500);
    const { cause, generation } = world.recorder.liquidationLines.table();
    cause.forEach((kind, i) => expect(generation[i] > 1).toBe(CAUSES[kind] === 'liquidation'));
  });

  test('the marks of a replay are nobody’s doing', () => {
    const scenario = scenarioOf('limits/wave.yaml', [...WAVE, 'agents.longs.to=0.5%']);
    const { liquidations } = simulateDetail(scenario, 0, 'open-loop');
    expect([...new Set(liquidations.cause as readonly string[])]).toEqual(['replay']);
    expect((liquidations.parent as Float64Array).every(Number.isNaN)).toBe(true);
  });
});

describe('CAUSE-4 random thresholds', () => {
  // That they notice 3 % of R is tested with limit 7.
  test('the generations of a cluster are those of a Galton–Watson process with R = 0.75', () => {
    const scenario = scenarioOf('limits/busy-period.yaml');
    const sizes: number[] = [];
    for (let replicate = 0; replicate < 100; replicate++)
      genealogyOf(runWorld(scenario, { replicate })).liquidations.forEach((count, g) => {
        sizes[g] = (sizes[g] ?? 0) + count;
      });
    // Each of the first four is R times the one before, within five standard errors of a Poisson number.
    for (let g = 1; g <= 4; g++)
      expect(Math.abs(sizes[g] - 0.75 * sizes[g - 1])).toBeLessThan(5 * Math.sqrt(0.75 * sizes[g - 1]));
  });
});
