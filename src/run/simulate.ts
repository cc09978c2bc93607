import { Columns } from '../base/columns.ts';
import { priceFromTicks, quoteFromMoney } from '../market/contract.ts';
import { cascadeMapOf } from '../metrics/cascade-map.ts';
import type { CascadeMap } from '../metrics/cascade-map.ts';
import { genealogyOf } from '../metrics/genealogy.ts';
import { measure } from '../metrics/measure.ts';
import { riskRecord } from '../metrics/risk-record.ts';
import { Openings } from '../world/openings.ts';
import { CAUSES } from '../world/causes.ts';
import { LIQUIDATION_ENDS } from '../world/recorder.ts';
import { measurementBegins } from '../world/beginning.ts';
import type { Scenario } from '../world/scenario.ts';
import type { LiquidationMode } from '../world/market.ts';
import { World } from '../world/world.ts';
import type { EventLog, WorldOptions } from '../world/world.ts';
import type { Arm, ColumnTable, RunDetail, RunRow } from './results.ts';

/**
 * Runs one replicate in all arms of the scenario, `off` first, since `open-loop` replays its marks.
 * The same scenario, seed and replicate give the same rows and fingerprints in any process on any machine.
 * `openings` lets several calls share the starting accounts they have in common; it changes nothing but the time they take.
 * `catalogue` gives other meanings to the names in the scenario, e.g. to try a variant that is not in the standard one.
 * `keepRisk` adds a `RiskRecord` to the row of the closed arm. `onProgress` is told the share of all arms that is over.
 */
export function simulateReplicate(
  scenario: Scenario,
  replicate: number,
  options: Pick<WorldOptions, 'catalogue' | 'openings'> & {
    readonly keepRisk?: boolean;
    readonly onProgress?: OnProgress;
  } = {},
): RunRow[] {
  const { arms } = scenario.measure;
  let marks: Float64Array | undefined;
  const rows = new Map<Arm, RunRow>();
  const openings = options.openings ?? new Openings();
  for (const arm of [...arms].sort(offFirst)) {
    const keepsRisk = options.keepRisk === true && arm === 'closed';
    const world = new World({
      ...options,
      openings,
      scenario,
      replicate,
      mode: modeOf(arm, marks),
      keepPaths: keepsRisk,
    });
    world.run(part(options.onProgress, rows.size, arms.length));
    if (arm === 'off') ({ marks } = world);
    rows.set(arm, { ...rowOf(world, arm), ...(keepsRisk && { risk: riskRecord(world) }) });
  }
  return arms.map((arm) => rows.get(arm)!);
}

/** One replicate and arm with its sampled paths, its liquidations and, if asked for, every event. */
export function simulateDetail(
  scenario: Scenario,
  replicate: number,
  arm: Arm,
  options: { readonly events?: boolean; readonly onProgress?: OnProgress } = {},
): RunDetail {
  let marks: Float64Array | undefined;
  const isReplay = arm === 'open-loop';
  const runs = isReplay ? 2 : 1;
  if (isReplay) {
    const off = new World({ scenario, replicate, mode: { kind: 'off' } });
    off.run(part(options.onProgress, 0, runs));
    ({ marks } = off);
  }
  const events = options.events === true ? new EventTable() : undefined;
  const world = new World({
    scenario,
    replicate,
    mode: modeOf(arm, marks),
    ...(events === undefined ? {} : { log: events.log }),
  });
  world.run(part(options.onProgress, runs - 1, runs));
  return {
    row: rowOf(world, arm),
    paths: pathsOf(world),
    liquidations: liquidationsOf(world),
    cascadeMap: cascadeMapOf(world),
    ...(events === undefined ? {} : { events: events.table() }),
  };
}

/** Told the share of the work that is done. */
export type OnProgress = (share: number) => void;

/** For one of several runs that make up the whole. */
function part(onProgress: OnProgress | undefined, before: number, runs: number): OnProgress | undefined {
  return onProgress && ((share) => onProgress((before + share) / runs));
}

/** The cascade map of one replicate, which is simulated up to the first shock only. It is the same in all arms. */
export function simulateCascadeMap(
  scenario: Scenario,
  replicate: number,
  options: Pick<WorldOptions, 'openings'> = {},
): CascadeMap {
  const world = new World({ ...options, scenario, replicate, mode: { kind: 'closed' } });
  world.runUntil(measurementBegins(scenario));
  return cascadeMapOf(world);
}

