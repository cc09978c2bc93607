import { describe, expect, it } from 'vitest';
import { INSURANCE_FUND, OUTSIDE } from '../../src/accounts/ledger.ts';
import { SECOND } from '../../src/base/units.ts';
import { TimeInForce } from '../../src/market/order.ts';
import type { Claim, Keepers, Work } from '../../src/risk/keepers/keepers.ts';
import type { LiquidationSettings } from '../../src/risk/liquidation-engine.ts';
import { closeAtMarket } from '../../src/risk/liquidation/close-at-market.ts';
import { cureThenTakeOver } from '../../src/risk/liquidation/cure-then-take-over.ts';
import { stepDownThenRest } from '../../src/risk/liquidation/step-down-then-rest.ts';
import { stepDownTier } from '../../src/risk/liquidation/step-down-tier.ts';
import { never } from '../../src/risk/triggers/never.ts';
import { made } from '../fixtures/variants.ts';
import { ANN, BEN, CAT, LATENCY, scene, STREET } from './engine-scene.ts';

describe('a mark that breaks an account', () => {
  it('does nothing to it there and then', () => {
    const { accounts, engine, market, mark, notes, kernel } = scene();
    market.levels = [[90, 100]];
    const before = [[...accounts.lots], [...accounts.ledger.balance]];
    mark(90);
    expect(engine.isDistressed(ANN)).toBe(true);
    expect([[...accounts.lots], [...accounts.ledger.balance]]).toEqual(before);
    expect([market.orders, market.cancelled]).toEqual([[], []]);
    expect(notes.lines).toEqual([['began', ANN, 90]]);
    kernel.runUntil(LATENCY - 1);
    expect(market.orders).toEqual([]);
  });

  it('has it closed one engine latency later, its orders cancelled first', () => {
    const { accounts, engine, market, mark, notes, kernel } = scene();
    market.levels = [[90, 100]];
    mark(90);
    kernel.runUntil(LATENCY);
    expect(market.orders).toMatchObject([
      { time: LATENCY, account: ANN, side: -1, lots: 10, limit: 90, timeInForce: TimeInForce.IOC },
    ]);
    expect(market.cancelled).toEqual([ANN]);
    expect([accounts.lots[ANN], accounts.ledger.balance[ANN]]).toEqual([0, 0]);
    expect(engine.isDistressed(ANN)).toBe(false);
    expect(notes.lines).toEqual([
      ['began', ANN, 90],
      ['first step', ANN, 0],
      ['forced trade', ANN, 10, 900],
      ['ended', ANN, 'closed'],
    ]);
    accounts.checkInvariants();
  });

  it('is looked at again when the latency has passed: an account whose margin holds by then is let go and watched on', () => {
    const { engine, market, mark, notes, kernel, index } = scene();
    mark(90);
    mark(95);
    kernel.runUntil(LATENCY);
    expect([market.orders, market.cancelled, engine.isDistressed(ANN)]).toEqual([[], [], false]);
    expect(notes.of('ended')).toEqual([[ANN, 'recovered']]);
    const out = new Int32Array(8);
    expect([index.crossed(91, out), index.crossed(90, out), out[0]]).toEqual([0, 1, ANN]);
  });

  it('breaks nobody a second time who is being liquidated', () => {
    const { mark, notes, kernel } = scene();
    mark(90);
    mark(89);
    kernel.runUntil(LATENCY / 2);
    mark(88);
    expect(notes.of('began')).toEqual([[ANN, 90]]);
  });

  it('has several closed in the order of their distance', () => {
    const { accounts, market, mark, kernel, index } = scene();
    // Cat buys 10 from Ben at 95 with 1,000 − 960 of collateral left: bankrupt at 91.
    accounts.applyFill(CAT, BEN, 10, 95);
    accounts.ledger.transfer(CAT, OUTSIDE, 960);
    for (const account of [CAT, BEN]) index.update(account);
    market.levels = [[95, 100]];
    mark(90);
    kernel.runUntil(LATENCY);
    expect(market.orders.map(({ account }) => account)).toEqual([CAT, ANN]);
  });
});

