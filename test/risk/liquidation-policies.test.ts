import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDistressed, marginScheduleFrom } from '../../src/accounts/margin.ts';
import { SECOND } from '../../src/base/units.ts';
import { valueOf } from '../../src/market/contract.ts';
import { TimeInForce } from '../../src/market/order.ts';
import { closeAtMarket } from '../../src/risk/liquidation/close-at-market.ts';
import { cureThenTakeOver, smallestCure } from '../../src/risk/liquidation/cure-then-take-over.ts';
import { bankruptcyLimit, stricter } from '../../src/risk/liquidation/liquidation-policy.ts';
import type {
  Distressed,
  LiquidationPolicy,
  LiquidationView,
} from '../../src/risk/liquidation/liquidation-policy.ts';
import { stepDownTier } from '../../src/risk/liquidation/step-down-tier.ts';
import { flat, PLAIN, tiersOf, XBTUSD } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { distressed, market } from './made-up-risk.ts';
import type { Levels } from './made-up-risk.ts';

/** 10 lots bought at 100 with 100 of collateral: bankrupt at 90. */
const LONG = { lots: 10, balance: -900 };
/** 10 lots sold at 100 with 100 of collateral: bankrupt at 110. */
const SHORT = { lots: -10, balance: 1100 };

describe('prices at which others do not pay', () => {
  it('the bankruptcy limit is the last whole tick at which closing leaves nothing unpaid', () => {
    expect(bankruptcyLimit(distressed({ ...LONG, mark: 91 }), market())).toBe(90);
    expect(bankruptcyLimit(distressed({ lots: 10, balance: -901, mark: 91 }), market())).toBe(91);
    expect(bankruptcyLimit(distressed({ ...SHORT, mark: 109 }), market())).toBe(110);
    expect(bankruptcyLimit(distressed({ lots: -10, balance: 1099, mark: 109 }), market())).toBe(109);
  });

  it('with a trading fee of 1 % it is so much better that the account can pay it too', () => {
    // 10 · P · 0.99 ≥ 900 from 90.91 on; 10 · P · 1.01 ≤ 1100 up to 108.91.
    const view = market({ takerFee: 10_000 });
    expect(bankruptcyLimit(distressed({ ...LONG, mark: 91 }), view)).toBe(91);
    expect(bankruptcyLimit(distressed({ ...SHORT, mark: 109 }), view)).toBe(108);
  });

  const signed = fc.integer({ min: 1, max: 1000 }).chain((size) => fc.constantFrom(size, -size));
  it('linear or inverse: filled at the limit the account pays everything, a tick beyond it does not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(PLAIN, XBTUSD),
        signed,
        fc.integer({ min: 1000, max: 9000 }),
        fc.integer({ min: 0, max: 2000 }),
        (contract, lots, ruin, takerFee) => {
          const side = lots > 0 ? -1 : 1;
          const balance = -valueOf(contract, lots, ruin);
          const account = { ...distressed({ lots, balance, mark: ruin }), bankruptcyPrice: ruin };
          const limit = bankruptcyLimit(account, market({ takerFee, schedule: { ...flat(0.01), contract } }));
          const leftAt = (price: number): number =>
            balance +
            valueOf(contract, lots, price) -
            (Math.abs(valueOf(contract, lots, price)) * takerFee) / 1e6;
          // Values of inverse positions are rounded to a unit of money.
          const unit = contract.isInverse ? 1 : 1e-6;
          expect(leftAt(limit)).toBeGreaterThanOrEqual(-unit);
          expect(leftAt(limit + side)).toBeLessThan(unit);
        },
      ),
    );
  });

  it('the stricter of two limits is the lower one of a buyer and the higher one of a seller', () => {
    expect([stricter(1, 5, 7), stricter(-1, 5, 7)]).toEqual([5, 7]);
  });
});

