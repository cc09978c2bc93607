import {
  choice,
  count,
  distribution,
  duration,
  flag,
  money,
  parameter,
  real,
  share,
  text,
  type AnyVariant,
  type Parameter,
} from '../base/parameters.ts';
import {
  describeKeys,
  jsonSchemaOf,
  listOf,
  map,
  named,
  oneOf,
  type Chosen,
  type Fault,
  type KeyDescription,
} from '../base/schema.ts';
import { CONTRACT_KINDS, type ContractKind } from '../market/contract.ts';
import type { Distribution } from '../base/distributions.ts';
import { ADL_PRICES, type AdlPrice } from '../risk/adl/adl-price.ts';
import { WATCHED_PRICES, type WatchedPrice } from '../risk/halts/halt-rule.ts';
import { LOSS_RULE_NAMES, type LossRule } from '../risk/losses.ts';
import type { Micros } from '../base/units.ts';
import { BEYOND_LIMIT, type BeyondLimit } from '../prices/limits/price-limits.ts';
import type { IndexSettings } from '../prices/index-price.ts';
import type { Measured } from './scenario-expectation.ts';
import { expectedTarget, type Target, targetFrom } from './scenario-precision.ts';

/**
 * The same replicate with the same streams, under three rules:
 * `off`: no liquidation, ADL or take-over; accounts may go under water.
 * `open-loop`: liquidation is triggered by the mark path recorded in the off arm; its orders do hit the book.
 * `closed`: the market as it is.
 */
export const ARMS = ['off', 'open-loop', 'closed'] as const;
export type Arm = (typeof ARMS)[number];

const QUOTED = ['spot', 'perp'] as const;

const POSITION_ORDERS = ['largest-margin', 'random'] as const;

/** Everything a scenario may name: the variants by kind, and the metrics that expectations and stopping rules speak of. */
export interface Vocabulary {
  readonly fundamental: Readonly<Record<string, AnyVariant>>;
  readonly index: Readonly<Record<string, AnyVariant>>;
  readonly trading: Readonly<Record<string, AnyVariant>>;
  readonly mark: Readonly<Record<string, AnyVariant>>;
  readonly margin: Readonly<Record<string, AnyVariant>>;
  readonly liquidation: Readonly<Record<string, AnyVariant>>;
  readonly adl: Readonly<Record<string, AnyVariant>>;
  readonly waterfall: Readonly<Record<string, AnyVariant>>;
  readonly keepers: Readonly<Record<string, AnyVariant>>;
  readonly funding: Readonly<Record<string, AnyVariant>>;
  readonly priceLimits: Readonly<Record<string, AnyVariant>>;
  readonly halts: Readonly<Record<string, AnyVariant>>;
  readonly agents: Readonly<Record<string, AnyVariant>>;
  readonly shocks: Readonly<Record<string, AnyVariant>>;
  readonly metrics: readonly Measured[];
  /** What is wrong with a scenario that only shows once its world is built; asked once for each different part of it that may refuse. */
  readonly tryOut?: (scenario: Scenario) => Fault | undefined;
}

/** A venue outside, reduced to a price path round the fundamental price. */
export interface FeedSettings {
  readonly every: Micros;
  /** Microseconds, drawn for each price. */
  readonly delay: Distribution;
  /** What is traded there: a feed of perpetuals is in the index only by a weight of its own. */
  readonly quotes: (typeof QUOTED)[number];
  /** Standard deviation of the venue's own deviation, a fraction. */
  readonly noise: number;
  readonly noiseHalfLife: Micros;
  /** Quote currency; Infinity when no trading moves the venue. */
  readonly depthPerPercent: number;
  readonly recovery: Micros;
  /** Infinity for no random outages. */
  readonly outageEvery: Micros;
  readonly outageLength: Micros;
}

/** An asset besides the quote currency that backs positions. */
export interface CollateralSettings {
  /** When the run begins, quote currency. */
  readonly price: number;
  readonly tick: number;
  readonly unit: number;
  readonly haircut: number;
  readonly conversionFee: number;
  /** Quote currency; 0 for none. */
  readonly floor: number;
  /** Name of a feed. */
  readonly soldOn?: string | undefined;
  readonly fundamental: Chosen<'process'>;
  readonly feeds: Readonly<Record<string, FeedSettings>>;
  readonly index: Scenario['index'];
}

