import { describe, expect, test } from 'vitest';
import { BUY, SELL } from '../../src/base/units.ts';
import { runWorld, scenarioOf } from '../acceptance/laboratory.ts';

const levels = (book: string, sale = 0): { bids: number[][]; asks: number[][] } => {
  const { book: orders } = runWorld(
    scenarioOf('limits/static-market.yaml', [
      `agents.book={ kind: static-book, orderLatency: 0s, ${book} }`,
      `shocks.sale.notional=${sale}`,
    ]),
  ).exchange;
  const sideOf = (side: typeof BUY): number[][] => {
    const found: number[][] = [];
    for (
      let price = side === BUY ? orders.bestBid() : orders.bestAsk();
      price === price;
      price = orders.nextLevel(side, price)
    )
      found.push([price, orders.lotsAt(side, price)]);
    return found;
  };
  return { bids: sideOf(BUY), asks: sideOf(SELL) };
};

describe('static-book', () => {
  // 100k in 1 % of 1000.00 are 100 lots of 0.001 a tick.
  test('lays out the depth asked for in equal steps on both sides', () => {
    expect(levels('depthPerPercent: 100k, spacing: 0.5%, reach: 1.5%')).toEqual({
      bids: [[99_500, 50_000], [99_000, 50_000], [98_500, 50_000]],
      asks: [[100_500, 50_000], [101_000, 50_000], [101_500, 50_000]],
    }); // prettier-ignore
  });

  test('rounds to whole lots in the sum, not level by level', () => {
    const { bids } = levels('depthPerPercent: 250, spacing: 0.01%, reach: 1%');
    expect(bids.reduce((sum, [, lots]) => sum + lots, 0)).toBe(250);
  });

  test('puts a wall in the place of the asks', () => {
    const { asks } = levels('depthPerPercent: 100k, spacing: 0.5%, reach: 1.5%, asks: wall');
    expect(asks).toEqual([[100_500, 150_000]]);
  });

  test('is never replenished', () => {
    const { bids } = levels('depthPerPercent: 100k, spacing: 0.5%, reach: 1.5%', 60_000);
    expect(bids).toEqual([[99_000, 40_000], [98_500, 50_000]]); // prettier-ignore
  });
});
