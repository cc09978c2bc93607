import { MAX_TICK } from '../market/order.ts';
import { marginTableFrom } from '../accounts/margin-table.ts';
import { ScenarioError, type ScenarioProblem } from '../base/check.ts';
import { check, type Fault } from '../base/schema.ts';
import { expectationFrom, type Expectation } from './scenario-expectation.ts';
import { scenarioSchema, type CheckedScenario, type Scenario, type Vocabulary } from './scenario-schema.ts';
import { readSource, suggestion, type ScenarioFiles } from './scenario-source.ts';
import { sweepOf, type Axis } from './scenario-sweep.ts';
import { describe, find, placeAt, plain, yamlText, type MapTree, type Path } from './yaml-tree.ts';

export {
  ARMS,
  jsonSchema,
  scenarioKeys,
  type Arm,
  type CollateralSettings,
  type FeedSettings,
  type Scenario,
  type Vocabulary,
} from './scenario-schema.ts';
export type { Expectation, Measured, Measurement } from './scenario-expectation.ts';
export type { ScenarioFiles } from './scenario-source.ts';
export type { Axis } from './scenario-sweep.ts';

/** One combination of the values of the sweep. */
export interface Cell {
  readonly index: number;
  /** Label by axis name. */
  readonly labels: Readonly<Record<string, string>>;
  readonly scenario: Scenario;
}

/** What a worker needs to build the same cells: text only. */
export interface BatchSource {
  readonly file: string;
  /** The scenario as canonical YAML, with everything it extends, its tier tables and the settings merged in, before the sweep. */
  readonly source: string;
}

/** A scenario file, read and checked. */
export interface Batch extends BatchSource {
  readonly title: string;
  readonly about: string;
  readonly axes: readonly Axis[];
  /** At least one; the first axis varies slowest. */
  readonly cells: readonly Cell[];
  readonly expect: readonly Expectation[];
}

/**
 * Reads a scenario file. `set` are settings from the command line, `path=value` with the value in YAML; they win over the files.
 * Throws `ScenarioError` for the first thing that is wrong, in the order of the files and their lines.
 */
export function loadBatch(
  file: string,
  files: ScenarioFiles,
  vocabulary: Vocabulary,
  options: { readonly set?: readonly string[] } = {},
): Batch {
  const { tree, files: opened } = readSource(file, files, options.set);
  const { axes, cells: swept } = sweepOf(
    tree,
    vocabulary.metrics.map(({ name }) => name),
  );
  const schema = scenarioSchema(vocabulary);
  const tried = new Set<string>();
  const cells = swept.map((cell, index): Cell => {
    const result = check(schema, plain(cell.tree));
    if ('faults' in result) throw firstOf(result.faults, cell.tree, opened);
    const scenario = deepFreeze(finished(result.value, cell.tree, opened));
    const { agents, shocks, feeds, exchange, contract, markets } = scenario;
    const parts = [
      [agents, shocks, exchange.trading, exchange.collateral, contract],
      [feeds, exchange.mark],
      [exchange.margin, markets],
      // Policies say what they need; limits are refused beside a pool.
      [exchange.liquidation, exchange.backstop === undefined, exchange.trading, exchange.priceLimits],
    ].map((part) => JSON.stringify(part));
    const fault = parts.every((part) => tried.has(part)) ? undefined : vocabulary.tryOut?.(scenario);
    if (fault !== undefined) throw firstOf([fault], cell.tree, opened);
    parts.forEach((part) => tried.add(part));
    return { index, labels: cell.labels, scenario };
  });
  const { title, about, expect: texts } = cells[0].scenario;
  const expect = texts.map((text, i) =>
    expectationFrom(text, axes, vocabulary.metrics, {
      ...placeAt(tree, ['expect', i]),
      path: `expect[${i}]`,
      ...(options.set?.some((setting) => setting.startsWith('sweep'))
        ? { hint: "The sweep was changed by --set: add --set 'expect=[]' to leave the expectations out." }
        : {}),
    }),
  );
  return deepFreeze({ file, source: yamlText(plain(tree)), title, about, axes, cells, expect });
}

/** The same batch again from its own text, on another thread or machine, or one with other settings. */
export function batchFrom(
  { file, source }: BatchSource,
  vocabulary: Vocabulary,
  options: { readonly set?: readonly string[] } = {},
): Batch {
  const only: ScenarioFiles = { read: () => source, resolve: (_from, relative) => relative };
  // What was tried out when the batch was first read need not be again.
  const { tryOut: _, ...words } = vocabulary;
  return loadBatch(file, only, words, options);
}

