import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INSURANCE_FUND, OUTSIDE } from '../../src/accounts/ledger.ts';
import { maintenanceMargin } from '../../src/accounts/margin.ts';
import { contractFrom } from '../../src/market/contract.ts';
import { SECOND } from '../../src/base/units.ts';
import type { Opponent } from '../../src/risk/adl/adl-ranking.ts';
import { leveragedReturn } from '../../src/risk/adl/leveraged-return.ts';
import { priceGainByLeverage, priceGainScore } from '../../src/risk/adl/price-gain-by-leverage.ts';
import { effectiveLeverageScore, profitByLeverage } from '../../src/risk/adl/profit-by-leverage.ts';
import { marginRatioScore, profitByMarginRatio } from '../../src/risk/adl/profit-by-margin-ratio.ts';
import { returnByMarginRatio, twoBranchScore } from '../../src/risk/adl/return-by-margin-ratio.ts';
import { fillablePrice, fillablePriceSlices } from '../../src/risk/liquidation/fillable-price-slices.ts';
import { fractionThenAll } from '../../src/risk/liquidation/fraction-then-all.ts';
import { baseToClose, outsideLiquidators } from '../../src/risk/liquidation/outside-liquidators.ts';
import { takeOverAtOnce } from '../../src/risk/liquidation/take-over-at-once.ts';
import { equityNegative } from '../../src/risk/triggers/equity-negative.ts';
import { fundDrawdown } from '../../src/risk/triggers/fund-drawdown.ts';
import { noFill } from '../../src/risk/triggers/no-fill.ts';
import { flat, PLAIN } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { ANN, BACKSTOP, BEN, CAT, scene } from './engine-scene.ts';
import { distressed, market } from './made-up-risk.ts';

const parts = { contract: PLAIN };

describe('d.2 Hyperliquid: a million long at 40x with mmr 1.25 %', () => {
  /** Entered at 100 000 with 2.5 % of collateral; breaks at 98 734 as in c.3. A lot is 0.0001, a tick 1: money in 0.0001. */
  const contract = contractFrom({
    name: 'BTC',
    tick: 1,
    lot: 0.0001,
    takerFee: 0,
    makerFee: 0,
    marketBand: 0.5,
  });
  const quote = (amount: number): number => amount * 10_000;
  const million = (mark: number) => {
    const lots = 100_000;
    const collateral = lots * 100_000 - Math.floor(lots * 98_734.18 * (1 - 0.0125));
    const world = scene({
      contract,
      margin: 0.0125,
      ann: { lots, entry: 100_000, collateral },
      others: [{ lots: -lots, entry: 100_000, collateral: quote(1e7) }],
      policy: made(fractionThenAll, { contract }, { threshold: '100k', every: '200ms' }),
      trigger: made(equityNegative, undefined),
      backstop: 0,
      settings: { latency: 1 },
    });
    world.market.levels = [[Math.round(mark * 0.997), 1e9]];
    world.mark(mark);
    return world;
  };

  it('sends a fifth first, and 800 thousand at once when the account breaks again within 30 s', () => {
    const { accounts, market, mark, kernel } = million(98_734);
    const [notional, equity] = [accounts.notional(ANN, 98_734), accounts.equity(ANN, 98_734)];
    kernel.runUntil(1);
    mark(Math.round(98_734 * 0.998));
    // 0.3 % of 20 % and 0.2 % of the rest: 0.6k and 1.6k of a million.
    const fell = equity - accounts.equity(ANN, Math.round(98_734 * 0.998));
    expect(fell / notional).toBeCloseTo(0.0006 + 0.0016, 5);
    kernel.runUntil(SECOND);
    // It has recovered: a fifth less to margin is more than what it lost.
    expect(market.orders.map(({ lots }) => lots)).toEqual([20_000]);
    market.levels = [[98_000, 1e9]];
    mark(98_340);
    kernel.runUntil(2 * SECOND);
    expect(market.orders.map(({ lots }) => lots)).toEqual([20_000, 80_000]);
  });

  it('sends a fifth again when the 30 s are over', () => {
    const { market, mark, kernel } = million(98_734);
    kernel.runUntil(1);
    mark(98_800);
    kernel.runUntil(30 * SECOND);
    market.levels = [[98_000, 1e9]];
    kernel.runUntil(31 * SECOND);
    mark(98_340);
    kernel.runUntil(31 * SECOND + 1);
    expect(market.orders.map(({ lots }) => lots)).toEqual([20_000, 16_000]);
  });

  it('hands everything to the backstop below two thirds of maintenance: 98 319', () => {
    for (const [price, orders] of [
      [98_320, 1],
      [98_319, 0],
    ] as const) {
      const { accounts, market, kernel } = million(price);
      kernel.runUntil(1);
      expect(market.orders.length).toBe(orders);
      expect(accounts.lots[BACKSTOP]).toBe(orders === 1 ? 0 : 100_000);
      accounts.checkInvariants();
    }
  });

  it('deleverages whom the mark takes under water, at once', () => {
    const { accounts, kernel, notes } = million(97_000);
    kernel.runUntil(1);
    expect([accounts.lots[ANN], accounts.lots[BEN]]).toEqual([0, 0]);
    expect(notes.of('ended')).toEqual([[ANN, 'deleveraged']]);
  });

  it('caps a market order', () => {
    const policy = made(fractionThenAll, parts, { largestOrder: 500, threshold: 100 });
    const account = distressed({ lots: 100, balance: -9_900, mark: 100, lastFillAt: 0 });
    const order = policy.next(account, viewAt(100, { margin: 0.01 }));
    expect(order).toMatchObject({ kind: 'order', lots: 5 });
  });
});

