import { describe, expect, it } from 'vitest';
import { BUY, HOUR, SECOND } from '../../src/base/units.ts';
import { clampedPremium } from '../../src/risk/funding/clamped-premium.ts';
import type { FundingInputs, FundingRule } from '../../src/risk/funding/funding-rule.ts';
import { none } from '../../src/risk/funding/none.ts';
import { BTC } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';

const rule = (written = {}): FundingRule => made(clampedPremium, { contract: BTC }, written);

/** A market with this premium of the impact prices over an index of 1,000,000 ticks, a hair of spread apart. */
function premium(share: number): FundingInputs {
  const price = 1_000_000 * (1 + share);
  return { index: 1_000_000, impactPrice: () => price };
}
function rateAfter(share: number, written = {}): number {
  const funding = rule(written);
  for (let i = 0; i < 10; i++) funding.sample(premium(share));
  return funding.settle();
}

describe('the clamped premium', () => {
  it.each([
    [0.0008, 0.0003],
    [0.0003, 0.0001],
    [-0.0003, 0.0001],
    [0, 0.0001],
    [0.0006, 0.0001],
    [-0.0006, -0.0001],
  ])('an average premium of %d gives a rate of %d', (average, rate) => {
    expect(rateAfter(average)).toBeCloseTo(rate, 12);
  });

  it('gives the interest when nothing could be measured', () => {
    const funding = rule();
    expect(funding.settle()).toBe(0.0001);
    funding.sample({ index: 1_000_000, impactPrice: () => NaN });
    expect(funding.settle()).toBe(0.0001);
  });

  it('measures nothing while one side of the book cannot fill the impact notional', () => {
    const funding = rule();
    funding.sample({ index: 1_000_000, impactPrice: (side) => (side === BUY ? NaN : 1_010_000) });
    expect(funding.settle()).toBe(0.0001);
  });

  it('has no premium while the index lies between impact bid and impact ask', () => {
    const funding = rule();
    const between = (side: number) => (side === BUY ? 1_005_000 : 990_000);
    funding.sample({ index: 1_000_000, impactPrice: between });
    expect(funding.settle()).toBe(0.0001);
  });

  it('counts what the impact bid is above the index, and what the impact ask is below it', () => {
    const above = rule();
    above.sample({ index: 1_000_000, impactPrice: (side) => (side === BUY ? 1_003_000 : 1_001_000) });
    // Premium 0.1 %: 0.1 % − 0.05 %.
    expect(above.settle()).toBeCloseTo(0.0005, 12);
    const below = rule();
    below.sample({ index: 1_000_000, impactPrice: (side) => (side === BUY ? 999_000 : 997_000) });
    expect(below.settle()).toBeCloseTo(-0.0005, 12);
  });

  it('weighs its samples 1, 2, 3 … n', () => {
    const funding = rule({ clamp: 0 });
    for (const share of [0.001, 0, 0.002]) funding.sample(premium(share));
    expect(funding.settle()).toBeCloseTo((1 * 0.001 + 3 * 0.002) / 6, 12);
  });

  it('starts each interval anew', () => {
    const funding = rule({ clamp: 0 });
    funding.sample(premium(0.002));
    funding.settle();
    funding.sample(premium(0.001));
    expect(funding.settle()).toBeCloseTo(0.001, 12);
  });

  it('is capped either way', () => {
    expect(rateAfter(0.1)).toBe(0.003);
    expect(rateAfter(-0.1)).toBe(-0.003);
    expect(rateAfter(-0.1, { cap: '0.375%' })).toBe(-0.00375);
  });

  it('measures with the impact notional in money: 25,000 USDT are 250,000,000 ticks·lots', () => {
    const asked: number[] = [];
    rule().sample({ index: 1, impactPrice: (_side, notional) => asked.push(notional) });
    expect(asked).toEqual([250_000_000, 250_000_000]);
  });

  it('by default is paid every 8 hours and sampled every 5 seconds', () => {
    expect([rule().interval, rule().sampleEvery]).toEqual([8 * HOUR, 5 * SECOND]);
  });
});

it('no funding is none, ever', () => {
  const funding = made(none, { contract: BTC });
  funding.sample(premium(0.1));
  expect([funding.interval, funding.settle()]).toEqual([Infinity, 0]);
});