describe('step after step', () => {
  it('the latency passes between two orders, and what is left is sent', () => {
    const { market, mark, kernel, notes } = scene({ fund: 1_000 });
    market.levels = [[90, 4]];
    mark(90);
    kernel.runUntil(LATENCY);
    market.levels = [[90, 100]];
    kernel.runUntil(3 * LATENCY);
    expect(market.orders.map(({ time, lots }) => [time, lots])).toEqual([
      [LATENCY, 10],
      [2 * LATENCY, 6],
    ]);
    expect(market.cancelled).toEqual([ANN]);
    expect(notes.of('forced trade')).toEqual([
      [ANN, 4, 360],
      [ANN, 6, 540],
    ]);
    expect(notes.of('first step')).toHaveLength(1);
  });

  it('an order that found nobody is followed by a pause, then by another', () => {
    const { market, mark, kernel } = scene({
      policy: made(closeAtMarket, undefined, { retry: '2s' }),
      fund: 1_000,
    });
    mark(90);
    kernel.runUntil(10 * SECOND);
    const times = market.orders.map(({ time }) => time);
    // Order, look after the latency, wait 2 s, order …
    expect(times.slice(0, 3)).toEqual([LATENCY, 2 * LATENCY + 2 * SECOND, 3 * LATENCY + 4 * SECOND]);
  });

  it('a part that is enough ends it: the account keeps the rest and is watched on', () => {
    // Margin 10 %: at 99 Ann has 90 against 99. Closing 1 lot at 99 leaves 9 · 99 · 10 % = 89.1.
    const { accounts, market, mark, kernel, notes, index } = scene({
      policy: made(cureThenTakeOver, undefined),
      margin: 0.1,
    });
    market.levels = [[99, 100]];
    mark(99);
    kernel.runUntil(3 * LATENCY);
    expect(market.orders.map(({ lots }) => lots)).toEqual([1]);
    expect([accounts.lots[ANN], accounts.equity(ANN, 99)]).toEqual([9, 90]);
    expect(notes.of('ended')).toEqual([[ANN, 'recovered']]);
    expect(index.crossed(98, new Int32Array(8))).toBe(1);
  });

  it('one order cures after the trading fee and the clearance fee, too', () => {
    const { accounts, market, mark, kernel, notes, fund } = scene({
      policy: made(cureThenTakeOver, undefined),
      margin: 0.1,
      takerFee: 10_000,
      settings: { fee: 20_000 },
    });
    market.levels = [[99, 100]];
    mark(99);
    kernel.runUntil(3 * LATENCY);
    // n lots cost 2.97·n, rounded up by fee, and free 9.9·n: 9 / 6.93 = 1.3, so 2.
    expect(market.orders.map(({ lots }) => lots)).toEqual([2]);
    expect(notes.of('ended')).toEqual([[ANN, 'recovered']]);
    expect([accounts.equity(ANN, 99), fund.equity(99)]).toEqual([90 - 2 - 4, 4]);
  });
});