/** What policies look at here; the other questions are not asked. */
function viewAt(mark: number, o: { margin: number; now?: number; fee?: number; backstop?: number }) {
  return {
    now: o.now ?? 0,
    mark,
    schedule: flat(o.margin),
    liquidationFee: o.fee ?? 0,
    takerFee: 0,
    adlPrice: 'bankruptcy' as const,
    bandLimit: (side: number) => mark * (1 + side / 2),
    averagePrice: () => mark,
    fundHeadroom: () => 1e12,
    backstopHeadroom: () => o.backstop ?? 1,
    bearer: () => 'take-over' as const,
  };
}

describe('d.3 dYdX v4: long 1 BTC at an oracle of 100 000, quote -97 500, MMF 3 %', () => {
  /** A tick is 0.01, a lot a millionth: money in 1e-8. */
  const contract = contractFrom({
    name: 'BTC',
    tick: 0.01,
    lot: 1e-6,
    takerFee: 0,
    makerFee: 0,
    marketBand: 0.5,
  });
  const UNIT = 1e8;
  const ORACLE = 100_000 * 100;
  const run = () => {
    const world = scene({
      contract,
      margin: 0.03,
      ann: { lots: 1e6, entry: ORACLE, collateral: 2_500 * UNIT },
      others: [{ lots: -1e6, entry: ORACLE, collateral: 1e6 * UNIT }],
      policy: made(fillablePriceSlices, { contract }),
      trigger: made(noFill, undefined),
      fund: 1e6 * UNIT,
      settings: { latency: 1 },
    });
    world.market.fillsAtLimit = true;
    world.mark(ORACLE);
    return world;
  };

  it('sells 0.1 BTC no worse than 99 250, pays 148.875 to the fund and keeps 2 276.1', () => {
    const { market, kernel, accounts, fund } = run();
    kernel.runUntil(1);
    expect(market.orders).toMatchObject([{ lots: 100_000, limit: 9_925_000 }]);
    expect(fund.equity(ORACLE) - 1e6 * UNIT).toBe(148.875 * UNIT);
    expect(accounts.equity(ANN, ORACLE) / UNIT).toBe(2_276.125);
    // Of a requirement of 2 700 that is a ratio of 0.843.
    const required = maintenanceMargin(flat(0.03), accounts.notional(ANN, ORACLE), accounts.lots[ANN]) / UNIT;
    expect(required).toBeCloseTo(2_700, 9);
    expect((2_276.125 / required).toFixed(3)).toBe('0.843');
  });

  it('is compliant after eight blocks, with 0.430 BTC left and 849.8 paid', () => {
    const { market, kernel, accounts, fund, engine } = run();
    kernel.runUntil(7 * SECOND);
    expect(engine.isDistressed(ANN)).toBe(true);
    kernel.runUntil(20 * SECOND);
    expect(engine.isDistressed(ANN)).toBe(false);
    expect(market.orders.length).toBe(8);
    expect((accounts.lots[ANN] / 1e6).toFixed(3)).toBe('0.430');
    expect(((fund.equity(ORACLE) - 1e6 * UNIT) / UNIT).toFixed(1)).toBe('849.8');
    accounts.checkInvariants();
  });

  it('the fillable price is that of bankruptcy when the ratio is 0.6, better above and worse below', () => {
    const o = { bankruptcyAdjustment: 1, spreadToMaintenance: 1.5 };
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 10_000, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.constantFrom(1, -1),
        (ratio, mark, size, side) => {
          const equity = ratio * 0.03 * size * mark;
          const lots = side * size;
          const account = distressed({ lots, balance: equity - lots * mark, mark });
          const price = fillablePrice(account, { mark, schedule: flat(0.03) }, o);
          const better = (side * (price - account.bankruptcyPrice)) / mark;
          expect(better).toBeCloseTo(0.03 * (ratio - 1.5 * (1 - ratio)), 9);
          if (Math.abs(ratio - 0.6) > 1e-6) expect(Math.sign(better)).toBe(Math.sign(ratio - 0.6));
        },
      ),
    );
  });

  it('lies 4.5 % from the oracle for 500 units at a ratio of 0', () => {
    const o = { bankruptcyAdjustment: 1, spreadToMaintenance: 1.5 };
    const at = { mark: 1_000, schedule: flat(0.03) };
    expect(fillablePrice(distressed({ lots: 500, balance: -500_000, mark: 1_000 }), at, o)).toBe(955);
    expect(fillablePrice(distressed({ lots: -500, balance: 500_000, mark: 1_000 }), at, o)).toBe(1_045);
  });

  it('concedes the whole price at most: an order without a price would find nobody', () => {
    const policy = made(
      fillablePriceSlices,
      { contract },
      { spreadToMaintenance: 1000, bankruptcyAdjustment: 1000 },
    );
    const view = { mark: ORACLE, schedule: flat(0.03, contract), headroom: 1e9 * UNIT };
    const held = (lots: number) => distressed({ lots, balance: -lots * 0.99 * ORACLE, mark: ORACLE });
    expect(policy.next(held(1e6), market(view))).toMatchObject({ kind: 'order', limit: 1 });
  });

  it('takes the whole of a small position, no more than 100k of a large one, and no more than the fund may lose', () => {
    const policy = made(fillablePriceSlices, parts);
    const lotsOf = (lots: number, equity: number): unknown =>
      policy.next(
        distressed({ lots, balance: equity - lots * 100, mark: 100 }),
        viewAt(100, { margin: 0.03 }),
      );
    expect(lotsOf(7, 1)).toMatchObject({ lots: 7 });
    expect(lotsOf(50, 1)).toMatchObject({ lots: 10 });
    expect(lotsOf(1_000, 1)).toMatchObject({ lots: 100 });
    expect(lotsOf(1e6, 1)).toMatchObject({ lots: 1_000 });
    const careful = made(fillablePriceSlices, parts, { fundLoses: 20, portion: '100%', largest: '1B' });
    // At equity 0 the limit is 95.5, 4 and a half below bankruptcy, or in whole ticks 4: five lots lose 20.
    expect(
      careful.next(distressed({ lots: 100, balance: -10_000, mark: 100 }), viewAt(100, { margin: 0.03 })),
    ).toMatchObject({ lots: 5, limit: 96 });
  });

  it('deleverages at the bankruptcy price when nothing fills and the account is under water, and waits while it is not', () => {
    for (const [mark, ended] of [
      [95, []],
      [89, [[ANN, 'deleveraged']]],
    ] as const) {
      const world = scene({
        margin: 0.08,
        policy: made(fillablePriceSlices, parts),
        trigger: made(noFill, undefined),
        fund: 1_000,
        others: [{ lots: -10, entry: 100, collateral: 1_000 }],
      });
      world.mark(mark);
      world.kernel.runUntil(10 * SECOND);
      expect(world.notes.of('ended')).toEqual(ended);
      // Ben is closed at 90, not at 89.
      if (ended.length > 0) expect(world.accounts.wallet(BEN)).toBe(1_100);
    }
  });
});

