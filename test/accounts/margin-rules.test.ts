import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearInSize } from '../../src/accounts/margin/linear-in-size.ts';
import { oiFactor } from '../../src/accounts/margin/oi-factor.ts';
import { oiScaled } from '../../src/accounts/margin/oi-scaled.ts';
import { wholePositionTiers } from '../../src/accounts/margin/whole-position-tiers.ts';
import {
  balanceToBreakAt,
  coversInitialMargin,
  isDistressed,
  lotsWithinTier,
  maintenanceMargin,
  marginScheduleFrom,
  priceAtMarginShare,
  tierOf,
  triggerPrice,
  withFeeToClose,
} from '../../src/accounts/margin.ts';
import type { MarginParts, MarginSchedule } from '../../src/accounts/margin.ts';
import { marginTableFrom } from '../../src/accounts/margin-table.ts';
import type { WholePositionTiers } from '../../src/accounts/margin-table.ts';
import {
  isLiquidatable,
  poolProfit,
  twoThresholdPrices,
  twoThresholdState,
} from '../../src/accounts/oracle-margin.ts';
import type { PoolPosition } from '../../src/accounts/oracle-margin.ts';
import { crossLiquidationPrice, entryMarginLiquidationPrice } from '../../src/accounts/published-formulas.ts';
import {
  contractFrom,
  moneyFromQuote,
  notionalOf,
  priceFromTicks,
  valueOf,
} from '../../src/market/contract.ts';
import type { Contract } from '../../src/market/contract.ts';
import { BTC, flat, PLAIN, tiersOf, tiersOfFile, XBTUSD } from '../fixtures/contracts.ts';

const partsOf = (contract: Contract, startPrice: number): MarginParts => ({
  contract,
  startPrice,
  refuse: (parameter, expected) => {
    throw new Error(`${parameter}: ${expected}`);
  },
});

/** Rates of a position at a price: maintenance and the smallest initial one, as fractions. */
function rates(schedule: MarginSchedule, lots: number, price: number, openInterest = 0) {
  const notional = notionalOf(schedule.contract, lots, price);
  return {
    maintenance: maintenanceMargin(schedule, notional, lots) / notional,
    initial: 1 / schedule.maxLeverage({ lots, notional, openInterest }),
  };
}

/** A table of the product for whole positions. */
function tableOf(file: string): WholePositionTiers {
  const path = join(import.meta.dirname, '../../scenarios/tiers', file);
  return tableFrom(JSON.parse(readFileSync(path, 'utf8')));
}

function tableFrom(json: unknown): WholePositionTiers {
  const table = marginTableFrom(json, (at) => ({ file: 'made up', line: 0, column: 0, path: at.join('.') }));
  if (table.rule !== 'whole-position-tiers') throw new Error(table.rule);
  return table;
}

const bitmex2020 = wholePositionTiers.create(
  { tiers: tableOf('bitmex-xbtusd-2020.json'), amounts: 'asset' },
  partsOf(XBTUSD, 16_000),
);
const DERIBIT_BTC = { initial: 0.02, maintenance: 0.01, slope: 0.00005 };
const deribit = linearInSize.create(DERIBIT_BTC, partsOf(BTC, 1_000_000));
/** AAVE on OKX after 2023-05-19: contracts of a tenth of a coin. */
const AAVE = contractFrom({
  ...{ name: 'AAVE', tick: 0.01, lot: 0.1, takerFee: 0.0005, makerFee: 0.0002, marketBand: 0.05 },
});
const okx = wholePositionTiers.create(
  { tiers: tableOf('okx-aave-usdt-swap.json'), amounts: 'quote' },
  partsOf(AAVE, 10_000),
);

