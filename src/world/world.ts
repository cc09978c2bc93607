import { FIRST_TRADER, OUTSIDE } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import { balanceToBreakAt, isDistressed } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import type { Population } from '../agents/agent.ts';
import { Unbuildable } from '../base/check.ts';
import { Hasher } from '../base/hash.ts';
import { RandomSource } from '../base/random.ts';
import { SECOND } from '../base/units.ts';
import type { Lots, Micros, Side } from '../base/units.ts';
import { Kernel, Phase } from '../kernel/kernel.ts';
import { notionalOf, valueOf } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import type { InsuranceFund } from '../risk/insurance-fund.ts';
import type { LiquidationEngine } from '../risk/liquidation-engine.ts';
import type { Vault } from '../risk/vault.ts';
import { catalogue } from './catalogue.ts';
import { creatorFrom } from './create.ts';
import type { Creator, Variants } from './create.ts';
import { ExchangeDesk } from './desk.ts';
import type { Exchange, Fill } from './exchange.ts';
import { Handlers } from './handlers.ts';
import { contractOf, Market } from './market.ts';
import type { LiquidationMode } from './market.ts';
import { Opening, Openings } from './openings.ts';
import type { PoolExchange } from './pool-exchange.ts';
import type { Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';

export interface WorldOptions {
  readonly scenario: Scenario;
  readonly replicate: number;
  readonly mode: LiquidationMode;
  /** What the names in the scenario mean; the standard catalogue when left out. */
  readonly catalogue?: Variants;
  /** Where to find the starting accounts if they were drawn before; see `Openings`. */
  readonly openings?: Openings;
  /** Whether to keep what is sampled once a second (true); metrics do not need it. */
  readonly keepPaths?: boolean;
  /** Called after every event, e.g. to check what must always hold. */
  readonly afterEvent?: (world: World) => void;
  /** Called with every event as it happens and with every fill (kind `fill`: maker, taker, price, lots). */
  readonly log?: EventLog;
}

export type EventLog = (
  time: Micros,
  phase: number,
  kind: string,
  a: number,
  b: number,
  c: number,
  d: number,
) => void;

/** A slot in the ledger for the account that shocks trade from. */
const SHOCK_ACCOUNT: AccountId = FIRST_TRADER;
/** Its collateral, as a multiple of the open interest at the start. */
const SHOCK_POCKET = 10;

interface Seat {
  readonly name: string;
  readonly population: Population;
  readonly firstAccount: AccountId;
  readonly desk: ExchangeDesk;
}

/**
 * One run: the market of a scenario and who acts in it, wired together. Building it draws the starting state; `run` lets it
 * happen. All randomness comes from streams named below `replicate/<n>`, so that a part of the scenario that is exchanged leaves
 * the draws of all others as they were.
 */
export class World {
  readonly scenario: Scenario;
  readonly kernel = new Kernel();
  readonly market: Market;
  private readonly options: WorldOptions;
  private readonly random: RandomSource;
  private readonly create: Creator;
  private readonly handlers = new Handlers(this.kernel);
  private readonly seats: Seat[] = [];
  /** seatOf[account]: index into `seats`; −1 for the exchange's own accounts. */
  private readonly seatOf: Int16Array;
  private readonly hasher = new Hasher();
  private prefix: string | undefined;
  /** Accounts that trade: that of the shocks and those of the populations. */
  private readonly traders: number;
  private readonly endOfRun: Micros;

  constructor(options: WorldOptions) {
    const { scenario } = options;
    this.options = options;
    this.scenario = scenario;
    this.random = new RandomSource(scenario.seed).child(`replicate/${options.replicate}`);
    this.create = creatorFrom(options.catalogue ?? catalogue);
    this.endOfRun = scenario.warmUp + scenario.horizon;
    const { contract, startPrice } = contractOf(scenario);
    const populations = Object.entries(scenario.agents).map(([name, chosen]) => ({
      name,
      chosen,
      population: this.create.agent(chosen, { contract, startPrice }),
    }));
    this.traders = 1 + populations.reduce((sum, { population }) => sum + population.size, 0);
    this.market = new Market({
      settings: scenario,
      contract,
      startPrice,
      accounts: FIRST_TRADER + this.traders,
      mode: options.mode,
      endOfRun: this.endOfRun,
      keepPaths: options.keepPaths ?? true,
      kernel: this.kernel,
      handlers: this.handlers,
      create: this.create,
      random: this.random,
      onFill: (fill) => this.onFill(fill),
      tellOwner: (account, side, lots) => this.tellOwner(account, side, lots),
      onStop: (account) => this.onStop(account),
      onBroken: () => (this.prefix ??= this.fingerprint),
      onRefused: (account, lots, reason) =>
        options.log?.(this.kernel.now, Phase.ORDER_ARRIVAL, `refused-${reason}`, account, lots, 0, 0),
    });
    this.seatOf = new Int16Array(this.exchange.accounts.size).fill(-1);
    this.seatPopulations(populations);
    this.openAccounts();
    this.scheduleEverything();
  }

  // Of the market.

  get contract(): Contract {
    return this.market.contract;
  }
  get schedule(): MarginSchedule {
    return this.market.schedule;
  }
  get exchange(): Exchange {
    return this.market.exchange;
  }
  get recorder(): Recorder {
    return this.market.recorder;
  }
  get engine(): LiquidationEngine {
    return this.market.engine;
  }
  get fund(): InsuranceFund {
    return this.market.fund;
  }
  get pool(): PoolExchange | undefined {
    return this.market.pool;
  }
  get backstop(): Vault | undefined {
    return this.market.backstop;
  }
  get marks(): Float64Array {
    return this.market.marks;
  }

  /** Hash over every event and fill so far. */
  get fingerprint(): string {
    return this.hasher.digest();
  }

  /** The same, taken when the first account broke (or now, if none has): equal in all arms of a replicate. */
  get prefixFingerprint(): string {
    return this.prefix ?? this.fingerprint;
  }

  /** Name of the population an account belongs to. */
  populationOf(account: AccountId): string {
    return this.seats[this.seatOf[account]]?.name ?? 'exchange';
  }

  run(): void {
    const { kernel, hasher, options } = this;
    const { log, afterEvent } = options;
    let first = true;
    kernel.observe((time, phase, handler, a, b) => {
      if (!first) afterEvent?.(this);
      first = false;
      hasher.add(time);
      hasher.add(phase * 65536 + handler);
      hasher.add(a);
      hasher.add(b);
      log?.(time, phase, this.handlers.nameOf(handler), a, b, 0, 0);
    });
    kernel.runUntil(this.endOfRun);
    afterEvent?.(this);
    this.checkInvariants();
  }

  /** Money and positions are conserved. Throws when they are not. */
  checkInvariants(): void {
    this.market.checkInvariants();
  }

  private seatPopulations(
    populations: readonly { name: string; chosen: Scenario['agents'][string]; population: Population }[],
  ): void {
    const { market, exchange } = this;
    let firstAccount = SHOCK_ACCOUNT + 1;
    for (const { name, chosen, population } of populations) {
      const desk = new ExchangeDesk({
        kernel: this.kernel,
        exchange,
        marketData: market.marketData,
        liquidationMap: market.liquidationMap,
        population,
        firstAccount,
        dataLatency: chosen.dataLatency,
        orderLatency: chosen.orderLatency,
        random: this.random.child(`agents/${name}`),
        appetite: () => market.appetite,
        tradeOutside: (lots) => market.tradeOutside(lots),
      });
      this.handlers.name({
        [`${name}-wakes`]: desk.wakeHandler,
        [`${name}-orders-arrive`]: desk.arrivalHandler,
      });
      this.seatOf.fill(this.seats.length, firstAccount, firstAccount + population.size);
      if (population.margined) exchange.isMargined.fill(1, firstAccount, firstAccount + population.size);
      this.seats.push({ name, population, firstAccount, desk });
      firstAccount += population.size;
    }
  }

  private openAccounts(): void {
    const { contract, exchange, scenario, market } = this;
    const { accounts } = exchange;
    market.openVaults();
    const { seed, agents, contract: decimals } = scenario;
    const { margin } = scenario.exchange;
    const key = JSON.stringify([
      seed,
      this.options.replicate,
      agents,
      decimals,
      margin,
      market.pool !== undefined,
    ]);
    const { cash, lots, entry } = (this.options.openings ?? new Openings()).get(key, () =>
      this.drawOpening(),
    );
    for (let i = 0; i < lots.length; i++) {
      const account = FIRST_TRADER + i;
      accounts.ledger.transfer(OUTSIDE, account, cash[i]);
      if (lots[i] === 0) continue;
      accounts.openPosition(account, lots[i], entry[i]);
      exchange.changed(account);
    }
    market.pool?.pool.open(market.startPrice);
    // Whoever a shock trades for has a deep pocket: barely levered, it stands last in the queue of auto-deleveraging.
    const openInterest = notionalOf(contract, accounts.openInterest, market.startPrice);
    accounts.ledger.transfer(OUTSIDE, SHOCK_ACCOUNT, SHOCK_POCKET * openInterest);
  }

  private drawOpening(): Opening {
    const { contract, schedule, startPrice } = this.market;
    const opening = new Opening(this.traders, contract);
    let netLots = 0;
    const inOrder = [...this.seats].sort(
      (a, b) => Number(a.population.balancing) - Number(b.population.balancing),
    );
    for (const { name, population, firstAccount } of inOrder) {
      population.open({
        contract,
        random: this.random.child(`agents/${name}`),
        price: startPrice,
        netLots,
        open: (member, account) => {
          opening.set(firstAccount + member, account);
          netLots += account.lots;
        },
        wouldBreak: ({ collateral, lots, entry }, adverse) => {
          const price = Math.round(startPrice * (1 - Math.sign(lots) * adverse));
          return isDistressed(schedule, collateral - valueOf(contract, lots, entry), lots, price);
        },
        collateralFor: ({ lots, entry, breaksAt }) =>
          balanceToBreakAt(schedule, lots, breaksAt) + valueOf(contract, lots, entry),
        maxLeverage: (lots) =>
          schedule.maxLeverage({ lots, notional: notionalOf(contract, lots, startPrice), openInterest: 0 }),
      });
    }
    // A pool is the other side of whatever does not net.
    if (netLots !== 0 && this.market.pool === undefined) {
      throw new Unbuildable(
        ['agents'],
        `populations whose longs equal their shorts (now ${netLots} lots apart)`,
        {
          hint: 'Add a population of kind hedged-holder: it takes the other side.',
        },
      );
    }
    return opening;
  }

  private scheduleEverything(): void {
    this.scheduleBeginning();
    this.scheduleShocks();
    this.market.start();
    for (const { desk } of this.seats) desk.start();
    this.handlers.repeat('sample', SECOND, Phase.RECORD, () => this.recorder.sample());
  }

  /** The measurement begins with the first shock, before it acts; without shocks, after the warm-up. */
  private scheduleBeginning(): void {
    const { shocks, warmUp } = this.scenario;
    const first = Math.min(...Object.values(shocks).map((shock) => shock.at));
    const begin = this.handlers.register('measurement-begins', () => this.market.begin());
    this.kernel.at(warmUp + (first === Infinity ? 0 : first), Phase.SHOCK, begin);
  }

  private scheduleShocks(): void {
    const { kernel, scenario, market } = this;
    const { contract, recorder } = market;
    for (const [name, chosen] of Object.entries(scenario.shocks)) {
      const actions: (() => void)[] = [];
      const act = this.handlers.register(name, (action) => actions[action]());
      this.create.shock(chosen, { contract }).start(scenario.warmUp + chosen.at, {
        contract,
        feeds: market.feeds.map((feed) => feed.name),
        refuse: (parameter, expected) => {
          throw new Unbuildable(['shocks', name, parameter], expected);
        },
        get now() {
          return kernel.now;
        },
        get price() {
          return recorder.localPrice();
        },
        at: (time, action) => kernel.at(time, Phase.SHOCK, act, actions.push(action) - 1),
        jumpFundamental: (factor) => market.fundamental.jump(factor),
        failFeed: (feed, until) => market.feeds.find((one) => one.name === feed)!.fail(until),
        failKeepers: (share, until) => market.keepers.fail(share, until),
        scaleAppetite: (factor) => (market.appetite *= factor),
        trade: (side, lots) => market.exchange.tradeAtMarket(SHOCK_ACCOUNT, side, lots),
      });
    }
  }

  private onFill({ maker, taker, price, lots }: Readonly<Fill>): void {
    this.hasher.add(maker);
    this.hasher.add(taker);
    this.hasher.add(price);
    this.hasher.add(lots);
    this.options.log?.(this.kernel.now, Phase.ORDER_ARRIVAL, 'fill', maker, taker, price, lots);
  }

  private tellOwner(account: AccountId, side: Side, lots: Lots): void {
    const seat = this.seats[this.seatOf[account]];
    seat?.desk.onFilled(account - seat.firstAccount, side, lots);
  }

  private onStop(account: AccountId): void {
    const seat = this.seats[this.seatOf[account]];
    seat.desk.onStop(account - seat.firstAccount);
  }
}