describe('the liquidation fee', () => {
  it('goes to the fund', () => {
    const { accounts, market, mark, kernel, fund, notes } = scene({ settings: { fee: 20_000 } });
    market.levels = [[95, 10]];
    mark(90);
    kernel.runUntil(LATENCY);
    // 2 % of 950 of the 50 that are left.
    expect([accounts.ledger.balance[ANN], fund.equity(90)]).toEqual([31, 19]);
    expect(notes.of('fund received')).toEqual([[19]]);
  });

  it('is charged as far as equity lasts', () => {
    const { accounts, market, mark, kernel, fund } = scene({ settings: { fee: 20_000 } });
    market.levels = [[91, 10]];
    mark(90);
    kernel.runUntil(LATENCY);
    expect([accounts.ledger.balance[ANN], fund.equity(90)]).toEqual([0, 10]);
  });

  it('is waived for a bankrupt account', () => {
    const { accounts, market, mark, kernel, fund, notes } = scene({ settings: { fee: 20_000 }, fund: 100 });
    market.levels = [[85, 10]];
    mark(85);
    kernel.runUntil(LATENCY);
    // Sold 5 below bankruptcy: the fund pays 50.
    expect([accounts.lots[ANN], accounts.ledger.balance[ANN] + 0, fund.equity(85)]).toEqual([0, 0, 50]);
    expect(notes.lines.slice(2)).toEqual([
      ['forced trade', ANN, 10, 850],
      ['fund paid', 50],
      ['ended', ANN, 'closed'],
    ]);
  });
});

describe('the fund', () => {
  /** Ann is handed to a fund of 100 at a mark of 89: it has 10 lots and an equity of 90. */
  function takenOver(settings: Partial<LiquidationSettings> = {}) {
    const made_ = scene({ policy: made(stepDownTier, undefined), fund: 100, settings });
    made_.mark(89);
    made_.kernel.runUntil(LATENCY);
    return made_;
  }

  it('takes over at the bankruptcy price', () => {
    const { accounts, fund, notes, market } = takenOver();
    expect([accounts.lots[ANN], accounts.ledger.balance[ANN] + 0, fund.lots, fund.equity(89)]).toEqual([
      0, 0, 10, 90,
    ]);
    expect(notes.lines).toEqual([
      ['began', ANN, 89],
      ['first step', ANN, -10],
      ['fund paid', 10],
      ['ended', ANN, 'taken-over'],
    ]);
    expect(market.orders).toEqual([]);
  });

  it('sells what it took over share by share until it is flat, and then rests', () => {
    const { fund, market, kernel, notes } = takenOver();
    market.levels = [[89, 1_000]];
    kernel.runUntil(10 * SECOND + LATENCY - 1);
    expect(market.orders).toEqual([]);
    kernel.runUntil(200 * SECOND);
    // Half of 10, half of 5 rounded up, half of 2, the last one.
    expect(market.orders.map(({ account, side, lots }) => [account, side, lots])).toEqual([
      [INSURANCE_FUND, -1, 5],
      [INSURANCE_FUND, -1, 3],
      [INSURANCE_FUND, -1, 1],
      [INSURANCE_FUND, -1, 1],
    ]);
    expect(market.orders.map(({ time }) => (time - LATENCY) / SECOND)).toEqual([10, 20, 30, 40]);
    expect([fund.lots, fund.equity(89)]).toEqual([0, 90]);
    expect(notes.of('forced trade')).toEqual([
      [INSURANCE_FUND, 5, 445],
      [INSURANCE_FUND, 3, 267],
      [INSURANCE_FUND, 1, 89],
      [INSURANCE_FUND, 1, 89],
    ]);
  });

  it('goes on as long as nobody buys', () => {
    const { fund, market, kernel } = takenOver();
    kernel.runUntil(35 * SECOND);
    expect([market.orders.length, fund.lots]).toEqual([3, 10]);
    market.levels = [[89, 1_000]];
    kernel.runUntil(300 * SECOND);
    expect(fund.lots).toBe(0);
  });

  it('starts again with the next position', () => {
    const { accounts, fund, market, kernel, index, mark } = takenOver({ unwindShare: 1 });
    market.levels = [[89, 1_000]];
    kernel.runUntil(20 * SECOND);
    expect(fund.lots).toBe(0);
    accounts.applyFill(CAT, BEN, 10, 89);
    accounts.ledger.transfer(CAT, OUTSIDE, 990);
    index.update(CAT);
    mark(88);
    kernel.runUntil(20 * SECOND + LATENCY);
    expect(fund.lots).toBe(10);
    kernel.runUntil(31 * SECOND);
    expect(fund.lots).toBe(0);
  });

  it('never sells so low that it could not pay: with 100 and 10 lots of 900 nothing below 80', () => {
    const { fund, market, kernel, mark } = takenOver({ unwindShare: 1 });
    mark(81);
    // The band would let it sell at 65.
    market.levels = [[70, 1_000]];
    kernel.runUntil(100 * SECOND);
    expect(fund.lots).toBe(10);
    expect(fund.equity(81)).toBe(10);
    market.levels = [[80, 1_000]];
    kernel.runUntil(200 * SECOND);
    expect([fund.lots, fund.equity(81)]).toEqual([0, 0]);
  });

  it('has nothing to sell any more once it was deleveraged', () => {
    const { fund, mark, market, kernel } = takenOver();
    market.levels = [[89, 1_000]];
    mark(79);
    kernel.runUntil(100 * SECOND);
    expect([fund.lots, market.orders]).toEqual([0, []]);
  });

  it('under water at the mark is deleveraged itself, and has nothing then', () => {
    const { accounts, fund, mark, kernel, notes } = takenOver();
    // Below 80 its 10 lots are worth less than it owes.
    mark(80);
    kernel.runUntil(2 * LATENCY);
    expect(fund.lots).toBe(10);
    mark(79);
    // Nothing happens inside a mark update.
    expect(fund.lots).toBe(10);
    kernel.runUntil(3 * LATENCY);
    expect([fund.lots, fund.equity(79) + 0, accounts.lots[BEN]]).toEqual([0, 0, 0]);
    // Ben bought back at 80.
    expect(accounts.wallet(BEN)).toBe(1_200);
    expect(notes.of('deleveraged')).toEqual([[INSURANCE_FUND, BEN, 10, 79]]);
    accounts.checkInvariants();
  });
});