describe('c.1 the rate of', () => {
  it('c.1 BitMEX: 350 XBT are two steps of 100 beyond 200: maintenance 1.2 %, initial 1.8 %', () => {
    // 200 and 100 XBT at 8,000 are 1.6M and 0.8M USD.
    const { maintenance, initial } = rates(bitmex2020, 350 * 8_000, 16_000);
    expect(maintenance).toBeCloseTo(0.012, 9);
    expect(initial).toBeCloseTo(0.018, 9);
    expect(rates(bitmex2020, 200 * 8_000, 16_000).maintenance).toBeCloseTo(0.004, 9);
    expect(rates(bitmex2020, 200 * 8_000 + 1, 16_000).maintenance).toBeCloseTo(0.008, 9);
  });

  it('c.2 Deribit: 350 BTC have an initial margin of 3.75 % and a maintenance margin of 2.75 %', () => {
    const { maintenance, initial } = rates(deribit, 350_000, 1_000_000);
    expect(initial).toBeCloseTo(0.02 + 350 * 0.00005, 12);
    expect((100 * initial).toFixed(2)).toBe('3.75');
    expect(maintenance).toBeCloseTo(0.0275, 9);
    const inverse = linearInSize.create(DERIBIT_BTC, partsOf(XBTUSD, 16_000));
    expect(rates(inverse, 350 * 8_000, 16_000).initial).toBeCloseTo(0.0375, 9);
  });

  it('c.2 OKX: the whole position takes the rate of its tier', () => {
    expect(rates(okx, 1_000, 100)).toEqual({ maintenance: 0.0065, initial: 1 / 50 });
    expect(rates(okx, 1_001, 100)).toEqual({ maintenance: 0.01, initial: 1 / 40 });
    expect(rates(okx, -8_000, 37).maintenance).toBeCloseTo(0.015, 12);
    // The tier follows from the lots, whatever the price.
    expect(tierOf(okx, 1e9, 900)).toBe(0);
    expect(lotsWithinTier(okx, 1, 37)).toBe(3_000);
    expect(lotsWithinTier(flat(0.01), 0, 37)).toBe(Infinity);
  });

  it('c.2 OKX: beyond the listed tiers each 8,000 contracts add 0.5 % to both rates', () => {
    for (const [contracts, maintenance, initial] of [
      [8_001, 0.02, 0.055],
      [16_000, 0.02, 0.055],
      [16_001, 0.025, 0.06],
    ] as const) {
      expect(rates(okx, contracts, 100).maintenance).toBeCloseTo(maintenance, 9);
      expect(rates(okx, contracts, 100).initial).toBeCloseTo(initial, 9);
    }
  });

  it('a table in quote currency is one in lots at the price of the start', () => {
    const schedule = wholePositionTiers.create({ tiers: SMALL, amounts: 'quote' }, partsOf(BTC, 500_000));
    // 50,000 at 50,000 are one BTC.
    expect(schedule.cap[0]).toBe(1_000);
  });

  it.each([
    [10e6, 0.1],
    [30e6, 0.4],
    [45e6, 0.85],
    [60e6, 1],
  ])('c.2 dYdX v4 Mid-Cap: at an open interest of %d the initial margin is %d', (openInterest, expected) => {
    const schedule = oiScaled.create(
      { initial: 0.1, maintenance: 0.05, from: 20e6, to: 50e6 },
      partsOf(BTC, 1_000),
    );
    const now = rates(schedule, 1_000, 1_000, moneyFromQuote(BTC, openInterest));
    expect(now.initial).toBeCloseTo(expected, 12);
    expect(now.maintenance).toBeCloseTo(0.05, 12);
  });

  it('c.2 dYdX v4 with both caps 0: the initial margin does not grow', () => {
    const off = oiScaled.create({ initial: 0.05, maintenance: 0.03, from: 0, to: 0 }, partsOf(BTC, 1));
    expect(rates(off, 1, 1, 1e15).initial).toBeCloseTo(0.05, 12);
  });

  it.each([
    ['BTC', 6e-11, 0.005, 83e6, 0.005],
    ['BTC above', 6e-11, 0.005, 95e6, 0.0057],
    ['DOGE', 1e-9, 0.005, 5e6, 0.005],
    ['XRP', 2.5e-9, 0.005, 2e6, 0.005],
    ['PEPE', 2.5e-9, 0.01, 4e6, 0.01],
  ])(
    'c.2 GMX V2 %s: multiplier %d, minimum %d, open interest %d → %d',
    (_name, multiplier, minimum, oi, is) => {
      const schedule = oiFactor.create(
        { minimum, multiplier, maintenance: minimum, closingFee: 0 },
        partsOf(BTC, 1_000),
      );
      expect(rates(schedule, 1, 1_000, moneyFromQuote(BTC, oi)).initial).toBeCloseTo(is, 4);
      expect(rates(schedule, 1, 1_000, moneyFromQuote(BTC, 1.02 * oi)).initial).toBeCloseTo(
        Math.max(minimum, 1.02 * oi * multiplier),
        12,
      );
    },
  );

  it('c.3 GMX V2: the fee of closing counts before the margin does, and bounds what may be opened', () => {
    const terms = { minimum: 0.005, multiplier: 0, maintenance: 0.005, closingFee: 0.0006 };
    const schedule = oiFactor.create(terms, partsOf(BTC, 1_000_000));
    // 2 BTC from 100,000 with 2,000: 2,000 + 2·(P − 100,000) = 0.0056·2·P; the venue, which takes both of the size at entry, says 99,560.
    const balance = moneyFromQuote(BTC, 2_000) - valueOf(BTC, 2_000, 1_000_000);
    const price = priceFromTicks(BTC, priceAtMarginShare(schedule, balance, 2_000, 1));
    expect(price).toBeCloseTo(198_000 / (2 * (1 - 0.0056)), 6);
    expect(Math.abs(price - 99_560)).toBeLessThan(3);
    expect(rates(schedule, 1, 1_000).initial).toBeCloseTo(0.0056, 12);
  });

  it('c.2 Hyperliquid ETH: the margin does not jump at 100M, although a thirtieth is no whole ppm', () => {
    const schedule = marginScheduleFrom(tiersOfFile('hyperliquid-eth.json'), BTC);
    const at = (notional: number) => maintenanceMargin(schedule, moneyFromQuote(BTC, notional), 1);
    const jump = at(100_000_000.01) - at(100_000_000);
    expect(Math.abs(priceFromTicks(BTC, jump) * BTC.lot)).toBeLessThan(0.001);
  });

  it('c.1 Bybit: the fee to close is part of the maintenance margin', () => {
    const schedule = withFeeToClose(flat(0.005, BTC));
    expect(rates(schedule, 1, 1_000_000).maintenance).toBeCloseTo(0.005 + 0.0005, 12);
  });

  it('is refused when opening would need less than keeping', () => {
    expect(() => linearInSize.create({ ...DERIBIT_BTC, initial: 0.005 }, partsOf(BTC, 1))).toThrow('initial');
  });
});