/** How the exchange gets rid of positions it has taken over; money in quote currency. */
export interface Unwinding {
  readonly unwindEvery: Micros;
  readonly unwindShare: number;
  readonly unwindWholeBelow: number;
  readonly unwindSlippage: number;
  readonly unwindVisible: number;
}

/** One cell of the sweep, checked and frozen; durations in microseconds, money in quote currency, shares as fractions. */
export interface Scenario {
  readonly title: string;
  readonly about: string;
  readonly seed: string;
  readonly horizon: Micros;
  readonly warmUp: Micros;
  readonly contract: {
    readonly name: string;
    readonly kind: ContractKind;
    readonly coinUnit: number;
    readonly tick: number;
    readonly lot: number;
    readonly price: number;
    readonly takerFee: number;
    readonly makerFee: number;
    readonly marketBand: number;
  };
  readonly fundamental: Chosen<'process'>;
  readonly feeds: Readonly<Record<string, FeedSettings>>;
  readonly index: Chosen<'rule'> & {
    /** By feed, or `local` for the exchange's own mid. */
    readonly weights: Readonly<Record<string, number>>;
    readonly every: Micros;
  } & IndexSettings;
  readonly exchange: {
    readonly trading: Chosen<'venue'>;
    readonly mark: Chosen<'design'> & { readonly every: Micros };
    readonly margin: Chosen<'rule'> & { readonly feeToClose: boolean };
    /** By the name of the asset; of the first contract, for all. */
    readonly collateral: Readonly<Record<string, CollateralSettings>>;
    readonly liquidation: Chosen<'policy'> & {
      readonly latency: Micros;
      readonly fee: number;
      readonly positionOrder: (typeof POSITION_ORDERS)[number];
    };
    readonly insuranceFund: { readonly balance: number } & Unwinding;
    readonly backstop?:
      | ({
          readonly balance: number;
          readonly otherBooks: number;
          readonly sharesCollateral: boolean;
        } & Unwinding)
      | undefined;
    readonly waterfall: Chosen<'trigger'> & { readonly losses: LossRule };
    readonly adl: Chosen<'ranking'> & { readonly price: AdlPrice };
    readonly keepers: Chosen<'kind'>;
    readonly funding: Chosen<'rule'>;
    readonly stops: { readonly trigger: WatchedPrice };
    readonly priceLimits: Chosen<'rule'> & { readonly beyond: BeyondLimit };
    readonly halts: Chosen<'rule'> & { readonly liquidates: boolean; readonly postOnly: Micros };
  };
  /** Further contracts by name, each with all the rules that hold for it. */
  readonly markets: Readonly<
    Record<string, Pick<Scenario, 'contract' | 'fundamental' | 'feeds' | 'index' | 'exchange'>>
  >;
  readonly agents: Readonly<
    Record<
      string,
      Chosen<'kind'> & {
        readonly contract?: string | undefined;
        /** Share of each account's collateral by asset; the rest is quote currency. */
        readonly collateral: Readonly<Record<string, number>>;
        readonly dataLatency: Micros;
        readonly orderLatency: Distribution;
      }
    >
  >;
  readonly shocks: Readonly<
    Record<
      string,
      Chosen<'kind'> & {
        readonly at: Micros;
        readonly contract?: string | undefined;
        readonly collateral?: string | undefined;
      }
    >
  >;
  readonly measure: {
    readonly arms: readonly Arm[];
    readonly replicates: {
      readonly atLeast: number;
      readonly atMost: number;
      /** Relative half-width by estimate: `{ amplification: 0.05 }`. */
      readonly until?: Readonly<Record<string, Target>>;
    };
  };
  /** As written; the batch holds them parsed. */
  readonly expect: readonly string[];
}

/** A scenario as the schema leaves it: what concerns several keys at once is not yet checked, defaults across keys not filled in. */
export type CheckedScenario =
  ReturnType<typeof scenarioSchema> extends Parameter<infer Value> ? Value : never;

