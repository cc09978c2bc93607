import { describe, expect, it } from 'vitest';
import type { MarginalTiers } from '../../src/accounts/margin-table.ts';
import type { TierTable } from '../../src/accounts/tier-table.ts';
import { batchFrom, type BatchSource, type Scenario } from '../../src/world/scenario.ts';
import { GOOD, load, TIERS } from '../fixtures/scenarios/files.ts';
import { vocabulary } from '../fixtures/scenarios/vocabulary.ts';

const SECOND = 1_000_000;
const scenarioOf = (texts: Parameters<typeof load>[0], set: readonly string[] = []) =>
  load(texts, set).cells[0].scenario;

/** The table that the margin rule was given. */
const tiersOf = (scenario: Scenario): TierTable =>
  (scenario.exchange.margin.parameters as { readonly tiers: MarginalTiers }).tiers.table;

describe('a scenario file', () => {
  it('takes marginal tiers for the margin rule when it names none, and another one whole', () => {
    expect(scenarioOf(GOOD).exchange.margin).toMatchObject({ rule: 'marginal-tiers', feeToClose: false });
    const flat = scenarioOf(GOOD, ['exchange.margin={ rule: flat, rate: 3%, feeToClose: true }']);
    expect(flat.exchange.margin).toEqual({ rule: 'flat', feeToClose: true, parameters: { rate: 0.03 } });
    expect(() => scenarioOf(GOOD, ['exchange.margin={ rule: flta }'])).toThrow('Did you mean flat?');
  });

  it('refuses a table of another margin rule', () => {
    const table =
      '{ rule: linear-in-size, baseInitialMargin: 2%, baseMaintenanceMargin: 1%, slopePerCoin: 0.1 }';
    expect(() => scenarioOf(GOOD, [`exchange.margin.tiers=${table}`])).toThrow(
      'exchange.margin.tiers.rule: found a table for linear-in-size, expected one for marginal-tiers',
    );
  });

  it('becomes plain numbers in engine units', () => {
    const scenario = scenarioOf(GOOD);
    expect(scenario).toMatchObject({
      title: 'Test',
      about: 'Is it read?',
      horizon: 20 * 60 * SECOND,
      contract: { tick: 0.1, lot: 0.001, price: 60_000 },
      fundamental: { process: 'gbm', parameters: { volatility: 0.5 } },
      feeds: { alpha: { every: SECOND, delay: { kind: 'constant', value: 80_000 }, noise: 0.0002 } },
      index: { weights: { alpha: 2, beta: 1 } },
      exchange: {
        mark: { design: 'median-of-three', parameters: { window: 10 * SECOND } },
        liquidation: { policy: 'close-at-market', latency: 20_000, parameters: {} },
        insuranceFund: { balance: 20e6 },
        adl: { ranking: 'pro-rata', parameters: {} },
        funding: { rule: 'none', parameters: {} },
      },
      agents: {
        makers: { kind: 'maker', parameters: { depth: 12e6 } },
        longs: { kind: 'holder', parameters: { count: 8_000, side: 'long' } },
      },
      shocks: {
        dump: { kind: 'sell-program', at: 300 * SECOND, parameters: { notional: 40e6, over: 60 * SECOND } },
      },
    });
    expect(tiersOf(scenario)).toMatchObject({ contract: 'BTC/USDT:USDT', source: 'made up' });
    expect(tiersOf(scenario).tiers.map(({ deduction }) => deduction)).toEqual([0, 50]);
  });

  it('takes defaults for what it leaves out', () => {
    const scenario = scenarioOf(GOOD.replace(/^index:.*\n/m, '').replace(/^shocks:\n.*\n/m, ''));
    expect(scenario).toMatchObject({
      seed: '1',
      warmUp: 60 * SECOND,
      contract: { name: 'PERP', takerFee: 0.0005, makerFee: 0.0002, marketBand: 0.05 },
      index: {
        rule: 'clipped-mean',
        weights: { alpha: 1, beta: 1 },
        stale: 300 * SECOND,
        every: SECOND,
        atLeast: 1,
        parameters: { clip: 0.03 },
      },
      exchange: {
        mark: { every: SECOND },
        liquidation: { fee: 0.01 },
        insuranceFund: { unwindEvery: 10 * SECOND, unwindShare: 0.1 },
      },
      shocks: {},
      measure: { arms: ['off', 'open-loop', 'closed'], replicates: { atLeast: 40, atMost: 40 } },
      expect: [],
    });
    expect(scenario.feeds.beta).toEqual({
      every: SECOND,
      delay: { kind: 'constant', value: 100_000 },
      quotes: 'spot',
      noise: 0,
      noiseHalfLife: 30 * SECOND,
      depthPerPercent: Infinity,
      recovery: 60 * SECOND,
      outageEvery: Infinity,
      outageLength: 60 * SECOND,
    });
  });

  it('may say how many replicates, and when they are enough', () => {
    const measure =
      'measure: { arms: [closed], replicates: { atLeast: 10, atMost: 2k, until: { amplification: within 5%, ruin: within 1pp, excess_drawdown: within 5% or 2bp, fund_used: within 100k } } }\n';
    expect(scenarioOf(GOOD + measure).measure).toEqual({
      arms: ['closed'],
      replicates: {
        atLeast: 10,
        atMost: 2_000,
        until: {
          amplification: { relative: 0.05 },
          ruin: { absolute: 0.01 },
          excess_drawdown: { relative: 0.05, absolute: 2 },
          fund_used: { absolute: 100_000 },
        },
      },
    });
    const uncapped = 'measure: { replicates: { atLeast: 30, until: { ruin: within 5% } } }\n';
    expect(scenarioOf(GOOD + uncapped).measure.replicates).toMatchObject({ atLeast: 30, atMost: 300 });
  });

  it('may name another index rule, with a halt; a feed of perpetuals is not in the index unasked', () => {
    const scenario = scenarioOf(
      GOOD.replace(/^index:.*\n/m, 'index: { rule: median, atLeast: 2, halt: { move: 5% } }\n').replace(
        'beta: {}',
        'beta: { quotes: perp }',
      ),
    );
    expect(scenario.index).toEqual({
      rule: 'median',
      weights: { alpha: 1 },
      stale: 300 * SECOND,
      every: SECOND,
      atLeast: 2,
      halt: { move: 0.05, within: SECOND, length: 60 * SECOND },
      parameters: {},
    });
  });

  it('may weigh the own mid into the index, write tiers inline, and name its seed', () => {
    const scenario = scenarioOf(
      GOOD.replace('beta: 1 }', 'local: 0.5 }').replace(
        'tiers: tiers.json',
        'tiers: [{ minNotional: 0, maxNotional: null, maintenanceMarginRate: 1%, maxLeverage: 50 }]',
      ) + 'seed: storm\n',
    );
    expect(scenario.index.weights).toEqual({ alpha: 2, local: 0.5 });
    expect(tiersOf(scenario).tiers).toEqual([
      { floor: 0, cap: Infinity, maintenanceRate: 0.01, maxLeverage: 50, deduction: 0 },
    ]);
    expect(scenario.seed).toBe('storm');
  });

  it('is frozen to the bottom', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(load(GOOD))).toBe(true);
  });

  it('may use anchors', () => {
    const text = GOOD.replace('alpha: {', 'alpha: &venue {').replace('beta: {}', 'beta: *venue');
    expect(scenarioOf(text).feeds.beta.noise).toBe(0.0002);
  });
});