describe('c.3 liquidation prices as the venues print them', () => {
  it('c.3 Binance isolated long: 57,276.38', () => {
    const isolated = { wallet: 15_000, otherMaintenance: 0, otherUnrealisedPnl: 0 };
    const tier = { rate: 0.005, deduction: 50 };
    expect(crossLiquidationPrice({ ...isolated, ...tier, size: 5, entry: 60_000 }).toFixed(2)).toBe(
      '57276.38',
    );
  });

  it('c.3 Binance cross: the other positions count with their margin and their profit', () => {
    const schedule = flat(0.005, BTC);
    const own = { rate: 0.005, deduction: 0, size: 2, entry: 60_000 };
    const printed = crossLiquidationPrice({
      wallet: 20_000,
      otherMaintenance: 700,
      otherUnrealisedPnl: -3_000,
      ...own,
    });
    const balance = moneyFromQuote(BTC, 20_000 - 700 - 3_000) - valueOf(BTC, 2_000, 600_000);
    expect(printed).toBeCloseTo(priceFromTicks(BTC, priceAtMarginShare(schedule, balance, 2_000, 1)), 6);
    // There equity is the margin of all positions.
    const equity = 20_000 - 3_000 + 2 * (printed - 60_000);
    expect(equity).toBeCloseTo(700 + 0.005 * 2 * printed, 6);
  });

  it('c.3 Bybit isolated: 98,500, with bankruptcy at 98,000', () => {
    const long = { side: 1, entry: 100_000, initialRate: 0.02 } as const;
    expect(entryMarginLiquidationPrice({ ...long, maintenanceRate: 0.005 })).toBeCloseTo(98_500, 9);
    expect(entryMarginLiquidationPrice({ ...long, maintenanceRate: 0 })).toBeCloseTo(98_000, 9);
    expect(entryMarginLiquidationPrice({ ...long, side: -1, maintenanceRate: 0.005 })).toBeCloseTo(
      101_500,
      9,
    );
  });

  it('c.3 Hyperliquid: 98,734.18, and the backstop at two thirds of the margin at 98,319.33', () => {
    const schedule = flat(0.0125, BTC);
    const balance = moneyFromQuote(BTC, 2_500) - valueOf(BTC, 1_000, 1_000_000);
    const at = (share: number) => priceFromTicks(BTC, priceAtMarginShare(schedule, balance, 1_000, share));
    expect(at(1).toFixed(2)).toBe('98734.18');
    expect(at(2 / 3).toFixed(2)).toBe('98319.33');
    expect(at(0)).toBeCloseTo(97_500, 9);
  });

  it('c.3 dYdX v4: 3,174.60', () => {
    const balance = moneyFromQuote(BTC, 1_000) - valueOf(BTC, -3_000, 30_000);
    const price = priceAtMarginShare(flat(0.05, BTC), balance, -3_000, 1);
    expect(priceFromTicks(BTC, price).toFixed(2)).toBe('3174.60');
  });
});

