import { expect, test } from 'vitest';
import { WATCHED_PRICES } from '../../src/risk/halts/halt-rule.ts';
import type { World } from '../../src/world/world.ts';
import { runWorld, scenarioOf } from './laboratory.ts';

/**
 * In the market of `scenarios/limits/static-market.yaml`, whose book nobody renews, one price moves by half a percent and the two others stay:
 * last by a sale, the index by the venue that alone makes it, the mark by another venue that alone makes that.
 */
const MOVES = {
  last: 'shocks={ sale: { kind: sell-program, at: 100ms, notional: 50k, over: 0s } }',
  mark: 'shocks={ push: { kind: feed-manipulation, at: 100ms, feed: beta, size: -0.5% } }',
  index: 'shocks={ push: { kind: feed-manipulation, at: 100ms, feed: alpha, size: -0.5% } }',
} as const;

function moved(price: keyof typeof MOVES, more: readonly string[]): World {
  return runWorld(
    scenarioOf('limits/static-market.yaml', [
      MOVES[price],
      ...['feeds.alpha.every=10ms', 'feeds.beta.every=10ms', 'index.every=10ms'],
      ...[
        'index.weights={ alpha: 1 }',
        'exchange.mark={ design: composite, trade: 0, book: 0, index: 0, feeds: { beta: 1 }, every: 10ms }',
      ],
      ...['expect=[]', ...more],
    ]),
  );
}

for (const trigger of WATCHED_PRICES)
  test.each(WATCHED_PRICES)(`a stop that goes by ${trigger}, when %s falls`, (price) => {
    const world = moved(price, [
      `exchange.stops.trigger=${trigger}`,
      'agents.longs={ kind: leveraged-holder, count: 1, openInterest: 1k, leverage: 2, entry: 0, stopLoss: 1, stopDistance: 0.004 }',
    ]);
    expect(world.recorder.liquidations).toBe(0);
    const { lots } = world.exchange.accounts;
    const held = [...lots.keys()].filter((account) => world.populationOf(account) === 'longs');
    expect(lots[held[0]] === 0).toBe(trigger === price);
  });

test.each(WATCHED_PRICES)('a take-profit of a short that goes by %s closes it when that falls', (price) => {
  const world = moved(price, [
    `exchange.stops.trigger=${price}`,
    'agents.shorts={ kind: leveraged-holder, count: 1, longShare: 0, openInterest: 1k, leverage: 2, entry: 0, stopLoss: 0, takeProfit: 1, takeProfitDistance: 0.004 }',
  ]);
  const { lots } = world.exchange.accounts;
  const held = [...lots.keys()].filter((account) => world.populationOf(account) === 'shorts');
  expect(lots[held[0]]).toBe(0);
});