/** The schema of one cell: a scenario file without `extends` and `sweep`, its tier tables read in. */
export function scenarioSchema(vocabulary: Vocabulary) {
  return map(
    {
      title: text({ about: 'What this scenario shows, in a line.' }),
      about: text({ about: 'The question it asks, in a sentence or two.' }),
      seed: seed(),
      horizon: duration({ min: '1s', about: 'Simulated time of a run after the warm-up.' }),
      warmUp: duration({ default: '60s', about: 'Time before everything else in which the book is built.' }),
      contract: contract(),
      fundamental: fundamental(vocabulary),
      feeds: named(feed(), { about: 'Outside venues by name, each reduced to a price.' }),
      index: index(vocabulary),
      exchange: exchange(vocabulary),
      markets: named(market(vocabulary), {
        about: 'Further contracts by name; what stands at the top describes the first.',
        default: {},
      }),
      agents: named(
        oneOf('kind', vocabulary.agents, {
          about: 'A population of traders.',
          shared: {
            contract: text({ about: 'Name of the contract it trades; the first when left out.' }).optional(),
            collateral: named(share({ min: 0, max: 1, about: 'Share held in this asset.' }), {
              about:
                'What its accounts hold instead of quote currency: shares of their collateral by asset, as far as it counts as margin.',
              default: {},
            }),
            dataLatency: duration({ default: '50ms', about: 'How old the market is that it sees.' }),
            orderLatency: distribution({
              of: 'duration',
              default: '20ms',
              about:
                'From sending an order to its arrival; drawn for each wake-up, no order overtakes another.',
            }),
          },
        }),
        { about: 'Who trades: populations by name.' },
      ),
      shocks: named(
        oneOf('kind', vocabulary.shocks, {
          about: 'Something that happens to the market.',
          shared: {
            at: duration({ about: 'When it begins, counted from the end of the warm-up.' }),
            contract: text({
              about: 'Name of the contract it hits, or all; the first when left out.',
            }).optional(),
            collateral: text({
              about:
                'Name of the collateral asset whose price and feeds it hits instead of those of a contract.',
            }).optional(),
          },
        }),
        { about: 'What happens to the market, by name.', default: {} },
      ),
      measure: measure(vocabulary.metrics),
      expect: listOf(text({ about: 'Such as: amplification[mark=last-trade] > 1.2 at 95%.' }), {
        about: 'Bounds that the results are held to; a broken one makes the command fail.',
        default: [],
      }),
    },
    { about: 'A scenario of cascade-lab.' },
  );
}

/** The part of it that says the rules of a venue. */
export function venueSchema(vocabulary: Vocabulary) {
  return map(
    { contract: contract(), index: index(vocabulary), exchange: exchange(vocabulary) },
    { about: 'The rules of a venue.' },
  );
}

/**
 * JSON Schema (draft-7) of a scenario file, for editors: completion, descriptions, unknown keys and badly written values.
 * It requires no key, because a file may extend others or be extended; what is missing is said when the scenario is loaded.
 */
export function jsonSchema(vocabulary: Vocabulary): Record<string, unknown> {
  const { definitions, ...made } = jsonSchemaOf(scenarioSchema(vocabulary));
  const schema = withoutRequired(made) as JsonMap;
  const exchange = schema.properties.exchange as JsonMap;
  const fund = exchange.properties.insuranceFund as JsonMap;
  const insuranceFund = { description: fund.description, anyOf: [fund.properties.balance, fund] };
  return {
    ...schema,
    title: 'cascade-lab scenario',
    properties: {
      extends: {
        description: 'Scenario files this one adds to, relative to it; later ones win over earlier ones.',
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      },
      ...schema.properties,
      exchange: { ...exchange, properties: { ...exchange.properties, insuranceFund } },
      sweep: {
        description:
          'Dotted paths, each with the values to run: every combination is a cell. The values of `extends.<name>` are files.',
        type: 'object',
        additionalProperties: {
          anyOf: [
            { type: 'array', minItems: 1 },
            { type: 'object', minProperties: 1 },
          ],
        },
      },
    },
    definitions,
  };
}

/** Every key of a scenario file in words, `extends` and `sweep` apart, without the parameters of the variants. */
export function scenarioKeys(vocabulary: Vocabulary): readonly KeyDescription[] {
  return describeKeys(scenarioSchema(vocabulary));
}

/** Without a required discriminator several variants may match, so one of them becomes any of them. */
function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(key === 'required' && Array.isArray(value)))
      .map(([key, value]) => [key === 'oneOf' ? 'anyOf' : key, withoutRequired(value)]),
  );
}

