import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  balanceToBreakAt,
  bankruptcyPrice,
  initialMargin,
  isDistressed,
  liquidationPrice,
  maintenanceMargin,
  marginScheduleFrom,
  tierOf,
  triggerPrice,
} from '../../src/accounts/margin.ts';
import type { MarginSchedule } from '../../src/accounts/margin.ts';
import {
  moneyFromQuote,
  notionalOf,
  priceFromTicks,
  quoteFromMoney,
  valueOf,
} from '../../src/market/contract.ts';
import { BINANCE_BTC, BTC, flat, PLAIN, tiersOf, tiersOfFile, XBTUSD } from '../fixtures/contracts.ts';

const quote = (amount: number): number => moneyFromQuote(BTC, amount);

/** Balance of an isolated position: collateral less the signed cost. Sizes in BTC, prices and collateral in USDT. */
function position({ btc, entry, collateral }: { btc: number; entry: number; collateral: number }) {
  const lots = Math.round(btc * 1000);
  return { lots, balance: quote(collateral) - lots * Math.round(entry * 10) };
}

describe('Binance BTCUSDT, snapshot 2024-10-24', () => {
  // venue, c.2: up to (USDT), maximal leverage, rate, published cum.
  const published: [number, number, number, number][] = [
    [50e3, 125, 0.004, 0],
    [600e3, 100, 0.005, 50],
    [3e6, 75, 0.0065, 950],
    [12e6, 50, 0.01, 11_450],
    [70e6, 25, 0.02, 131_450],
    [100e6, 20, 0.025, 481_450],
    [230e6, 10, 0.05, 2_981_450],
    [480e6, 5, 0.1, 14_481_450],
    [600e6, 4, 0.125, 26_481_450],
    [800e6, 3, 0.15, 41_481_450],
    [1.2e9, 2, 0.25, 121_481_450],
    [1.8e9, 1, 0.5, 421_481_450],
  ];

  it.each(published)(
    'a notional of %d has leverage ≤ %d, rate %d and deduction %d',
    (cap, leverage, rate, cum) => {
      const k = tierOf(BINANCE_BTC, quote(cap), 1);
      expect(BINANCE_BTC.maxLeverage({ notional: quote(cap), lots: 1, openInterest: 0 })).toBe(leverage);
      expect(BINANCE_BTC.rate[k]).toBe(Math.round(rate * 1e6));
      expect(quoteFromMoney(BTC, BINANCE_BTC.deduction[k])).toBeCloseTo(cum, 6);
      expect(quoteFromMoney(BTC, maintenanceMargin(BINANCE_BTC, quote(cap), 1))).toBeCloseTo(
        cap * rate - cum,
        4,
      );
    },
  );

  it.each(published.slice(0, -1).map(([cap], i): [number, number] => [cap, i]))(
    'maintenance margin is continuous at %d',
    (cap, i) => {
      const [, , rateBelow, cumBelow] = published[i];
      const [, , rateAbove, cumAbove] = published[i + 1];
      expect(cap * rateBelow - cumBelow).toBeCloseTo(cap * rateAbove - cumAbove, 6);
      const step =
        maintenanceMargin(BINANCE_BTC, quote(cap) + 1, 1) - maintenanceMargin(BINANCE_BTC, quote(cap), 1);
      expect(step).toBeCloseTo(rateAbove, 4);
    },
  );

  it('has no end for a position that has grown beyond the last tier', () => {
    expect(quoteFromMoney(BTC, maintenanceMargin(BINANCE_BTC, quote(3e9), 1))).toBeCloseTo(
      1.5e9 - 421_481_450,
      3,
    );
  });

  it('long 5 BTC at 60,000 with 15,000 isolated: liquidation price 57,276.38, bankruptcy at 57,000', () => {
    const { balance, lots } = position({ btc: 5, entry: 60_000, collateral: 15_000 });
    const price = liquidationPrice(BINANCE_BTC, balance, lots);
    expect(priceFromTicks(BTC, price)).toBeCloseTo((15_000 + 50 - 300_000) / (5 * 0.005 - 5), 6);
    expect(priceFromTicks(BTC, price).toFixed(2)).toBe('57276.38');
    expect(priceFromTicks(BTC, bankruptcyPrice(balance, lots))).toBeCloseTo(57_000, 9);
    expect(quoteFromMoney(BTC, maintenanceMargin(BINANCE_BTC, lots * price, lots))).toBeCloseTo(1_381.91, 2);
    expect(quoteFromMoney(BTC, balance + lots * price)).toBeCloseTo(1_381.91, 2);
  });

  it('the tier is the one of the price that breaks the account, not of the entry', () => {
    // Long 10 BTC at 61,000: 610,000 lies in tier 3, at the liquidation price of 20x in tier 2.
    const long = position({ btc: 10, entry: 61_000, collateral: 30_500 });
    const inTier2 = (30_500 + 50 - 610_000) / (10 * 0.005 - 10);
    expect(inTier2 * 10).toBeLessThan(600_000);
    expect(priceFromTicks(BTC, liquidationPrice(BINANCE_BTC, long.balance, long.lots))).toBeCloseTo(
      inTier2,
      6,
    );
    // Short 10 BTC at 59,000: 590,000 lies in tier 2, at the liquidation price in tier 3.
    const short = position({ btc: -10, entry: 59_000, collateral: 29_500 });
    const inTier3 = (29_500 + 950 + 590_000) / (10 * 0.0065 + 10);
    expect(inTier3 * 10).toBeGreaterThan(600_000);
    expect(priceFromTicks(BTC, liquidationPrice(BINANCE_BTC, short.balance, short.lots))).toBeCloseTo(
      inTier3,
      6,
    );
  });
});