describe('close-at-market', () => {
  const policy = made(closeAtMarket, undefined, { retry: '2s' });

  it('sells a long whole, as far down as the fund could make good', () => {
    // The fund bears 50 on 10 lots: 5 below bankruptcy.
    const step = policy.next(distressed({ ...LONG, mark: 90 }), market({ mark: 90, headroom: 50 }));
    expect(step).toEqual({ kind: 'order', lots: 10, limit: 85, timeInForce: TimeInForce.IOC });
  });

  it('buys a short back whole, as far up as the fund could make good', () => {
    const step = policy.next(distressed({ ...SHORT, mark: 110 }), market({ mark: 110, headroom: 54 }));
    expect(step).toEqual({ kind: 'order', lots: 10, limit: 115, timeInForce: TimeInForce.IOC });
  });

  it('does not go beyond the price band', () => {
    const down = policy.next(distressed({ ...LONG, mark: 90 }), market({ mark: 90, headroom: 1e6 }));
    const up = policy.next(distressed({ ...SHORT, mark: 110 }), market({ mark: 110, headroom: 1e6 }));
    expect(down).toMatchObject({ limit: 81 });
    expect(up).toMatchObject({ limit: 121 });
  });

  it('keeps the trading fee within what the fund can make good', () => {
    // 1 % of fee: 10 · P · 0.99 ≥ 900 − 50 down to 85.86; 10 · P · 1.01 ≤ 1100 + 50 up to 113.86.
    const fees = { takerFee: 10_000, headroom: 50 };
    expect(policy.next(distressed({ ...LONG, mark: 90 }), market({ mark: 90, ...fees }))).toMatchObject({
      limit: 86,
    });
    expect(policy.next(distressed({ ...SHORT, mark: 110 }), market({ mark: 110, ...fees }))).toMatchObject({
      limit: 113,
    });
  });

  it('waits when it found nobody, then tries again', () => {
    const view = market({ mark: 91 });
    expect(policy.next(distressed({ ...LONG, mark: 91, orders: 1, lastFilled: 0 }), view)).toEqual({
      kind: 'wait',
      until: view.now + 2 * SECOND,
    });
    expect(policy.next(distressed({ ...LONG, mark: 91, orders: 1 }), view)).toMatchObject({
      kind: 'order',
      lots: 10,
    });
    expect(
      policy.next(distressed({ lots: 4, balance: -361, mark: 91, orders: 2, lastFilled: 6 }), view),
    ).toMatchObject({
      kind: 'order',
      lots: 4,
    });
  });

  it('deleverages when it found nobody and the loss is beyond the fund', () => {
    const found = { orders: 1, lastFilled: 0 };
    // Equity −20 at 88.
    expect(
      policy.next(distressed({ ...LONG, mark: 88, ...found }), market({ mark: 88, headroom: 19 })),
    ).toEqual({ kind: 'deleverage', price: 'bankruptcy' });
    expect(
      policy.next(distressed({ ...LONG, mark: 88, ...found }), market({ mark: 88, headroom: 20 })),
    ).toMatchObject({ kind: 'wait' });
  });
});

describe('cure-then-take-over', () => {
  const policy = made(cureThenTakeOver, undefined);

  it('closes just enough at the mark: margin 10 % of what is left', () => {
    // 100 lots from 100 with 1,400 at a mark of 95: equity 900 < 950. At the mark nothing more is lost, so 10·95·(100 − n)/100 < 900
    // from n = 6 on: 94 · 9.5 = 893.
    const account = distressed({ lots: 100, balance: 1_400 - 10_000, mark: 95 });
    expect(policy.next(account, market({ mark: 95, schedule: flat(0.1) }))).toEqual({
      kind: 'order',
      lots: 6,
      limit: 86,
      timeInForce: TimeInForce.IOC,
    });
  });

  it('reckons with the clearance fee and the trading fee', () => {
    // Each lot frees 9.5 of margin and costs 1 % + 4 % of 95 = 4.75: 50 / 4.75 = 10.5, so 11.
    const account = distressed({ lots: 100, balance: 1_400 - 10_000, mark: 95 });
    const fees = { liquidationFee: 10_000, takerFee: 40_000 };
    expect(policy.next(account, market({ mark: 95, schedule: flat(0.1), ...fees }))).toMatchObject({
      lots: 11,
    });
  });

  it('reckons with the slippage of the visible book', () => {
    // Each lot at 93 costs 2 and frees 9.5: 50 / 7.5 = 6.7, so 7.
    const account = distressed({ lots: 100, balance: 1_400 - 10_000, mark: 95 });
    const view = market({ mark: 95, schedule: flat(0.1), levels: [[93, 1_000]] });
    expect(policy.next(account, view)).toMatchObject({ lots: 7 });
  });

  it('finds a part that cures although closing more would not: a few lots near the mark, the rest far away', () => {
    const account = distressed({ lots: 100, balance: 1_400 - 10_000, mark: 95 });
    const view = market({
      mark: 95,
      schedule: flat(0.1),
      levels: [
        [95, 8],
        [40, 1_000],
      ],
    });
    expect(policy.next(account, view)).toMatchObject({ lots: 6 });
  });

  it('finds a part that cures although the book could not fill half of the position', () => {
    const account = distressed({ lots: 100, balance: 1_400 - 10_000, mark: 95 });
    const view = market({ mark: 95, schedule: flat(0.1), levels: [[95, 8]] });
    expect(policy.next(account, view)).toMatchObject({ lots: 6 });
  });

  it('closes the whole when no part cures', () => {
    const bankrupt = distressed({ ...LONG, mark: 89 });
    expect(policy.next(bankrupt, market({ mark: 89 }))).toMatchObject({ kind: 'order', lots: 10, limit: 90 });
    const nobody = distressed({ ...LONG, mark: 90.5 });
    expect(policy.next(nobody, market({ mark: 90.5, levels: [] }))).toMatchObject({ lots: 10 });
  });

  it('hands the rest over after the one order: to the fund if it can bear it, else to the winners', () => {
    const after = (mark: number, headroom: number) =>
      policy.next(distressed({ ...LONG, mark, orders: 1, lastFilled: 0 }), market({ mark, headroom }));
    expect(after(91, 0)).toMatchObject({ kind: 'take-over', by: 'fund', price: 'bankruptcy' });
    expect(after(90, 0)).toMatchObject({ kind: 'take-over', by: 'fund', price: 'bankruptcy' });
    expect(after(88, 20)).toMatchObject({ kind: 'take-over', by: 'fund', price: 'bankruptcy' });
    expect(after(88, 19)).toEqual({ kind: 'deleverage', price: 'bankruptcy' });
  });
});

