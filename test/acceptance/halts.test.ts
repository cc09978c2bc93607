import { describe, expect, test } from 'vitest';
import { FIRST_TRADER } from '../../src/accounts/ledger.ts';
import { SECOND } from '../../src/base/units.ts';
import type { World } from '../../src/world/world.ts';
import { runWorld, scenarioFrom, scenarioOf } from './laboratory.ts';

/**
 * The market of `scenarios/limits/static-market.yaml`: 100 lots at every tick below 100 000, never replenished; the sale of 150 000 lots
 * at 200 ms would take the touch down by 1 500 ticks.
 */
const START = 100_000;
const staticMarket = (settings: readonly string[] = []) =>
  scenarioOf('limits/static-market.yaml', ['shocks.sale.notional=150k', 'expect=[]', ...settings]);
const fall = (world: World): number => START - world.exchange.book.lastTrade();

describe('price limits', () => {
  test.each([
    ['{ rule: unlimited }', 1_500],
    ['{ rule: round-mark, width: 1% }', 1_000],
    ['{ rule: round-last, width: 0.5% }', 500],
    // The premium begins with half the spread of the wall of asks: none.
    ['{ rule: index-and-premium, near: 0.7%, far: 1% }', 700],
    ['{ rule: mark-and-premium, near: 0.2%, far: 1% }', 200],
    ['{ rule: round-index, width: 1.2% }', 1_200],
  ])('%s let a market order go so far and no further', (limits, expected) => {
    const world = runWorld(staticMarket([`exchange.priceLimits=${limits}`]));
    // The book begins a tick apart: half a tick of premium is within the rounding to whole ticks.
    expect(Math.abs(fall(world) - expected)).toBeLessThanOrEqual(1);
  });

  test('hold a liquidation up too', () => {
    // The sale of 10 000 lots takes the price down by 100 ticks and breaks a long of 60 000 lots, worth 600 ticks more.
    const settings = [
      'shocks.sale.notional=10k',
      'exchange.mark.every=100ms',
      'agents.longs={ kind: leveraged-holder, count: 1, openInterest: 60k, leverage: 100, entry: 0.0044, stopLoss: 0, settled: 0% }',
    ];
    expect(fall(runWorld(staticMarket(settings)))).toBe(700);
    const limits = 'exchange.priceLimits={ rule: round-mark, width: 0.2% }';
    const prints = new Map<number, number>();
    runWorld(staticMarket([...settings, limits]), {
      log: (time, _phase, kind, _maker, _taker, price) => {
        if (kind === 'fill') prints.set(time, price);
      },
    });
    // The mark of 200 ms is 99 900; the lowest whole tick that is not below 99 900 · 0.998 = 99 700.2 is 99 701. That is the mark of 300 ms,
    // which breaks what is left: not below 99 501.598.
    expect([...prints]).toEqual([
      [200_000, 99_900],
      [201_000, 99_701],
      [301_000, 99_502],
    ]);
  });

  test('are refused beside a pool', () => {
    const pool = (rule: string): unknown =>
      scenarioOf('pool-against-book.yaml', [
        'sweep={}',
        'expect=[]',
        'exchange.trading={ venue: oracle-pool }',
        `exchange.priceLimits={ rule: ${rule} }`,
      ]);
    expect(() => pool('round-mark')).toThrow('no price limits in a pool');
  });
});

describe('a trading halt', () => {
  /** Sells 10 ticks every 10 ms from 200 ms on, in 100 orders. */
  const program = [
    'shocks.sale.notional=100k',
    'shocks.sale.over=990ms',
    'shocks.sale.every=10ms',
    'horizon=3s',
  ];
  const halts = (more: string): string =>
    `exchange.halts={ rule: price-move, move: 0.2%, within: 10s, ${more} }`;

  test('stops trading when the price has moved so far, and goes on after its length', () => {
    const refused: [number, string, number, number][] = [];
    const world = runWorld(staticMarket([...program, halts('length: 500ms')]), {
      log: (time, _phase, kind, account, lots) => {
        if (kind.startsWith('refused')) refused.push([time, kind, account, lots]);
      },
    });
    // Orders of 10 ticks: the first trade at 99 990, and 20 orders later, at 400 ms, 99 790 is 0.2 % below it.
    // Those from 410 to 890 ms are refused.
    expect(refused[0]).toEqual([410_000, 'refused-halted', FIRST_TRADER, 2_000 - 1_000]);
    expect(refused.filter(([time]) => time < 900_000)).toHaveLength(49);
    // What was refused is added to the first order after the halt, down to 99 290; from there it is 0.2 % again at 99 090.
    expect(world.recorder.halts).toBe(2);
    expect(fall(world)).toBe(910);
  });

  test('holds liquidations up, unless they go on', () => {
    const longs =
      'agents.longs={ kind: leveraged-holder, count: 1, openInterest: 20k, leverage: 100, entry: 0.00299, stopLoss: 0, settled: 0% }';
    const firstStep = (more: string): number => {
      const world = runWorld(staticMarket([...program, longs, halts(more)]));
      expect(world.recorder.liquidations).toBe(1);
      return world.recorder.liquidationLines.column('first_step_s')[0];
    };
    // It breaks at 99 795: at the mark of 400 ms, after the trade that halts trading. The engine takes 1 ms.
    expect(firstStep('length: 1s, liquidates: true')).toBe(0.401);
    expect(firstStep('length: 1s')).toBe(1.4);
    expect(firstStep('length: 1s, postOnly: 200ms')).toBe(1.6);
  });

  test('never happens without a rule', () => {
    expect(runWorld(staticMarket(program)).recorder.halts).toBe(0);
  });

  test('lets stops rest, and compares them with the price again at its end', () => {
    // Two longs with a stop 0.3 % down: the price passes it in the sale after the halt.
    const world = runWorld(
      staticMarket([
        ...program,
        halts('length: 500ms'),
        'agents.longs={ kind: leveraged-holder, count: 2, openInterest: 2k, leverage: 5, entry: 0, stopLoss: 1, stopDistance: 0.003 }',
      ]),
    );
    expect(world.recorder.voluntaryValue).toBeGreaterThan(0);
    expect(world.exchange.stops[0].count).toBe(0);
  });
});

test('halts and limits belong to each contract', () => {
  const market = {
    contract: { tick: 0.1, lot: 0.001, price: 1_000 },
    fundamental: { process: 'constant' },
    feeds: { alpha: {} },
  };
  const rules = {
    mark: { design: 'mid' },
    margin: { rule: 'oi-scaled', from: 0, to: 0 },
    funding: { rule: 'none' },
  };
  const scenario = scenarioFrom({
    ...{ title: 'Two', about: 'Two contracts.', warmUp: '1s', horizon: '5s', ...market },
    exchange: {
      ...rules,
      halts: { rule: 'price-move', watches: 'mark', move: '1%' },
      liquidation: { policy: 'close-at-market' },
      insuranceFund: 0,
      adl: { ranking: 'pro-rata' },
    },
    markets: { two: { ...market, exchange: rules } },
    agents: {
      makers: { kind: 'market-maker', depthScale: 0.01, lossLimit: '1B' },
      'makers-two': { kind: 'market-maker', depthScale: 0.01, lossLimit: '1B', contract: 'two' },
    },
    shocks: { sale: { kind: 'sell-program', at: '2s', notional: '1M', over: '2s', contract: 'all' } },
  });
  const { markets } = runWorld(scenario);
  expect(markets.map(({ recorder }) => recorder.halts)).toEqual([1, 0]);
  expect(markets[0].session.liquidatesFrom).toBeGreaterThan(60 * SECOND);
});