describe('extends', () => {
  const child = (over: string) => ({
    's.yaml': `extends: base/b.yaml\n${over}`,
    'base/b.yaml': GOOD,
    'base/tiers.json': TIERS,
  });

  it('merges maps key by key, and the file that extends wins', () => {
    const scenario = scenarioOf(
      child('title: Child\nagents: { longs: { count: 5 } }\nexchange: { mark: { window: 20s } }\n'),
    );
    expect(scenario.title).toBe('Child');
    expect(scenario.about).toBe('Is it read?');
    expect(scenario.agents.longs.parameters).toMatchObject({ count: 5, leverage: { kind: 'truncated' } });
    expect(scenario.agents.makers).toBeDefined();
    expect(scenario.exchange.mark).toMatchObject({
      design: 'median-of-three',
      parameters: { window: 20 * SECOND },
    });
  });

  it('replaces a map that names another variant, a distribution, a list and a tier table as a whole', () => {
    const scenario = scenarioOf({
      ...child(`exchange: { mark: { design: blend, localWeight: 1 }, margin: { tiers: own.json } }
agents: { longs: { leverage: { uniform: [2, 3] } } }
measure: { arms: [closed] }
`),
      'base/b.yaml': `${GOOD}measure: { arms: [off, closed] }\n`,
      'own.json':
        '[{ "minNotional": 0, "maxNotional": null, "maintenanceMarginRate": 0.1, "maxLeverage": 5 }]',
    });
    expect(scenario.exchange.mark).toEqual({
      design: 'blend',
      every: SECOND,
      parameters: { localWeight: 1 },
    });
    expect(scenario.agents.longs.parameters).toMatchObject({ leverage: { kind: 'uniform', from: 2, to: 3 } });
    expect(scenario.measure.arms).toEqual(['closed']);
    expect(tiersOf(scenario)).toMatchObject({ source: '', tiers: [{ maxLeverage: 5 }] });
  });

  it('sets the balance of the fund without touching how it unwinds', () => {
    const base = GOOD.replace('insuranceFund: 20M', 'insuranceFund: { balance: 1M, unwindShare: 50% }');
    const texts = { ...child('exchange: { insuranceFund: 7M }\n'), 'base/b.yaml': base };
    expect(scenarioOf(texts).exchange.insuranceFund).toMatchObject({ balance: 7e6, unwindShare: 0.5 });
    expect(scenarioOf(texts, ['exchange.insuranceFund=8M']).exchange.insuranceFund).toMatchObject({
      balance: 8e6,
      unwindShare: 0.5,
    });
  });

  it('of several files lets the later win, each from its own folder', () => {
    const scenario = scenarioOf({
      's.yaml': 'extends: [a/one.yaml, b/two.yaml]\nwarmUp: 5s\n',
      'a/one.yaml': `extends: ../base.yaml\nseed: 2\nhorizon: 30m\n`,
      'b/two.yaml': 'seed: 3\n',
      'base.yaml': GOOD,
    });
    expect(scenario).toMatchObject({ seed: '3', horizon: 1_800 * SECOND, warmUp: 5 * SECOND });
  });
});