describe('c.3 positions against a pool', () => {
  const v1: PoolPosition = { side: 1, size: 48_000, collateral: 1_000, entry: 60_000 };
  const fees = { fees: 48, liquidationFee: 5 };

  it('c.3 GMX V1: leverage at 59,950 (50x) or 59,350 (100x), fees at 58,816.25', () => {
    expect(twoThresholdPrices(v1, { ...fees, maxLeverage: 50 }).leverage).toBeCloseTo(59_950, 9);
    expect(twoThresholdPrices(v1, { ...fees, maxLeverage: 100 }).leverage).toBeCloseTo(59_350, 9);
    expect(twoThresholdPrices(v1, { ...fees, maxLeverage: 50 }).fees).toBeCloseTo(58_816.25, 9);
    const stateAt = (price: number) => twoThresholdState(v1, price, { ...fees, maxLeverage: 50 });
    expect([59_950.01, 59_949.99, 58_816.26, 58_816.24, 70_000].map(stateAt)).toEqual([
      ...['none', 'leverage', 'leverage', 'fees', 'none'],
    ]);
  });

  it('c.3 GMX V1: the prices of a short mirror those of a long', () => {
    const prices = twoThresholdPrices({ ...v1, side: -1 }, { ...fees, maxLeverage: 50 });
    expect(prices.fees).toBeCloseTo(2 * 60_000 - 58_816.25, 9);
    expect(twoThresholdState({ ...v1, side: -1 }, prices.fees + 0.01, { ...fees, maxLeverage: 50 })).toBe(
      'fees',
    );
  });

  it('c.3 GMX V2: 99,560', () => {
    const position: PoolPosition = { side: 1, size: 200_000, collateral: 2_000, entry: 100_000 };
    const rule = {
      ...{ closingFees: 120, borrowing: 0, funding: 0, priceImpact: 0 },
      ...{ impactCap: 0.005, minimumFactor: 0.005, minimumCollateral: 1 },
    };
    expect(poolProfit(position, 99_560)).toBeCloseTo(-880, 9);
    expect(isLiquidatable(position, 99_560.01, rule)).toBe(false);
    expect(isLiquidatable(position, 99_559.99, rule)).toBe(true);
    // An adverse impact counts up to its cap, a favourable one not at all.
    expect(isLiquidatable(position, 99_600, { ...rule, priceImpact: -100 })).toBe(true);
    expect(isLiquidatable(position, 100_500, { ...rule, priceImpact: -1e9 })).toBe(false);
    expect(isLiquidatable(position, 99_559.99, { ...rule, priceImpact: 1e9 })).toBe(true);
    expect(isLiquidatable(position, 100_000, { ...rule, collateralPrice: 0.5 })).toBe(true);
    expect(isLiquidatable({ ...position, size: 100 }, 100_000, { ...rule, collateralPrice: 0.0604 })).toBe(
      true,
    );
  });
});

describe('initial margin is covered', () => {
  it('when equity is at least notional over the leverage allowed', () => {
    const at = (equity: number, lots: number) =>
      coversInitialMargin(okx, { equity, mark: 100, lots, openInterest: 0 });
    expect([at(2_000, 1_000), at(1_999, 1_000), at(2_000, -1_000)]).toEqual([true, false, true]);
    expect([at(2_502, 1_001), at(2_503, 1_001)]).toEqual([false, true]);
  });
});

// ---------------------------------------------------------------- every rule, tick by tick

const inverse = contractFrom({
  ...{ name: 'INVERSE', kind: 'inverse', tick: 1, lot: 100, price: 1_000, coinUnit: 1e-8 },
  ...{ takerFee: 0.0005, makerFee: 0, marketBand: 1 },
});
const tiers = tiersOf([
  { to: 50_000, rate: 0.005, leverage: 100 },
  { to: 400_000, rate: 0.02, leverage: 25 },
  { to: null, rate: 0.1, leverage: 5 },
]);