describe('d.5 Drift: MR 5 %, liquidator fee 1 %, fund fee 0.5 %, price 100, shortage 100', () => {
  const account = distressed({ lots: 100, balance: 400 - 10_000, mark: 100 });
  const view = viewAt(100, { margin: 0.05, fee: 5_000, now: 60 * SECOND });

  it('takes 28.57 units over', () => {
    const need = baseToClose(account, view, { buffer: 0, reward: 0.01 });
    expect(need.shortage).toBe(100);
    expect(need.lots).toBeCloseTo(100 / (4 - 0.5), 9);
    expect(need.lots.toFixed(2)).toBe('28.57');
  });

  it('restores the margin with that, and a ramp lets less of it pass at first', () => {
    const policy = made(outsideLiquidators, parts, { buffer: 0, smallest: 0 });
    const lotsAt = (seconds: number): unknown => policy.next(account, { ...view, now: seconds * SECOND });
    expect(lotsAt(60)).toMatchObject({
      kind: 'take-over',
      by: 'backstop',
      price: 'mark',
      lots: 29,
      reward: 0.01,
    });
    expect(lotsAt(0)).toMatchObject({ lots: Math.ceil(2.857) });
    expect(lotsAt(30)).toMatchObject({ lots: Math.ceil(28.57 * 0.6) });
    const left = 100 - 28.5714;
    const equity = 400 - 28.5714 * 100 * 0.015;
    expect(equity / (left * 100)).toBeCloseTo(0.05, 4);
    const whole = made(outsideLiquidators, parts, { buffer: 0, smallest: 101 });
    expect(whole.next(account, { ...view, now: 0 })).toMatchObject({ lots: 29 });
  });

  it('pays more after ten minutes, and waits for liquidators with capital', () => {
    const policy = made(outsideLiquidators, parts);
    expect(policy.next(account, { ...view, now: 1_000 * SECOND })).toMatchObject({
      reward: 0.01 + 400 * 2.5e-6,
    });
    expect(policy.next(account, { ...view, backstopHeadroom: () => 0 })).toMatchObject({ kind: 'wait' });
  });

  it('moves the position, the fees and nothing else; what is owed by a bankrupt account is shared out over all positions', () => {
    const policy = made(outsideLiquidators, parts, { buffer: 0, smallest: 1e6 });
    const world = scene({
      policy,
      margin: 0.05,
      backstop: 1_000,
      losses: 'open-interest',
      settings: { fee: 5_000 },
      others: [{ lots: -10, entry: 100, collateral: 1_000 }],
    });
    world.mark(94);
    world.kernel.runUntil(60_000);
    const { accounts, fund } = world;
    // Short of 7 at 40: 7 / (94 * 0.035) = 2.13, three lots worth 282: 3 to the liquidator, 2 to the fund.
    expect([accounts.lots[ANN], accounts.lots[BACKSTOP]]).toEqual([7, 3]);
    expect([accounts.equity(ANN, 94), accounts.equity(BACKSTOP, 94), fund.equity(94)]).toEqual([
      35, 1_003, 2,
    ]);
    world.mark(80);
    world.kernel.runUntil(SECOND);
    expect([accounts.lots[ANN], accounts.ledger.balance[ANN] + 0, fund.equity(80)]).toEqual([0, 0, 0]);
    // 63 are owed, 2 come from the fund. Of the rest Ben, the only one with a position, bears all.
    expect(accounts.equity(BEN, 80)).toBe(1_200 - 61);
    accounts.checkInvariants();
  });
});

