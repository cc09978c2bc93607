import { RandomSource } from '../../src/base/random.ts';
import { ADL_PRICES } from '../../src/risk/adl/adl-price.ts';
import { LOSS_RULE_NAMES } from '../../src/risk/losses.ts';
import { catalogue } from '../../src/world/catalogue.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { PLAIN } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { scenariosFrom } from './laboratory.ts';
import type { Plan, Row } from './pairwise.ts';
import { KEEPERS } from './random-worlds.ts';

export type Written = Readonly<Record<string, unknown>>;

const namesOf = (variants: object, key: string, more: Readonly<Record<string, Written>> = {}): Written[] =>
  Object.keys(variants).map((name) => ({ [key]: name, ...more[name] }));

const TIERS = [
  { minNotional: 0, maxNotional: '20k', maintenanceMarginRate: '0.4%', maxLeverage: 125 },
  { minNotional: '20k', maxNotional: '200k', maintenanceMarginRate: '1%', maxLeverage: 50 },
  { minNotional: '200k', maxNotional: '2M', maintenanceMarginRate: '5%', maxLeverage: 10 },
];

/** What a scenario may choose among, by kind: the whole catalogue, and settings that change what its rules do. */
export const DIMENSIONS = {
  mark: namesOf(catalogue.mark, 'design', {
    'median-composite': { perps: { beta: 1 } },
    composite: { feeds: { alpha: 2, beta: 1 } },
    'capped-push': { feed: 'beta' },
    'worst-of-two': { fast: 'beta' },
  }),
  policy: namesOf(catalogue.liquidation, 'policy'),
  trigger: namesOf(catalogue.waterfall, 'trigger'),
  losses: LOSS_RULE_NAMES.map((losses) => ({ losses })),
  ranking: namesOf(catalogue.adl, 'ranking'),
  adlPrice: ADL_PRICES.map((price) => ({ price })),
  funding: namesOf(catalogue.funding, 'rule'),
  keepers: KEEPERS,
  backstop: [
    {},
    { backstop: { balance: 5_000, unwindEvery: '2s' } },
    { backstop: { balance: 0, sharesCollateral: true, otherBooks: '50k', unwindEvery: '1s' } },
    { backstop: { balance: '10M', unwindEvery: '1s', unwindVisible: 0.3 } },
  ] as readonly Written[],
  margin: namesOf(catalogue.margin, 'rule', {
    'marginal-tiers': { tiers: 'tiers/binance-btcusdt.json' },
    'whole-position-tiers': { tiers: { rule: 'whole-position-tiers', tiers: TIERS } },
    'linear-in-size': { slope: '0.01%' },
    'oi-scaled': { from: '1M', to: '5M' },
    'oi-factor': { multiplier: 1e-8 },
  }),
  priceLimits: namesOf(catalogue.priceLimits, 'rule', {
    'round-last': { width: '2%', beyond: 'cut' },
    'index-and-premium': { window: '2s' },
  }),
  halts: [
    { rule: 'no-halts' },
    { rule: 'price-move', move: '3%', within: '5s', length: '2s' },
    {
      rule: 'price-move',
      watches: 'mark',
      move: '3%',
      within: '5s',
      length: '2s',
      liquidates: true,
      postOnly: '1s',
    },
  ] as readonly Written[],
  world: [
    { world: 'linear' },
    { world: 'inverse' },
    { world: 'pool' },
    { world: 'cross' },
  ] as readonly Written[],
} as const satisfies Readonly<Record<string, readonly Written[]>>;

export type Dimension = keyof typeof DIMENSIONS;

/** Policies that say they need a backstop. */
const NEED_BACKSTOP = Object.values(catalogue.liquidation)
  .filter((policy) => made(policy as typeof catalogue.liquidation.slices, { contract: PLAIN }).needsBackstop)
  .map(({ name }) => name);

export const goTogether: Plan['goTogether'] = (a, b) =>
  refused(a, b) === undefined && refused(b, a) === undefined;

export const PLAN: Plan = {
  sizes: Object.fromEntries(Object.entries(DIMENSIONS).map(([name, values]) => [name, values.length])),
  goTogether,
};

/** Why the loader refuses a scenario with these two; undefined when it does not. */
function refused([a, m]: readonly [string, number], [b, n]: readonly [string, number]): string | undefined {
  const one: Written = DIMENSIONS[a as Dimension][m];
  const other: Written = DIMENSIONS[b as Dimension][n];
  const isPool = one['world'] === 'pool';
  if (isPool && 'backstop' in other) return 'a pool bears all losses';
  if (isPool && NEED_BACKSTOP.includes(String(other['policy']))) return 'a pool has no backstop';
  if (isPool && b === 'priceLimits' && other['rule'] !== 'unlimited') return 'a pool trades at the mark';
  if (one['trigger'] === 'never' && other['losses'] === 'nobody') return 'nobody would ever bear a loss';
  if (a === 'backstop' && !('backstop' in one) && NEED_BACKSTOP.includes(String(other['policy'])))
    return 'the policy needs a backstop';
  return undefined;
}

/** Any row of the full product that is allowed, drawn by its number. */
export function randomRow(number: number): Row {
  const random = new RandomSource('combinations').stream(`row ${number}`);
  for (;;) {
    const row = Object.entries(PLAN.sizes).map(([name, size]) => [name, random.below(size)] as const);
    if (row.every((a, i) => row.slice(i + 1).every((b) => PLAN.goTogether(a, b))))
      return Object.fromEntries(row);
  }
}

/** The scenarios of rows, those of the numbers from `first` on. */
export function scenariosOfRows(rows: readonly Row[], first = 0): Scenario[] {
  return scenariosFrom(rows.map((row, i) => writtenOf(row, first + i)));
}