function rowOf(world: World, arm: Arm): RunRow {
  return {
    arm,
    metrics: measure(world),
    fingerprint: world.fingerprint,
    prefixFingerprint: world.prefixFingerprint,
    ...(arm === 'closed' && { genealogy: genealogyOf(world) }),
  };
}

function modeOf(arm: Arm, marks: Float64Array | undefined): LiquidationMode {
  return arm === 'open-loop' ? { kind: arm, marks: marks! } : { kind: arm };
}

function offFirst(a: Arm, b: Arm): number {
  return Number(b === 'off') - Number(a === 'off');
}

/** The samples in quote currency; see `RunDetail.paths`. */
function pathsOf(world: World): ColumnTable {
  const { contract } = world;
  const paths = world.recorder.paths.table();
  const price = (ticks: Float64Array): Float64Array => ticks.map((x) => priceFromTicks(contract, x));
  const quote = (money: Float64Array): Float64Array => money.map((x) => quoteFromMoney(contract, x));
  return {
    time_s: paths.time_s,
    mid: price(paths.mid),
    bid: price(paths.bid),
    ask: price(paths.ask),
    last: price(paths.last),
    mark: price(paths.mark),
    index: price(paths.index),
    fundamental: price(paths.fundamental),
    bid_depth: quote(paths.bid_depth),
    ask_depth: quote(paths.ask_depth),
    forced_notional: quote(paths.forced_notional),
    fund_equity: quote(paths.fund_equity),
    adl_notional: quote(paths.adl_notional),
    open_interest: paths.open_interest,
  };
}

/** A line a liquidation; see `RunDetail.liquidations`. */
function liquidationsOf(world: World): ColumnTable {
  const { contract } = world;
  const lines = world.recorder.liquidationLines.table();
  const quote = (money: Float64Array): Float64Array => money.map((x) => quoteFromMoney(contract, x));
  return {
    time_s: lines.time_s,
    account: lines.account,
    population: Array.from(lines.account, (account) => world.populationOf(account)),
    side: lines.lots.map(Math.sign),
    lots: lines.lots.map(Math.abs),
    notional: quote(lines.notional),
    leverage: lines.leverage,
    mark: lines.mark.map((x) => priceFromTicks(contract, x)),
    index: lines.index.map((x) => priceFromTicks(contract, x)),
    margin_ratio: lines.margin_ratio,
    number: Float64Array.from(lines.account, (_, line) => line),
    cause: Array.from(lines.cause, (kind) => CAUSES[kind]),
    parent: lines.parent,
    cause_population: Array.from(lines.cause_account, (account, line) => {
      const parent = lines.parent[line];
      const by = parent === parent ? lines.account[parent] : account;
      return by === by ? world.populationOf(by) : '';
    }),
    generation: lines.generation,
    forced_notional: quote(lines.forced_notional),
    first_step_s: lines.first_step_s,
    ended_s: lines.ended_s,
    ended_by: Array.from(lines.ended_by, (end) => LIQUIDATION_ENDS[end] ?? 'under way'),
    equity: quote(lines.equity),
    first_step_equity: quote(lines.first_step_equity),
    first_keeper: lines.first_keeper,
    keeper_reward: quote(lines.keeper_reward),
    keeper_cost: quote(lines.keeper_cost),
    tier: lines.tier.map((tier) => tier + 1),
    paid_in: quote(lines.paid_in),
    fund_paid: quote(lines.fund_paid),
    others_paid: quote(lines.others_paid),
    taken_over: quote(lines.taken_over),
  };
}

/** Every event and fill of a run, in order; see `RunDetail.events`. */
class EventTable {
  private readonly columns = new Columns(['time_us', 'phase', 'a', 'b', 'c', 'd']);
  private readonly kinds: string[] = [];
  private readonly row = new Float64Array(6);

  readonly log: EventLog = (time, phase, kind, a, b, c, d) => {
    this.row.set([time, phase, a, b, c, d]);
    this.columns.append(this.row);
    this.kinds.push(kind);
  };

  table(): ColumnTable {
    const { time_us, phase, ...rest } = this.columns.table();
    return { time_us, phase, kind: this.kinds, ...rest };
  }
}
