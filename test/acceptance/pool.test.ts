import { describe, expect, test } from 'vitest';
import { FIRST_TRADER } from '../../src/accounts/ledger.ts';
import { RandomSource } from '../../src/base/random.ts';
import { catalogue } from '../../src/world/catalogue.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { World } from '../../src/world/world.ts';
import type { LiquidationMode } from '../../src/world/market.ts';
import { scenarioFrom } from './laboratory.ts';

const WORLDS = 20;
/** A pool has no backstop beside it. */
const NEED_BACKSTOP = ['fraction-then-all', 'outside-liquidators'];

/** What may stand for an oracle: one price or two, and designs that look for a book where there is none. */
const MARKS = [
  { design: 'index-only' },
  { design: 'signed-bid-ask', spread: '0.2%' },
  { design: 'worst-of-two', fast: 'beta' },
  { design: 'median-of-three' },
  { design: 'blend' },
];

/** Small and violent markets against pools from tiny to ample, under any liquidation policy and mark. */
function randomPoolScenario(number: number): Scenario {
  const random = new RandomSource('random pools').stream(`${number}`);
  const some = <Value>(values: readonly Value[]): Value => values[random.below(values.length)];
  const falls = random.below(2) === 0;
  return scenarioFrom({
    title: `Random pool ${number}`,
    about: 'Made up by a test.',
    seed: number,
    warmUp: '5s',
    horizon: '25s',
    contract: { tick: 0.1, lot: 0.001, price: 1000 },
    fundamental: { process: 'gbm', volatility: '80%' },
    feeds: { alpha: { noise: '2bp' }, beta: { noise: '5bp', depthPerPercent: '2M', delay: '300ms' } },
    exchange: {
      trading: {
        venue: 'oracle-pool',
        deposit: some(['500k', '2M', '20M']),
        assetShare: some([0.2, 0.5]),
        impactExponent: some([1, 1.6, 2]),
        impactWorsening: some([0, 9e-9]),
        impactImproving: 0,
        borrowEvery: '3s',
        borrowRate: '0.05%',
        optimalUtilisation: some(['50%', '100%']),
        borrowRateAbove: '0.1%',
        maxOpenInterest: some(['1M', '50M']),
        adlAbove: some(['20%', '85%']),
        adlDownTo: '15%',
        profitCap: some(['40%', '90%']),
        maxAge: some(['1s', '5m']),
      },
      mark: { ...some(MARKS), every: some(['100ms', '1s']) },
      margin: { tiers: 'tiers/binance-btcusdt.json' },
      liquidation: {
        policy: some(Object.keys(catalogue.liquidation).filter((name) => !NEED_BACKSTOP.includes(name))),
        latency: some(['1ms', '1300ms']),
        fee: some(['0%', '0.2%']),
      },
      insuranceFund: { balance: '1k' },
      waterfall: { trigger: some(Object.keys(catalogue.waterfall)) },
      adl: { ranking: 'pro-rata' },
      funding: { rule: 'clamped-premium', interval: '7s' },
      stops: { trigger: some(['last', 'mark', 'index']) },
    },
    agents: {
      makers: { kind: 'market-maker', count: 1, levels: 3, depthScale: 0.1 },
      noise: { kind: 'noise-trader', count: 5, rate: 5 },
      arbitrageurs: { kind: 'arbitrageur', count: 1, capital: '500k', clip: '50k' },
      holders: {
        kind: 'leveraged-holder',
        count: 60,
        longShare: some([0.2, 0.7, 1]),
        openInterest: '4M',
        largestShare: '30%',
        leverage: { lognormal: { median: some([5, 30]), sigma: 0.8 }, within: [1, 100] },
        stopLoss: 0.3,
        stopDistance: { uniform: [0.005, 0.05] },
      },
      ...(random.below(2) === 0 ? { hedged: { kind: 'hedged-holder', count: 10 } } : {}),
    },
    shocks: {
      jump: { kind: 'price-jump', at: '8s', size: falls ? -0.12 : 0.12, over: some(['0s', '6s']) },
      sale: { kind: 'sell-program', at: '3s', side: falls ? 'sell' : 'buy', notional: '1M', over: '4s' },
      outage: { kind: 'venue-outage', at: '14s', feed: 'alpha', length: '10s' },
    },
  });
}

/** A run whose books are checked after every event. */
function audited(scenario: Scenario, mode: LiquidationMode): World {
  let before: Float64Array | undefined;
  let lotsBefore: Float64Array | undefined;
  const world = new World({ scenario, replicate: 0, mode, afterEvent: look });
  world.run();
  return world;

  function look({ exchange, pool }: World): void {
    const { accounts } = exchange;
    accounts.checkInvariants();
    const sums = { long: 0, short: 0, longCost: 0, shortCost: 0 };
    for (let account = 0; account < pool!.pool.account; account++) {
      const lots = accounts.lots[account];
      const cost = accounts.entryValue[account];
      if (lots > 0) {
        sums.long += lots;
        sums.longCost += cost;
      } else {
        sums.short -= lots;
        sums.shortCost -= cost;
      }
      if (account >= FIRST_TRADER && before !== undefined && lotsBefore![account] === 0 && lots === 0) {
        const paid = before[account] - accounts.ledger.balance[account];
        if (paid > 0) throw new Error(`account ${account} is flat and paid ${paid}`);
      }
    }
    const { longs, shorts, asset, impactPool } = pool!.pool;
    const known = { long: longs.lots, short: shorts.lots, longCost: longs.cost, shortCost: shorts.cost };
    for (const [what, sum] of Object.entries(sums)) {
      if (known[what as keyof typeof known] !== sum)
        throw new Error(`${what}: the traders hold ${sum}, the pool knows of ${JSON.stringify(known)}`);
    }
    if (asset < 0 || impactPool < 0) throw new Error(`stock ${asset}, impact pool ${impactPool}`);
    before = accounts.ledger.balance.slice();
    lotsBefore = accounts.lots.slice();
  }
}

describe('after every event of a random world with a pool', () => {
  const worlds: World[] = [];
  test('money and positions are conserved, the pool knows what its traders hold, and who is flat does not pay', () => {
    for (let number = 0; number < WORLDS; number++) {
      const scenario = randomPoolScenario(number);
      const off = audited(scenario, { kind: 'off' });
      audited(scenario, { kind: 'open-loop', marks: off.marks });
      worlds.push(audited(scenario, { kind: 'closed' }));
    }
  });
  test('and everything that can happen did happen', () => {
    const count = (holds: (world: World) => boolean): number => worlds.filter(holds).length;
    expect(count(({ recorder }) => recorder.liquidations > 0)).toBeGreaterThan(WORLDS / 4);
    expect(count(({ pool }) => pool!.statement.insolvency > 0)).toBeGreaterThan(2);
    expect(count(({ pool }) => pool!.statement.deleveraged > 0)).toBeGreaterThan(2);
    expect(count(({ pool }) => pool!.statement.refused > 0)).toBeGreaterThan(2);
    expect(count(({ pool }) => pool!.statement.borrowed > 0)).toBe(WORLDS);
    expect(count(({ pool }) => pool!.pool.impactPool > 0)).toBeGreaterThan(2);
  });
});
