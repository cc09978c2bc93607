import { describe, expect, test } from 'vitest';
import { simulateCascadeMap } from '../../src/run/simulate.ts';
import { scenarioOf } from '../acceptance/laboratory.ts';

const ALONE = ['sweep={}', 'expect=[]'];
const mapOf = (...settings: string[]) =>
  simulateCascadeMap(scenarioOf('limits/wave.yaml', [...ALONE, ...settings]), 0);

/**
 * In the wave scenario one account breaks at each of the 3 500 ticks below 100 000 and the book holds 100 lots at each of the 4 000: with
 * accounts of n lots k = n / 100 within 3.5 %. Bins of 0.5 % are 500 ticks.
 */
const BIN = 500;
/** A bin has one level more or less than another, as the mid is half a tick off or not. */
const TOLERANCE = 1 / BIN;
const THROUGHOUT = 3_500 / BIN;

describe('the cascade map of uniform thresholds in a linear book', () => {
  test.each([20, 75, 150])('is k = %i % wherever there are thresholds', (lots) => {
    const { k, broken, absorbing, side } = mapOf(`agents.longs.notional=${lots}`);
    for (let bin = 0; bin < THROUGHOUT; bin++) {
      expect(side[bin]).toBe(1);
      expect(broken[bin]).toBe(BIN * lots);
      expect(Math.abs(absorbing[bin] / (BIN * 100) - 1)).toBeLessThanOrEqual(TOLERANCE);
      expect(Math.abs(k[bin] / (lots / 100) - 1)).toBeLessThanOrEqual(TOLERANCE * 1.01);
    }
    expect([...k.subarray(THROUGHOUT)].every((value) => value === 0)).toBe(true);
  });

  test('is 0 with the mark on the index, and the fuel is there all the same', () => {
    const { k, fuel } = mapOf('exchange.mark={ design: index-only, every: 10ms }');
    expect([...k].every((value) => value === 0)).toBe(true);
    // Quote at the mark of 1 000 with lots of 0.001: a lot is worth 1.
    expect(fuel[0]).toBeCloseTo(BIN * 50, 6);
  });

  test('under a blend the local price goes 1/w times as far: w k, until the book has ended', () => {
    const w = 0.25;
    const { k } = mapOf(`exchange.mark={ design: blend, every: 10ms, localWeight: ${w}, local: last }`);
    // The book reaches 4 %, and with it the mark 1 %: 1 000 ticks.
    for (let bin = 0; bin < 2; bin++) expect(Math.abs(k[bin] / (w * 0.5) - 1)).toBeLessThanOrEqual(TOLERANCE);
    expect([...k.subarray(2, THROUGHOUT)].every((value) => value === Infinity)).toBe(true);
  });

  test('under a clamp ends where the mark can go no further', () => {
    const { k, broken } = mapOf(
      'exchange.mark={ design: index-clamp, every: 10ms, band: 0.6%, local: last }',
    );
    for (const bin of [0, 1]) expect(Math.abs(k[bin] / 0.5 - 1)).toBeLessThanOrEqual(5 * TOLERANCE);
    // Of the second bin a fifth is within the band.
    expect([...broken.subarray(0, 2)]).toEqual([BIN * 50, (BIN / 5) * 50]);
    expect([...k.subarray(2)].every((value) => value === 0)).toBe(true);
  });

  test('is that of shorts above the mark', () => {
    const { k, side } = mapOf('agents.longs.side=short', 'agents.book.asks=ladder');
    const half = k.length / 2;
    expect(side[half]).toBe(-1);
    expect([...k.subarray(0, half)].every((value) => value === 0)).toBe(true);
    for (let bin = 0; bin < THROUGHOUT; bin++)
      expect(Math.abs(k[half + bin] / 0.5 - 1)).toBeLessThanOrEqual(TOLERANCE * 1.01);
  });
});

test('the map of a replicate does not depend on what it is asked for with', () => {
  const scenario = scenarioOf('limits/busy-period.yaml', ALONE);
  expect(simulateCascadeMap(scenario, 3)).toEqual(simulateCascadeMap(scenario, 3));
  expect(simulateCascadeMap(scenario, 3)).not.toEqual(simulateCascadeMap(scenario, 4));
});