/** A small violent market, otherwise drawn by the number. */
function writtenOf(row: Row, number: number): object {
  const random = new RandomSource('combinations').stream(`world ${number}`);
  const some = <Value>(values: readonly Value[]): Value => values[random.below(values.length)];
  const of = (name: Dimension): Written => DIMENSIONS[name][row[name]];
  const kind = of('world')['world'];
  const falls = random.below(3) > 0;
  const market = (price: number, tick: number) => ({
    contract: {
      ...(kind === 'inverse' ? { kind: 'inverse', lot: 1 } : { lot: 0.0001 / tick }),
      ...{ tick, price, takerFee: some(['0%', '0.05%']), makerFee: some(['0.02%', '-0.01%']) },
      marketBand: some(['5%', '100%']),
    },
    fundamental: { process: 'gbm', volatility: '80%' },
    feeds: { alpha: { noise: '2bp' }, beta: { noise: '5bp', depthPerPercent: '2M', delay: '300ms' } },
  });
  const rules = {
    mark: { ...of('mark'), every: '500ms' },
    margin: { ...of('margin'), feeToClose: random.below(2) === 0 },
    funding: { ...of('funding'), ...(of('funding')['rule'] === 'none' ? {} : { interval: '3s' }) },
    priceLimits: of('priceLimits'),
    halts: of('halts'),
    stops: { trigger: some(['last', 'mark', 'index']) },
  };
  const openInterest = 2e6;
  const traders = (contract: string) => {
    const [suffix, at] = contract === '' ? ['', {}] : [`-${contract}`, { contract }];
    return {
      [`makers${suffix}`]: {
        ...{
          kind: 'market-maker',
          count: 1,
          levels: 4,
          depthScale: some([0.01, 0.05]),
          lossLimit: '50k',
          ...at,
        },
      },
      [`noise${suffix}`]: { kind: 'noise-trader', count: 2, rate: 3, ...at },
      [`holders${suffix}`]: {
        ...{ kind: 'leveraged-holder', count: 16, openInterest, longShare: some([0.3, 0.8, 1]) },
        ...{
          largestShare: '40%',
          leverage: { lognormal: { median: some([8, 40]), sigma: 0.8 }, within: [1, 100] },
        },
        ...{
          stopLoss: some([0, 0.5]),
          takeProfit: some([0, 0.3]),
          stopDistance: { uniform: [0.005, 0.05] },
          ...at,
        },
      },
      [`hedged${suffix}`]: {
        kind: 'hedged-holder',
        count: 6,
        leverage: { uniform: [0.5, some([1, 15])] },
        ...at,
      },
    };
  };
  const size = 0.04 + 0.12 * random.uniform();
  return {
    title: `Combination ${number}`,
    about: 'Made up by a test.',
    seed: number,
    warmUp: '1s',
    horizon: '7s',
    ...market(1_000, 0.1),
    exchange: {
      ...rules,
      ...of('backstop'),
      ...(kind === 'pool'
        ? { trading: { venue: 'oracle-pool', deposit: some(['500k', '20M']), maxAge: '5s' } }
        : {}),
      liquidation: {
        ...of('policy'),
        latency: some(['0s', '50ms', '700ms']),
        fee: some(['0%', '1.5%']),
        positionOrder: some(['largest-margin', 'random']),
      },
      insuranceFund: { balance: some([0, 1_000, 5_000_000]), unwindEvery: '1s', unwindShare: 0.5 },
      waterfall: { ...of('trigger'), ...of('losses') },
      adl: { ...of('ranking'), ...of('adlPrice') },
      keepers: of('keepers'),
    },
    ...(kind === 'cross' ? { markets: { two: { ...market(50, 0.01), exchange: rules } } } : {}),
    agents: {
      ...traders(''),
      ...(kind === 'cross'
        ? {
            ...traders('two'),
            cross: {
              ...{ kind: 'cross-holder', count: 30, sides: some(['long', 'opposite', 'random']) },
              notional: { lognormal: { median: '60k', sigma: 1 }, within: [1_000, '400k'] },
              leverage: { uniform: [8, 40] },
            },
          }
        : {}),
    },
    shocks: {
      jump: {
        ...{
          kind: 'price-jump',
          at: '2s',
          size: falls ? -size : size,
          over: some(['0s', '3s']),
          contract: some(['all']),
        },
      },
      sale: {
        ...{
          kind: 'sell-program',
          at: '1s',
          side: falls ? 'sell' : 'buy',
          notional: openInterest / 2,
          over: '3s',
        },
      },
      ...(random.below(3) === 0
        ? { margins: { kind: 'margin-change', at: '3s', maintenance: some([0.7, 2]) } }
        : {}),
      ...(random.below(4) === 0 ? { halt: { kind: 'trading-halt', at: '3s', length: '1500ms' } } : {}),
      ...(random.below(4) === 0 ? { outage: { kind: 'order-entry-outage', at: '2s', length: '4s' } } : {}),
      ...(random.below(4) === 0 ? { stuck: { kind: 'stuck-feed', at: '2s', length: '3s' } } : {}),
      ...(random.below(4) === 0
        ? { push: { kind: 'feed-manipulation', feed: 'beta', at: '4s', length: '2s' } }
        : {}),
      ...(random.below(4) === 0 && kind !== 'pool'
        ? { gift: { kind: 'fund-top-up', amount: '10k', at: '4s' } }
        : {}),
    },
  };
}

/** The row in words, for an error. */
export function rowInWords(row: Row): string {
  return Object.entries(row)
    .map(([name, value]) => JSON.stringify(DIMENSIONS[name as Dimension][value]))
    .join(' ');
}
