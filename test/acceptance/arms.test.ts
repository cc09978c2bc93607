import { describe, expect, test } from 'vitest';
import { choice, variant } from '../../src/base/parameters.ts';
import type { MarkDesign, MarkParts } from '../../src/prices/mark/mark-design.ts';
import { vocabularyFrom } from '../../src/run/vocabulary.ts';
import { simulateReplicate } from '../../src/run/simulate.ts';
import { catalogue } from '../../src/world/catalogue.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { World } from '../../src/world/world.ts';
import { scenarioFrom } from './laboratory.ts';
import { randomScenario } from './random-worlds.ts';

/** A lively market with every kind of trader, in which a sale and a fall outside break leveraged accounts. */
function market(mark: object, more: object = {}): object {
  return {
    title: 'Arms',
    about: 'Made up by a test.',
    seed: 11,
    warmUp: '10s',
    horizon: '40s',
    contract: { tick: 0.1, lot: 0.001, price: 1000 },
    fundamental: { process: 'gbm', volatility: '80%' },
    feeds: {
      alpha: { noise: '2bp' },
      beta: {
        noise: '5bp',
        delay: { exponential: { mean: '300ms' } },
        outageEvery: '10s',
        outageLength: '3s',
      },
    },
    exchange: {
      mark,
      margin: { tiers: 'tiers/binance-btcusdt.json' },
      liquidation: { policy: 'cure-then-take-over' },
      insuranceFund: '100k',
      adl: { ranking: 'pro-rata' },
      funding: { rule: 'clamped-premium', interval: '7s' },
    },
    agents: {
      makers: { kind: 'market-maker', count: 2, levels: 6, depthScale: 0.1 },
      noise: { kind: 'noise-trader', count: 5 },
      arbitrageurs: { kind: 'arbitrageur', count: 1, capital: '1M', clip: '50k' },
      holders: {
        kind: 'leveraged-holder',
        count: 80,
        longShare: 0.7,
        openInterest: '10M',
        leverage: { lognormal: { median: 20, sigma: 0.8 }, within: [1, 100] },
      },
      hedged: { kind: 'hedged-holder', count: 10 },
    },
    shocks: {
      sale: { kind: 'sell-program', at: '5s', notional: '3M', over: '10s' },
      jump: { kind: 'price-jump', at: '8s', size: '-4%' },
    },
    ...more,
  };
}

const designs = Object.keys(catalogue.mark);

describe('the arms of a replicate', () => {
  test.each(designs)(
    '%s: are the same market up to the first account that breaks, and not afterwards',
    (design) => {
      const scenario = scenarioFrom(market({ design }));
      let differing = 0;
      for (let replicate = 0; replicate < 6; replicate++) {
        const rows = simulateReplicate(scenario, replicate);
        const [off, openLoop, closed] = rows;
        expect(new Set(rows.map((row) => row.prefixFingerprint)).size).toBe(1);
        expect(off.metrics.liquidated_accounts).toBe(0);
        if (closed.metrics.liquidated_accounts === 0) expect(closed.fingerprint).toBe(off.fingerprint);
        // The last mark may break an account that nothing can happen to any more.
        if (closed.metrics.forced_notional === 0) continue;
        expect(closed.fingerprint).not.toBe(off.fingerprint);
        expect(openLoop.fingerprint).not.toBe(off.fingerprint);
        expect(off.prefixFingerprint).not.toBe(off.fingerprint);
        differing++;
      }
      expect(differing).toBeGreaterThan(0);
    },
  );

  test('share their beginning in any world', () => {
    let broken = 0;
    for (let number = 100; number < 140; number++) {
      const rows = simulateReplicate(randomScenario(number), 0);
      expect(new Set(rows.map((row) => row.prefixFingerprint)).size).toBe(1);
      if (rows[2].metrics.liquidated_accounts > 0) broken++;
    }
    expect(broken).toBeGreaterThan(20);
  });

  test('open-loop follows the marks of off to the last', () => {
    const scenario = scenarioFrom(market({ design: 'last-trade' }));
    const off = new World({ scenario, replicate: 1, mode: { kind: 'off' } });
    off.run();
    const openLoop = new World({ scenario, replicate: 1, mode: { kind: 'open-loop', marks: off.marks } });
    openLoop.run();
    expect(openLoop.recorder.liquidations).toBeGreaterThan(0);
    expect([...openLoop.marks]).toEqual([...off.marks]);
  });
});