describe('when the fund cannot take over', () => {
  it('the winners are deleveraged at the bankruptcy price of the account', () => {
    const { accounts, mark, kernel, notes, fund } = scene({
      policy: made(stepDownTier, undefined),
      fund: 19,
    });
    mark(88);
    kernel.runUntil(LATENCY);
    expect([accounts.lots[ANN], accounts.ledger.balance[ANN] + 0, accounts.lots[BEN]]).toEqual([0, 0, 0]);
    expect(accounts.wallet(BEN)).toBe(1_100);
    expect(fund.equity(88)).toBe(19);
    expect(notes.lines.slice(2)).toEqual([
      ['deleveraged', ANN, BEN, 10, 88],
      ['ended', ANN, 'deleveraged'],
    ]);
  });

  it('and there is nobody on the other side, it tries again a second later', () => {
    const { accounts, mark, kernel, notes, index } = scene({ policy: made(stepDownTier, undefined) });
    // Ben hands his short to the street, whom the waterfall leaves alone here.
    accounts.applyFill(BEN, STREET, 10, 100);
    index.update(BEN);
    mark(88);
    kernel.runUntil(LATENCY + SECOND - 1);
    expect([accounts.lots[ANN], notes.of('ended')]).toEqual([10, []]);
    accounts.applyFill(STREET, CAT, 10, 88);
    kernel.runUntil(LATENCY + SECOND);
    expect([accounts.lots[ANN], accounts.lots[CAT], notes.of('ended')]).toEqual([
      0,
      0,
      [[ANN, 'deleveraged']],
    ]);
  });
});

