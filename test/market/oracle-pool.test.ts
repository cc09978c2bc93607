import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUY, SELL } from '../../src/base/units.ts';
import {
  borrowRate,
  cappedImpact,
  oraclePrice,
  payableProfit,
  pendingProfit,
  priceImpact,
  reservedValue,
} from '../../src/market/oracle-pool.ts';
import type { ImpactRule } from '../../src/market/oracle-pool.ts';

/** The example in gmx-synthetics `PricingUtils.sol`: exponent 2, factor 0.01 / 50,000, its halving undone. */
const DOCUMENTED: ImpactRule = {
  exponent: 2,
  improving: (2 * 0.01) / 50_000,
  worsening: (2 * 0.01) / 50_000,
  capImproving: 1,
  capWorsening: 1,
};
/** BTC of 2026: exponent 2, +3e-11, −9e-11; caps of section (j): −0.5 % and +0.4 %. */
const BTC: ImpactRule = {
  exponent: 2,
  improving: 3e-11,
  worsening: 9e-11,
  capImproving: 0.004,
  capWorsening: 0.005,
};

describe('oracle prices', () => {
  it('a purchase trades at the upper price, a sale at the lower one', () => {
    expect(oraclePrice(BUY, { min: 99, max: 101 })).toBe(101);
    expect(oraclePrice(SELL, { min: 99, max: 101 })).toBe(99);
  });
});

describe('pending profit and reserve', () => {
  it('longs win what the price rises, shorts what it falls', () => {
    expect(pendingProfit(1, { lots: 10, cost: 1000 }, 110)).toBe(100);
    expect(pendingProfit(-1, { lots: 10, cost: 1000 }, 110)).toBe(-100);
  });
  it('longs are reserved at the price of now, shorts at what they sold for', () => {
    expect(reservedValue(1, { lots: 10, cost: 1000 }, 110)).toBe(1100);
    expect(reservedValue(-1, { lots: 10, cost: 1000 }, 110)).toBe(1000);
  });
});

describe('price impact', () => {
  it('the documented example: 50,000 of new imbalance costs 500, half of it taken back returns 375', () => {
    const balanced = { long: 50_000, short: 50_000 };
    const skewed = { long: 100_000, short: 50_000 };
    const half = { long: 75_000, short: 50_000 };
    expect(priceImpact(DOCUMENTED, balanced, skewed)).toBeCloseTo(-500, 9);
    expect(priceImpact(DOCUMENTED, skewed, half)).toBeCloseTo(375, 9);
  });
  it('is ½ · factor · skew² at exponent 2: 10M of new BTC skew cost 4,500, taking it back returns 1,500', () => {
    const skewed = { long: 40e6, short: 30e6 };
    const balanced = { long: 30e6, short: 30e6 };
    expect(priceImpact(BTC, balanced, skewed)).toBeCloseTo(-0.5 * 9e-11 * 1e14, 6);
    expect(priceImpact(BTC, skewed, balanced)).toBeCloseTo(0.5 * 3e-11 * 1e14, 6);
  });
  it('a trade that turns the skew round is paid for what it mends and charged for what it breaks', () => {
    const impact = priceImpact(BTC, { long: 40e6, short: 30e6 }, { long: 40e6, short: 60e6 });
    expect(impact).toBeCloseTo(0.5 * (3e-11 * 1e14 - 9e-11 * 4e14), 6);
  });
  it('takes any exponent', () => {
    const rule = { ...BTC, exponent: 1.5 };
    expect(priceImpact(rule, { long: 0, short: 0 }, { long: 4e6, short: 0 })).toBeCloseTo(
      -0.5 * 9e-11 * 8e9,
      9,
    );
  });
  it('is held within −0.5 % and +0.4 % of the notional and to what the impact pool holds', () => {
    const full = { notional: 1_000_000, impactPool: 1e9 };
    expect(cappedImpact(BTC, -9_000, full)).toBe(-5_000);
    expect(cappedImpact(BTC, 9_000, full)).toBe(4_000);
    expect(cappedImpact(BTC, 3_000, { ...full, impactPool: 700 })).toBe(700);
    expect(cappedImpact(BTC, -0.2, full)).toBe(-1);
    expect(cappedImpact(BTC, 0.8, full)).toBe(0);
  });
  it('never pays a round trip, in how many steps and by whatever side it is made', () => {
    const amount = fc.integer({ min: 0, max: 50_000_000 });
    const openInterest = fc.record({ long: amount, short: amount });
    fc.assert(
      fc.property(openInterest, fc.array(openInterest, { maxLength: 6 }), (start, path) => {
        let at = start;
        let sum = 0;
        for (const next of [...path, start]) {
          sum += priceImpact(BTC, at, next);
          at = next;
        }
        expect(sum).toBeLessThanOrEqual(1e-6);
      }),
    );
  });
});

describe('borrow rate', () => {
  it('g, GMX V1: 0.01 % an hour times utilisation', () => {
    const rule = { rate: 0.0001, optimalUtilisation: 1, rateAboveOptimal: 0.0001 };
    expect(borrowRate(rule, 0.6)).toBeCloseTo(0.00006, 15);
    expect(borrowRate(rule, 0)).toBe(0);
  });
  it('turns upward at the optimum and reaches the upper rate at full utilisation', () => {
    const rule = { rate: 0.4, optimalUtilisation: 0.75, rateAboveOptimal: 1.2 };
    expect(borrowRate(rule, 0.75)).toBeCloseTo(0.3, 12);
    expect(borrowRate(rule, 1)).toBeCloseTo(0.4 + 0.8, 12);
    expect(borrowRate(rule, 0.875)).toBeCloseTo(0.4 * 0.875 + 0.4, 12);
  });
});

describe('payable profit', () => {
  it('f.4: pending profits above 90 % of the backing are cut in proportion', () => {
    expect(payableProfit(100, { pending: 1_800, backing: 1_000, cap: 0.9 })).toBe(50);
    expect(payableProfit(100, { pending: 900, backing: 1_000, cap: 0.9 })).toBe(100);
    expect(payableProfit(100, { pending: 500, backing: 0, cap: 0.9 })).toBe(0);
    expect(payableProfit(-100, { pending: 1_800, backing: 1_000, cap: 0.9 })).toBe(-100);
  });
});
