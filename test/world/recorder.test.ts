import { describe, expect, it } from 'vitest';
import { INSURANCE_FUND, OUTSIDE } from '../../src/accounts/ledger.ts';
import { MINUTE, SECOND } from '../../src/base/units.ts';
import { CAUSES } from '../../src/world/causes.ts';
import type { Cause } from '../../src/world/causes.ts';
import { LIQUIDATION_ENDS, Recorder } from '../../src/world/recorder.ts';
import { flat, PLAIN } from '../fixtures/contracts.ts';
import { MiniWorld, Puppet, TOM, UMA, VIC } from './mini-world.ts';

/** A market at 1,000, two ticks wide, with 100 lots at each price; a margin of 10 %; the index is the mark's but for what is said. */
const byIndex: Cause = { kind: 'index', parent: NaN, account: NaN };
function stage() {
  const schedule = flat(0.1);
  const mini = new MiniWorld({
    contract: PLAIN,
    price: 1_000,
    schedule,
    seated: [{ population: new Puppet() }],
  });
  const now = { index: 1_000, fundamental: 1_000, cause: byIndex };
  const recorder = new Recorder({
    kernel: mini.kernel,
    exchange: mini.exchange,
    schedule,
    keepPaths: true,
    index: () => now.index,
    fundamental: () => now.fundamental,
    causeOf: () => now.cause,
  });
  const bid = mini.place(UMA, 1, 100, 999);
  const ask = mini.place(UMA, -1, 100, 1_001);
  const ANN = mini.firstAccounts[0];
  return { mini, recorder, now, bid, ask, ANN };
}

/** Ann buys 10 at 1,001 with so much of her own. */
function longOf10(scene: ReturnType<typeof stage>, collateral: number): void {
  const { accounts } = scene.mini.exchange;
  accounts.ledger.transfer(scene.ANN, OUTSIDE, accounts.ledger.balance[scene.ANN] - collateral);
  scene.mini.place(scene.ANN, 1, 10, 1_001, { ioc: true });
}

describe('the drawdown', () => {
  it('counts from the beginning of the measurement on, not before', () => {
    const { mini, recorder, bid } = stage();
    mini.place(UMA, 1, 100, 899);
    mini.exchange.cancel(bid);
    recorder.onBook();
    expect(recorder.lowestMid).toBe(Infinity);
    mini.run(5 * SECOND);
    recorder.begin();
    expect(recorder.baseline).toEqual({
      time: 5 * SECOND,
      mid: 950,
      mark: 1_000,
      index: 1_000,
      bidDepth: 0,
      openInterest: 0,
      fundEquity: 0,
    });
    expect([recorder.lowestMid, recorder.lowestMidAt, recorder.highestMid]).toEqual([950, 5 * SECOND, 950]);
  });

  it('is that of the lowest mid, and of the lowest mark and index, with the time of the first', () => {
    const { mini, recorder, bid, now } = stage();
    recorder.begin();
    mini.run(SECOND);
    mini.place(UMA, 1, 100, 979);
    mini.exchange.cancel(bid);
    recorder.onBook();
    mini.run(2 * SECOND);
    const again = mini.place(UMA, 1, 100, 999);
    recorder.onBook();
    mini.exchange.cancel(again);
    recorder.onBook();
    expect([recorder.lowestMid, recorder.lowestMidAt, recorder.highestMid]).toEqual([990, SECOND, 1_000]);
    mini.setIndex(970);
    now.index = 980;
    recorder.onPrices();
    mini.setIndex(990);
    recorder.onPrices();
    expect([recorder.lowestMark, recorder.lowestIndex]).toEqual([970, 980]);
    expect(recorder.largestDislocation).toBeCloseTo(10 / 980, 12);
  });

  it('takes the last trade while a side of the book is empty', () => {
    const { mini, recorder, ask } = stage();
    mini.place(VIC, -1, 1, 999, { ioc: true });
    mini.exchange.cancel(ask);
    expect(recorder.localPrice()).toBe(999);
  });
});

