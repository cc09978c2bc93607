import { FIRST_TRADER, OUTSIDE } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import { Collateral } from '../accounts/collateral.ts';
import { CrossMargin } from '../accounts/cross-margin.ts';
import { balanceToBreakAt, isDistressed, maintenanceMargin } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import type { Population } from '../agents/agent.ts';
import { assert, Unbuildable } from '../base/check.ts';
import { Hasher } from '../base/hash.ts';
import { LiveStreams, RandomSource } from '../base/random.ts';
import type { RandomStream } from '../base/random.ts';
import { SECOND } from '../base/units.ts';
import type { Lots, Micros, Money, Side, Ticks } from '../base/units.ts';
import { Kernel, Phase } from '../kernel/kernel.ts';
import { moneyFromQuote, notionalOf, quoteFromMoney, valueOf } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import type { Feed } from '../prices/feed.ts';
import type { InsuranceFund } from '../risk/insurance-fund.ts';
import type { LiquidationEngine } from '../risk/liquidation-engine.ts';
import type { Vault } from '../risk/vault.ts';
import { measurementBegins } from './beginning.ts';
import type { Branch, Instant } from './branch.ts';
import { catalogue } from './catalogue.ts';
import { CollateralMarket } from './collateral-market.ts';
import { CollateralStatement } from './collateral-statement.ts';
import { Contagion } from './contagion.ts';
import { creatorFrom } from './create.ts';
import type { Creator, Variants } from './create.ts';
import { ExchangeDesk } from './desk.ts';
import type { Exchange, Fill } from './exchange.ts';
import { Handlers } from './handlers.ts';
import { contractOf, Market, SHOCK_ACCOUNT } from './market.ts';
import type { LiquidationMode, MarketSettings } from './market.ts';
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
  /** Where this run leaves others with the same past, in the order of time. */
  readonly branches?: readonly Branch[];
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

/** Its collateral, as a multiple of the open interest at the start. */
const SHOCK_POCKET = 10;

/** How often a run tells how far it is. */
const PROGRESS_PARTS = 100;

interface Seat {
  readonly name: string;
  readonly population: Population;
  /** Index into `markets` of the contract that it trades. */
  readonly market: number;
  readonly firstAccount: AccountId;
  readonly desk: ExchangeDesk;
}

/**
 * One run: the markets of a scenario and who acts in them, wired together. Building it draws the starting state; `run` lets it
 * happen. All randomness comes from streams named below `replicate/<n>`, so that a part of the scenario that is exchanged leaves
 * the draws of all others as they were.
 */
export class World {
  readonly scenario: Scenario;
  readonly kernel = new Kernel();
  /** The contracts of the exchange: that of the scenario's top level, then those under `markets`. */
  readonly markets: readonly Market[];
  /** The assets that back positions besides money; mostly none. */
  readonly collateral: readonly CollateralMarket[];
  /** Undefined where there are none. */
  readonly collateralStatement: CollateralStatement | undefined;
  readonly contagion: Contagion;
  private readonly crossMargin: CrossMargin | undefined;
  private readonly options: WorldOptions;
  private readonly random: RandomSource;
  private readonly streams: LiveStreams | undefined;
  /** The branches not yet reached. */
  private readonly branchesAhead: Branch[];
  private readonly closingOrder: RandomStream;
  private readonly create: Creator;
  private readonly handlers = new Handlers(this.kernel);
  private readonly seats: Seat[] = [];
  /** seatOf[account]: index into `seats`; −1 for the exchange's own accounts. */
  private readonly seatOf: Int16Array;
  /** Used again for every price of a collateral. */
  private readonly broken: Int32Array;
  private readonly hasher = new Hasher();
  private prefix: string | undefined;
  /** Accounts that trade: that of the shocks and those of the populations. */
  private readonly traders: number;
  private readonly endOfRun: Micros;

