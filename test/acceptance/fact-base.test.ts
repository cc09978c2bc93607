import { describe, expect, test } from 'vitest';
import { draw } from '../../src/base/distributions.ts';
import type { Distribution } from '../../src/base/distributions.ts';
import { RandomSource } from '../../src/base/random.ts';
import { amplificationOf, runWorld } from '../../src/run/validation/laboratory.ts';
import { batchOf, scenarioOf } from './laboratory.ts';

describe('l.1 Leverage', () => {
  const { cells } = batchOf('five-percent-drop.yaml');
  const leverageOf = (name: string): Distribution => {
    const { scenario } = cells.find(({ labels }) => labels['leverage'] === name)!;
    return (scenario.agents['holders'].parameters as { readonly leverage: Distribution }).leverage;
  };
  const drawn = (name: string): Float64Array => {
    const random = new RandomSource('fact base').stream(name);
    return Float64Array.from({ length: 200_000 }, () => draw(leverageOf(name), random)).sort();
  };

  // Published: 47 (shorts) and 54 (longs). 51.03 is where the truncated mixture has 80 % of its weight; 53.6 if it were not truncated.
  test('BitMEX 2018 to 2019: mean 26, median 13, 80th percentile 51, between 47 and 54, 95th 78', () => {
    const sorted = drawn('bitmex-2019');
    const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
    const percentile = (p: number): number => sorted[Math.round((p / 100) * sorted.length)];
    expect([mean, percentile(50), percentile(80), percentile(95)].map(Math.round)).toEqual([26, 13, 51, 78]);
  });

  test('Hyperliquid 2025: 36 % below 3x, 48 % from 3x to 7x, 15 % above', () => {
    const sorted = drawn('hyperliquid-2025');
    const share = (from: number, to: number): number =>
      sorted.filter((one) => one >= from && one < to).length / sorted.length;
    expect(share(0, 3)).toBeCloseTo(0.36, 2);
    expect(share(3, 7)).toBeCloseTo(0.49, 2);
    expect(share(7, Infinity)).toBeCloseTo(0.15, 2);
  });
});

describe('l.5 Amplification: a book of 20M within 1 %, which is 5e-10 for each dollar', () => {
  /** A world of such a depth and so much to liquidate in 1 % of the price; a sale that moves the book by 20 bp. */
  const world = (depth: number, density: number) =>
    scenarioOf('limits/wave.yaml', [
      ...['sweep={}', 'expect=[]'],
      `agents.book.depthPerPercent=${depth}`,
      `agents.longs.notional=${density / 1_000}`, // a thousand accounts in 1 %
      `shocks.sale.notional=${0.2 * depth}`,
    ]);

  test('amplifies 1 / (1 − λρ) times below 20M of liquidations in 1 %', () => {
    for (const density of [5e6, 10e6]) {
      const lambda = 0.01 / 20e6;
      expect(lambda).toBeCloseTo(5e-10, 20);
      const rho = density / 0.01;
      expect(amplificationOf(world(20e6, density))).toBeCloseTo(1 / (1 - lambda * rho), 2);
    }
  });

  test('sustains itself from 20M in 1 % on, 2e9 for each unit of the logarithm: to the last liquidation', () => {
    const { exchange, recorder, startPrice } = runWorld(world(20e6, 20e6)).market;
    expect(0.01 / 20e6 / (1 / (20e6 / 0.01))).toBeCloseTo(1, 12);
    expect(recorder.liquidations).toBe(3_500);
    expect((startPrice - exchange.book.lastTrade()) / startPrice).toBeGreaterThan(0.035);
  });

  test('with 98 % of the depth gone 0.4M in 1 % are enough, which amplify 1.02 times before', () => {
    expect(amplificationOf(world(20e6, 0.4e6))).toBeCloseTo(1 / 0.98, 3);
    expect(runWorld(world(0.02 * 20e6, 0.4e6)).recorder.liquidations).toBe(3_500);
  });
});