/** The same tiers for whole positions. */
const SMALL = tableFrom({
  rule: 'whole-position-tiers',
  tiers: [
    { minNotional: 0, maxNotional: 50_000, maintenanceMarginRate: 0.005, maxLeverage: 100 },
    { minNotional: 50_000, maxNotional: 400_000, maintenanceMarginRate: 0.02, maxLeverage: 25 },
    { minNotional: 400_000, maxNotional: 4e6, maintenanceMarginRate: 0.1, maxLeverage: 5 },
  ],
});
const STEPS = tableFrom({
  rule: 'whole-position-tiers',
  step: { notional: 20_000, maintenanceMarginRate: 0.004, initialMarginRate: 0.004 },
  tiers: [
    {
      minNotional: 0,
      maxNotional: 50_000,
      maintenanceMarginRate: 0.004,
      initialMarginRate: 0.01,
      maxLeverage: 100,
    },
  ],
});

function rulesFor(contract: Contract): [string, MarginSchedule][] {
  const parts = partsOf(contract, 1_000);
  const made: [string, MarginSchedule][] = [
    ['marginal-tiers', marginScheduleFrom(tiers, contract)],
    ['whole-position-tiers', wholePositionTiers.create({ tiers: SMALL, amounts: 'quote' }, parts)],
    ['steps', wholePositionTiers.create({ tiers: STEPS, amounts: 'quote' }, parts)],
    ['linear-in-size', linearInSize.create({ ...DERIBIT_BTC, slope: 0.0005 }, parts)],
    ['oi-scaled', oiScaled.create({ initial: 0.05, maintenance: 0.03, from: 0, to: 1 }, parts)],
    [
      'oi-factor',
      oiFactor.create({ minimum: 0.01, multiplier: 0, maintenance: 0.005, closingFee: 0 }, parts),
    ],
  ];
  return [...made, ['with the fee to close', withFeeToClose(marginScheduleFrom(tiers, contract))]];
}

const accounts = fc.record({
  size: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20_000 })),
  side: fc.constantFrom(1, -1),
  entry: fc.integer({ min: 300, max: 1_500 }),
  leverage: fc.double({ min: 0.5, max: 150, noNaN: true }),
});

describe.each([
  ...rulesFor(PLAIN),
  ...rulesFor(inverse).map(([name, rule]) => [`${name}, inverse`, rule] as const),
])('under %s', (_name, schedule) => {
  it('the trigger is what a scan over all ticks finds', () => {
    fc.assert(
      fc.property(accounts, ({ size, side, entry, leverage }) => {
        const lots = side * size;
        const value = valueOf(schedule.contract, lots, entry);
        const balance = Math.ceil(Math.abs(value) / leverage) - value;
        const trigger = triggerPrice(schedule, balance, lots);
        for (let tick = 1; tick <= 3_000; tick++) {
          const breaks = lots > 0 ? tick <= trigger : tick >= trigger;
          if (isDistressed(schedule, balance, lots, tick) !== breaks)
            throw new Error(
              `${lots} lots, balance ${balance}: trigger ${trigger}, but at ${tick} ${!breaks}`,
            );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the balance to break at a tick makes that tick the trigger', () => {
    const positions = fc.record({
      size: fc.integer({ min: 50, max: 20_000 }),
      side: fc.constantFrom(1, -1),
      trigger: fc.integer({ min: 10, max: 3_000 }),
    });
    fc.assert(
      fc.property(positions, ({ size, side, trigger }) => {
        const balance = balanceToBreakAt(schedule, side * size, trigger);
        expect(isDistressed(schedule, balance, side * size, trigger)).toBe(true);
        expect(triggerPrice(schedule, balance, side * size)).toBe(trigger);
      }),
    );
  });

  it('equity at the price of a share of the margin is that share', () => {
    fc.assert(
      fc.property(accounts, fc.constantFrom(0, 0.5, 1, 1.5), ({ size, side, entry, leverage }, share) => {
        const { contract } = schedule;
        const lots = side * size;
        const value = valueOf(contract, lots, entry);
        const balance = Math.ceil(Math.abs(value) / leverage) - value;
        const price = priceAtMarginShare(schedule, balance, lots, share);
        if (price <= 0 || price === Infinity) return;
        const worth = contract.isInverse ? (-lots * contract.inverseLot) / price : lots * price;
        const margin = maintenanceMargin(schedule, Math.abs(worth), lots);
        expect(Math.abs(balance + worth - share * margin)).toBeLessThan(1.5 + 1e-9 * Math.abs(worth));
      }),
    );
  });
});