describe('the smallest cure', () => {
  const tiers = marginScheduleFrom(
    tiersOf([
      { to: 1e7, rate: 0.01, leverage: 50 },
      { to: 1e8, rate: 0.05, leverage: 20 },
      { to: null, rate: 0.2, leverage: 5 },
    ]),
    PLAIN,
  );
  const scene = fc
    .record({
      size: fc.integer({ min: 1, max: 3_000 }),
      side: fc.constantFrom(1, -1),
      mark: fc.integer({ min: 50, max: 200 }).map((mark) => 1_000 * mark),
      /** Equity over notional. */
      cushion: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
      levels: fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 1_500 })), {
        maxLength: 6,
      }),
      liquidationFee: fc.constantFrom(0, 5_000, 12_500),
      takerFee: fc.constantFrom(0, 500),
    })
    .map(({ size, side, mark, cushion, levels, ...fees }) => {
      const equity = Math.round(cushion * size * mark);
      let price = mark;
      const book: Levels = levels.map(
        ([away, lots]) => [(price -= (side * away * mark) / 1_000), lots] as const,
      );
      const account = distressed({ lots: side * size, balance: equity - side * size * mark, mark });
      return { account, view: market({ mark, schedule: tiers, levels: book, ...fees }) };
    })
    .filter(({ account, view }) => isDistressed(tiers, account.balance, account.lots, view.mark));

  /** Whether the account complies after closing so many lots at the visible prices. */
  function cures(account: Distressed, view: LiquidationView, lots: number): boolean {
    const side = account.lots > 0 ? -1 : 1;
    const value = lots * view.averagePrice(side, lots);
    if (Number.isNaN(value)) return false;
    const fees = Math.ceil((value * view.liquidationFee) / 1e6) + Math.ceil((value * view.takerFee) / 1e6);
    return !isDistressed(tiers, account.balance - side * value - fees, account.lots + side * lots, view.mark);
  }

  it('cures, and nothing smaller does; the whole position if nothing does', () => {
    fc.assert(
      fc.property(scene, ({ account, view }) => {
        const lots = smallestCure(account, view);
        const size = Math.abs(account.lots);
        let first = 1;
        while (first < size && !cures(account, view, first)) first++;
        expect(lots).toBe(first);
      }),
      { numRuns: 400 },
    );
  });
});