describe('e Bybit: a pool of one million loses 350 thousand', () => {
  const trigger = () => made(fundDrawdown, parts, { ignoreBelow: 10_000 });

  it('on positions it holds: they are deleveraged so that the drawdown stays at 30 %, the winners forgo 50k', () => {
    const world = scene({
      trigger: trigger(),
      fund: 1_000_000,
      ann: { lots: 0, entry: 0, collateral: 0 },
      others: [{ lots: -10_000, entry: 100, collateral: 1e7 }],
    });
    const { accounts, fund, kernel, mark } = world;
    // Its positions cost what it had in cash.
    accounts.ledger.transfer(INSURANCE_FUND, OUTSIDE, 10_000 * 100);
    accounts.openPosition(INSURANCE_FUND, 10_000, 100);
    mark(100);
    mark(71);
    kernel.runUntil(SECOND);
    expect([fund.lots, fund.equity(71)]).toEqual([10_000, 710_000]);
    mark(65);
    const before = accounts.equity(BEN, 65);
    expect(fund.equity(65)).toBe(650_000);
    kernel.runUntil(2 * SECOND);
    expect([fund.lots, fund.equity(65)]).toEqual([0, 700_000]);
    expect(before - accounts.equity(BEN, 65)).toBe(50_000);
    accounts.checkInvariants();
  });

  it('on an account: the fund pays 300k, the winners forgo 50k, and nothing more is paid until the fall is below 25 %', () => {
    const world = scene({
      trigger: trigger(),
      policy: made(takeOverAtOnce, undefined),
      fund: 1_000_000,
      ann: { lots: 10_000, entry: 100, collateral: 100_000 },
      others: [{ lots: -10_000, entry: 100, collateral: 1e7 }],
    });
    const { accounts, fund, kernel, mark, notes } = world;
    mark(100);
    mark(55);
    expect(accounts.equity(ANN, 55)).toBe(-350_000);
    const before = accounts.equity(BEN, 55);
    kernel.runUntil(SECOND);
    expect(notes.of('fund paid')).toEqual([[300_000]]);
    expect(fund.equity(55)).toBe(700_000);
    expect(before - accounts.equity(BEN, 55)).toBe(50_000);
    expect([accounts.lots[ANN], accounts.ledger.balance[ANN] + 0]).toEqual([0, 0]);
  });

  it('starts below -30 %, stops above -25 %, forgets a peak after 8 h, and lets a small pool be spent', () => {
    const rule = trigger();
    const at = (hours: number, equity: number): number => {
      rule.observe!(hours * 3_600 * SECOND, equity);
      return rule.headroom(equity);
    };
    expect(at(0, 1_000_000)).toBe(300_000);
    expect(at(1, 710_000)).toBe(10_000);
    expect(at(2, 690_000)).toBe(0);
    expect(at(3, 740_000)).toBe(0);
    expect(at(4, 751_000)).toBe(51_000);
    expect(at(5, 700_000)).toBe(0);
    expect(at(8.1, 700_000)).toBe(700_000 - Math.ceil(751_000 * 0.7));
    const small = trigger();
    small.observe!(0, 9_000);
    expect([small.headroom(1_000), small.floor()]).toEqual([1_000, 0]);
  });
});

