import type { RandomStream } from '../../src/base/random.ts';
import { RandomSource } from '../../src/base/random.ts';
import { ADL_PRICES } from '../../src/risk/adl/adl-price.ts';
import { LOSS_RULE_NAMES } from '../../src/risk/losses.ts';
import { catalogue } from '../../src/world/catalogue.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { scenarioFrom } from './laboratory.ts';

/** Every rule that pays something. */
const FUNDING = Object.keys(catalogue.funding).filter((rule) => rule !== 'none');

const NAMED_FEEDS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'median-composite': { perps: { beta: 1 } },
  composite: { feeds: { alpha: 2, beta: 1 } },
  'capped-push': { feed: 'beta' },
  'worst-of-two': { fast: 'beta' },
};

/** Every mark design; those that look at feeds are told at which. */
const MARKS = Object.keys(catalogue.mark).map((design) => ({ design, ...NAMED_FEEDS[design] }));

const POLICIES = Object.keys(catalogue.liquidation);
const TRIGGERS = Object.keys(catalogue.waterfall);
/** Every kind, and every harm that may come to it. */
export const KEEPERS = [
  { kind: 'engine' },
  { kind: 'permissioned', latency: '100ms', reward: 50 },
  {
    ...{ kind: 'permissioned', count: 2, outageShare: '40%', outageLength: '5s', capacity: 1 },
    ...{ reward: '20k', paidBy: 'account' },
  },
  { kind: 'daemon', attempts: 2, order: 'random' },
  { kind: 'daemon', validators: 3 },
  { kind: 'race', count: 4, capacity: 2, latency: { exponential: { mean: '500ms' } }, block: '100ms' },
  { kind: 'race', count: 1, latency: '1ms', block: '1ms', reward: '10%', minProfit: '1k', capacity: 100 },
];
const RANKINGS = Object.keys(catalogue.adl);
/** So many worlds have every policy with every trigger, and every trigger with every ranking. */
export const WORLDS = POLICIES.length * TRIGGERS.length;

/**
 * Small and violent markets, one in four of an inverse contract: any rule of the catalogue with any other, thin books, high
 * leverage, large shocks, funds from nothing to plenty, so that everything that can go wrong does somewhere. The same number gives the same world.
 */
export function randomScenario(number: number, keepers: object = keepersOf(number)): Scenario {
  const random = new RandomSource('random worlds').stream(`${number}`);
  const some = <Value>(values: readonly Value[]): Value => values[random.below(values.length)];
  const between = (from: number, to: number): number => from + (to - from) * random.uniform();
  const openInterest = between(2e6, 1e7);
  // High leverage, stops that follow the book and a mark that does not, and no fund: losses beyond the margin are socialised.
  const harsh = random.below(4) === 0;
  const trigger = TRIGGERS[Math.floor(number / POLICIES.length) % TRIGGERS.length];
  // Where nobody is deleveraged, somebody has to pay.
  const losses = some(LOSS_RULE_NAMES.filter((rule) => trigger !== 'never' || rule !== 'nobody'));
  return scenarioFrom({
    title: `Random world ${number}`,
    about: 'Made up by a test.',
    seed: number,
    warmUp: '5s',
    horizon: '30s',
    contract: {
      tick: 0.1,
      ...(number % 4 === 3 ? { kind: 'inverse', lot: 1 } : { lot: 0.001 }),
      price: 1000,
      takerFee: some(['0%', '0.05%']),
      makerFee: some(['0%', '0.02%', '-0.01%']),
      marketBand: some(['5%', '100%']),
    },
    fundamental: { process: 'gbm', volatility: '80%' },
    feeds: { alpha: { noise: '2bp' }, beta: { noise: '5bp', depthPerPercent: '2M', delay: '300ms' } },
    index: { rule: some(Object.keys(catalogue.index)) },
    exchange: {
      mark: {
        ...(harsh ? { design: 'index-only' } : some(MARKS)),
        every: some(['100ms', '1s']),
      },
      margin: { ...marginOf(number), feeToClose: number % 2 === 1 },
      collateral: collateralOf(number),
      liquidation: {
        policy: POLICIES[number % POLICIES.length],
        latency: some(['0s', '1ms', '50ms', '1300ms']),
        fee: some(['0%', '1.5%']),
      },
      insuranceFund: {
        balance: harsh ? 0 : some([0, 100, 20_000, 10_000_000]),
        unwindEvery: '2s',
        unwindShare: some([0.1, 1]),
      },
      adl: { ranking: RANKINGS[number % RANKINGS.length], price: some(ADL_PRICES) },
      waterfall: { trigger, losses },
      backstop: {
        balance: some([0, 5_000, 10_000_000]),
        sharesCollateral: some([false, true]),
        otherBooks: '50k',
        unwindEvery: '2s',
        unwindVisible: some([0.05, 1]),
        unwindSlippage: some([0.1, 1]),
      },
      keepers,
      funding: { rule: FUNDING[Math.floor(number / 4) % FUNDING.length], interval: some(['3s', '11s']) },
      stops: { trigger: harsh ? 'last' : some(['last', 'mark', 'index']) },
    },
    agents: {
      makers: {
        kind: 'market-maker',
        count: 2,
        levels: 5,
        depthScale: between(0.02, 0.15),
        lossLimit: '50k',
      },
      noise: { kind: 'noise-trader', count: 5, rate: 4 },
      arbitrageurs: { kind: 'arbitrageur', count: 1, capital: '500k', clip: '50k' },
      holders: {
        kind: 'leveraged-holder',
        count: 40 + random.below(40),
        longShare: some([0, 0.3, 0.7, 1]),
        openInterest,
        largestShare: some(['5%', '40%']),
        leverage: { lognormal: { median: harsh ? 60 : some([5, 20]), sigma: 0.8 }, within: [1, 100] },
        stopLoss: harsh ? 1 : some([0, 0.6]),
        stopDistance: { uniform: harsh ? [0.01, 0.04] : [0.002, some([0.02, 0.1])] },
        orderLatency: some(['20ms', '500ms']),
        collateral: hasCollateral(number) ? { usde: '50%', eth: '30%' } : {},
      },
      thresholds: {
        kind: 'threshold-holder',
        perPercent: between(1, 5),
        notional: { lognormal: { median: '20k', sigma: 1 }, within: [100, '1M'] },
        to: '8%',
        spacing: some(['even', 'poisson']),
        side: some(['long', 'short']),
        collateral: hasCollateral(number) ? { eth: '100%' } : {},
      },
      hedged: {
        kind: 'hedged-holder',
        count: 5 + random.below(20),
        leverage: { uniform: [0.5, some([1, 20])] },
      },
      hunters: {
        ...{
          kind: 'front-runner',
          count: number % 3,
          capital: '300k',
          lossLimit: number % 2 === 0 ? '1M' : 500,
        },
        ...{ cluster: '20k', distance: '2%', orderLatency: number % 5 === 0 ? '2s' : '20ms', patience: '3s' },
      },
    },
    shocks: { ...shocksOf(random, openInterest), ...collateralShocksOf(number) },
  });
}