function contract() {
  return map(
    {
      name: text({ default: 'PERP', about: 'What the contract is called in charts.' }),
      tick: real({ above: 0, about: 'Smallest price step, in quote currency.' }),
      kind: choice(CONTRACT_KINDS, {
        default: 'linear',
        about:
          'linear: margined in the quote currency; inverse: in the asset, a lot being an amount of quote currency.',
      }),
      lot: real({
        above: 0,
        about: 'Smallest size step, in units of the asset; of an inverse contract in quote currency.',
      }),
      coinUnit: real({
        default: 1e-8,
        above: 0,
        about: 'Smallest amount of the asset that an inverse contract settles.',
      }),
      price: real({ above: 0, about: 'Price when the run begins, in quote currency.' }),
      takerFee: share({
        default: '0.05%',
        min: '0%',
        max: '10%',
        about: 'Fee on fills that take liquidity.',
      }),
      makerFee: share({
        default: '0.02%',
        min: '-1%',
        max: '10%',
        about: 'Fee on fills that give liquidity; negative for a rebate.',
      }),
      marketBand: share({
        default: '5%',
        above: '0%',
        max: '100%',
        about: 'How far from the mark a market order may fill.',
      }),
    },
    { about: 'The perpetual contract.' },
  );
}

function feed() {
  return map(
    {
      every: duration({ default: '1s', min: '1ms', about: 'Time between two prices.' }),
      delay: distribution({ of: 'duration', default: '100ms', about: 'From the venue to the index.' }),
      quotes: choice(QUOTED, {
        default: 'spot',
        about: 'What is traded there; perpetuals are in the index only by a weight of their own.',
      }),
      noise: share({
        default: '0%',
        min: '0%',
        max: '100%',
        about: "Standard deviation of the venue's own deviation from the fundamental price.",
      }),
      noiseHalfLife: duration({ default: '30s', min: '1ms', about: 'Half-life of that deviation.' }),
      depthPerPercent: money({
        above: 0,
        about:
          'Notional of arbitrage and hedging that moves the venue by 1 %; nothing moves it when left out.',
      }).optional(),
      recovery: duration({ default: '60s', min: '1ms', about: 'Half-life of such a displacement.' }),
      outageEvery: duration({
        min: '1s',
        about: 'Mean time between random outages; none when left out.',
      }).optional(),
      outageLength: duration({ default: '60s', min: '1ms', about: 'Length of a random outage.' }),
    },
    { about: 'An outside venue.' },
  );
}

function index(vocabulary: Vocabulary) {
  return oneOf('rule', vocabulary.index, {
    about: 'How the index price is made of the feeds.',
    standard: 'clipped-mean',
    default: {},
    shared: {
      weights: named(real({ min: 0, about: 'Weight relative to the others.' }), {
        about:
          'Weight by feed (`local` is the own mid); all feeds that quote spot alike when left out, the others not at all.',
      }).optional(),
      stale: duration({ default: '5m', min: '1ms', about: 'Age from which a source no longer counts.' }),
      every: duration({ default: '1s', min: '1ms', about: 'Time between two index prices.' }),
      atLeast: count({
        default: 1,
        min: 1,
        about: 'Number of fresh sources below which the old index stays.',
      }),
      halt: map(
        {
          move: share({ default: '10%', above: '0%', about: 'Relative move of the index that halts it.' }),
          within: duration({ default: '1s', min: '1ms', about: 'In how much time.' }),
          length: duration({
            default: '1m',
            min: '1ms',
            about: 'How long the old index then stays, before any price is taken again.',
          }),
        },
        { about: 'A jump after which the index stands still; never when left out.' },
      ).optional(),
    },
  });
}

function exchange(vocabulary: Vocabulary) {
  const { trading, waterfall, keepers } = vocabulary;
  return map(
    {
      trading: oneOf('venue', trading, {
        about: 'Where traders meet.',
        default: { venue: 'order-book' },
      }),
      ...pricing(vocabulary),
      collateral: named(collateral(vocabulary), {
        about:
          'Assets besides the quote currency that back positions, by name; where an account owes, the first is seized first.',
        default: {},
      }),
      liquidation: liquidation(vocabulary),
      insuranceFund: map(
        {
          balance: money({ about: 'What the fund holds when the run begins.' }),
          ...unwinding(),
        },
        { about: 'What pays when an account cannot; a bare amount is its balance.' },
      ),
      backstop: map(
        {
          balance: money({ about: 'Its own equity when the run begins.' }),
          otherBooks: money({ default: 0, about: 'Equity of its owner that stands behind other books.' }),
          sharesCollateral: flag({
            default: false,
            about: 'Whether it may lose that too, before its own positions are deleveraged.',
          }),
          ...unwinding(),
        },
        { about: 'A vault that takes positions over while their margin still covers something.' },
      ).optional(),
      waterfall: oneOf('trigger', waterfall, {
        about: 'When somebody else than the fund has to bear a loss.',
        shared: {
          losses: choice(LOSS_RULE_NAMES, {
            default: 'winners',
            about:
              'Who pays when nobody is left: those in profit, in proportion to it; all positions, by size; or nobody, and it stays as a debt.',
          }),
        },
        default: { trigger: 'fund-empty' },
      }),
      adl: adl(vocabulary),
      keepers: oneOf('kind', keepers, {
        about: 'Who carries out the steps of a liquidation, and when.',
        default: { kind: 'engine' },
      }),
      ...settlement(vocabulary),
    },
    { about: 'The exchange under study.' },
  );
}

