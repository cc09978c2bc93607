import { describe, expect, it } from 'vitest';
import { noiseTrader } from '../../src/agents/noise-trader.ts';
import { MINUTE, SECOND } from '../../src/base/units.ts';
import { BTC } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { constantly, MiniWorld } from '../world/mini-world.ts';

const PRICE = 1_000_000;
const SECONDS = 2_000;

function ordersOf(written: Record<string, unknown>, seconds = SECONDS) {
  const population = made(noiseTrader, { contract: BTC, startPrice: 1_000_000 }, written);
  const mini = new MiniWorld({
    contract: BTC,
    price: PRICE,
    seated: [{ population, orderLatency: constantly(0) }],
  });
  mini.makeBook(PRICE, { lots: 2_000_000_000 });
  mini.start();
  mini.run(seconds * SECOND);
  return mini;
}

describe('noise traders', () => {
  const mini = ordersOf({
    rate: 5,
    notional: { lognormal: { median: '2k', sigma: 1.5 }, within: [100, '500k'] },
  });
  const { fills } = mini;
  const lots = fills.map((fill) => fill.lots);

  it('send orders at the rate that was asked for, all of them together', () => {
    // Poisson with mean 10,000: four standard errors are 400.
    expect(Math.abs(fills.length - 5 * SECONDS)).toBeLessThan(400);
  });

  it('come at random: the pauses are exponential', () => {
    const pauses = fills.slice(1).map(({ time }, i) => time - fills[i].time);
    const mean = pauses.reduce((sum, pause) => sum + pause, 0) / pauses.length;
    const longer = pauses.filter((pause) => pause > mean).length / pauses.length;
    const muchLonger = pauses.filter((pause) => pause > 3 * mean).length / pauses.length;
    expect(Math.abs(longer - Math.exp(-1))).toBeLessThan(0.02);
    expect(Math.abs(muchLonger - Math.exp(-3))).toBeLessThan(0.01);
  });

  it('buy as often as they sell', () => {
    const buys = fills.filter(({ makerSide }) => makerSide === -1).length;
    expect(Math.abs(buys / fills.length - 0.5)).toBeLessThan(0.02);
  });

  it('trade the notional that was asked for, at least a lot', () => {
    // A lot is worth 100: the median of 2,000 is 20 lots.
    const median = lots.toSorted((a, b) => a - b)[lots.length >> 1];
    expect(Math.abs(median / 20 - 1)).toBeLessThan(0.1);
    expect(Math.min(...lots)).toBe(1);
    expect(Math.max(...lots)).toBeLessThanOrEqual(5_000);
  });

  it('use all their accounts', () => {
    expect(new Set(fills.map(({ taker }) => taker)).size).toBe(50);
  });

  it('do not trade further from the price they see than they said', () => {
    const population = made(
      noiseTrader,
      { contract: BTC, startPrice: 1_000_000 },
      { rate: 50, slippage: '0.5%' },
    );
    const world = new MiniWorld({ contract: BTC, price: PRICE, seated: [{ population }] });
    // The mid is 1,000,000; the offers are too far away by a tick.
    world.makeBook(PRICE, { spread: 5_001 });
    world.start();
    world.run(10 * SECOND);
    expect(world.fills).toEqual([]);
    world.makeBook(PRICE, { spread: 5_000 });
    world.run(20 * SECOND);
    expect(world.fills.length).toBeGreaterThan(0);
  });

  it('do not come at a rate of 0', () => {
    expect(ordersOf({ rate: 0 }, 60).fills).toEqual([]);
  });

  it('come back however long nobody trades with them', () => {
    const population = made(noiseTrader, { contract: BTC, startPrice: 1_000_000 }, { rate: 5 });
    const world = new MiniWorld({ contract: BTC, price: PRICE, seated: [{ population }] });
    world.start();
    world.run(MINUTE);
    expect(world.fills).toEqual([]);
    world.makeBook(PRICE);
    world.run(2 * MINUTE);
    expect(world.fills.length).toBeGreaterThan(200);
  });
});
