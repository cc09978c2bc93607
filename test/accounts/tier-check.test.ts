import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { checkedTiers, checkTier, linearBook, squareRootImpact } from '../../src/accounts/tier-check.ts';
import { marginTableFrom } from '../../src/accounts/margin-table.ts';
import { averagePrice } from '../../src/market/depth.ts';

const flat = { floor: 0, cap: 1e6, maxLeverage: 20, maintenanceRate: 0.02, deduction: 0 };

describe('the closed form of a tier', () => {
  it('has bankruptcy at 1 − 1/L of the entry and liquidation at that over 1 − m', () => {
    const { bankruptcy, liquidation } = checkTier(flat, linearBook({ depth: 1e8, at: 1 }));
    expect(bankruptcy).toBeCloseTo(0.95, 12);
    expect(liquidation).toBeCloseTo(0.95 / 0.98, 12);
  });

  it('on a linear book allows 2·D·m·P* units', () => {
    // 3 units in each unit of price, at 1,000: a notional of 3 · 1,000² in a fraction of 1.
    const D = 3;
    const liquidation = (1_000 * 0.95) / 0.98;
    const { largest } = checkTier(flat, linearBook({ depth: D * 1_000 ** 2, at: 1 }));
    expect(largest / liquidation).toBeCloseTo(2 * D * 0.02 * liquidation, 8);
  });

  it('under square-root impact allows V(3m / 2Yσ)²', () => {
    const law = squareRootImpact({ volume: 1e9, volatility: 0.03, factor: 0.8 });
    expect(checkTier(flat, law).largest).toBeCloseTo(1e9 * ((3 * 0.02) / (2 * 0.8 * 0.03)) ** 2, 3);
  });

  it('with a deduction takes the margin of the very position, and none where no size is safe', () => {
    const tier = { ...flat, floor: 1e6, cap: 1e7, maintenanceRate: 0.04, deduction: 20_000 };
    const law = linearBook({ depth: 1e8, at: 1 });
    const { largest } = checkTier(tier, law);
    const margin = 0.04 - 20_000 / largest;
    expect(largest).toBeCloseTo(2e8 * margin * (0.95 / (1 - margin)) ** 2, 0);
    expect(checkTier(tier, linearBook({ depth: 1e5, at: 1 })).largest).toBe(0);
  });

  it('holds up to the cap that just closes', () => {
    const law = linearBook({ depth: 1e8, at: 1 });
    const { largest } = checkTier(flat, law);
    expect(checkTier({ ...flat, cap: largest }, law).holds).toBe(true);
    expect(checkTier({ ...flat, cap: largest * 1.000001 }, law).holds).toBe(false);
    expect(checkTier({ ...flat, cap: Infinity }, law).holds).toBe(false);
  });

  property.prop([fc.integer({ min: 1, max: 400 }), fc.integer({ min: 5, max: 60 })])(
    'is what selling into a book of even levels comes to',
    (lotsPerTick, thousandths) => {
      const m = thousandths / 1_000;
      const touch = 20_000;
      const book = {
        bestBid: () => touch,
        bestAsk: () => NaN,
        nextLevel: (_side: number, price: number) => price - 1,
        lotsAt: () => lotsPerTick,
      };
      const largest =
        checkTier(
          { ...flat, maxLeverage: 1e9, maintenanceRate: m },
          linearBook({ depth: lotsPerTick * touch ** 2, at: 1 / (1 - m) }),
        ).largest / touch;
      const bankruptcy = touch * (1 - m);
      // A tick is coarse: half of one level of slippage either way.
      expect(averagePrice(book, -1, Math.floor(largest - lotsPerTick * 2))).toBeGreaterThan(bankruptcy);
      expect(averagePrice(book, -1, Math.ceil(largest + lotsPerTick * 2))).toBeLessThan(bankruptcy);
    },
  );
});

describe('tiers of a table', () => {
  const where = () => ({ file: 'x', line: 0, column: 0, path: '' });

  it('count contracts at the price', () => {
    const row = { minContracts: 0, maxContracts: 500, maintenanceMarginRate: 0.01, maxLeverage: 50 };
    const table = marginTableFrom({ rule: 'whole-position-tiers', contractSize: 0.01, tiers: [row] }, where);
    expect(checkedTiers(table, 60_000)).toEqual([
      { floor: 0, cap: 300_000, maintenanceRate: 0.01, maxLeverage: 50, deduction: 0 },
    ]);
  });

  it('are undefined for a rule without', () => {
    const table = marginTableFrom(
      { rule: 'linear-in-size', baseInitialMargin: 0.02, baseMaintenanceMargin: 0.01, slopePerCoin: 0.00005 },
      where,
    );
    expect(checkedTiers(table, 60_000)).toBeUndefined();
  });
});