/** One world in four, of linear contracts: two assets back positions besides money. */
function hasCollateral(number: number): boolean {
  return number % 3 === 0 && number % 4 !== 3;
}

/** Streams of their own: what other worlds are like does not depend on it. */
function collateralStream(number: number): RandomStream {
  return new RandomSource('collateral of random worlds').stream(`${number}`);
}

function collateralOf(number: number): object {
  if (!hasCollateral(number)) return {};
  const random = collateralStream(number);
  const some = <Value>(values: readonly Value[]): Value => values[random.below(values.length)];
  const haircut = some([0, 0.05, 0.3]);
  return {
    usde: {
      ...{ haircut, conversionFee: some([0, haircut]), floor: some([0, 0, 0.8]), unit: some([0.01, 1, 50]) },
      feeds: { own: { noise: '20bp', depthPerPercent: '20k' }, other: { delay: '400ms' } },
      index: {
        rule: some(['clipped-mean', 'median']),
        weights: { own: 1, other: some([0, 1]) },
        every: some(['300ms', '1s', '2s']),
      },
      ...(random.below(2) === 0 ? {} : { soldOn: 'own' }),
    },
    eth: {
      ...{ price: 4000, tick: 0.1, unit: 0.001, haircut: '10%', conversionFee: '1%' },
      fundamental: { process: 'gbm', volatility: '150%' },
      feeds: { own: {} },
      index: { every: some(['100ms', '1s']) },
    },
  };
}

function collateralShocksOf(number: number): object {
  if (!hasCollateral(number)) return {};
  const size = -0.1 - 0.5 * collateralStream(number).uniform();
  return {
    depeg: { kind: 'price-jump', at: '7s', size, over: '3s', collateral: 'usde', feed: 'own' },
    panic: { kind: 'sell-program', at: '4s', notional: '300k', over: '5s', collateral: 'usde', feed: 'own' },
    slump: { kind: 'price-jump', at: '9s', size: '-12%', over: '1s', collateral: 'eth' },
  };
}

/** The engine's own in three worlds of four: others come late, and less happens then. */
function keepersOf(number: number): object {
  return number % 4 === 1 ? KEEPERS[Math.floor(number / 4) % KEEPERS.length] : KEEPERS[0];
}

/** Every rule in turn, one as often as all others: tiers are small, so that positions cross them. */
function marginOf(number: number): object {
  const tiers = [
    { minNotional: 0, maxNotional: '20k', maintenanceMarginRate: '0.4%', maxLeverage: 125 },
    { minNotional: '20k', maxNotional: '200k', maintenanceMarginRate: '1%', maxLeverage: 50 },
    { minNotional: '200k', maxNotional: '2M', maintenanceMarginRate: '5%', maxLeverage: 10 },
  ];
  const rules = [
    { rule: 'whole-position-tiers', tiers },
    { rule: 'whole-position-tiers', tiers: 'tiers/bitmex-xbtusd-2020.json', amounts: 'asset' },
    { rule: 'linear-in-size', slope: '0.01%' },
    { rule: 'oi-scaled', from: '1M', to: '5M' },
    { rule: 'oi-factor', multiplier: 1e-8 },
  ];
  const other = Math.floor(number / 2);
  return number % 2 === 0 ? { tiers: 'tiers/binance-btcusdt.json' } : rules[other % rules.length];
}

function shocksOf(random: RandomStream, openInterest: number): object {
  const falls = random.below(4) > 0;
  const size = 0.02 + 0.13 * random.uniform();
  const possible = {
    sale: {
      kind: 'sell-program',
      at: '3s',
      side: falls ? 'sell' : 'buy',
      notional: openInterest * (0.1 + random.uniform()),
      over: '4s',
    },
    jump: {
      kind: 'price-jump',
      at: '5s',
      size: falls ? -size : size,
      over: random.below(2) === 0 ? '0s' : '6s',
    },
    withdrawal: { kind: 'liquidity-withdrawal', at: '2s', length: '15s', remaining: '20%' },
    outage: { kind: 'venue-outage', at: '1s', feed: 'alpha', length: '10s' },
    absence: { kind: 'keeper-outage', at: '6s', share: '60%', length: '3s' },
  };
  return Object.fromEntries(Object.entries(possible).filter(() => random.below(3) > 0));
}