function collateral(vocabulary: Vocabulary) {
  return map(
    {
      price: real({ default: 1, above: 0, about: 'Price when the run begins, in quote currency.' }),
      tick: real({ default: 0.0001, above: 0, about: 'Smallest price step, in quote currency.' }),
      unit: real({ default: 0.01, above: 0, about: 'Smallest amount of the asset.' }),
      haircut: share({
        default: '5%',
        min: '0%',
        max: '95%',
        about: 'Share of its worth that does not count as margin.',
      }),
      conversionFee: share({
        default: '0%',
        min: '0%',
        max: '95%',
        about: 'Share of its worth that the exchange keeps of what it seizes; at most the haircut.',
      }),
      floor: real({
        default: 0,
        min: 0,
        about: 'Price below which it is never valued, in quote currency: what it can be redeemed for.',
      }),
      soldOn: text({
        about: 'Name of the feed on which what was seized is sold, which moves it; nowhere when left out.',
      }).optional(),
      fundamental: fundamental(vocabulary, { process: 'constant' }),
      feeds: named(feed(), { about: 'Venues on which the asset trades.' }),
      index: index(vocabulary),
    },
    { about: 'A collateral asset, with an index made of feeds of its own.' },
  );
}

/** Mark and margin, which each contract has for itself. */
function pricing({ mark, margin }: Vocabulary) {
  return {
    mark: oneOf('design', mark, {
      about: 'What accounts are valued at.',
      shared: { every: duration({ default: '1s', min: '1ms', about: 'Time between two marks.' }) },
    }),
    margin: oneOf('rule', margin, {
      about: 'What a position has to be backed by.',
      standard: 'marginal-tiers',
      shared: {
        feeToClose: flag({
          default: false,
          about: 'Adds the taker fee of closing the position to its maintenance margin.',
        }),
      },
    }),
  };
}

function liquidation(vocabulary: Vocabulary) {
  return oneOf('policy', vocabulary.liquidation, {
    about: 'How a position is closed when its margin no longer holds.',
    shared: {
      latency: duration({
        default: '50ms',
        about: 'From the mark that breaks an account to the first step, and from step to step.',
      }),
      positionOrder: choice(POSITION_ORDERS, {
        default: 'largest-margin',
        about: 'Which position of an account in several contracts is closed first.',
      }),
      fee: share({
        default: '1%',
        min: '0%',
        max: '10%',
        about: 'Share of the liquidated notional paid to the insurance fund, as far as margin is left.',
      }),
    },
  });
}

function adl(vocabulary: Vocabulary) {
  return oneOf('ranking', vocabulary.adl, {
    about: 'Whose profitable positions are closed when the fund is exhausted.',
    shared: {
      price: choice(ADL_PRICES, {
        default: 'bankruptcy',
        about: 'At which price: that of bankruptcy of the loser, the mark, the mark before, or the index.',
      }),
    },
  });
}

/** Funding, stops, price limits and halts, which each contract has for itself. */
function settlement({ funding, priceLimits, halts }: Vocabulary) {
  return {
    funding: oneOf('rule', funding, { about: 'What longs pay shorts to keep the price near the index.' }),
    stops: map(
      {
        trigger: choice(WATCHED_PRICES, {
          default: 'last',
          about:
            'Price that sets stop orders off: at every trade (last), or whenever it is renewed (mark, index).',
        }),
      },
      { about: 'How stop orders work.', default: {} },
    ),
    priceLimits: oneOf('rule', priceLimits, {
      about: 'How far from the market orders are taken at all.',
      default: { rule: 'unlimited' },
      shared: {
        beyond: choice(BEYOND_LIMIT, {
          default: 'refuse',
          about:
            'What becomes of an order beyond the limit that would rest; all others trade as far as the limit and no further.',
        }),
      },
    }),
    halts: oneOf('rule', halts, {
      about: 'When trading stops by itself, and what goes on meanwhile.',
      default: { rule: 'no-halts' },
      shared: {
        liquidates: flag({
          default: false,
          about: 'Whether liquidation orders still trade with the book during a halt.',
        }),
        postOnly: duration({
          default: '0s',
          about: 'How long after a halt only orders that rest are taken, so that a book can form.',
        }),
      },
    }),
  };
}