describe('keepers', () => {
  it('are asked before every step, told what is at stake, and act when they said', () => {
    const claims: Claim[] = [];
    const keepers: Keepers = {
      claim: (claim) => {
        claims.push(claim);
        return { kind: 'acts', keeper: 7, at: claim.now + 3 * SECOND };
      },
      fail: () => undefined,
    };
    const { market, mark, kernel } = scene({ keepers, fund: 1_000 });
    market.levels = [[90, 4]];
    mark(90);
    kernel.runUntil(3 * SECOND);
    market.levels = [[90, 100]];
    kernel.runUntil(20 * SECOND);
    expect(market.orders.map(({ time }) => time)).toEqual([3 * SECOND, 6 * SECOND]);
    expect(claims).toEqual([
      { account: ANN, now: 0, notBefore: 0, steps: 0, notional: 900, equity: 0 },
      { account: ANN, now: 3 * SECOND, notBefore: 3 * SECOND, steps: 1, notional: 540, equity: 0 },
    ]);
  });

  it('who refuse are asked again when they said, and the account waits as long', () => {
    const keepers: Keepers = {
      claim: ({ now }) =>
        now < 5 * SECOND ? { kind: 'refused', until: 5 * SECOND } : { kind: 'acts', keeper: 0, at: now + 1 },
      fail: () => undefined,
    };
    const { market, mark, kernel, engine } = scene({ keepers });
    market.levels = [[90, 100]];
    mark(90);
    kernel.runUntil(5 * SECOND);
    expect([market.orders, engine.isDistressed(ANN)]).toEqual([[], true]);
    kernel.runUntil(6 * SECOND);
    expect(market.orders.map(({ time }) => time)).toEqual([5 * SECOND + 1]);
  });

  it('must let time pass when they refuse', () => {
    const keepers: Keepers = {
      claim: ({ now }) => ({ kind: 'refused', until: now }),
      fail: () => undefined,
    };
    const { mark } = scene({ keepers });
    expect(() => mark(90)).toThrow('must let time pass');
  });

  it('are paid by the account as far as equity lasts, and the money leaves the exchange', () => {
    const works: Work[] = [];
    const keepers: Keepers = {
      claim: ({ now }) => ({ kind: 'acts', keeper: 2, at: now + 1 }),
      reward: (work) => {
        works.push(work);
        return Math.ceil(0.02 * work.value);
      },
      fail: () => undefined,
    };
    const { accounts, market, mark, kernel } = scene({ keepers, margin: 0.05 });
    market.levels = [[92, 5]];
    mark(93);
    const outside = accounts.ledger.balance[OUTSIDE];
    kernel.runUntil(1);
    // Half is sold at 92: 2 % of 460 is 10, rounded up; with the other half at 93 the equity was 100 - 40 - 35 = 25.
    expect(works).toEqual([{ keeper: 2, account: ANN, now: 1, value: 460 }]);
    expect(accounts.ledger.balance[OUTSIDE] - outside).toBe(10);
    accounts.checkInvariants();
  });
});