it('Bybit isolated, 50x, maintenance 0.5 %, entry 100,000: liquidation price 98,500, bankruptcy 98,000', () => {
  const schedule = marginScheduleFrom(tiersOf([{ to: null, rate: 0.005, leverage: 100 }]), BTC);
  const { balance, lots } = position({ btc: 1, entry: 100_000, collateral: 2_000 });
  // Bybit's formula takes the margin of the entry value, E · (1 − (imr − mmr)); ours that of the value at the price.
  const ownFormula = (2_000 - 100_000) / (0.005 - 1);
  expect(priceFromTicks(BTC, liquidationPrice(schedule, balance, lots))).toBeCloseTo(ownFormula, 6);
  expect(Math.abs(ownFormula - 98_500)).toBeLessThan(0.005 * (100_000 - 98_000));
  expect(priceFromTicks(BTC, bankruptcyPrice(balance, lots))).toBeCloseTo(98_000, 9);
});

it('Hyperliquid long 1 BTC at 100,000, 40x, maintenance 1.25 %: liquidation price 98,734.18', () => {
  // Up to 150M 40x, then 20x; mmr = 1 / (2 · leverage).
  const schedule = marginScheduleFrom(
    tiersOf([
      { to: 150e6, rate: 1 / 80, leverage: 40 },
      { to: null, rate: 1 / 40, leverage: 20 },
    ]),
    BTC,
  );
  const { balance, lots } = position({ btc: 1, entry: 100_000, collateral: 2_500 });
  const price = priceFromTicks(BTC, liquidationPrice(schedule, balance, lots));
  // P − margin available / size / (1 − l), with 2,500 − 1,250 available.
  expect(price).toBeCloseTo(100_000 - 1_250 / (1 - 0.0125), 6);
  expect(price.toFixed(2)).toBe('98734.18');
  expect(priceFromTicks(BTC, bankruptcyPrice(balance, lots))).toBeCloseTo(97_500, 9);
  // The second tier deducts 150M · (2.5 % − 1.25 %).
  expect(quoteFromMoney(BTC, schedule.deduction[1])).toBeCloseTo(150e6 * 0.0125, 6);
});