  constructor(options: WorldOptions) {
    const { scenario } = options;
    this.options = options;
    this.scenario = scenario;
    this.branchesAhead = [...(options.branches ?? [])];
    this.streams = this.branchesAhead.length > 0 ? new LiveStreams() : undefined;
    this.random = new RandomSource(scenario.seed, '', this.streams).child(`replicate/${options.replicate}`);
    this.closingOrder = this.random.stream('closing-order');
    this.create = creatorFrom(options.catalogue ?? catalogue);
    this.endOfRun = scenario.warmUp + scenario.horizon;
    const plans = plansOf(scenario);
    const populations = Object.entries(scenario.agents).map(([name, chosen]) => {
      const market = marketNamed(plans, chosen.contract, ['agents', name]);
      const { contract, startPrice } = plans[market];
      return { name, chosen, market, population: this.create.agent(chosen, { contract, startPrice }) };
    });
    this.traders = 1 + populations.reduce((sum, { population }) => sum + population.size, 0);
    this.contagion = new Contagion(plans.length);
    this.markets = this.buildMarkets(plans);
    this.collateral = this.buildCollateral();
    if (this.collateral.length > 0)
      this.collateralStatement = new CollateralStatement(this.collateral.map(({ asset }) => asset));
    if (this.markets.length > 1 || this.collateral.length > 0) this.crossMargin = this.joinMarkets();
    this.broken = new Int32Array(this.exchange.accounts.size);
    this.seatOf = new Int16Array(this.exchange.accounts.size).fill(-1);
    this.seatPopulations(populations);
    this.openAccounts();
    this.scheduleEverything();
    this.observe();
  }

  // Of the first contract.

  get market(): Market {
    return this.markets[0];
  }
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

