import { expect, it } from 'vitest';
import { SECOND } from '../../src/base/units.ts';
import { VOCABULARY } from '../../src/run/vocabulary.ts';
import { loadBatch } from '../../src/world/scenario.ts';
import { World } from '../../src/world/world.ts';

const scenario = (delay: string): string => `
title: Delays
about: In what order do prices arrive?
warmUp: 1s
horizon: 119s
contract: { tick: 1, lot: 1, price: 1000000 }
fundamental: { process: constant }
feeds:
  alpha: { every: 1s, delay: ${delay}, noise: 0 }
exchange:
  mark: { design: index-only }
  margin: { tiers: [{ minNotional: 0, maxNotional: 1B, maintenanceMarginRate: 1%, maxLeverage: 10 }] }
  liquidation: { policy: close-at-market }
  insuranceFund: 0
  adl: { ranking: pro-rata }
  funding: { rule: none }
agents:
  noise: { kind: noise-trader, count: 1, rate: 0 }
shocks:
  slide: { kind: price-jump, at: 0s, size: -50%, over: 100s }
`;

/** Arrivals as [time, price]. The fundamental price falls all the time: prices in the order of their publication fall. */
function arrivals(delay: string): [number, number][] {
  const batch = loadBatch('s.yaml', { read: () => scenario(delay), resolve: (_from, to) => to }, VOCABULARY);
  const seen: [number, number][] = [];
  const world = new World({
    scenario: batch.cells[0].scenario,
    replicate: 0,
    mode: { kind: 'closed' },
    log: (time, _phase, kind, price) => kind === 'alpha-arrives' && seen.push([time, price]),
  });
  world.run();
  return seen;
}

it('prices of a feed arrive one delay after they were published', () => {
  expect(
    arrivals('300ms')
      .slice(0, 3)
      .map(([time]) => time),
  ).toEqual([1.3 * SECOND, 2.3 * SECOND, 3.3 * SECOND]);
});

it('prices of a feed arrive in the order of their publication, however much the delay varies', () => {
  const seen = arrivals('{ uniform: [0s, 5s] }');
  expect(seen.length).toBeGreaterThan(100);
  const prices = seen.map(([, price]) => price);
  expect(prices).toEqual(prices.toSorted((a, b) => b - a));
  seen.forEach(([time], i) => {
    const published = (i + 1) * SECOND;
    expect(time).toBeGreaterThanOrEqual(published);
    expect(time).toBeLessThanOrEqual(published + 5 * SECOND);
  });
});
