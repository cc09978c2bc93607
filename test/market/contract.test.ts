import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contractFrom,
  exposureOf,
  lotsFromQuote,
  lotsOfNotional,
  moneyFromQuote,
  notionalOf,
  priceBeforeFee,
  priceOfNotional,
  quoteFromMoney,
  valueOf,
} from '../../src/market/contract.ts';
import { BTC, XBTUSD } from '../fixtures/contracts.ts';

const lots = fc.integer({ min: -50_000_000, max: 50_000_000 });
const ticks = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1_000, max: 5_000_000 }));

describe('an inverse contract', () => {
  it('is worth minus its dollars over the price, in units of the coin', () => {
    // 100,000 USD at 8,000 are 12.5 coins, at 8,800 11.36363636…
    expect(valueOf(XBTUSD, 100_000, 16_000)).toBe(-12.5e8);
    expect(valueOf(XBTUSD, 100_000, 17_600)).toBe(-Math.round((100_000 / 8_800) * 1e8));
    expect(notionalOf(XBTUSD, -100_000, 16_000)).toBe(12.5e8);
    expect([exposureOf(XBTUSD, 5, 16_000), exposureOf(XBTUSD, -5, 16_000)]).toEqual([62_500, -62_500]);
  });

  it('gains in the coin what a BitMEX long gains: 100,000 USD from 8,000 to 8,800 make 1.13636364', () => {
    const profit = valueOf(XBTUSD, 100_000, 17_600) - valueOf(XBTUSD, 100_000, 16_000);
    expect(profit / 1e8).toBeCloseTo(100_000 * (1 / 8_000 - 1 / 8_800), 7);
  });

  it('rounds to whole units, halves away from zero, the same for either side', () => {
    fc.assert(
      fc.property(lots, ticks, (q, p) => {
        const value = valueOf(XBTUSD, q, p);
        expect(Number.isSafeInteger(value)).toBe(true);
        expect(valueOf(XBTUSD, -q, p) + value).toBe(0);
        // |q|·K/p to the nearest: twice the distance is no more than p.
        const off = BigInt(Math.abs(q)) * BigInt(XBTUSD.inverseLot) - BigInt(Math.abs(value)) * BigInt(p);
        if (Math.abs(q) * XBTUSD.inverseLot <= Number.MAX_SAFE_INTEGER)
          expect(2n * (off < 0n ? -off : off) <= BigInt(p)).toBe(true);
      }),
    );
    const half = contractFrom({ ...XBTUSD, kind: 'inverse', tick: 1, lot: 3, price: 1, coinUnit: 1 });
    expect([valueOf(half, 1, 2), valueOf(half, -1, 2)]).toEqual([-2, 2]);
  });

  it('rises with the price for a long', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000_000 }),
        ticks,
        fc.integer({ min: 1, max: 50 }),
        (q, p, d) => {
          expect(valueOf(XBTUSD, q, p + d)).toBeGreaterThanOrEqual(valueOf(XBTUSD, q, p));
        },
      ),
    );
  });

  it('turns quote currency into lots at any price, and into money at the price of the start', () => {
    expect(lotsFromQuote(XBTUSD, 5_000, 12_345)).toBe(5_000);
    expect(moneyFromQuote(XBTUSD, 8_000)).toBe(1e8);
    expect(quoteFromMoney(XBTUSD, 1e8)).toBeCloseTo(8_000, 9);
  });
});

describe.each([
  ['linear', BTC],
  ['inverse', XBTUSD],
] as const)('a %s contract', (_name, contract) => {
  it('has lots and price as the inverses of the notional', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 1_000_000 }),
        fc.integer({ min: 1_000, max: 50_000 }),
        (q, p) => {
          const notional = notionalOf(contract, q, p);
          expect(Math.abs(lotsOfNotional(contract, notional, p) / q - 1)).toBeLessThan(1e-6);
          expect(Math.abs(priceOfNotional(contract, -q, notional) / p - 1)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('an order at the price before the fee pays with its fee what the price says', () => {
    const [price, fee, size] = [20_000, 750, 1_000_000];
    for (const side of [1, -1] as const) {
      const traded = priceBeforeFee(contract, side, price, fee);
      const paid = valueOf(contract, side * size, traded);
      const withFee = paid + (Math.abs(paid) * fee) / 1e6;
      // To first order in the fee.
      expect(Math.abs(withFee / valueOf(contract, side * size, price) - 1)).toBeLessThan(1e-6);
    }
  });
});
