import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../src/base/random.ts';
import { DAY, HOUR, SECOND } from '../../src/base/units.ts';
import { constant } from '../../src/prices/fundamental/constant.ts';
import { gbm } from '../../src/prices/fundamental/gbm.ts';
import { FundamentalPrice } from '../../src/prices/fundamental-price.ts';
import { made } from '../fixtures/variants.ts';

const parts = () => ({ random: new RandomSource('fundamental').stream('price') });

describe('the fundamental price', () => {
  it('of the constant process moves by jumps only, and for good', () => {
    const price = new FundamentalPrice(made(constant, parts()), 1000);
    price.advance(HOUR);
    expect(price.price).toBe(1000);
    price.jump(0.95);
    price.advance(2 * HOUR);
    expect(price.price).toBe(950);
  });

  it('asks the process for the time that has passed, once, and for none when none has', () => {
    const asked: number[] = [];
    const grow = (elapsed: number) => asked.push(elapsed) && 2;
    const price = new FundamentalPrice({ grow }, 10);
    for (const now of [0, 5, 5, 12]) price.advance(now);
    expect([asked, price.price]).toEqual([[5, 7], 40]);
  });

  it('of geometric Brownian motion has the volatility that was asked for, whatever the step, and no drift', () => {
    for (const [step, steps] of [
      [DAY, 20_000],
      [HOUR, 20_000],
    ] as const) {
      const process = made(gbm, parts(), { volatility: '50%' });
      const factors = Array.from({ length: steps }, () => process.grow(step));
      const perYear = (365 * DAY) / step;
      const square = factors.reduce((sum, factor) => sum + Math.log(factor) ** 2, 0) / steps;
      // The sd of a sample of n normals has standard error 1/√(2n).
      expect(Math.abs(Math.sqrt(square * perYear) / 0.5 - 1)).toBeLessThan(4 / Math.sqrt(2 * steps));
      const mean = factors.reduce((sum, factor) => sum + factor, 0) / steps;
      expect(Math.abs(mean - 1)).toBeLessThan((4 * 0.5) / Math.sqrt(perYear * steps));
    }
  });

  it('of geometric Brownian motion without volatility stands still', () => {
    const process = made(gbm, parts(), { volatility: 0 });
    expect(process.grow(SECOND)).toBe(1);
  });
});