describe('depth', () => {
  it('is the notional of the bids within 1 % of the mid', () => {
    const { mini, recorder } = stage();
    mini.place(UMA, 1, 7, 990);
    mini.place(UMA, 1, 7, 989);
    recorder.begin();
    expect(recorder.baseline?.bidDepth).toBe(100 * 999 + 7 * 990);
  });

  it('has recovered when 80 % of the depth at the beginning is back', () => {
    const { mini, recorder, bid } = stage();
    recorder.begin();
    const at = (second: number, action: () => void) => {
      mini.run(second * SECOND);
      action();
      recorder.sample();
    };
    at(1, () => undefined);
    at(2, () => mini.exchange.reduce(bid, 90));
    expect([recorder.depthMinimum, recorder.depthMinimumAt, recorder.depthRecoveredAt]).toEqual([
      9_990,
      2 * SECOND,
      NaN,
    ]);
    at(3, () => mini.place(UMA, 1, 69, 999));
    expect(recorder.depthRecoveredAt).toBeNaN();
    at(4, () => mini.place(UMA, 1, 1, 999));
    at(5, () => undefined);
    expect([recorder.depthMinimum, recorder.depthRecoveredAt]).toEqual([9_990, 4 * SECOND]);
  });
});

describe('the record of a liquidation', () => {
  it('has what the account was when it broke, and how it ended', () => {
    const scene = stage();
    const { mini, recorder, ANN } = scene;
    longOf10(scene, 2_002);
    mini.run(3 * SECOND);
    mini.setIndex(900);
    scene.now.index = 905;
    // Equity 2,002 − 10 · 101 = 992, margin 900.
    recorder.liquidationBegan(ANN, 900);
    mini.run(4 * SECOND);
    recorder.firstStep(ANN, 992);
    recorder.forcedTrade(ANN, 4, 3_600);
    recorder.stepTaken(ANN, 7, { reward: 30, cost: 12 });
    recorder.stepTaken(ANN, 8, { reward: 5, cost: 1 });
    recorder.attributed(ANN, 'paid-in', 40);
    recorder.attributed(ANN, 'paid-in', 2);
    recorder.attributed(ANN, 'fund', 3);
    recorder.attributed(ANN, 'others', 4);
    recorder.attributed(ANN, 'taken-over', 5_400);
    mini.run(5 * SECOND);
    recorder.liquidationEnded(ANN, 'taken-over');
    recorder.attributed(ANN, 'fund', 1_000); // of no liquidation
    const table = recorder.liquidationLines.table();
    const line = Object.fromEntries(Object.entries(table).map(([name, column]) => [name, column[0]]));
    expect(line).toEqual({
      time_s: 3,
      account: ANN,
      lots: 10,
      notional: 9_000,
      leverage: 5,
      mark: 900,
      index: 905,
      margin_ratio: 900 / 992,
      cause: CAUSES.indexOf('index'),
      parent: NaN,
      cause_account: NaN,
      generation: 1,
      forced_notional: 3_600,
      first_step_s: 4,
      ended_s: 5,
      ended_by: LIQUIDATION_ENDS.indexOf('taken-over'),
      equity: 992,
      first_step_equity: 992,
      first_keeper: 7,
      keeper_reward: 35,
      keeper_cost: 13,
      tier: 0,
      paid_in: 42,
      fund_paid: 3,
      others_paid: 4,
      taken_over: 5_400,
    });
    expect([...recorder.stepsBy]).toEqual([
      [7, 1],
      [8, 1],
    ]);
    expect([recorder.liquidations, recorder.forcedValue, recorder.lateLiquidations]).toEqual([1, 3_600, 0]);
  });

  it('is false when the account would have held at the index', () => {
    const scene = stage();
    longOf10(scene, 1_011);
    // 1,011 − 10 · (1,001 − P) ≤ P from P = 999.9 down to 999.
    scene.now.index = 1_000;
    scene.recorder.liquidationBegan(scene.ANN, 999);
    expect(scene.recorder.falseLiquidations).toBe(1);
    scene.recorder.liquidationEnded(scene.ANN, 'recovered');
    scene.now.index = 999;
    scene.recorder.liquidationBegan(scene.ANN, 999);
    expect(scene.recorder.falseLiquidations).toBe(1);
  });

  it('is late when the first step finds the account under water', () => {
    const scene = stage();
    longOf10(scene, 2_002);
    scene.recorder.liquidationBegan(scene.ANN, 700);
    scene.recorder.firstStep(scene.ANN, -1);
    expect(scene.recorder.lateLiquidations).toBe(1);
  });

  it('belongs to the generation after that of its parent, and to the first without one', () => {
    const { recorder, now, ANN } = stage();
    const setOffBy = (parent: number) => (now.cause = { kind: 'liquidation', parent, account: NaN });
    recorder.liquidationBegan(ANN, 1_000);
    setOffBy(0);
    recorder.liquidationBegan(ANN + 1, 1_000);
    recorder.liquidationBegan(TOM, 1_000);
    setOffBy(2);
    recorder.liquidationBegan(VIC, 1_000);
    now.cause = { kind: 'trade', parent: NaN, account: TOM };
    recorder.liquidationBegan(UMA, 1_000);
    const { generation, parent, cause_account } = recorder.liquidationLines.table();
    expect([...generation]).toEqual([1, 2, 2, 3, 1]);
    expect([...parent]).toEqual([NaN, 0, 0, 2, NaN]);
    expect([...cause_account]).toEqual([NaN, NaN, NaN, NaN, TOM]);
  });

  it('goes on in what a vault sells of a position that it took over', () => {
    const { recorder, ANN } = stage();
    recorder.liquidationBegan(ANN, 1_000);
    recorder.handedOver(ANN, INSURANCE_FUND);
    recorder.liquidationEnded(ANN, 'taken-over');
    expect([recorder.liquidationOf(ANN), recorder.liquidationOf(INSURANCE_FUND)]).toEqual([undefined, 0]);
    recorder.forcedTrade(INSURANCE_FUND, 5, 5_000);
    expect([...recorder.liquidationLines.table().forced_notional]).toEqual([5_000]);
  });

  it('counts as soon after a forced trade for a minute, and not after an order that filled nothing', () => {
    const { mini, recorder, ANN } = stage();
    recorder.liquidationBegan(ANN, 1_000);
    recorder.forcedTrade(ANN, 0, 0);
    expect(recorder.isSetOff()).toBe(false);
    recorder.forcedTrade(ANN, 5, 5_000);
    mini.run(MINUTE);
    expect(recorder.isSetOff()).toBe(true);
    mini.run(MINUTE + 1);
    expect(recorder.isSetOff()).toBe(false);
  });
});