describe('a run', () => {
  const scenario = scenarioFrom(market({ design: 'last-trade' }));
  const other = scenarioFrom(market({ design: 'index-only' }));

  test('repeats itself, also after another one in the same process', () => {
    const first = simulateReplicate(scenario, 2);
    const between = simulateReplicate(other, 2);
    expect(simulateReplicate(scenario, 2)).toEqual(first);
    expect(simulateReplicate(other, 2)).toEqual(between);
    expect(between[2].fingerprint).not.toBe(first[2].fingerprint);
  });

  test('differs from the other replicates and from other seeds', () => {
    const reseeded = scenarioFrom(market({ design: 'last-trade' }, { seed: 12 }));
    const prints = [0, 1, 2, 3].flatMap((replicate) =>
      [scenario, reseeded].map((one) => simulateReplicate(one, replicate)[0].fingerprint),
    );
    expect(new Set(prints).size).toBe(prints.length);
  });
});

describe('common random numbers', () => {
  /** Everything that comes from outside the exchange: feed prices as they arrive, who wakes when, the fundamental path. */
  function exogenous(scenario: Scenario): string[] {
    const seen: string[] = [];
    const world = new World({
      scenario,
      replicate: 0,
      mode: { kind: 'closed' },
      log: (time, _phase, kind, a) => {
        if (/^(alpha|beta)-arrives|^noise-wakes|^arbitrageurs-wakes|^makers-wakes/.test(kind))
          seen.push(`${time} ${kind} ${a}`);
        if (kind === 'fundamental') seen.push(`${time} ${world.market.fundamental.price}`);
      },
    });
    world.run();
    return seen;
  }

  test('a change of mark design, liquidation, fund or population leaves the exogenous streams as they were', () => {
    const base = exogenous(scenarioFrom(market({ design: 'last-trade' })));
    expect(base.length).toBeGreaterThan(500);
    for (const design of designs) expect(exogenous(scenarioFrom(market({ design })))).toEqual(base);
    const agents = (market({}) as { agents: object }).agents;
    // First in the file, so that every other population has another place, other accounts and other handlers.
    const more = { more: { kind: 'noise-trader', count: 2 }, ...agents };
    expect(exogenous(scenarioFrom(market({ design: 'mid' }, { agents: more })))).toEqual(base);
  });
});

describe('a new mark design', () => {
  /** One file, of which this is the whole. */
  const worse = variant({
    name: 'worse-of-two',
    about: 'The lower or the higher of the last trade and the index.',
    parameters: { side: choice(['lower', 'higher'], { default: 'lower', about: 'which of the two' }) },
    create: ({ side }, _parts: MarkParts): MarkDesign => ({
      price: ({ last, index }) => (side === 'lower' ? Math.min(last, index) : Math.max(last, index)),
    }),
  });
  /** One line. */
  const mark = { ...catalogue.mark, 'worse-of-two': worse };

  test('can be named in a scenario, is checked there and prices the accounts', () => {
    const extended = { ...catalogue, mark };
    const vocabulary = vocabularyFrom(extended);
    const written = (parameters: object): object => market({ design: 'worse-of-two', ...parameters });
    const run = (parameters: object): World => {
      const world = new World({
        scenario: scenarioFrom(written(parameters), vocabulary),
        replicate: 0,
        mode: { kind: 'closed' },
        catalogue: extended,
      });
      world.run();
      return world;
    };
    const lower = run({ side: 'lower' });
    const higher = run({ side: 'higher' });
    expect(lower.recorder.lowestMark).toBeLessThan(higher.recorder.lowestMark);
    expect(lower.recorder.liquidations).toBeGreaterThan(higher.recorder.liquidations);
    expect(() => scenarioFrom(written({ side: 'left' }), vocabulary)).toThrow(/one of lower, higher/);
    expect(() => scenarioFrom(written({}))).toThrow(/worse-of-two/);
    const [row] = simulateReplicate(scenarioFrom(written({}), vocabulary), 0, { catalogue: extended });
    expect(row.metrics.mark_drawdown).toBeGreaterThan(0);
  });
});
