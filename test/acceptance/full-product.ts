import { RandomSource } from '../../src/base/random.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { DIMENSIONS, goTogether } from './combinations.ts';
import type { Dimension, Written } from './combinations.ts';
import { scenariosFrom } from './laboratory.ts';
import { coveringRows } from './pairwise.ts';
import type { Row } from './pairwise.ts';

/** Every combination of these is a row: mark × policy × waterfall (when ADL begins, who bears what is left) × ADL (whom, at which price). */
const PRODUCT = ['mark', 'policy', 'trigger', 'losses', 'ranking', 'adlPrice'] as const;
/** These take turns beside them. */
const TURNS = ['funding', 'keepers', 'backstop', 'margin', 'priceLimits', 'halts', 'world'] as const;

/** Of every combination in turn, the first dimension fastest: so that few rows on end have much of everything. */
const ROWS: readonly Row[] = PRODUCT.reduceRight<Row[]>(
  (rows, name) =>
    rows.flatMap((row) =>
      DIMENSIONS[name].flatMap((_, value) =>
        Object.entries(row).every((one) => goTogether(one, [name, value])) ? [{ ...row, [name]: value }] : [],
      ),
    ),
  [{}],
);
export const COMBINATIONS = ROWS.length;

/** So many different worlds take turns. */
const WORLDS = 128;

interface World {
  /** What takes turns in it. */
  readonly row: Row;
  readonly scenario: Scenario;
}

/** The scenarios of combinations by their number. */
export class FullProduct {
  /** parts[name][value]: what the loader makes of it. */
  private readonly parts: Readonly<Record<string, readonly Scenario[]>>;
  private readonly worlds: readonly World[];
  /** By what a combination has of the choosy dimensions. */
  private readonly allowed = new Map<string, readonly World[]>();
  private readonly random = new RandomSource('full product');

  constructor() {
    this.parts = Object.fromEntries(
      PRODUCT.map((name) => [
        name,
        scenariosFrom(
          DIMENSIONS[name].map((_, value) => smallWorld({ ...plainRow(name, value), [name]: value }, 0)),
        ),
      ]),
    );
    const rows = coveringRows({
      sizes: Object.fromEntries(TURNS.map((name) => [name, DIMENSIONS[name].length])),
      goTogether,
    });
    // Each once as it is, and again where trading goes on and liquidation is quick: there is more to deleverage.
    const quick: Row = { halts: 0, keepers: 0 };
    const taken = Array.from({ length: WORLDS }, (_, i) => ({
      ...rows[i % rows.length],
      ...(i < rows.length ? {} : quick),
    }));
    const scenarios = scenariosFrom(
      taken.map((row, i) => smallWorld({ ...plainRow('backstop', row['backstop']), ...row }, i)),
    );
    this.worlds = taken.map((row, i) => ({ row, scenario: scenarios[i] }));
  }

  /** The combination and what takes turns beside it. */
  row(number: number): Row {
    return { ...ROWS[number], ...this.worldOf(number).row };
  }

  scenario(number: number): Scenario {
    const { scenario } = this.worldOf(number);
    const of = (name: (typeof PRODUCT)[number]): Scenario['exchange'] =>
      this.parts[name][ROWS[number][name]].exchange;
    const rules = (exchange: Scenario['exchange']): Scenario['exchange'] => {
      const { latency, fee, positionOrder } = exchange.liquidation;
      return {
        ...exchange,
        mark: { ...of('mark').mark, every: exchange.mark.every },
        liquidation: { ...of('policy').liquidation, latency, fee, positionOrder },
        waterfall: { ...of('trigger').waterfall, losses: of('losses').waterfall.losses },
        adl: { ...of('ranking').adl, price: of('adlPrice').adl.price },
      };
    };
    return {
      ...scenario,
      title: `Combination ${number}`,
      seed: String(number),
      exchange: rules(scenario.exchange),
      markets: Object.fromEntries(
        Object.entries(scenario.markets).map(([name, market]) => [
          name,
          { ...market, exchange: rules(market.exchange) },
        ]),
      ),
    };
  }

  private worldOf(number: number): World {
    const wanted = Object.entries(ROWS[number]);
    // What the worlds have is at odds with few rules: most combinations may stand in the same worlds.
    const choosy = wanted.filter(([name]) => CHOOSY.has(name));
    const key = choosy.join();
    const allowed =
      this.allowed.get(key) ??
      this.worlds.filter(({ row }) =>
        Object.entries(row).every((one) => choosy.every((other) => goTogether(one, other))),
      );
    this.allowed.set(key, allowed);
    return allowed[this.random.stream(String(number)).below(allowed.length)];
  }
}

/** Dimensions of the product of which some value does not go with everything that takes turns. */
const CHOOSY: ReadonlySet<string> = new Set(
  PRODUCT.filter((name) =>
    DIMENSIONS[name].some((_, value) =>
      TURNS.some((turn) => DIMENSIONS[turn].some((_, other) => !goTogether([name, value], [turn, other]))),
    ),
  ),
);

/** The first value of every dimension that goes with this one. */
function plainRow(name: Dimension, value: number): Row {
  const chosen: [string, number][] = [[name, value]];
  for (const other of Object.keys(DIMENSIONS) as Dimension[]) {
    if (other === name) continue;
    const found = DIMENSIONS[other].findIndex((_, i) => chosen.every((one) => goTogether(one, [other, i])));
    chosen.push([other, found]);
  }
  return Object.fromEntries(chosen);
}