describe('f.1 scores', () => {
  const opponent = (o: Partial<Opponent>): Opponent => ({
    account: 5,
    side: 1,
    lots: 1,
    unrealisedPnl: 0,
    wallet: 0,
    equity: 0,
    notional: 0,
    entryNotional: 0,
    maintenance: 1,
    bankruptcyPrice: 0,
    ...o,
  });

  it('Binance: 0.045, 0.107 (first) and 0.0008', () => {
    const person = (account: number, unrealisedPnl: number, wallet: number, maintenance: number) =>
      opponent({ account, unrealisedPnl, wallet, maintenance, equity: wallet + unrealisedPnl });
    const people = [person(5, 3e4, 2e4, 1_500), person(6, 5e3, 2e3, 300), person(7, 2e5, 1e6, 5e3)];
    expect(people.map((one, i) => marginRatioScore(one).toFixed([3, 3, 4][i]))).toEqual([
      '0.045',
      '0.107',
      '0.0008',
    ]);
    const queue = made(profitByMarginRatio, undefined).allocate(3, people, { price: 1 });
    expect(queue.map(({ account }) => account)).toEqual([6, 5, 7]);
  });

  /** Long 100 000 USD of an inverse contract from 8 000, at 8 800, in coin. */
  const inverse = (leverage: number): Opponent => {
    const entryNotional = 100_000 / 8_000;
    const notional = 100_000 / 8_800;
    const wallet = entryNotional / leverage;
    const unrealisedPnl = entryNotional - notional;
    return opponent({ unrealisedPnl, entryNotional, notional, wallet, equity: wallet + unrealisedPnl });
  };

  it('BitMEX, inverse: effective leverage 4.76 and score 0.433 at 10x, 1.54 and 0.140 at 2x', () => {
    const [ten, two] = [inverse(10), inverse(2)];
    expect((ten.unrealisedPnl / ten.entryNotional).toFixed(4)).toBe('0.0909');
    expect([ten, two].map(({ notional, equity }) => (notional / equity).toFixed(2))).toEqual([
      '4.76',
      '1.54',
    ]);
    expect([ten, two].map((one) => effectiveLeverageScore(one).toFixed(3))).toEqual(['0.433', '0.140']);
  });

  it('BitMEX: a loss counts less the more it is levered; no equity counts as infinitely levered', () => {
    const loser = (equity: number) =>
      opponent({ unrealisedPnl: -10, entryNotional: 100, notional: 90, equity });
    expect(effectiveLeverageScore(loser(45))).toBeCloseTo(-0.1 / 2, 12);
    expect(effectiveLeverageScore(loser(9))).toBeCloseTo(-0.1 / 10, 12);
    expect(effectiveLeverageScore(opponent({ unrealisedPnl: 1, entryNotional: 10, notional: 11 }))).toBe(
      Infinity,
    );
    expect(effectiveLeverageScore(opponent({ entryNotional: 10, notional: 10 }))).toBe(0);
    const order = made(profitByLeverage, undefined).allocate(2, [loser(45), { ...loser(9), account: 9 }], {
      price: 1,
    });
    expect(order.map(({ account }) => account)).toEqual([9, 5]);
  });

  it('Hyperliquid: a short from 100 at 90, 90k on 30k, 3.33; with ten times the equity a tenth; losers come last', () => {
    const short = { side: -1 as const, notional: 90_000, entryNotional: 100_000, unrealisedPnl: 10_000 };
    expect(priceGainScore(opponent({ ...short, equity: 30_000 })).toFixed(2)).toBe('3.33');
    expect(priceGainScore(opponent({ ...short, equity: 300_000 })).toFixed(3)).toBe('0.333');
    const long = opponent({ notional: 110, entryNotional: 100, unrealisedPnl: 10, equity: 55 });
    expect(priceGainScore(long)).toBeCloseTo(1.1 * 2, 12);
    const losing = opponent({ account: 4, notional: 90, entryNotional: 100, unrealisedPnl: -10, equity: 1 });
    const order = made(priceGainByLeverage, undefined).allocate(2, [losing, long], { price: 1 });
    expect(order.map(({ account }) => account)).toEqual([5, 4]);
  });

  it('Bybit: profit share times leverage; OKX: over the margin ratio for winners, times it for losers', () => {
    // 10x at entry, 5 % up: 50 % on margin. Equity 15 on a maintenance of 5: margin ratio 3.
    const winner = opponent({ account: 5, unrealisedPnl: 5, wallet: 10, equity: 15, maintenance: 5 });
    const loser = opponent({ account: 6, unrealisedPnl: -4, wallet: 10, equity: 6, maintenance: 5 });
    expect(twoBranchScore(winner)).toBeCloseTo(0.5 / 3, 12);
    expect(twoBranchScore(loser)).toBeCloseTo(-0.4 * 1.2, 12);
    const better = opponent({ account: 7, unrealisedPnl: 6, wallet: 10, equity: 160, maintenance: 5 });
    const order = (ranking: typeof leveragedReturn | typeof returnByMarginRatio) =>
      made(ranking, undefined)
        .allocate(3, [loser, winner, better], { price: 1 })
        .map(({ account }) => account);
    expect(order(leveragedReturn)).toEqual([7, 5, 6]);
    expect(order(returnByMarginRatio)).toEqual([5, 7, 6]);
  });
});