describe('settings from the command line', () => {
  it('win over the file, in their order', () => {
    const set = [
      'seed=9',
      'seed="9b"',
      'agents.longs.count=12',
      'exchange.mark={ design: blend, localWeight: 0.5 }',
      'warmUp=1s',
    ];
    expect(scenarioOf(GOOD, set)).toMatchObject({
      seed: '9b',
      warmUp: SECOND,
      agents: { longs: { parameters: { count: 12 } } },
      exchange: { mark: { design: 'blend' } },
    });
  });

  it('reach into lists and sweeps, and add what is not there', () => {
    const sweep = 'sweep:\n  shocks.dump.notional: [10M]\n';
    expect(load(GOOD + sweep, ['sweep.shocks.dump.notional=[1M, 2M]']).cells).toHaveLength(2);
    expect(
      scenarioOf(GOOD, ['agents.longs.leverage.within.1=50', 'measure.replicates.atMost=80']),
    ).toMatchObject({
      agents: { longs: { parameters: { leverage: { to: 50 } } } },
      measure: { replicates: { atMost: 80 } },
    });
    expect(scenarioOf(GOOD, ['agents.shorts={ kind: holder, side: short }']).agents.shorts).toBeDefined();
  });
});

describe('a sweep', () => {
  const swept = `${GOOD}sweep:
  exchange.mark: [{ design: last-trade }, { design: blend, localWeight: 0.5 }, { design: blend, localWeight: 1 }]
  shocks.dump.notional: [10M, 20000000]
`;

  it('is the product of its axes in the order of the file, the first slowest', () => {
    const { axes, cells } = load(swept);
    expect(axes).toEqual([
      {
        name: 'mark',
        path: 'exchange.mark',
        labels: ['last-trade', 'blend localWeight=0.5', 'blend localWeight=1'],
      },
      { name: 'notional', path: 'shocks.dump.notional', labels: ['10M', '20000000'] },
    ]);
    expect(cells.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(cells.map(({ labels }) => `${labels.mark}/${labels.notional}`)).toEqual([
      'last-trade/10M',
      'last-trade/20000000',
      'blend localWeight=0.5/10M',
      'blend localWeight=0.5/20000000',
      'blend localWeight=1/10M',
      'blend localWeight=1/20000000',
    ]);
    expect(cells[3].scenario.exchange.mark.parameters).toEqual({ localWeight: 0.5 });
    expect(cells[3].scenario.shocks.dump.parameters).toMatchObject({ notional: 20e6 });
  });

  it('leaks no parameter of the base design into another', () => {
    expect(load(swept).cells[0].scenario.exchange.mark).toEqual({
      design: 'last-trade',
      every: SECOND,
      parameters: {},
    });
  });

  it('names axes by as much of their paths as tells them apart', () => {
    const { axes } = load(
      `${GOOD}sweep:
  agents.makers.depth: [1M]
  agents.longs.count: [1, 2]
  agents.shorts.count: [3]
  seed: [1, 2]
  agents.longs.leverage.within.1: [50]
`.replace('agents:\n', 'agents:\n  shorts: { kind: holder }\n'),
    );
    expect(axes.map(({ name }) => name)).toEqual([
      'depth',
      'longs.count',
      'shorts.count',
      'seed',
      'within.1',
    ]);
  });

  it('may vary tier tables, distributions and what the file leaves out', () => {
    const { axes, cells } = load({
      's.yaml': `${GOOD}sweep:
  exchange.margin.tiers: [tiers.json, flat.json]
  agents.longs.leverage: [20, { uniform: [2, 3] }]
  warmUp: [1s]
`,
      'flat.json':
        '[{ "minNotional": 0, "maxNotional": null, "maintenanceMarginRate": 0.1, "maxLeverage": 5 }]',
    });
    expect(axes.map(({ labels }) => labels)).toEqual([
      ['tiers.json', 'flat.json'],
      ['20', '{ uniform: [2, 3] }'],
      ['1s'],
    ]);
    expect(cells.map(({ scenario }) => tiersOf(scenario).tiers.length)).toEqual([2, 2, 1, 1]);
    expect(cells[0].scenario.warmUp).toBe(SECOND);
  });

  it('tells values of one name apart by what differs in them', () => {
    const { axes } = load(`${GOOD}sweep:
  exchange:
    - &base
      mark: { design: last-trade }
      margin: { tiers: tiers.json }
      liquidation: { policy: close-at-market }
      insuranceFund: { balance: 1M }
      adl: { ranking: pro-rata }
      funding: { rule: none }
`);
    expect(axes[0].labels).toEqual([
      '{ mark: last-trade, margin: { tiers: tiers.json }, liquidation: close-at-market, insuranceFund: { balance: 1M }, adl: pro-rata, funding: none }',
    ]);
    const windows = load(`${GOOD}sweep:
  exchange.mark: [{ design: median-of-three }, { design: median-of-three, window: 5s }]
`);
    expect(windows.axes[0].labels).toEqual(['median-of-three', 'median-of-three window=5s']);
  });
});

describe('a sweep over files', () => {
  const OTHER = `contract: { tick: 0.5, lot: 1 }
exchange:
  mark: { design: last-trade }
  margin: { tiers: flat.json }
  liquidation: { policy: close-at-market, latency: 1s }
  insuranceFund: 5M
  funding: { rule: none }
`;
  const FLAT = '[{ "minNotional": 0, "maxNotional": null, "maintenanceMarginRate": 0.1, "maxLeverage": 5 }]';
  /** The good scenario, its rules in a file of their own but for the ranking and the name of the contract. */
  const [, rules] = /^(exchange:\n.*?)^agents:/ms.exec(GOOD)!;
  const scenario = GOOD.replace(rules, 'exchange: { adl: { ranking: pro-rata } }\n').replace(
    'tick: 0.1, lot: 0.001, ',
    '',
  );
  const texts = {
    's.yaml': `${scenario}sweep:
  shocks.dump.notional: [10M, 20M]
  extends.venue: { First: venues/one.yaml, Second: venues/other.yaml }
`,
    'venues/one.yaml': `contract: { tick: 0.1, lot: 0.001 }\n${rules.replace('tiers.json', '../tiers.json')}`,
    'venues/other.yaml': OTHER,
    'venues/flat.json': FLAT,
  };

  it('runs the scenario as if it extended one file after the other', () => {
    const { axes, cells } = load(texts);
    expect(axes[1]).toEqual({ name: 'venue', path: 'extends.venue', labels: ['First', 'Second'] });
    const extended = ['one', 'other'].flatMap((name) =>
      ['10M', '20M'].map((notional) => {
        const alone = `extends: venues/${name}.yaml\n${scenario}`;
        return scenarioOf({ ...texts, 's.yaml': alone }, [`shocks.dump.notional=${notional}`]);
      }),
    );
    expect([0, 2, 1, 3].map((cell) => cells[cell].scenario)).toEqual(extended);
    expect(tiersOf(cells[1].scenario).tiers).toHaveLength(1);
  });

  it('lets the scenario and other axes have the last word', () => {
    const { cells } = load(
      { ...texts, 's.yaml': `${texts['s.yaml']}  exchange.mark: [{ design: blend, localWeight: 0.5 }]\n` },
      ['exchange.insuranceFund=7M', 'contract.name=MINE'],
    );
    expect(cells).toHaveLength(4);
    for (const { scenario } of cells) {
      expect(scenario.exchange.mark.design).toBe('blend');
      expect(scenario.exchange.insuranceFund.balance).toBe(7e6);
      expect(scenario.contract.name).toBe('MINE');
    }
  });

  it('names files without a label by themselves, also from the command line', () => {
    const { axes } = load(texts, ['sweep.extends.venue=[venues/other.yaml, venues/one.yaml]']);
    expect(axes[1].labels).toEqual(['other', 'one']);
  });

  it('takes no file that sweeps itself', () => {
    const one = `${texts['venues/one.yaml']}sweep: { seed: [1, 2] }\n`;
    expect(() => load({ ...texts, 'venues/one.yaml': one })).toThrow('found venues/one.yaml, which sweeps');
  });

  it('stands complete in the source of the batch', () => {
    const batch = load(texts);
    const again = batchFrom({ file: 's.yaml', source: batch.source }, vocabulary);
    expect(again.axes).toEqual(batch.axes);
    expect(again.cells).toEqual(batch.cells);
  });
});

describe('the source of a batch', () => {
  const texts = {
    's.yaml': `extends: base/b.yaml
exchange: { mark: { design: blend, localWeight: 0.25 } }
sweep:
  exchange.margin.tiers: [tiers.json, other.json]
  shocks.dump.notional: [10M, 2e7]
  agents.longs.leverage: [1.50, { mixture: [[0.7, 5], [0.3, { uniform: [2, 3] }]] }]
expect:
  - "ruin[tiers=other.json, leverage=1.5] < 1% at 99%"
`,
    'base/b.yaml': `${GOOD}# a remark\nseed: "007"\n`,
    'base/tiers.json': TIERS,
    'other.json': TIERS,
  };

  it('alone gives the same cells again', () => {
    const batch = load(texts, ['agents.longs.count=77']);
    const sent = JSON.parse(JSON.stringify({ file: batch.file, source: batch.source })) as BatchSource;
    const again = batchFrom(sent, vocabulary);
    expect(again).toEqual(batch);
    expect(batch.cells).toHaveLength(8);
    expect(batch.cells[0].scenario).toMatchObject({
      seed: '007',
      agents: { longs: { parameters: { count: 77 } } },
    });
  });

  it('is the same text for the same scenario, however it is laid out', () => {
    const airy = {
      ...texts,
      'base/b.yaml': texts['base/b.yaml'].replace(/\n/g, '\n\n# more\n').replace(/\n\n# more\n$/, '\n'),
    };
    expect(load(airy).source).toBe(load(texts).source);
    expect(load(texts, ['seed=8']).source).not.toBe(load(texts).source);
  });
});