it('dYdX v4 short 3 ETH at 3,000, equity 1,000, maintenance 5 %: liquidation price 3,174.60', () => {
  const schedule = flat(0.05, BTC);
  const { balance, lots } = position({ btc: -3, entry: 3_000, collateral: 1_000 });
  expect(priceFromTicks(BTC, liquidationPrice(schedule, balance, lots)).toFixed(2)).toBe('3174.60');
});

it('initial margin is notional over leverage, rounded up', () => {
  expect(initialMargin(1000, 20)).toBe(50);
  expect(initialMargin(1001, 3)).toBe(334);
});

describe('an account is distressed', () => {
  // 10 lots long at 100 with 100 of collateral: equity 10·P − 900, margin 1 % of 10·P.
  it('when its equity is at or below the margin, and not a unit of money above it', () => {
    expect(isDistressed(flat(0.01), -990, 10, 100)).toBe(true);
    expect(isDistressed(flat(0.01), -989, 10, 100)).toBe(false);
  });

  it('for the first time at its trigger', () => {
    // 10·P − 900 ≤ 0.1·P from P = 909.09… / 10 downwards
    expect(triggerPrice(flat(0.1), -900, 10)).toBe(100);
    expect(triggerPrice(flat(0.01), -900, 10)).toBe(90);
    // Short: 1100 − 10·P ≤ 0.1·P from P = 108.91 upwards.
    expect(triggerPrice(flat(0.01), 1100, -10)).toBe(109);
  });

  it('never, if it is long and owes nothing', () => {
    expect(triggerPrice(flat(0.01), 0, 10)).toBe(0);
    expect(triggerPrice(flat(0.01), 5000, 10)).toBe(0);
    expect(liquidationPrice(flat(0.01), 5000, 10)).toBeLessThanOrEqual(0);
  });
});

/** Equity less maintenance margin in exact thousandths of ppm of money: the rule, without a division. */
function isDistressedExactly(schedule: MarginSchedule, balance: number, lots: number, mark: number): boolean {
  const notional = BigInt(Math.abs(lots)) * BigInt(mark);
  const k = schedule.cap.findIndex((cap) => cap === Infinity || notional <= BigInt(cap));
  const margin = notional * BigInt(schedule.rate[k]) - 1_000_000n * BigInt(schedule.deduction[k]);
  return 1_000_000n * (BigInt(balance) + BigInt(lots) * BigInt(mark)) <= margin;
}

/** The price where equity is the margin, by bisection on the reals. */
function bisect(schedule: MarginSchedule, balance: number, lots: number): number {
  const surplus = (price: number) =>
    balance + lots * price - maintenanceMargin(schedule, Math.abs(lots) * price, lots);
  let low = 0;
  let high = 1;
  const breaksBelow = lots > 0;
  while (surplus(high) > 0 !== breaksBelow) high *= 2;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (surplus(middle) > 0 === breaksBelow) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** Isolated accounts of all sizes, on both sides, at leverages from 0.2 to 200. */
const account = fc
  .record({
    size: fc.oneof(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 10_000_000 }),
    ),
    side: fc.constantFrom(1, -1),
    entry: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1_000, max: 2_000_000 })),
    leverage: fc.double({ min: 0.2, max: 200, noNaN: true }),
  })
  .map(({ size, side, entry, leverage }) => ({
    lots: side * size,
    balance: Math.ceil((size * entry) / leverage) - side * size * entry,
  }));