/** What concerns several keys at once: tier tables, index weights, number of replicates, times. */
function finished(checked: CheckedScenario, tree: MapTree, opened: readonly string[]): Scenario {
  const { measure, horizon, shocks } = checked;
  const { atLeast, until } = measure.replicates;
  const atMost = measure.replicates.atMost ?? (until === undefined ? atLeast : 10 * atLeast);

  const faults: Fault[] = [];
  const refuse = (path: Path, expected: string) => faults.push({ path, expected, isKey: false });
  refuseMarket(checked, [], faults);
  refuseCollateral(checked, faults);
  for (const [name, market] of Object.entries(checked.markets))
    refuseMarket(market, ['markets', name], faults);
  if (atMost < atLeast) refuse(['measure', 'replicates', 'atMost'], `at least atLeast, ${atLeast}`);
  if (measure.arms.length === 0) refuse(['measure', 'arms'], 'at least one arm');
  measure.arms.forEach((arm, i) => {
    if (measure.arms.indexOf(arm) < i) refuse(['measure', 'arms', i], 'each arm once');
  });
  if (measure.arms.includes('open-loop') && !measure.arms.includes('off')) {
    refuse(['measure', 'arms'], 'off beside open-loop, which replays its marks');
  }
  const compares = checked.expect.length > 0 || until !== undefined;
  if (compares && !measure.arms.includes('closed')) {
    refuse(['measure', 'arms'], 'closed among them, which expect and until measure');
  }
  for (const [name, { at }] of Object.entries(shocks)) {
    if (at >= horizon) refuse(['shocks', name, 'at'], 'a time before the horizon');
  }
  if (faults.length > 0) throw firstOf(faults, tree, opened);

  const first = finishedMarket(checked, [], tree);
  const collateral = Object.fromEntries(
    Object.entries(checked.exchange.collateral).map(([name, asset]) => [
      name,
      { ...asset, ...finishedSources(asset) },
    ]),
  );
  const exchange = { ...checked.exchange, margin: first.margin, collateral };
  return {
    ...checked,
    feeds: first.feeds,
    index: first.index,
    exchange,
    markets: Object.fromEntries(
      Object.entries(checked.markets).map(([name, market]) => {
        const { margin, ...own } = finishedMarket(market, ['markets', name], tree);
        const { liquidation = exchange.liquidation, adl = exchange.adl } = market.exchange;
        return [
          name,
          { ...market, ...own, exchange: { ...exchange, ...market.exchange, liquidation, adl, margin } },
        ];
      }),
    ),
    measure: { ...measure, replicates: { atLeast, atMost, ...(until === undefined ? {} : { until }) } },
  };
}

/** What a scenario says of the first contract, and of each further one. */
type CheckedMarket = Pick<CheckedScenario, 'contract' | 'feeds' | 'index'> & {
  readonly exchange: Pick<CheckedScenario['exchange'], 'margin'>;
};

function refuseMarket(market: CheckedMarket, at: Path, faults: Fault[]): void {
  const { feeds, contract } = market;
  const refuse = (path: Path, expected: string) =>
    faults.push({ path: [...at, ...path], expected, isKey: false });
  if (LOCAL in feeds) {
    const expected = `another name: ${LOCAL} is the exchange's own mid`;
    faults.push({ path: [...at, 'feeds', LOCAL], expected, isKey: true });
  }
  refuseSources(market, [...Object.keys(feeds), LOCAL], at, faults);
  if (contract.price / contract.tick > MAX_TICK) {
    refuse(['contract', 'price'], `at most ${MAX_TICK} ticks, ${MAX_TICK * contract.tick}`);
  }
  if (contract.price < contract.tick) refuse(['contract', 'price'], `at least one tick, ${contract.tick}`);
}

/** An index has sources, and only such as there are. */
function refuseSources(
  market: Pick<CheckedMarket, 'feeds' | 'index'>,
  sources: readonly string[],
  at: Path,
  faults: Fault[],
): void {
  const { index } = market;
  const weights = weightsOf(market);
  for (const name of Object.keys(weights)) {
    if (sources.includes(name)) continue;
    const path = [...at, 'index', 'weights', name];
    faults.push({ path, expected: `one of ${sources.join(', ')}`, isKey: true, known: sources });
  }
  if (!Object.values(weights).some((weight) => weight > 0)) {
    const path = [...at, ...(index.weights === undefined ? ['feeds'] : ['index', 'weights'])];
    faults.push({ path, expected: 'at least one source with a weight above 0', isKey: false });
  }
}

