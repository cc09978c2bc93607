import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadBatch, simulateDetail, VOCABULARY } from '../../src/index.ts';
import { World } from '../../src/world/world.ts';

const MAIN = join(import.meta.dirname, '../../scenarios/mark-designs.yaml');
const ONE_CELL = ['sweep={exchange.mark: [{ design: last-trade }]}', 'expect=[]'];
const files = {
  read: (path: string) => readFileSync(path, 'utf8'),
  resolve: (from: string, to: string) => join(dirname(from), to),
};

function load(...set: string[]) {
  return loadBatch(MAIN, files, VOCABULARY, { set: [...ONE_CELL, ...set] });
}

describe('a scenario that only shows its fault when its world is built', () => {
  test.each([
    ['agents.hedged={ kind: noise-trader }', /agents: .*longs equal their shorts/],
    ['agents.holders.openInterest=1e18', /below 2\^53/],
    ['agents.holders.count=100000000000', /agents\.holders\.count: .*50M/],
    [
      'agents.holders.leverage={ lognormal: { median: 8, sigma: 0.9 }, within: [1e9, 1e10] }',
      /within their range/,
    ],
    ['shocks.dump={ kind: venue-outage, at: 30s, feed: alhpa }', /shocks\.dump\.feed: .*one of alpha, beta/],
    [
      'sweep={exchange.mark: [{ design: median-composite, perps: { beta: 2, alhpa: 3 } }]}',
      /exchange\.mark\.perps\.alhpa: found the unknown key alhpa, expected .*: alpha, beta, .*Did you mean alpha/,
    ],
    [
      'sweep={exchange.mark: [{ design: worst-of-two, fast: alhpa }]}',
      /exchange\.mark\.fast: found alhpa, expected the name of a feed: alpha, beta, .*Did you mean alpha/,
    ],
    [
      'exchange.waterfall={ trigger: never, losses: nobody }',
      /exchange\.waterfall\.losses: .*somebody, where nobody is deleveraged/,
    ],
    ['contract.price=1e300', /contract\.price: .*ticks/],
  ])('is refused with its place: %s', (set, message) => {
    expect(() => load(set)).toThrow(message);
  });
});

test('every cell of a sweep is looked at for feeds that do not exist, and the line is named', () => {
  const cells = '[{ design: last-trade }, { design: composite, feeds: { alhpa: 1 } }]';
  expect(() => load(`sweep={exchange.mark: ${cells}}`)).toThrow(/exchange\.mark\.feeds\.alhpa/);
  const text = readFileSync(MAIN, 'utf8').replace(
    '{ design: index-only }',
    '{ design: worst-of-two, fast: alhpa }',
  );
  const line = text.split('\n').findIndex((one) => one.includes('alhpa')) + 1;
  const changed = { ...files, read: (path: string) => (path === MAIN ? text : files.read(path)) };
  expect(() => loadBatch(MAIN, changed, VOCABULARY)).toThrow(`mark-designs.yaml:${line}:`);
});

test('every cell of a sweep is looked at for a policy that needs a backstop where there is none, and the line is named', () => {
  const marked = readFileSync(MAIN, 'utf8').replace(
    /^sweep:\n/m,
    'sweep:\n  exchange.liquidation:\n    - { policy: close-at-market }\n    - { policy: fraction-then-all }\n',
  );
  const line = marked.split('\n').findIndex((one) => one.includes('fraction-then-all')) + 1;
  const changed = { ...files, read: (path: string) => (path === MAIN ? marked : files.read(path)) };
  const load = (...set: string[]) => loadBatch(MAIN, changed, VOCABULARY, { set: ['expect=[]', ...set] });
  expect(() => load()).toThrow(
    `mark-designs.yaml:${line}:17 exchange.liquidation.policy: found fraction-then-all, expected a policy that hands no positions to a backstop`,
  );
  expect(() => load('exchange.backstop={ balance: 1M }')).not.toThrow();
});

test('leverage, weighted by open interest, is what its source tallied: 36 % to 3x, 49 % to 7x, 15 % above', () => {
  const { scenario } = load().cells[0];
  const held = [0, 0, 0];
  for (let replicate = 0; replicate < 30; replicate++) {
    const world = new World({ scenario, replicate, mode: { kind: 'closed' } });
    const { accounts } = world.exchange;
    for (let account = 0; account < accounts.size; account++) {
      if (world.populationOf(account) !== 'holders' || accounts.lots[account] === 0) continue;
      const entry = Math.abs(accounts.entryValue[account]);
      const leverage = entry / accounts.wallet(account);
      // Collateral is rounded up to a whole unit, so a leverage of 3 or 7 may come out a hair below.
      held[leverage <= 3 ? 0 : leverage <= 7 ? 1 : 2] += entry;
    }
  }
  const total = held[0] + held[1] + held[2];
  // 30 draws of 9,000 sizes of which the largest hold 0.5 % each: the standard error of a share is about 0.6 %.
  expect(Math.abs(held[0] / total - 0.36)).toBeLessThan(0.02);
  expect(Math.abs(held[1] / total - 0.49)).toBeLessThan(0.02);
  expect(Math.abs(held[2] / total - 0.15)).toBeLessThan(0.02);
});

test('the warm-up of the main scenario burns no fuel', () => {
  const { scenario } = load().cells[0];
  const { liquidations } = simulateDetail(scenario, 0, 'closed');
  const shock = (scenario.warmUp + 10_000_000) / 1e6;
  expect(Array.from(liquidations.time_s as Float64Array).filter((time) => time < shock)).toEqual([]);
});
