import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Collateral } from '../../src/accounts/collateral.ts';
import { CollateralAsset } from '../../src/accounts/collateral-asset.ts';
import { FEES, Ledger, OUTSIDE } from '../../src/accounts/ledger.ts';

const ANN = 5;

/** A unit is worth 100 of money at the start; 95 of it count, and 98 are left when it is seized. */
function asset(o: { cash?: Ledger; haircut?: number; fee?: number; unitMoney?: number } = {}) {
  const seized: number[] = [];
  const cash = o.cash ?? new Ledger(8);
  const made = new CollateralAsset({
    terms: {
      unitMoney: o.unitMoney ?? 0.01,
      haircut: o.haircut ?? 50_000,
      conversionFee: o.fee ?? 20_000,
    },
    cash,
    startPrice: 10_000,
    onSeized: (worth) => seized.push(worth),
  });
  const give = (units: number): void => made.ledger.transfer(OUTSIDE, ANN, units);
  return { asset: made, cash, seized, give };
}

describe('a collateral asset', () => {
  it('counts for its worth at the index less the haircut, rounded against the account', () => {
    const { asset: usde } = asset();
    expect([usde.worthOf(7), usde.valueOf(7), usde.proceedsOf(7)]).toEqual([700, 665, 686]);
    usde.price = 9_999;
    // 699.93 → 699; 34.95 → 35 and 13.98 → 14.
    expect([usde.worthOf(7), usde.valueOf(7), usde.proceedsOf(7)]).toEqual([699, 664, 685]);
    expect(usde.valueOf(7, 10_000)).toBe(665);
    expect([usde.worthOf(0), usde.valueOf(0)]).toEqual([0, 0]);
  });

  it('stands for money that it counts as much as, but for less than a unit', () => {
    const { asset: usde, cash } = asset();
    cash.transfer(OUTSIDE, ANN, 1_000);
    // 10 units count for 950, 11 for 1,045.
    usde.exchangeFor(ANN, 1_000);
    expect([usde.units(ANN), cash.balance[ANN], usde.value(ANN)]).toEqual([10, 50, 950]);
    expect([usde.ledger.total(), cash.total()]).toEqual([0, 0]);
  });

  it('is seized no further than the account owes: fee to the exchange, change to the account', () => {
    const { asset: usde, cash, seized, give } = asset();
    give(30);
    cash.transfer(ANN, OUTSIDE, 1_000);
    // 10 units fetch 980, 11 fetch 1,078.
    usde.repay(ANN);
    expect([usde.units(ANN), cash.balance[ANN], cash.balance[FEES]]).toEqual([19, 78, 22]);
    expect(seized).toEqual([1_100]);
    expect([usde.ledger.total(), cash.total()]).toEqual([0, 0]);
    usde.repay(ANN);
    expect(usde.units(ANN)).toBe(19);
  });

  it('c.3 Binance multi-asset information: 20,000 owed at 97.5 % take 20,513 worth of the asset', () => {
    const { asset: btc, cash, seized, give } = asset({ fee: 25_000, unitMoney: 1e-4 });
    give(1e6);
    cash.transfer(ANN, OUTSIDE, 20_000);
    btc.repay(ANN);
    expect(seized).toEqual([20_513]);
    expect(cash.balance[ANN]).toBe(0);
  });

  it('is gone when it does not reach, and the next asset follows', () => {
    const cash = new Ledger(8);
    const [first, second] = [asset({ cash }), asset({ cash, fee: 0 })];
    first.give(3);
    second.give(50);
    cash.transfer(ANN, OUTSIDE, 1_000);
    // 294 of the first; 706 are left, 8 units of the second.
    new Collateral([first.asset, second.asset]).repay(ANN);
    expect([first.asset.units(ANN), second.asset.units(ANN), cash.balance[ANN]]).toEqual([0, 42, 94]);
  });

  it('of a forfeited account becomes money to the last unit', () => {
    const { asset: usde, cash, give } = asset();
    give(30);
    new Collateral([usde]).seizeAll(ANN);
    expect([usde.units(ANN), cash.balance[ANN], cash.balance[FEES]]).toEqual([0, 2_940, 60]);
  });

  const price = fc.integer({ min: 1, max: 30_000 });
  const units = fc.integer({ min: 0, max: 1e7 });
  const rate = fc.integer({ min: 0, max: 950_000 });

  it('never fetches less than it counts for when the fee is no more than the haircut', () => {
    fc.assert(
      fc.property(
        price,
        units,
        rate,
        rate,
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        (at, n, a, b, unitMoney) => {
          const { asset: usde } = asset({ haircut: Math.max(a, b), fee: Math.min(a, b), unitMoney });
          usde.price = at;
          expect(usde.proceedsOf(n)).toBeGreaterThanOrEqual(usde.valueOf(n));
        },
      ),
    );
  });

  it('repays all of a debt that it counts for, and takes a unit too few for it otherwise', () => {
    fc.assert(
      fc.property(
        price,
        fc.integer({ min: 1, max: 1e6 }),
        rate,
        fc.integer({ min: 1, max: 1e9 }),
        (at, n, fee, debt) => {
          const { asset: usde, cash, give } = asset({ haircut: 950_000, fee });
          usde.price = at;
          give(n);
          cash.transfer(ANN, OUTSIDE, debt);
          if (usde.value(ANN) >= debt) {
            usde.repay(ANN);
            expect(cash.balance[ANN]).toBeGreaterThanOrEqual(0);
            expect(usde.proceedsOf(n - usde.units(ANN) - 1)).toBeLessThan(debt);
          } else {
            usde.repay(ANN);
            const taken = n - usde.units(ANN);
            expect(cash.balance[ANN]).toBe(usde.proceedsOf(taken) - debt);
            if (cash.balance[ANN] < 0) expect(taken).toBe(n);
          }
          expect([usde.ledger.total(), cash.total()]).toEqual([0, 0]);
        },
      ),
    );
  });

  it('hands an account out no later than its units have fallen by what was said', () => {
    const out = new Int32Array(8);
    fc.assert(
      fc.property(
        price,
        fc.integer({ min: 1, max: 1e6 }),
        rate,
        fc.double({ min: -0.5, max: 1.2, noNaN: true }),
        price,
        (at, n, haircut, part, to) => {
          const { asset: usde, give } = asset({ haircut });
          usde.price = at;
          give(n);
          const before = usde.value(ANN);
          usde.register(ANN, part * before);
          usde.price = to;
          if (usde.value(ANN) <= before - part * before) expect(usde.crossed(out)).toBe(1);
        },
      ),
    );
  });

  it('and not much earlier', () => {
    const out = new Int32Array(8);
    const { asset: usde, give } = asset();
    give(1_000);
    // 95,000 less 9,500: at 9,000.
    usde.register(ANN, 9_500);
    usde.price = 9_002;
    expect(usde.crossed(out)).toBe(0);
    usde.price = 9_000;
    expect(usde.crossed(out)).toBe(1);
  });
});