describe('f.2 a loser that lacks 20 at the mark of 88', () => {
  const run = (price: 'bankruptcy' | 'mark' | 'previous-mark' | 'index', fund: number) => {
    const world = scene({
      policy: made(takeOverAtOnce, undefined),
      trigger: made(equityNegative, undefined),
      settings: { adlPrice: price },
      index: 91.4,
      fund,
    });
    world.mark(92);
    world.mark(88);
    const before = world.accounts.equity(BEN, 88);
    world.kernel.runUntil(SECOND);
    const { accounts } = world;
    expect([accounts.lots[ANN], accounts.lots[BEN]]).toEqual([0, 0]);
    accounts.checkInvariants();
    return {
      forgone: before - accounts.equity(BEN, 88),
      fund: world.fund.equity(88),
      ann: accounts.ledger.balance[ANN] + 0,
    };
  };

  it('deleveraged at its bankruptcy price costs the winners the 20, and the fund nothing', () => {
    expect(run('bankruptcy', 50)).toEqual({ forgone: 20, fund: 50, ann: 0 });
  });

  it('deleveraged at the mark costs the fund the 20, and the winners nothing', () => {
    expect(run('mark', 50)).toEqual({ forgone: 0, fund: 30, ann: 0 });
  });

  it('deleveraged at the mark before, where it had 20 left, keeps them; the winners forgo 40', () => {
    expect(run('previous-mark', 50)).toEqual({ forgone: 40, fund: 50, ann: 20 });
  });

  it('deleveraged at the index of 91, in whole ticks, keeps 10', () => {
    expect(run('index', 50)).toEqual({ forgone: 30, fund: 50, ann: 10 });
  });
});

