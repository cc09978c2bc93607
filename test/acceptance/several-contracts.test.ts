import { describe, expect, test } from 'vitest';
import { FIRST_TRADER } from '../../src/accounts/ledger.ts';
import { isDistressed } from '../../src/accounts/margin.ts';
import { RandomSource } from '../../src/base/random.ts';
import { simulateReplicate } from '../../src/run/simulate.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { World } from '../../src/world/world.ts';
import { runWorld, scenarioFrom } from './laboratory.ts';

/** A small violent exchange of two or three contracts, made up anew for each number. */
function randomScenario(number: number, changes: object = {}): Scenario {
  const random = new RandomSource('several contracts').stream(`${number}`);
  const some = <Value>(values: readonly Value[]): Value => values[random.below(values.length)];
  const names = ['', 'two', ...(number % 2 === 0 ? [] : ['three'])];
  const market = (price: number, tick: number) => ({
    contract: { tick, lot: 0.0001 / tick, price, takerFee: '0.05%', makerFee: '0.02%' },
    fundamental: { process: 'gbm', volatility: '80%' },
    feeds: { alpha: { noise: '3bp', depthPerPercent: '2M' } },
  });
  const rules = () => ({
    mark: { design: some(['last-trade', 'mid', 'index-only']), every: some(['500ms', '1s']) },
    margin: some([
      { tiers: 'tiers/binance-ethusdt.json' },
      { rule: 'linear-in-size', slope: '0.001%' },
      { rule: 'oi-scaled', from: 0, to: 0 },
    ]),
    funding: { rule: 'clamped-premium', interval: some(['3s', '7s']) },
  });
  const agents = names.map((contract) => {
    const suffix = contract === '' ? '' : `-${contract}`;
    const at = contract === '' ? {} : { contract };
    return {
      [`makers${suffix}`]: { kind: 'market-maker', count: 2, levels: 5, depthScale: 0.05, ...at },
      [`noise${suffix}`]: { kind: 'noise-trader', count: 3, rate: 3, ...at },
      [`holders${suffix}`]: { kind: 'leveraged-holder', count: 30, openInterest: '2M', ...at },
      [`hedged${suffix}`]: { kind: 'hedged-holder', count: 10, ...at },
    };
  });
  return scenarioFrom({
    title: `Several contracts ${number}`,
    about: 'Made up by a test.',
    seed: number,
    warmUp: '5s',
    horizon: '30s',
    ...market(1_000, 0.1),
    exchange: {
      ...rules(),
      liquidation: {
        policy: some(['close-at-market', 'cure-then-take-over', 'step-down-tier']),
        latency: '50ms',
        positionOrder: some(['largest-margin', 'random']),
      },
      insuranceFund: { balance: some([0, 1_000, 5_000_000]), unwindEvery: '2s' },
      adl: { ranking: 'profit-by-margin-ratio' },
      collateral: number % 3 === 1 ? { usde: { feeds: { own: {} }, index: { every: '700ms' } } } : {},
    },
    markets: Object.fromEntries(
      names.slice(1).map((name, i) => [name, { ...market(50 * (i + 1), 0.01), exchange: rules() }]),
    ),
    agents: {
      ...Object.fromEntries(agents.flatMap((some) => Object.entries(some))),
      cross: {
        kind: 'cross-holder',
        count: 60,
        notional: { lognormal: { median: '20k', sigma: 1 }, within: [1000, '300k'] },
        leverage: { uniform: [5, 25] },
        sides: some(['long', 'long', 'opposite', 'random']),
        collateral: number % 3 === 1 ? { usde: '100%' } : {},
      },
    },
    shocks: {
      dump: { kind: 'sell-program', at: '3s', notional: '1.5M', over: '5s', contract: 'two' },
      ...(number % 3 === 0 ? { fall: { kind: 'price-jump', at: '6s', size: '-6%', contract: 'all' } } : {}),
      ...(number % 3 === 1
        ? { depeg: { kind: 'price-jump', at: '4s', size: '-90%', over: '6s', collateral: 'usde' } }
        : {}),
    },
    ...changes,
  });
}