describe('sums', () => {
  it('of trades, voluntary ones, fund, deleveraging and socialised loss', () => {
    const { recorder } = stage();
    const fill = { price: 10, lots: 3, makerSide: 1, maker: 5, taker: 6 } as const;
    recorder.onFill(fill, true);
    recorder.onFill(fill, false);
    recorder.fundReceived(7);
    recorder.fundReceived(1);
    recorder.fundPaid(2);
    recorder.deleveraged(5, 6, 3, 100);
    recorder.deleveraged(7, 6, 1, 90);
    recorder.socialised(11, 4);
    expect(recorder.uncoveredLoss).toBe(4);
    expect([recorder.tradedValue, recorder.voluntaryValue, recorder.fundIn, recorder.fundOut]).toEqual([
      60, 30, 8, 2,
    ]);
    expect([recorder.adlValue, recorder.deleveragedAccounts.size, recorder.socialisedLoss]).toEqual([
      390, 1, 11,
    ]);
  });

  it('the fund is lowest where its equity at the mark is', () => {
    const { mini, recorder } = stage();
    const { accounts } = mini.exchange;
    accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, 500);
    recorder.begin();
    accounts.applyFill(INSURANCE_FUND, VIC, 2, 1_000);
    mini.setIndex(900);
    recorder.onPrices();
    mini.setIndex(950);
    recorder.onPrices();
    expect(recorder.fundMinimum).toBe(500 - 2 * 100);
  });

  it('the fund may be lowest between two marks, after it has paid and before it receives', () => {
    const { mini, recorder } = stage();
    const { ledger } = mini.exchange.accounts;
    ledger.transfer(OUTSIDE, INSURANCE_FUND, 500);
    recorder.begin();
    ledger.transfer(INSURANCE_FUND, OUTSIDE, 300);
    recorder.fundPaid(300);
    ledger.transfer(OUTSIDE, INSURANCE_FUND, 400);
    recorder.fundReceived(400);
    recorder.onPrices();
    expect(recorder.fundMinimum).toBe(200);
  });
});

it('a sample is a line of the market as it is', () => {
  const { mini, recorder, now } = stage();
  mini.exchange.accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, 500);
  mini.place(VIC, -1, 1, 999, { ioc: true });
  Object.assign(now, { index: 1_002, fundamental: 1_003 });
  recorder.deleveraged(5, 6, 3, 100);
  mini.run(SECOND);
  recorder.sample();
  const line = Object.fromEntries(
    Object.entries(recorder.paths.table()).map(([name, column]) => [name, column[0]]),
  );
  expect(line).toEqual({
    time_s: 1,
    mid: 1_000,
    bid: 999,
    ask: 1_001,
    last: 999,
    mark: 1_000,
    index: 1_002,
    fundamental: 1_003,
    bid_depth: 99 * 999,
    ask_depth: 100 * 1_001,
    forced_notional: 0,
    fund_equity: 500,
    adl_notional: 300,
    open_interest: 1,
  });
});