describe('k.7 JELLY: a backstop that holds what it took over while the price goes on', () => {
  const run = (cash: number) => {
    const world = scene({
      policy: made(fractionThenAll, parts),
      trigger: made(equityNegative, undefined),
      margin: 0.05,
      backstop: cash,
      settings: { adlPrice: 'previous-mark' },
      others: [{ lots: -10, entry: 100, collateral: 1_000 }],
    });
    // Equity 20 of 46 needed: taken over with its 20.
    world.mark(92);
    world.kernel.runUntil(SECOND);
    expect(world.accounts.lots[BACKSTOP]).toBe(10);
    expect(world.notes.of('ended')).toEqual([[ANN, 'backstopped']]);
    for (const mark of [90, 89]) {
      world.mark(mark);
      world.kernel.runUntil(world.kernel.now + SECOND);
    }
    world.accounts.checkInvariants();
    return world.accounts;
  };

  it('is deleveraged as soon as its own equity is gone, at the mark before, where it had just none', () => {
    const accounts = run(0);
    expect([accounts.lots[BACKSTOP], accounts.lots[BEN], accounts.ledger.balance[BACKSTOP] + 0]).toEqual([
      0, 0, 0,
    ]);
  });

  it('is not while the equity of other books stands behind it, which then pays', () => {
    const accounts = run(500);
    expect([accounts.lots[BACKSTOP], accounts.lots[BEN]]).toEqual([10, -10]);
    expect(accounts.equity(BACKSTOP, 89)).toBe(490);
  });
});

describe('a hedged account that loses a leg', () => {
  it('is naked afterwards: what it holds elsewhere is no business of the exchange', () => {
    const world = scene({ policy: made(takeOverAtOnce, undefined) });
    world.mark(88);
    world.kernel.runUntil(SECOND);
    expect([world.accounts.lots[BEN], world.accounts.lots[CAT]]).toEqual([0, 0]);
    expect(world.notes.of('deleveraged')).toEqual([[ANN, BEN, 10, 88]]);
  });
});
