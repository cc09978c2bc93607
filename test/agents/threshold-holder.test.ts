import { describe, expect, test } from 'vitest';
import { triggerPrice } from '../../src/accounts/margin.ts';
import { scenarioOf } from '../acceptance/laboratory.ts';
import { World } from '../../src/world/world.ts';
import { kolmogorovSmirnov } from '../../src/metrics/goodness-of-fit.ts';
import { exponentialCdf } from '../base/laws.ts';

/** Liquidation prices of the population, in ticks, in the order of its accounts; prices start at 100 000. */
function liquidationPrices(holder: string, more: string[] = []): number[] {
  const agents = `agents.longs={ kind: threshold-holder, ${holder} }`;
  const scenario = scenarioOf('limits/static-market.yaml', ['agents.book.spacing=1%', agents, ...more]);
  const { exchange, schedule, populationOf } = bound(
    new World({ scenario, replicate: 0, mode: { kind: 'closed' } }),
  );
  const { lots, ledger, size } = exchange.accounts;
  const prices: number[] = [];
  for (let account = 0; account < size; account++)
    if (populationOf(account) === 'longs' && lots[account] !== 0)
      prices.push(triggerPrice(schedule, ledger.balance[account], lots[account]));
  return prices;
}

function bound(world: World): Pick<World, 'exchange' | 'schedule' | 'populationOf'> {
  return {
    exchange: world.exchange,
    schedule: world.schedule,
    populationOf: (account) => world.populationOf(account),
  };
}

describe('threshold-holder', () => {
  test('spreads liquidation prices evenly below the price, up to the end of the range', () => {
    const expected = Array.from({ length: 30 }, (_, i) => 99_000 - 100 * (i + 1));
    expect(liquidationPrices('perPercent: 10, notional: 5k, from: 1%, to: 4%')).toEqual(expected);
  });

  test('or above it, for shorts', () => {
    const expected = [100_250, 100_500, 100_750, 101_000];
    expect(liquidationPrices('perPercent: 4, notional: 5k, to: 1%, side: short')).toEqual(expected);
  });

  test('takes the first tick beyond a threshold between two', () => {
    // A third of 1 % is 333 1/3 ticks.
    expect(liquidationPrices('perPercent: 3, notional: 5k, to: 1%')).toEqual([99_666, 99_333, 99_000]);
  });

  test('hits the tick whatever the size and the tier', () => {
    const tiers =
      'exchange.margin.tiers=[{ minNotional: 0, maxNotional: 10k, maintenanceMarginRate: 0.4%, maxLeverage: 100 }, { minNotional: 10k, maxNotional: 1M, maintenanceMarginRate: 5%, maxLeverage: 10 }]';
    const sizes = 'notional: { uniform: [2, 50k] }';
    const expected = Array.from({ length: 200 }, (_, i) => 100_000 - 50 * (i + 1));
    expect(liquidationPrices(`perPercent: 20, ${sizes}, to: 10%`, [tiers])).toEqual(expected);
  });

  test('poisson: uniform positions, exponential gaps, none outside the range', () => {
    const expected = 10 * 88;
    const prices = liquidationPrices('perPercent: 10, notional: 500, from: 2%, to: 90%, spacing: poisson');
    expect(Math.abs(prices.length - expected)).toBeLessThan(3.3 * Math.sqrt(expected));
    const distances = Float64Array.from(prices, (price) => 98_000 - price);
    expect(kolmogorovSmirnov(distances, (x) => Math.min(Math.max(x / 88_000, 0), 1))).toBeLessThan(1);
    // Whole ticks in a mean gap of 100 of them: an error of up to 1 %, where the test allows 6 %.
    const gaps = distances.map((distance, i) => (distance - (i === 0 ? 0 : distances[i - 1])) / 100);
    expect(kolmogorovSmirnov(gaps, exponentialCdf)).toBeLessThan(1);
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(10_000);
  });
});