/**
 * Four seconds of a score of accounts: a thin book that nobody refills, a fund that is soon exhausted, a fall (or a rise) that breaks
 * most of one side, and the other side, which has won, to be deleveraged.
 */
function smallWorld(row: Row, number: number): object {
  const random = new RandomSource('full product').stream(`world ${number}`);
  const some = <Value>(values: readonly Value[]): Value => values[random.below(values.length)];
  const of = (name: Dimension): Written => DIMENSIONS[name][row[name]];
  const kind = of('world')['world'];
  const falls = random.below(4) > 0;
  const market = (price: number, tick: number) => ({
    contract: {
      ...(kind === 'inverse' ? { kind: 'inverse', lot: 1 } : { lot: 0.0001 / tick }),
      ...{ tick, price, takerFee: some(['0%', '0.05%']), makerFee: some(['0.02%', '-0.01%']) },
      marketBand: some(['5%', '100%']),
    },
    fundamental: { process: 'gbm', volatility: '80%' },
    feeds: { alpha: { noise: '2bp' }, beta: { noise: '5bp', depthPerPercent: '2M', delay: '100ms' } },
  });
  const rules = {
    mark: { ...of('mark'), every: '250ms' },
    margin: { ...of('margin'), feeToClose: random.below(2) === 0 },
    funding: { ...of('funding'), ...(of('funding')['rule'] === 'none' ? {} : { interval: '1s' }) },
    priceLimits: of('priceLimits'),
    halts: {
      ...of('halts'),
      ...(of('halts')['rule'] === 'no-halts'
        ? {}
        : { within: '1s', length: '400ms', move: some(['3%', '30%']) }),
    },
    stops: { trigger: some(['last', 'mark', 'index']) },
  };
  const traders = (contract: string) => {
    const [suffix, at] = contract === '' ? ['', {}] : [`-${contract}`, { contract }];
    return {
      [`book${suffix}`]: {
        kind: 'static-book',
        depthPerPercent: some(['2k', '10k']),
        reach: '25%',
        spacing: '1%',
        ...at,
      },
      [`holders${suffix}`]: {
        ...{ kind: 'leveraged-holder', count: 9, openInterest: '500k', longShare: falls ? 0.8 : 0.2 },
        ...{ largestShare: '40%', leverage: { uniform: [10, 50] }, stopLoss: some([0, 0.3]), ...at },
      },
      [`hedged${suffix}`]: {
        kind: 'hedged-holder',
        count: 4,
        leverage: { uniform: [0.5, 8] },
        largestShare: '60%',
        ...at,
      },
    };
  };
  const size = 0.1 + 0.2 * random.uniform();
  return {
    title: `World ${number}`,
    about: 'Made up by a test.',
    seed: number,
    warmUp: '300ms',
    horizon: '3700ms',
    ...market(1_000, 1),
    exchange: {
      ...rules,
      ...of('backstop'),
      ...(kind === 'pool'
        ? { trading: { venue: 'oracle-pool', deposit: some(['500k', '20M']), maxAge: '5s' } }
        : {}),
      liquidation: {
        ...of('policy'),
        latency: some(['0s', '20ms', '300ms']),
        fee: some(['0%', '1.5%']),
        positionOrder: some(['largest-margin', 'random']),
      },
      insuranceFund: { balance: some([0, 100, 1_000]), unwindEvery: '500ms', unwindShare: 0.5 },
      waterfall: { ...of('trigger'), ...of('losses') },
      adl: { ...of('ranking'), ...of('adlPrice') },
      keepers: of('keepers'),
    },
    ...(kind === 'cross' ? { markets: { two: { ...market(500, 0.5), exchange: rules } } } : {}),
    agents: {
      ...traders(''),
      ...(kind === 'cross'
        ? {
            ...traders('two'),
            cross: {
              ...{ kind: 'cross-holder', count: 8, sides: some(['long', 'opposite', 'random']) },
              notional: { uniform: ['20k', '80k'] },
              leverage: { uniform: [8, 40] },
            },
          }
        : {}),
    },
    shocks: {
      jump: {
        ...{ kind: 'price-jump', at: '400ms', size: falls ? -size : size },
        ...{ over: some(['0s', '500ms']), contract: 'all' },
      },
      sale: {
        ...{
          kind: 'sell-program',
          at: '200ms',
          side: falls ? 'sell' : 'buy',
          notional: '100k',
          over: '1500ms',
        },
      },
      ...(random.below(4) === 0
        ? { margins: { kind: 'margin-change', at: '1s', maintenance: some([0.7, 2]) } }
        : {}),
      ...(random.below(6) === 0 ? { halt: { kind: 'trading-halt', at: '1s', length: '500ms' } } : {}),
      ...(random.below(6) === 0 ? { stuck: { kind: 'stuck-feed', at: '500ms', length: '1s' } } : {}),
      ...(random.below(6) === 0 && kind !== 'pool'
        ? { gift: { kind: 'fund-top-up', amount: '10k', at: '1500ms' } }
        : {}),
    },
  };
}