/** Collateral assets, and those who name them. */
function refuseCollateral({ exchange, contract, agents, shocks }: CheckedScenario, faults: Fault[]): void {
  const names = Object.keys(exchange.collateral);
  for (const [name, asset] of Object.entries(exchange.collateral)) {
    const at = ['exchange', 'collateral', name];
    const refuse = (key: string, expected: string) =>
      faults.push({ path: [...at, key], expected, isKey: false });
    const { feeds, price, tick, unit, haircut, conversionFee, soldOn } = asset;
    const venues = Object.keys(feeds);
    refuseSources(asset, venues, at, faults);
    if (soldOn !== undefined && !venues.includes(soldOn)) refuse('soldOn', `one of ${venues.join(', ')}`);
    if (conversionFee > haircut) refuse('conversionFee', `no more than the haircut, ${haircut * 100}%`);
    if (price / tick > MAX_TICK) refuse('price', `at most ${MAX_TICK} ticks, ${MAX_TICK * tick}`);
    if (price < tick) refuse('price', `at least one tick, ${tick}`);
    const least = contract.tick * contract.lot;
    if (contract.kind === 'linear' && unit * price < least)
      refuse('unit', `an amount worth at least tick · lot of the contract, ${least}, the unit of money`);
  }
  const known = names.length === 0 ? 'no asset: exchange.collateral has none' : `one of ${names.join(', ')}`;
  for (const [population, { collateral }] of Object.entries(agents)) {
    const at = ['agents', population, 'collateral'];
    for (const name of Object.keys(collateral)) {
      if (!names.includes(name))
        faults.push({ path: [...at, name], expected: known, isKey: true, known: names });
    }
    const sum = Object.values(collateral).reduce((all, part) => all + part, 0);
    if (sum > 1 + 1e-9)
      faults.push({ path: at, expected: 'shares of no more than 100% together', isKey: false });
  }
  for (const [shock, { collateral, contract: hit }] of Object.entries(shocks)) {
    if (collateral === undefined) continue;
    const path = ['shocks', shock, 'collateral'];
    if (!names.includes(collateral)) faults.push({ path, expected: known, isKey: false, known: names });
    if (hit !== undefined) faults.push({ path, expected: 'either a contract or a collateral', isKey: false });
  }
}

function weightsOf({
  feeds,
  index,
}: Pick<CheckedMarket, 'feeds' | 'index'>): Readonly<Record<string, number>> {
  const spot = Object.keys(feeds).filter((name) => feeds[name].quotes === 'spot');
  return index.weights ?? Object.fromEntries(spot.map((name) => [name, 1]));
}

function finishedMarket(market: CheckedMarket, at: Path, tree: MapTree) {
  return { ...finishedSources(market), margin: withMarginTable(market.exchange.margin, at, tree) };
}

function finishedSources(market: Pick<CheckedMarket, 'feeds' | 'index'>) {
  const { feeds, index } = market;
  return {
    feeds: Object.fromEntries(
      Object.entries(feeds).map(([name, feed]) => [
        name,
        {
          ...feed,
          depthPerPercent: feed.depthPerPercent ?? Infinity,
          outageEvery: feed.outageEvery ?? Infinity,
        },
      ]),
    ),
    index: { ...index, weights: weightsOf(market) },
  };
}

/** The name by which index weights speak of the exchange's own mid. */
const LOCAL = 'local';

/** A margin rule that takes a table gets it checked, with the places of its rows. A list, and a map that names no rule, are of that rule. */
export function withMarginTable<Margin extends CheckedScenario['exchange']['margin']>(
  margin: Margin,
  above: Path,
  tree: MapTree,
): Margin {
  const parameters = margin.parameters as { readonly tiers?: object };
  if (parameters.tiers === undefined) return margin;
  const { rule } = margin;
  const isList = Array.isArray(parameters.tiers);
  const written = isList ? { rule, tiers: parameters.tiers } : { rule, ...parameters.tiers };
  const where = (path: Path) => {
    const inside = isList && path[0] === 'tiers' ? path.slice(1) : path;
    const at = [...above, 'exchange', 'margin', 'tiers', ...inside];
    return { ...placeAt(tree, at), path: dotted(at) };
  };
  const tiers = marginTableFrom(written, where);
  if (tiers.rule !== rule)
    throw new ScenarioError({
      ...where(['rule']),
      found: `a table for ${tiers.rule}`,
      expected: `one for ${rule}`,
    });
  // A copy, since `deepFreeze` takes what is frozen to be frozen to the bottom.
  return { ...margin, parameters: { ...parameters, tiers: { ...tiers } } };
}

/** The fault that a reader of the files meets first. What is missing comes last: it may just be misspelt further down. */
export function firstOf(faults: readonly Fault[], tree: MapTree, opened: readonly string[]): ScenarioError {
  const isMissing = (fault: Fault) => find(tree, fault.path) === undefined;
  const present = faults.filter((fault) => !isMissing(fault));
  const problems = (present.length > 0 ? present : faults).map((fault) => problemOf(fault, tree));
  const order = ({ file }: ScenarioProblem) => {
    const position = opened.indexOf(file);
    // Tier tables and settings from the command line come last.
    return position < 0 ? opened.length : position;
  };
  problems.sort((a, b) => order(a) - order(b) || a.line - b.line || a.column - b.column);
  return new ScenarioError(problems[0]);
}

function problemOf({ path, expected, hint, isKey, known }: Fault, tree: MapTree): ScenarioProblem {
  const found = find(tree, path);
  const word = isKey ? String(path.at(-1)) : found?.kind === 'scalar' ? String(found.value) : undefined;
  const near = known === undefined || word === undefined ? {} : suggestion(word, known);
  return {
    ...placeAt(tree, path, isKey ? 'key' : 'value'),
    path: dotted(path),
    found: !isKey ? describe(found) : known === undefined ? word! : `the unknown key ${word}`,
    expected,
    ...(hint === undefined ? near : { hint }),
  };
}

/** `measure.arms[1]`. */
function dotted(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