  /** The marks of all contracts, one after the other (see `Market.marks`), and behind them the prices of all collateral. */
  get marks(): Float64Array {
    if (this.markets.length === 1 && this.collateral.length === 0) return this.market.marks;
    const paths = [...this.markets.map(({ marks }) => marks), ...this.collateral.map(({ prices }) => prices)];
    return Float64Array.from(paths.flatMap((path) => [...path]));
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

  /** `onProgress` is told now and then which share of the time is over; it changes nothing. */
  run(onProgress?: (share: number) => void): void {
    if (onProgress !== undefined)
      for (let part = 1; part < PROGRESS_PARTS; part++) {
        this.runUntil(Math.floor((part * this.endOfRun) / PROGRESS_PARTS));
        onProgress(part / PROGRESS_PARTS);
      }
    this.runUntil(this.endOfRun);
    this.options.afterEvent?.(this);
    this.checkInvariants();
  }

  /** Lets everything up to and including `time` happen, with the branches on the way; may be called again for a later time. */
  runUntil(time: Micros): void {
    const { kernel, branchesAhead } = this;
    while (branchesAhead.length > 0 && branchesAhead[0].at <= time) {
      const branch = branchesAhead.shift()!;
      kernel.runUntil(branch.at);
      assert(
        this.fingerprint === branch.fingerprint,
        `at ${branch.at} µs a run does not repeat the one it leaves`,
      );
      this.streams!.rekey(branch.label);
    }
    kernel.runUntil(time);
  }

  /** What a run needs that leaves this one now. */
  instant(): Instant {
    const marks = this.markets.map(({ marks, startPrice }) => {
      let [lowest, highest] = [startPrice, startPrice];
      for (const mark of marks) {
        // Those that are still to come are 0.
        if (mark > 0 && mark < lowest) lowest = mark;
        if (mark > highest) highest = mark;
      }
      return { lowest, highest };
    });
    return { at: this.kernel.now, marks, fingerprint: this.fingerprint };
  }

  private observe(): void {
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
  }

  /** Money and positions are conserved. Throws when they are not. */
  checkInvariants(): void {
    for (const market of this.markets) market.checkInvariants();
    for (const { asset } of this.collateral) asset.ledger.checkInvariants();
  }

  private buildMarkets(plans: readonly Plan[]): Market[] {
    const { options, kernel } = this;
    const { mode } = options;
    const markets: Market[] = [];
    let marksBefore = 0;
    plans.forEach((plan, i) => {
      const market = new Market({
        ...plan,
        accounts: FIRST_TRADER + this.traders,
        ledger: markets[0]?.exchange.accounts.ledger,
        mode: mode.kind === 'open-loop' ? { ...mode, marks: mode.marks.subarray(marksBefore) } : mode,
        endOfRun: this.endOfRun,
        keepPaths: options.keepPaths ?? true,
        kernel,
        handlers: i === 0 ? this.handlers : this.handlers.within(`${plan.name}/`),
        create: this.create,
        random: i === 0 ? this.random : this.random.child(`markets/${plan.name}`),
        onFill: (fill) => this.onFill(fill),
        tellOwner: (account, side, lots) => this.tellOwner(i, account, side, lots),
        onStop: (account) => this.onStop(account),
        onBroken: (broken, count) => this.onBroken(i, broken, count),
        onForced: (account, value) => {
          this.contagion.forced(account, i, quoteFromMoney(plan.contract, value));
          this.collateralStatement?.forcedTrade(account, value);
        },
        afterLiquidation: (account) => this.afterLiquidation(account),
        onRefused: (account, lots, reason) =>
          options.log?.(kernel.now, Phase.ORDER_ARRIVAL, `refused-${reason}`, account, lots, 0, 0),
      });
      marksBefore += market.marks.length;
      markets.push(market);
    });
    return markets;
  }

  private buildCollateral(): CollateralMarket[] {
    const { options, kernel, create, contract, pool } = this;
    const assets = Object.entries(this.scenario.exchange.collateral);
    if (assets.length > 0 && (contract.isInverse || pool !== undefined)) {
      const here = pool === undefined ? 'in an inverse contract' : 'beside a pool';
      throw new Unbuildable(['exchange', 'collateral'], `no further collateral ${here}`);
    }
    let before = this.markets.reduce((sum, { marks }) => sum + marks.length, 0);
    return assets.map(([name, settings]) => {
      const market: CollateralMarket = new CollateralMarket({
        ...{ name, settings, contract, kernel, create },
        cash: this.exchange.accounts.ledger,
        endOfRun: this.endOfRun,
        replayed: options.mode.kind === 'open-loop' ? options.mode.marks.subarray(before) : undefined,
        handlers: this.handlers.within(`collateral/${name}/`),
        random: this.random.child(`collateral/${name}`),
        onPrice: () => this.onCollateralPrice(market),
        onSeized: (worth) => (this.collateralStatement!.seized += worth),
      });
      before += market.prices.length;
      return market;
    });
  }

  /** The contracts of the exchange share ledger, fund and accounts, and whatever else backs positions. */
  private joinMarkets(): CrossMargin {
    const { markets } = this;
    const [first] = markets;
    if (first.pool !== undefined) throw new Unbuildable(['markets'], 'no further contracts beside a pool');
    const collateral = new Collateral(this.collateral.map(({ asset }) => asset));
    const crossMargin = new CrossMargin(
      markets.map(({ exchange, schedule }) => ({
        accounts: exchange.accounts,
        schedule,
        index: exchange.index,
        markOf: (account) => exchange.markOf(account),
      })),
      collateral.assets,
    );
    for (const market of markets) {
      const others = markets.filter((other) => other !== market);
      market.joinOthers(others, crossMargin, collateral);
    }
    return crossMargin;
  }

  /**
   * Marks have reached the triggers of accounts. Those that are broken are out of all indexes, and begin to be closed in one contract
   * after the other.
   */
  private onBroken(by: number, crossed: Int32Array, count: number): number {
    const isSetOff = this.markets[by].recorder.isSetOff();
    let here = 0;
    for (let n = 0; n < count; n++) {
      const account = crossed[n];
      if (!this.breaks(account)) continue;
      this.contagion.broke(account, by, isSetOff);
      const first = this.crossMargin === undefined ? by : this.nextToClose(account);
      if (first === by) crossed[here++] = account;
      if (this.options.mode.kind === 'off' || this.crossMargin === undefined) continue;
      if (first === by) this.cancelElsewhere(by, account);
      else this.closeIn(first, account);
    }
    return here;
  }

  /** The same of a collateral whose price has moved. No contract is the cause of it. */
  private onCollateralPrice(market: CollateralMarket): void {
    this.collateralStatement!.onPrice();
    const count = market.asset.crossed(this.broken);
    for (let n = 0; n < count; n++) {
      const account = this.broken[n];
      if (!this.breaks(account)) continue;
      const first = this.nextToClose(account);
      this.contagion.broke(account, first, false);
      if (this.options.mode.kind !== 'off') this.closeIn(first, account);
    }
  }

  /** Whether an account whose trigger was reached is broken by all that it holds. One that holds after all is registered anew. */
  private breaks(account: AccountId): boolean {
    const { crossMargin } = this;
    if (crossMargin !== undefined) {
      if (!crossMargin.isDistressed(account)) {
        crossMargin.register(account);
        return false;
      }
      crossMargin.remove(account);
      this.collateralStatement?.broke(account, crossMargin);
    }
    this.prefix ??= this.fingerprint;
    return true;
  }

  private afterLiquidation(account: AccountId): void {
    const { crossMargin, exchange } = this;
    if (crossMargin === undefined) exchange.index.update(account);
    else if (crossMargin.isDistressed(account)) this.closeIn(this.nextToClose(account), account);
    else crossMargin.register(account);
  }

  private closeIn(market: number, account: AccountId): void {
    const { engine, exchange } = this.markets[market];
    this.cancelElsewhere(market, account);
    engine.lookAhead(exchange.longMark, exchange.shortMark);
    engine.begin(account);
  }

  private cancelElsewhere(market: number, account: AccountId): void {
    this.markets.forEach((other, i) => {
      if (i !== market) other.exchange.cancelOrders(account);
    });
  }

  /** Which contract a distressed account is closed in next. */
  private nextToClose(account: AccountId): number {
    const { positionOrder } = this.scenario.exchange.liquidation;
    const held = this.markets
      .map((market, i) => ({ market, i }))
      .filter(({ market }) => market.exchange.accounts.lots[account] !== 0);
    if (held.length === 1) return held[0].i;
    if (positionOrder === 'random') return held[this.closingOrder.below(held.length)].i;
    const marginOf = (market: Market): Money => {
      const { accounts } = market.exchange;
      const notional = accounts.notional(account, market.exchange.markOf(account));
      return maintenanceMargin(market.schedule, notional, accounts.lots[account]);
    };
    return held.reduce((best, one) => (marginOf(one.market) > marginOf(best.market) ? one : best)).i;
  }

  private seatPopulations(
    populations: readonly {
      name: string;
      chosen: Scenario['agents'][string];
      market: number;
      population: Population;
    }[],
  ): void {
    let firstAccount = SHOCK_ACCOUNT + 1;
    for (const { name, chosen, market: at, population } of populations) {
      const market = this.markets[at];
      const desk = new ExchangeDesk({
        kernel: this.kernel,
        exchange: market.exchange,
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
        ...(desk.lapses && { [`${name}-quotes-lapse`]: desk.lapses.handler }),
      });
      this.seatOf.fill(this.seats.length, firstAccount, firstAccount + population.size);
      if (population.margined) {
        for (const { exchange } of this.markets)
          exchange.isMargined.fill(1, firstAccount, firstAccount + population.size);
      }
      this.seats.push({ name, population, market: at, firstAccount, desk });
      firstAccount += population.size;
    }
  }

  private openAccounts(): void {
    const { scenario, markets } = this;
    this.market.openVaults();
    const key = JSON.stringify([
      scenario.seed,
      this.options.replicate,
      scenario.agents,
      [scenario, ...Object.values(scenario.markets)].map(({ contract, exchange }) => [
        contract,
        exchange.margin,
      ]),
      this.pool !== undefined,
      this.options.branches,
    ]);
    const openings = (this.options.openings ?? new Openings()).get(key, () => this.drawOpenings());
    markets.forEach(({ exchange: { accounts } }, k) => {
      const { cash, lots, entry } = openings[k];
      for (let i = 0; i < lots.length; i++) {
        accounts.ledger.transfer(OUTSIDE, FIRST_TRADER + i, cash[i]);
        if (lots[i] !== 0) accounts.openPosition(FIRST_TRADER + i, lots[i], entry[i]);
      }
    });
    this.depositCollateral(openings);
    markets.forEach(({ exchange }) => {
      for (let account = FIRST_TRADER; account < FIRST_TRADER + this.traders; account++)
        if (exchange.accounts.lots[account] !== 0) exchange.changed(account);
    });
    this.pool?.pool.open(this.market.startPrice);
    // Whoever a shock trades for has a deep pocket: barely levered, it stands last in the queue of auto-deleveraging.
    for (const { contract, exchange, startPrice } of markets) {
      const openInterest = notionalOf(contract, exchange.accounts.openInterest, startPrice);
      exchange.accounts.ledger.transfer(OUTSIDE, SHOCK_ACCOUNT, SHOCK_POCKET * openInterest);
    }
  }

  /** Part of what accounts bring is in other assets: as much of them as counts for the money that it stands for. */
  private depositCollateral(openings: readonly Opening[]): void {
    for (const { name, population, firstAccount } of this.seats) {
      const shares = Object.entries(this.scenario.agents[name].collateral);
      if (shares.length > 0 && !population.margined)
        throw new Unbuildable(
          ['agents', name, 'collateral'],
          'nothing: these accounts have no margin to back',
        );
      for (let account = firstAccount; account < firstAccount + population.size; account++) {
        const brought = openings.reduce((sum, opening) => sum + opening.collateralOf(account), 0);
        for (const [asset, share] of shares)
          this.collateral.find((one) => one.name === asset)!.asset.exchangeFor(account, share * brought);
      }
    }
  }

  private drawOpenings(): readonly Opening[] {
    const { markets } = this;
    const openings = markets.map(({ contract }) => new Opening(this.traders, contract));
    const netLots = markets.map(() => 0);
    const inOrder = [...this.seats].sort(
      (a, b) => Number(a.population.balancing) - Number(b.population.balancing),
    );
    const enter = (market: number, account: AccountId, position: OpenedPosition): void => {
      openings[market].set(account, position);
      netLots[market] += position.lots;
    };
    for (const { name, population, firstAccount, market } of inOrder) {
      const { contract, schedule, startPrice } = markets[market];
      population.open({
        contract,
        random: this.random.child(`agents/${name}`),
        unseen: this.branchesAhead.map(({ label, marks }) => ({
          ...{ below: marks[market].lowest, above: marks[market].highest },
          random: this.random.branch(label).child(`agents/${name}`),
        })),
        price: startPrice,
        netLots: netLots[market],
        open: (member, account) => enter(market, firstAccount + member, account),
        others: markets.flatMap((other, i) =>
          i === market
            ? []
            : [
                {
                  contract: other.contract,
                  price: other.startPrice,
                  open: (member: number, position: { lots: Lots; entry: Ticks }) =>
                    enter(i, firstAccount + member, { collateral: 0, ...position }),
                },
              ],
        ),
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
    const open = netLots.findIndex((lots) => lots !== 0);
    if (open >= 0 && this.pool === undefined) {
      throw new Unbuildable(
        ['agents'],
        `populations whose longs equal their shorts (now ${netLots[open]} lots apart)`,
        {
          hint: 'Add a population of kind hedged-holder: it takes the other side.',
        },
      );
    }
    return openings;
  }

  private scheduleEverything(): void {
    this.scheduleBeginning();
    this.scheduleShocks();
    for (const market of this.markets) market.start();
    for (const market of this.collateral) market.start();
    for (const { desk } of this.seats) desk.start();
    this.handlers.repeat('sample', SECOND, Phase.RECORD, () => {
      for (const { recorder } of this.markets) recorder.sample();
    });
  }

  private scheduleBeginning(): void {
    const begin = this.handlers.register('measurement-begins', () => {
      for (const market of this.markets) market.begin();
      this.contagion.begin();
      this.collateralStatement?.begin();
    });
    this.kernel.at(measurementBegins(this.scenario), Phase.SHOCK, begin);
  }

  private scheduleShocks(): void {
    for (const [name, chosen] of Object.entries(this.scenario.shocks)) {
      const asset = this.collateral.find((one) => one.name === chosen.collateral);
      const plans = plansOf(this.scenario);
      const all = chosen.contract === EVERY_CONTRACT;
      const hit = all ? this.markets : [this.markets[marketNamed(plans, chosen.contract, ['shocks', name])]];
      for (const market of hit) this.scheduleShock(name, chosen, market, asset ?? market);
    }
  }

  /** `prices`: where it moves prices, of the contract or of an asset that backs it. */
  private scheduleShock(
    name: string,
    chosen: Scenario['shocks'][string],
    market: Market,
    prices: Pick<Market, 'feeds' | 'fundamental'>,
  ): void {
    const { kernel, scenario } = this;
    const { contract, recorder } = market;
    const seats = this.seats.filter((seat) => this.markets[seat.market] === market);
    const feedNamed = (name: string): Feed => prices.feeds.find((one) => one.name === name)!;
    const actions: (() => void)[] = [];
    const act = this.handlers.register(name, (action) => actions[action]());
    const shock = this.create.shock(chosen, { contract });
    if (shock.needsExchange === true && chosen.collateral !== undefined) {
      const expected = `none: ${chosen.kind} acts on the exchange, where the asset is not traded`;
      throw new Unbuildable(['shocks', name, 'collateral'], expected);
    }
    shock.start(scenario.warmUp + chosen.at, {
      contract,
      feeds: prices.feeds.map(({ name }) => name),
      movableFeeds: prices.feeds
        .filter(({ model }) => model.depthPerPercent < Infinity)
        .map(({ name }) => name),
      populations: seats.map(({ name, population }) => ({ name, size: population.size })),
      random: this.random.stream(`shocks/${name}/${this.markets.indexOf(market)}`),
      hasFund: market.pool === undefined,
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
      jumpFundamental: (factor) => prices.fundamental.jump(factor),
      tradeOnFeed: (feed, notional) => feedNamed(feed).trade(kernel.now, moneyFromQuote(contract, notional)),
      failFeed: (feed, until) => feedNamed(feed).fail(until),
      stickFeed: (feed, until) => feedNamed(feed).stick(until),
      distortFeed: (feed, factor) => feedNamed(feed).distort(factor),
      disconnect: (population, member, until) =>
        seats.find((seat) => seat.name === population)!.desk.disconnect(member, until),
      halt: (length) => market.halt(length),
      scaleMargins: (factors) => market.scaleMargins(factors),
      topUpFund: (amount) => market.topUpFund(amount),
      failKeepers: (share, until) => market.keepers.fail(share, until),
      scaleAppetite: (factor) => (market.appetite *= factor),
      trade: (side, lots) => market.exchange.tradeAtMarket(SHOCK_ACCOUNT, side, lots),
    });
  }

  private onFill({ maker, taker, price, lots }: Readonly<Fill>): void {
    this.hasher.add(maker);
    this.hasher.add(taker);
    this.hasher.add(price);
    this.hasher.add(lots);
    this.options.log?.(this.kernel.now, Phase.ORDER_ARRIVAL, 'fill', maker, taker, price, lots);
  }

  private tellOwner(market: number, account: AccountId, side: Side, lots: Lots): void {
    const seat = this.seats[this.seatOf[account]];
    if (seat?.market === market) seat.desk.onFilled(account - seat.firstAccount, side, lots);
  }

  private onStop(account: AccountId): void {
    const seat = this.seats[this.seatOf[account]];
    seat.desk.onStop(account - seat.firstAccount);
  }
}

/** A position as a population opens it. */
interface OpenedPosition {
  readonly collateral: Money;
  readonly lots: Lots;
  readonly entry: Ticks;
}

/** A contract of the exchange before its market is built. */
interface Plan {
  /** Its key under `markets`; empty for the first. */
  readonly name: string;
  readonly at: readonly string[];
  readonly settings: MarketSettings;
  readonly contract: Contract;
  readonly startPrice: Ticks;
}

/** What a shock names as its contract to hit all of them. */
const EVERY_CONTRACT = 'all';

function plansOf(scenario: Scenario): Plan[] {
  const first = { name: '', at: [], settings: scenario, ...contractOf(scenario) };
  const others = Object.entries(scenario.markets).map(([name, settings]) => ({
    ...{ name, at: ['markets', name], settings },
    ...contractOf(settings),
  }));
  for (const { at, contract } of [first, ...others]) {
    if (others.length > 0 && contract.isInverse)
      throw new Unbuildable([...at, 'contract', 'kind'], 'linear, as all contracts that share cash');
  }
  for (const { at, contract } of others) {
    if (contract.moneyUnit !== first.contract.moneyUnit)
      throw new Unbuildable(
        [...at, 'contract', 'lot'],
        `tick · lot of ${first.contract.moneyUnit}, as that of the first contract: they share cash`,
      );
  }
  return [first, ...others];
}

/** Index of the contract that a population or a shock names; the first when it names none. */
function marketNamed(plans: readonly Plan[], name: string | undefined, at: readonly string[]): number {
  if (name === undefined) return 0;
  const found = plans.findIndex((plan) => plan.name === name);
  if (found > 0) return found;
  const names = plans.slice(1).map((plan) => plan.name);
  throw new Unbuildable(
    [...at, 'contract'],
    names.length === 0
      ? 'no contract: there is only one'
      : `one of ${names.join(', ')}, or none for the first`,
  );
}