/**
 * After every event: money and positions are conserved. When the checks of an instant are over, in whatever order they came, everybody
 * whom a mark or a price has broken is being liquidated.
 */
function audited(scenario: Scenario): World {
  let kind = '';
  let lines: number[] = [];
  const world: World = new World({
    scenario,
    replicate: 0,
    mode: { kind: 'closed' },
    // Told of an event before it happens.
    log: (_time, _phase, name) => {
      if (name === 'fill') return;
      if (kind.endsWith('margin-check') && !name.endsWith('margin-check')) nobodyIsLeftAlone(world);
      kind = name;
    },
    afterEvent: ({ markets }) => {
      world.checkInvariants();
      // Whoever broke in this event was valued at the marks of now, whichever contract's check found it.
      for (const [i, { recorder, exchange }] of markets.entries()) {
        const marks = recorder.liquidationLines.column('mark');
        for (let line = lines[i] ?? 0; line < marks.length; line++)
          if (marks[line] !== exchange.mark)
            throw new Error(
              `${world.kernel.now}: broken at ${marks[line]}, and the mark is ${exchange.mark}`,
            );
      }
      lines = markets.map(({ recorder }) => recorder.liquidationLines.length);
    },
  });
  world.run();
  return world;
}

function nobodyIsLeftAlone({ markets, kernel }: World): void {
  const [first] = markets;
  for (let account = FIRST_TRADER; account < first.exchange.accounts.size; account++) {
    if (first.exchange.isMargined[account] === 0) continue;
    const holds = markets.find(({ exchange }) => exchange.accounts.lots[account] !== 0);
    if (holds === undefined || first.isDistressed(account)) continue;
    const { exchange, schedule } = holds;
    const { accounts } = exchange;
    const mark = exchange.markOf(account);
    if (isDistressed(schedule, accounts.backing(account), accounts.lots[account], mark))
      throw new Error(`${kernel.now}: ${account} is distressed and left alone`);
  }
}

describe('LIMIT-10 an exchange with several contracts on one cash', () => {
  const worlds = [...Array(12).keys()].map((number) => audited(randomScenario(number)));
  const crossAccounts = (world: World): number[] =>
    [...world.exchange.accounts.lots.keys()].filter((account) => world.populationOf(account) === 'cross');

  test('conserves money and positions, and finds every account that any mark has broken', () => {
    const liquidations = worlds.map(({ markets }) =>
      markets.reduce((sum, { recorder }) => sum + recorder.liquidations, 0),
    );
    expect(liquidations.filter((n) => n > 0).length).toBeGreaterThan(6);
  });

  test('carries forced selling from one contract into the others', () => {
    const spread = worlds.filter(({ markets }) =>
      markets.every(({ recorder }) => {
        const accounts = recorder.liquidationLines.column('account');
        return crossAccounts(worlds[0]).length > 0 && accounts.length > 0;
      }),
    );
    expect(spread.length).toBeGreaterThan(3);
    const matrix = worlds.map(({ contagion }) => contagion.matrix());
    expect(matrix.some((k) => k[0][1] > 0)).toBe(true);
    for (const [i, k] of matrix.entries()) expect(k).toHaveLength(worlds[i].markets.length);
  });

  test('counts what its collateral has lost in all of them', () => {
    const fallen = worlds.flatMap(({ collateralStatement }) => collateralStatement ?? []);
    expect(fallen).toHaveLength(4);
    const sum = (of: (one: (typeof fallen)[number]) => number): number =>
      fallen.reduce((all, one) => all + of(one), 0);
    expect(sum(({ liquidations }) => liquidations)).toBeGreaterThan(20);
    expect(sum(({ seized }) => seized)).toBeGreaterThan(0);
  });

  test('closes an account in one contract at a time', () => {
    for (const { markets } of worlds) {
      const all = markets.flatMap(({ recorder }) => {
        const of = (name: 'account' | 'time_s' | 'ended_s') => [...recorder.liquidationLines.column(name)];
        const [accounts, from, to] = [of('account'), of('time_s'), of('ended_s')];
        return accounts.map((account, i) => ({ account, from: from[i], to: to[i] }));
      });
      for (const one of all)
        for (const other of all)
          if (one !== other && one.account === other.account)
            expect(one.to <= other.from || other.to <= one.from).toBe(true);
    }
  });

  test('has the same events in all arms until somebody breaks, and the same again', () => {
    const scenario = randomScenario(1);
    const rows = simulateReplicate(scenario, 0);
    expect(new Set(rows.map(({ prefixFingerprint }) => prefixFingerprint)).size).toBe(1);
    expect(simulateReplicate(scenario, 0)).toEqual(rows);
  });

  test('leaves a contract alone whose accounts hold nothing elsewhere', () => {
    const agents = onlyIsolated(randomScenario(2));
    const two = runWorld(randomScenario(2, { agents }));
    const own = Object.fromEntries(Object.entries(agents).filter(([name]) => !name.endsWith('-two')));
    const alone = runWorld(randomScenario(2, { agents: own, markets: {}, shocks: {} }));
    expect(two.contagion.matrix()[0][1]).toBe(0);
    expect(two.contagion.matrix()[1][0]).toBe(0);
    for (const column of ['mid', 'mark', 'index', 'bid_depth', 'forced_notional'] as const)
      expect(two.recorder.paths.column(column)).toEqual(alone.recorder.paths.column(column));
  });
});