function fundamental(vocabulary: Vocabulary, standard?: Record<string, unknown>) {
  return oneOf('process', vocabulary.fundamental, {
    about: 'The exogenous reference price that the outside venues follow.',
    ...(standard === undefined ? {} : { default: standard }),
  });
}

/** A contract besides the first: what it does not say is that of the first. */
function market(vocabulary: Vocabulary) {
  return map(
    {
      contract: contract(),
      fundamental: fundamental(vocabulary),
      feeds: named(feed(), { about: 'Outside venues of this contract.' }),
      index: index(vocabulary),
      exchange: map(
        {
          ...pricing(vocabulary),
          liquidation: liquidation(vocabulary).optional(),
          adl: adl(vocabulary).optional(),
          ...settlement(vocabulary),
        },
        {
          about: 'Its rules; fund, backstop, waterfall, keepers and what is left out are those of the first.',
        },
      ),
    },
    { about: 'A further contract of the exchange, on the same accounts, cash and fund.' },
  );
}

function unwinding() {
  return {
    unwindEvery: duration({
      default: '10s',
      min: '1ms',
      about: 'Time between two sales of positions that were taken over.',
    }),
    unwindShare: share({
      default: '10%',
      above: '0%',
      max: '100%',
      about: 'Share of such a position sold each time.',
    }),
    unwindWholeBelow: money({ default: 0, about: 'Notional up to which such a position is sold whole.' }),
    unwindSlippage: share({
      default: '100%',
      above: '0%',
      max: '100%',
      about: 'How far from the mark such a sale may fill.',
    }),
    unwindVisible: share({
      default: '100%',
      above: '0%',
      max: '100%',
      about: 'Share of the visible orders within that distance that such a sale may take.',
    }),
  };
}

function seed(): Parameter<string> {
  return parameter<string>(
    (written) =>
      (typeof written === 'string' && written !== '') || Number.isSafeInteger(written)
        ? { value: String(written) }
        : { expected: 'a whole number or a text' },
    { about: 'Where all randomness comes from: the same seed gives the same runs.', default: 1 },
    { kind: 'text' },
    { anyOf: [{ type: 'integer' }, { type: 'string', minLength: 1 }] },
  );
}

function measure(metrics: readonly Measured[]) {
  const replicates = map(
    {
      atLeast: count({ default: 40, min: 1, about: 'Runs of each cell and arm before the first look.' }),
      atMost: count({
        min: 1,
        about: 'Runs after which a cell ends; as `atLeast` when left out, ten times that with `until`.',
      }).optional(),
      until: precision(metrics).optional(),
    },
    { about: 'How many runs a cell gets.', default: {} },
  );
  return map(
    {
      arms: listOf(choice(ARMS, { about: 'An arm.' }), {
        about:
          'off: without liquidation; open-loop: liquidations triggered by the marks of off; closed: the market as it is.',
        default: ARMS,
      }),
      replicates,
    },
    { about: 'What is run and how often.', default: {} },
  );
}

/** `{ amplification: within 5% }` → `{ amplification: { relative: 0.05 } }`. */
function precision(metrics: readonly Measured[]): Parameter<Readonly<Record<string, Target>>> {
  const within = (unit: Measured['unit']): Parameter<Target> =>
    parameter<Target>(
      (written) => {
        const value = typeof written === 'string' ? targetFrom(written, unit) : undefined;
        return value ? { value } : { expected: expectedTarget(unit) };
      },
      {
        about:
          'How narrow the 95 % interval has to be: a share of the estimate, an amount in its own unit (pp for a share), or either.',
      },
      { kind: 'text' },
      { type: 'string', pattern: '^within ' },
    );
  const shape = Object.fromEntries(metrics.map(({ name, unit }) => [name, within(unit).optional()]));
  return map(shape, {
    about:
      'Run on until each of these is known within so much: { amplification: within 5%, ruin: within 1pp, excess_drawdown: within 5% or 1bp }.',
  }) as Parameter<Readonly<Record<string, Target>>>;
}

interface JsonMap {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}