describe('an order left hanging at the bankruptcy price', () => {
  const hanging = (fund = 1_000, parameters: Record<string, unknown> = {}) => {
    const world = scene({ policy: made(stepDownThenRest, undefined, parameters), fund, margin: 0.02 });
    world.market.levels = [[91, 4]];
    world.mark(91);
    world.kernel.runUntil(LATENCY);
    return world;
  };
  const fillRest = (world: ReturnType<typeof scene>, lots: number): void => {
    world.accounts.applyFill(STREET, ANN, lots, 90);
    world.engine.onRestingFill(ANN, lots, lots * 90);
  };

  it('takes what the book gives at once, for the fund, and rests with the remainder', () => {
    const { market, accounts, fund, engine } = hanging();
    expect(market.orders).toMatchObject([{ lots: 10, limit: 90, timeInForce: TimeInForce.GTC }]);
    // Four lots at 91, one above bankruptcy each.
    expect([accounts.lots[ANN], accounts.equity(ANN, 90), fund.equity(90)]).toEqual([6, 0, 1_004]);
    expect(engine.isDistressed(ANN)).toBe(true);
  });

  it('stays where it is, also when the margin would hold again: the position is no longer the owner’s', () => {
    const { market, kernel, mark, engine } = hanging();
    mark(99);
    kernel.runUntil(10 * SECOND);
    expect(market.orders.length).toBe(1);
    expect(engine.isDistressed(ANN)).toBe(true);
  });

  it('ends the liquidation when it is filled, at once and with nothing left to the owner', () => {
    const world = hanging();
    fillRest(world, 2);
    expect(world.engine.isDistressed(ANN)).toBe(true);
    fillRest(world, 4);
    expect(world.engine.isDistressed(ANN)).toBe(false);
    expect([world.accounts.lots[ANN], world.accounts.ledger.balance[ANN] + 0]).toEqual([0, 0]);
    expect(world.notes.of('ended')).toEqual([[ANN, 'closed']]);
    // The step that was due is off.
    world.kernel.runUntil(10 * SECOND);
    expect(world.market.orders.length).toBe(1);
  });

  it('is made more aggressive with money of the fund, if it may be, and given up for ADL when the fund is too small', () => {
    const spending = hanging(1_000, { fundSpends: '3%' });
    // 30 over 10 lots are three ticks; 30.12 over 6 lots more than five.
    spending.kernel.runUntil(LATENCY + SECOND);
    expect(spending.market.orders.map(({ limit }) => limit)).toEqual([87, 85]);
    const poor = hanging(0);
    poor.mark(88);
    poor.kernel.runUntil(LATENCY + SECOND);
    expect(poor.notes.of('deleveraged')).toEqual([[ANN, BEN, 6, 88]]);
    expect(poor.market.cancelled).toEqual([ANN, ANN]);
    poor.accounts.checkInvariants();
  });
});

describe('a loss that nobody is deleveraged for', () => {
  it('is socialised, and the fund takes the position over at the mark', () => {
    const { accounts, mark, kernel, notes, fund } = scene({
      policy: made(stepDownTier, undefined),
      trigger: made(never, undefined),
      fund: 19,
    });
    mark(88);
    kernel.runUntil(LATENCY);
    // Ann lacks 20: the fund has 19 of them, Ben, who has won 120, pays the last one.
    expect([accounts.lots[ANN], accounts.ledger.balance[ANN] + 0, fund.lots]).toEqual([0, 0, 10]);
    expect([fund.equity(88), accounts.equity(BEN, 88)]).toEqual([0, 1_119]);
    expect(notes.of('socialised')).toEqual([[1, 0]]);
    mark(85);
    kernel.runUntil(SECOND);
    // Now it is the fund that lacks 30.
    expect([fund.lots, fund.equity(85), accounts.equity(BEN, 85)]).toEqual([10, 0, 1_150 - 1 - 30]);
    accounts.checkInvariants();
  });

  it('waits for somebody who can pay', () => {
    const { accounts, mark, kernel, notes } = scene({
      policy: made(stepDownTier, undefined),
      trigger: made(never, undefined),
      others: [{ lots: -10, entry: 80, collateral: 1_000 }],
    });
    mark(88);
    kernel.runUntil(5 * SECOND);
    expect(accounts.lots[ANN]).toBe(10);
    expect(notes.of('ended')).toEqual([]);
  });
});

describe('a vault', () => {
  it('that unwinds slowly sends no more than a share of what is visible near the mark, and small rests whole', () => {
    const { market, kernel, mark } = scene({
      policy: made(stepDownTier, undefined),
      fund: 1_000,
      settings: { unwindShare: 0.5, unwindVisible: 0.2, unwindSlippage: 0.1, unwindWholeBelow: 300 },
    });
    market.levels = [
      [89, 10],
      [81, 5],
      [70, 1_000],
    ];
    mark(89);
    kernel.runUntil(11 * SECOND);
    // A fifth of the 15 lots within 10 % of 89, although half of 10 would be 5.
    expect(market.orders).toMatchObject([{ account: INSURANCE_FUND, lots: 3, limit: 81 }]);
    market.levels = [[89, 100]];
    kernel.runUntil(60 * SECOND);
    expect(market.orders.map(({ lots }) => lots)).toEqual([3, 4, 3]);
  });
});