/** The populations of a scenario as they were written, but for the accounts under cross margin. */
function onlyIsolated({ agents }: Scenario): Record<string, object> {
  return Object.fromEntries(
    Object.entries(agents)
      .filter(([, { kind }]) => kind !== 'cross-holder')
      .map(([name, { kind, contract }]) => [
        name,
        {
          kind,
          ...(contract === undefined ? {} : { contract }),
          ...(kind === 'market-maker' ? { depthScale: 0.05 } : {}),
          ...(kind === 'leveraged-holder' ? { count: 30, openInterest: '2M' } : {}),
        },
      ]),
  );
}

describe('a scenario with several contracts is refused', () => {
  const refusal =
    (changes: object): (() => Scenario) =>
    () =>
      randomScenario(0, changes);
  test.each([
    [
      'a population of a contract that does not exist',
      { agents: { noise: { kind: 'noise-trader', contract: 'four' } } },
      'agents.noise.contract: found "four", expected one of two',
    ],
    [
      'a shock to one',
      { shocks: { fall: { kind: 'price-jump', at: '1s', contract: 'four' } } },
      'expected one of two',
    ],
  ])('for %s', (_what, changes, message) => {
    expect(refusal(changes)).toThrow(message);
  });

  test('for an inverse contract, whichever of them it is', () => {
    const inverse = { contract: { kind: 'inverse', tick: 0.1, lot: 1, price: 1_000 } };
    expect(refusal(inverse)).toThrow('contract.kind: found "inverse", expected linear');
  });

  test('for another unit of money, since they share cash', () => {
    const { markets } = { markets: { two: { contract: { tick: 1, lot: 1, price: 50 } } } };
    const written = {
      ...markets.two,
      fundamental: { process: 'constant' },
      feeds: { alpha: {} },
      exchange: { mark: { design: 'mid' }, margin: { rule: 'oi-scaled' }, funding: { rule: 'none' } },
    };
    expect(refusal({ markets: { two: written } })).toThrow('they share cash');
  });

  test('for a tier table of a further contract, with its place', () => {
    const tiers = [{ minNotional: 5, maxNotional: 10, maintenanceMarginRate: '1%', maxLeverage: 10 }];
    const written = {
      contract: { tick: 0.01, lot: 0.01, price: 50 },
      fundamental: { process: 'constant' },
      feeds: { alpha: {} },
      exchange: { mark: { design: 'mid' }, margin: { tiers }, funding: { rule: 'none' } },
    };
    expect(refusal({ markets: { two: written } })).toThrow(
      'markets.two.exchange.margin.tiers[0].minNotional',
    );
  });
});