const schedules: [string, MarginSchedule][] = [
  ['Binance BTCUSDT', BINANCE_BTC],
  ['Bybit BTCUSDT', marginScheduleFrom(tiersOfFile('bybit-btcusdt.json'), BTC)],
  ['Binance DOGEUSDT', marginScheduleFrom(tiersOfFile('binance-dogeusdt.json'), BTC)],
  ['one tier', flat(0.0125)],
  [
    'tiers of a lot or two',
    marginScheduleFrom(
      tiersOf([
        { to: 3, rate: 0.01, leverage: 50 },
        { to: 10, rate: 0.1, leverage: 10 },
        { to: 40, rate: 0.5, leverage: 2 },
        { to: null, rate: 0.9, leverage: 1 },
      ]),
      PLAIN,
    ),
  ],
];

describe.each(schedules)('for any account under %s', (_name, schedule) => {
  it('the liquidation price is where equity is the margin, and the one that bisection finds', () => {
    fc.assert(
      fc.property(account, ({ lots, balance }) => {
        const price = liquidationPrice(schedule, balance, lots);
        if (price <= 0) {
          expect(lots > 0 && balance >= 0).toBe(true);
          return;
        }
        const notional = Math.abs(lots) * price;
        // Deductions are rounded to a unit of money, which is all that the tiers may disagree by at their ends.
        expect(Math.abs(balance + lots * price - maintenanceMargin(schedule, notional, lots))).toBeLessThan(
          1 + 1e-9 * notional,
        );
        expect(Math.abs(bisect(schedule, balance, lots) - price)).toBeLessThan(
          2 / Math.abs(lots) + 1e-9 * price,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('the trigger is the first whole tick that breaks it: the rule holds there and not on the tick before', () => {
    fc.assert(
      fc.property(account, ({ lots, balance }) => {
        const trigger = triggerPrice(schedule, balance, lots);
        const outward = lots > 0 ? -1 : 1;
        if (trigger > 0) expect(isDistressed(schedule, balance, lots, trigger)).toBe(true);
        for (const steps of [1, 2, 3, 10, 1000]) {
          const safe = trigger - steps * outward;
          const broken = trigger + steps * outward;
          if (safe > 0) expect(isDistressed(schedule, balance, lots, safe)).toBe(false);
          if (broken > 0) expect(isDistressed(schedule, balance, lots, broken)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('the balance to break at a tick makes that tick the trigger, and a unit of money more would not', () => {
    const target = fc.record({
      lots: account.map(({ lots }) => lots),
      trigger: fc.integer({ min: 1, max: 2_000_000 }),
    });
    fc.assert(
      fc.property(target, ({ lots, trigger }) => {
        const balance = balanceToBreakAt(schedule, lots, trigger);
        expect(isDistressed(schedule, balance, lots, trigger)).toBe(true);
        expect(isDistressed(schedule, balance + 1, lots, trigger)).toBe(false);
        // A position of few lots gains less than a unit of money of surplus by a tick where the rate is high.
        if (Math.abs(lots) > 20) expect(triggerPrice(schedule, balance, lots)).toBe(trigger);
      }),
      { numRuns: 500 },
    );
  });

  it('the rule in floating point is the rule in whole numbers', () => {
    fc.assert(
      fc.property(account, fc.integer({ min: -3, max: 3 }), ({ lots, balance }, off) => {
        const mark = triggerPrice(schedule, balance, lots) + off;
        if (mark < 1) return;
        expect(isDistressed(schedule, balance, lots, mark)).toBe(
          isDistressedExactly(schedule, balance, lots, mark),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('in an inverse contract', () => {
  const tiers = marginScheduleFrom(
    tiersOf([
      { to: 50_000, rate: 0.005, leverage: 100 },
      { to: 400_000, rate: 0.02, leverage: 25 },
      { to: null, rate: 0.1, leverage: 5 },
    ]),
    XBTUSD,
  );
  const one = flat(0.005, XBTUSD);
  const at = (usd: number): number => usd * 2;
  /** Collateral in coins, entry in USD. */
  const balanceOf = (lots: number, entry: number, coins: number): number =>
    Math.round(coins * 1e8) - valueOf(XBTUSD, lots, at(entry));

  it('c.3 inverse: a long breaks at Q·(1 + mmr) / (W + Q/E) and is bankrupt at Q / (W + Q/E)', () => {
    // 100,000 USD at 8,000, 10x: 1.25 coins.
    const balance = balanceOf(100_000, 8_000, 1.25);
    const own = (100_000 * 1.005) / (1.25 + 100_000 / 8_000);
    expect(priceFromTicks(XBTUSD, liquidationPrice(one, balance, 100_000))).toBeCloseTo(own, 6);
    expect(priceFromTicks(XBTUSD, bankruptcyPrice(balance, 100_000, XBTUSD))).toBeCloseTo(100_000 / 13.75, 6);
    // A short gains Q/P − Q/E: W − Q/E + Q/P = mmr·Q/P.
    const short = balanceOf(-100_000, 8_000, 1.25);
    expect(priceFromTicks(XBTUSD, liquidationPrice(one, short, -100_000))).toBeCloseTo(
      (100_000 * (1 - 0.005)) / (100_000 / 8_000 - 1.25),
      6,
    );
  });

  it('f.1 BitMEX: effective leverage 4.76 and profit share 9.09 % of a long at 10x, 1.54 at 2x', () => {
    const effective = (coins: number): number => {
      const bankrupt = bankruptcyPrice(balanceOf(100_000, 8_000, coins), 100_000, XBTUSD);
      const mark = notionalOf(XBTUSD, 100_000, at(8_800));
      return mark / Math.abs(mark - notionalOf(XBTUSD, 100_000, bankrupt));
    };
    expect(effective(1.25).toFixed(2)).toBe('4.76');
    expect(effective(6.25).toFixed(2)).toBe('1.54');
    const profit = valueOf(XBTUSD, 100_000, at(8_800)) - valueOf(XBTUSD, 100_000, at(8_000));
    expect(((100 * profit) / notionalOf(XBTUSD, 100_000, at(8_000))).toFixed(2)).toBe('9.09');
  });

  it('a short whose coins cover it never breaks, and a long that owes coins always has', () => {
    expect(triggerPrice(one, balanceOf(-1000, 8_000, 1), -1000)).toBe(2 ** 31 - 1);
    expect(bankruptcyPrice(5, -1000, XBTUSD)).toBe(Infinity);
    expect(triggerPrice(one, -5, 1000)).toBe(2 ** 31 - 1);
  });

  it.each([
    ['one tier', one],
    ['tiers', tiers],
  ] as const)('the trigger is the first tick that breaks it, against every tick: %s', (_name, schedule) => {
    const inverseAccount = fc.record({
      size: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 2_000_000 })),
      side: fc.constantFrom(1, -1),
      entry: fc.integer({ min: 200, max: 2_000 }),
      leverage: fc.double({ min: 0.5, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(inverseAccount, ({ size, side, entry, leverage }) => {
        const lots = side * size;
        const value = valueOf(XBTUSD, lots, entry);
        const balance = Math.ceil(Math.abs(value) / leverage) - value;
        const trigger = triggerPrice(schedule, balance, lots);
        for (let tick = 1; tick <= 4_000; tick += tick > trigger + 50 || tick < trigger - 50 ? 37 : 1) {
          const breaks = lots > 0 ? tick <= trigger : tick >= trigger;
          expect(isDistressed(schedule, balance, lots, tick), `${tick}, trigger ${trigger}`).toBe(breaks);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the balance to break at a tick makes that tick the trigger', () => {
    const positions = fc.record({
      size: fc.integer({ min: 20_000, max: 5_000_000 }),
      side: fc.constantFrom(1, -1),
      trigger: fc.integer({ min: 100, max: 20_000 }),
    });
    fc.assert(
      fc.property(positions, ({ size, side, trigger }) => {
        const balance = balanceToBreakAt(tiers, side * size, trigger);
        expect(triggerPrice(tiers, balance, side * size)).toBe(trigger);
      }),
    );
  });
});
