import { describe, expect, test } from 'vitest';
import { measure } from '../../src/metrics/measure.ts';
import { runWorld, scenarioOf } from '../acceptance/laboratory.ts';

describe('what can be seen before the shock', () => {
  // One account of 50 lots breaks at each of the 3 500 ticks below 100 000; the book holds 100 lots at each.
  const world = runWorld(
    scenarioOf('limits/wave.yaml', ['sweep={}', 'expect=[]', 'agents.longs.notional=50']),
  );
  const { fuel, fundingRate } = world.market.before!;
  const signs = measure(world);

  test('the longs that a fall of the mark breaks', () => {
    expect(fuel.longsWithin(0.01)).toBe(1_000 * 50);
    expect(fuel.longsWithin(0.05)).toBe(3_500 * 50);
    expect(fuel.longsWithin(0.2)).toBe(3_500 * 50);
    expect(fuel.longsWithin(0)).toBe(0);
    expect(fuel.shortsWithin(0.2)).toBe(0);
  });

  test('over depth they are k within the reach of both, the bids valued where they rest', () => {
    // 50 lots at 100 000 over 100 lots at prices from there down by 1 %, on average 99 500.
    expect(Math.abs(signs.breakable_1pct / (0.5 / 0.995) - 1)).toBeLessThan(0.003);
    expect(signs.crowding).toBe(1);
  });

  test('a market at rest shows nothing', () => {
    expect(fundingRate).toBe(0);
    expect(signs.volatility_before).toBe(0);
    expect(signs.rsi_before).toBe(0.5);
  });
});