describe('step-down-tier', () => {
  const policy = made(stepDownTier, undefined);
  // Up to 1,000, 5,000 and beyond.
  const schedule = marginScheduleFrom(
    tiersOf([
      { to: 1_000, rate: 0.01, leverage: 50 },
      { to: 5_000, rate: 0.02, leverage: 20 },
      { to: null, rate: 0.05, leverage: 10 },
    ]),
    PLAIN,
  );
  const view = (mark: number, headroom = 0) => market({ mark, schedule, headroom });
  const long = (lots: number, mark: number, more = {}) =>
    distressed({ lots, balance: -90 * lots, mark, ...more });

  it('sends a fill-or-kill order for what brings the position into the next lower tier', () => {
    // 100 lots at 91 are 9,100; 54 are 4,914 and 55 are 5,005.
    expect(policy.next(long(100, 91), view(91))).toEqual({
      kind: 'order',
      lots: 46,
      limit: 90,
      timeInForce: TimeInForce.FOK,
    });
    // Next, 54 lots to 10 of them: 910, since 11 are 1,001.
    expect(policy.next(long(54, 91, { orders: 1, lastFilled: 46 }), view(91))).toMatchObject({ lots: 44 });
  });

  it('steps a short down as well', () => {
    const short = distressed({ lots: -100, balance: 11_000, mark: 109 });
    // 45 lots at 109 are 4,905.
    expect(policy.next(short, view(109))).toEqual({
      kind: 'order',
      lots: 55,
      limit: 110,
      timeInForce: TimeInForce.FOK,
    });
  });

  it('gives the whole over in the lowest tier, and when the order was killed', () => {
    expect(policy.next(long(10, 91), view(91))).toMatchObject({
      kind: 'take-over',
      by: 'fund',
      price: 'bankruptcy',
    });
    expect(policy.next(long(100, 91, { orders: 1, lastFilled: 0 }), view(91))).toMatchObject({
      kind: 'take-over',
      by: 'fund',
      price: 'bankruptcy',
    });
    expect(policy.next(long(10, 80), view(80, 99))).toEqual({ kind: 'deleverage', price: 'bankruptcy' });
    expect(policy.next(long(10, 80), view(80, 100))).toMatchObject({
      kind: 'take-over',
      by: 'fund',
      price: 'bankruptcy',
    });
  });

  it('an order leaves a position that lies within the lower tier, and one lot less would not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 900 }), (size, mark) => {
        const step = policy.next(distressed({ lots: size, balance: -size * mark, mark }), view(mark));
        if (step.kind !== 'order') {
          expect(size * mark).toBeLessThanOrEqual(1_000);
          return;
        }
        const lower = size * mark > 5_000 ? 5_000 : 1_000;
        expect((size - step.lots) * mark).toBeLessThanOrEqual(lower);
        expect((size - step.lots + 1) * mark).toBeGreaterThan(lower);
      }),
    );
  });
});

describe.each<[string, LiquidationPolicy]>([
  ['close-at-market without a fund', made(closeAtMarket, undefined)],
  ['cure-then-take-over', made(cureThenTakeOver, undefined)],
  ['step-down-tier', made(stepDownTier, undefined)],
])('%s', (_name, policy) => {
  const account = fc
    .record({
      size: fc.integer({ min: 1, max: 5_000 }),
      side: fc.constantFrom(1, -1),
      mark: fc.integer({ min: 20, max: 500 }),
      cushion: fc.double({ min: -0.2, max: 0.3, noNaN: true }),
      orders: fc.nat(3),
      lastFilled: fc.constantFrom(NaN, 0, 5),
    })
    .map(({ size, side, mark, cushion, ...history }) => ({
      mark,
      account: distressed({
        lots: side * size,
        balance: Math.round((cushion - side) * size * mark),
        mark,
        ...history,
      }),
    }));

  it('never sends an order that may trade worse than the bankruptcy price, or for more than there is', () => {
    const schedule = marginScheduleFrom(
      tiersOf([
        { to: 1_000, rate: 0.05, leverage: 20 },
        { to: 20_000, rate: 0.1, leverage: 10 },
        { to: null, rate: 0.3, leverage: 3 },
      ]),
      PLAIN,
    );
    fc.assert(
      fc.property(account, ({ account, mark }) => {
        const step = policy.next(account, market({ mark, schedule }));
        if (step.kind !== 'order') return;
        const side = account.lots > 0 ? -1 : 1;
        expect(side * (step.limit - account.bankruptcyPrice)).toBeLessThanOrEqual(0);
        expect(step.lots).toBeGreaterThan(0);
        expect(step.lots).toBeLessThanOrEqual(Math.abs(account.lots));
        expect(Number.isInteger(step.limit) && Number.isInteger(step.lots)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes over only what the fund can bear', () => {
    fc.assert(
      fc.property(account, fc.nat(1_000), ({ account, mark }, headroom) => {
        const step = policy.next(account, market({ mark, headroom }));
        if (step.kind === 'take-over') expect(account.equity + headroom).toBeGreaterThanOrEqual(0);
        if (step.kind === 'deleverage') expect(account.equity + headroom).toBeLessThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
