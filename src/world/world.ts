import { FIRST_TRADER, INSURANCE_FUND, OUTSIDE } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import { balanceToBreakAt, isDistressed, withFeeToClose } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import type { Population } from '../agents/agent.ts';
import { Unbuildable } from '../base/check.ts';
import { draw } from '../base/distributions.ts';
import { Hasher } from '../base/hash.ts';
import { RandomSource } from '../base/random.ts';
import { BUY, PPM, SECOND, SELL } from '../base/units.ts';
import type { Lots, Micros, Money, Side, Ticks } from '../base/units.ts';
import { Kernel, Phase } from '../kernel/kernel.ts';
import type { HandlerId } from '../kernel/kernel.ts';
import {
  contractFrom,
  exposureOf,
  moneyFromQuote,
  notionalOf,
  ticksFromPrice,
  valueOf,
} from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import { impactPrice, microprice } from '../market/depth.ts';
import type { PoolRules } from '../market/oracle-pool.ts';
import { Feed } from '../prices/feed.ts';
import { FundamentalPrice } from '../prices/fundamental-price.ts';
import { IndexPrice } from '../prices/index-price.ts';
import type { MarkDesign, MarkInputs } from '../prices/mark/mark-design.ts';
import type { PriceSource } from '../prices/price-source.ts';
import type { FundingRule } from '../risk/funding/funding-rule.ts';
import { openInterestOf, payFunding } from '../risk/funding/pay-funding.ts';
import type { FundedPositions } from '../risk/funding/pay-funding.ts';
import { InsuranceFund } from '../risk/insurance-fund.ts';
import { LiquidationEngine } from '../risk/liquidation-engine.ts';
import { PoolBackedFund } from '../risk/pool-losses.ts';
import type { PoolRefusal } from '../risk/pool.ts';
import type { UnwindSettings } from '../risk/unwinding.ts';
import type { AdlTrigger } from '../risk/triggers/adl-trigger.ts';
import { Vault } from '../risk/vault.ts';
import { Waterfall } from '../risk/waterfall.ts';
import { catalogue } from './catalogue.ts';
import { creatorFrom } from './create.ts';
import type { Creator, Variants } from './create.ts';
import { ExchangeDesk } from './desk.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeParts, Fill } from './exchange.ts';
import { MarketData } from './market-data.ts';
import type { MarketDataRow } from './market-data.ts';
import { Opening, Openings } from './openings.ts';
import { PoolExchange } from './pool-exchange.ts';
import { Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import type { Unwinding } from './scenario-schema.ts';

/** How liquidation works in this run: see `ARMS` for what the three are for. */
export type LiquidationMode =
  | { readonly kind: 'off' }
  /** Margin follows the marks recorded in the off run instead of the run's own. */
  | { readonly kind: 'open-loop'; readonly marks: Float64Array }
  | { readonly kind: 'closed' };

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

/** How often the fundamental price moves. */
const FUNDAMENTAL_EVERY: Micros = SECOND / 4;
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
 * One run: the parts of a scenario, wired together. Building it draws the starting state; `run` lets it happen.
 * All randomness comes from streams named below `replicate/<n>`, so that a part of the scenario that is exchanged leaves the
 * draws of all others as they were.
 */
export class World {
  readonly scenario: Scenario;
  readonly contract: Contract;
  readonly schedule: MarginSchedule;
  readonly kernel = new Kernel();
  readonly exchange: Exchange;
  readonly recorder: Recorder;
  readonly feeds: readonly Feed[];
  readonly fundamental: FundamentalPrice;
  readonly engine: LiquidationEngine;
  readonly fund: InsuranceFund;
  /** The exchange again, if it is that of a pool. */
  readonly pool: PoolExchange | undefined;
  /** The last account of the ledger, where there is one. */
  readonly backstop: Vault | undefined;
  /** marks[n]: the n-th mark of the run, which the open-loop arm replays; behind them all, if sides differ, those of longs and of shorts. */
  readonly marks: Float64Array;
  index: Ticks;
  private readonly options: WorldOptions;
  private readonly random: RandomSource;
  private readonly create: Creator;
  private readonly marketData = new MarketData();
  private readonly marketRow: MarketDataRow;
  private readonly seats: Seat[] = [];
  /** seatOf[account]: index into `seats`; −1 for the exchange's own accounts. */
  private readonly seatOf: Int16Array;
  private readonly trigger: AdlTrigger;
  private readonly waterfall: Waterfall;
  private readonly markDesign: MarkDesign;
  private readonly fundingRule: FundingRule;
  /** The feeds by name. */
  private readonly sources: Readonly<Record<string, PriceSource>>;
  private readonly indexPrice: IndexPrice;
  /** weights[i]: that of feeds[i] in the index; the last one is that of the own mid. */
  private readonly weights: readonly number[];
  /** Weight of the feeds alone. */
  private readonly weightOutside: number;
  /** Used again for every mark. */
  private readonly markInputs = {
    now: 0,
    bid: NaN,
    ask: NaN,
    last: NaN,
    lastAt: -Infinity,
    index: NaN,
    fundingRate: 0,
    fundingShare: 0,
    impactPrice: (side: Side, notional: Money) =>
      impactPrice(this.exchange.view, side, notional, this.contract),
    microprice: () => microprice(this.exchange.view),
    sources: {} as MarkInputs['sources'],
  } satisfies MarkInputs;
  private readonly stopTrigger: Scenario['exchange']['stops']['trigger'];
  private readonly handlerNames: string[] = [];
  private readonly broken: Int32Array;
  private readonly stopped: Int32Array;
  private readonly hasher = new Hasher();
  private prefix: string | undefined;
  private markCount = 0;
  private marginCheckHandler: HandlerId = NaN;
  private lastTradeAt: Micros = 0;
  private fundingRate = 0;
  private nextFunding: Micros = Infinity;
  private appetite = 1;
  private readonly startPrice: Ticks;
  /** Accounts that trade: that of the shocks and those of the populations. */
  private readonly traders: number;
  private readonly endOfRun: Micros;

  constructor(options: WorldOptions) {
    const { scenario } = options;
    this.options = options;
    this.scenario = scenario;
    this.random = new RandomSource(scenario.seed).child(`replicate/${options.replicate}`);
    this.create = creatorFrom(options.catalogue ?? catalogue);
    this.contract = contractFrom(scenario.contract);
    this.startPrice = ticksFromPrice(this.contract, scenario.contract.price);
    this.index = this.startPrice;
    const { margin } = scenario.exchange;
    const schedule = this.create.margin(margin, {
      contract: this.contract,
      startPrice: this.startPrice,
      refuse: (parameter, expected) => {
        throw new Unbuildable(['exchange', 'margin', parameter], expected);
      },
    });
    this.schedule = margin.feeToClose ? withFeeToClose(schedule) : schedule;
    this.endOfRun = scenario.warmUp + scenario.horizon;

    const populations = Object.entries(scenario.agents).map(([name, chosen]) => ({
      name,
      chosen,
      population: this.create.agent(chosen, { contract: this.contract, startPrice: this.startPrice }),
    }));
    const members = populations.reduce((sum, { population }) => sum + population.size, 0);
    this.traders = 1 + members;
    const { pool: rules } = this.create.trading(scenario.exchange.trading, { contract: this.contract });
    const { backstop } = scenario.exchange;
    if (rules !== undefined && backstop !== undefined)
      throw new Unbuildable(['exchange', 'backstop'], 'no backstop beside a pool, which bears all losses');
    const accounts = FIRST_TRADER + this.traders + (rules === undefined && backstop === undefined ? 0 : 1);
    this.seatOf = new Int16Array(accounts).fill(-1);
    this.broken = new Int32Array(accounts);
    this.stopped = new Int32Array(accounts);
    const exchangeParts: ExchangeParts = {
      contract: this.contract,
      schedule: this.schedule,
      accounts,
      onFill: (fill) => this.onFill(fill),
      onBook: () => this.onBook(),
      isDistressed: (account) => this.engine.isDistressed(account),
    };
    this.pool = rules && this.buildPool(exchangeParts, rules);
    this.exchange = this.pool ?? new Exchange(exchangeParts, this.startPrice);
    this.marketRow = { bid: NaN, ask: NaN, last: NaN, index: this.index, mark: this.startPrice };
    this.recorder = new Recorder({
      kernel: this.kernel,
      exchange: this.exchange,
      schedule: this.schedule,
      keepPaths: options.keepPaths ?? true,
      fundamental: () => this.fundamental.price,
      index: () => this.index,
    });

    this.fundamental = new FundamentalPrice(
      this.create.fundamental(scenario.fundamental, { random: this.random.stream('fundamental') }),
      this.startPrice,
    );
    this.feeds = Object.entries(scenario.feeds).map(
      ([name, { depthPerPercent, ...feed }]) =>
        new Feed(
          name,
          { ...feed, depthPerPercent: moneyFromQuote(this.contract, depthPerPercent) },
          this.random.stream(`feeds/${name}/noise`),
          this.random.stream(`feeds/${name}/outages`),
        ),
    );
    this.sources = Object.fromEntries(this.feeds.map((feed) => [feed.name, feed]));
    this.weights = [...Object.keys(scenario.feeds), 'local'].map((name) => scenario.index.weights[name] ?? 0);
    this.indexPrice = new IndexPrice({
      ...scenario.index,
      sources: [...this.feeds, this.localSource()],
      weights: this.weights,
      rule: this.create.index(scenario.index, undefined),
      start: this.startPrice,
    });
    this.weightOutside = this.feeds.reduce((sum, _, i) => sum + this.weights[i], 0);
    this.markDesign = this.create.mark(scenario.exchange.mark, {
      contract: this.contract,
      every: scenario.exchange.mark.every,
      feeds: Object.keys(this.sources),
      refuse: (path, expected, more) => {
        throw new Unbuildable(['exchange', 'mark', ...path], expected, more);
      },
    });
    const marks = Math.floor(this.endOfRun / scenario.exchange.mark.every) + 1;
    this.marks = new Float64Array(this.markDesign.priceFor === undefined ? marks : 3 * marks);
    this.stopTrigger = scenario.exchange.stops.trigger;
    this.fundingRule = this.create.funding(scenario.exchange.funding, { contract: this.contract });

    this.fund =
      this.pool === undefined
        ? new InsuranceFund(this.exchange.accounts, this.recorder)
        : new PoolBackedFund(this.exchange.accounts, this.recorder, this.pool);
    this.backstop = backstop && new Vault(accounts - 1, this.exchange.accounts);
    this.trigger = this.create.waterfall(scenario.exchange.waterfall, { contract: this.contract });
    this.waterfall = this.buildWaterfall();
    this.engine = this.buildEngine();
    this.seatPopulations(populations);
    this.openAccounts();
    this.scheduleEverything();
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
      log?.(time, phase, this.handlerNames[handler], a, b, 0, 0);
    });
    kernel.runUntil(this.endOfRun);
    afterEvent?.(this);
    this.checkInvariants();
  }

  /** Money and positions are conserved. Throws when they are not. */
  checkInvariants(): void {
    this.exchange.accounts.checkInvariants();
  }

  private buildWaterfall(): Waterfall {
    const { scenario, exchange, fund, recorder, schedule } = this;
    return new Waterfall({
      accounts: exchange.accounts,
      schedule,
      fund,
      trigger: this.trigger,
      ranking: this.create.adl(scenario.exchange.adl, { random: this.random.stream('adl') }),
      losses: scenario.exchange.waterfall.losses,
      journal: recorder,
      isDistressed: (account) =>
        this.engine.isDistressed(account) ||
        account === this.backstop?.account ||
        account === this.pool?.pool.account,
      changed: (account) => {
        exchange.changed(account);
        this.settleDebt(account);
      },
    });
  }

  private buildPool(parts: ExchangeParts, rules: PoolRules): PoolExchange {
    return new PoolExchange(
      {
        ...parts,
        rules,
        oracleAge: () => this.kernel.now - this.heardAt(),
        onRefused: (account, lots, reason) => this.onRefused(account, lots, reason),
      },
      this.startPrice,
    );
  }

  private buildEngine(): LiquidationEngine {
    const { scenario, exchange, fund, recorder, kernel, schedule, waterfall } = this;
    const { liquidation, insuranceFund, adl, backstop } = scenario.exchange;
    const policy = this.create.liquidation(liquidation, { contract: this.contract });
    if (policy.needsBackstop && backstop === undefined)
      throw new Unbuildable(
        ['exchange', 'backstop'],
        `a backstop, which ${liquidation.policy} hands positions to`,
      );
    return new LiquidationEngine({
      kernel,
      accounts: exchange.accounts,
      schedule,
      index: exchange.index,
      policy,
      keepers: this.create.keepers(scenario.exchange.keepers, {
        contract: this.contract,
        latency: liquidation.latency,
        random: this.random.child('keepers'),
      }),
      fund,
      backstop: backstop && { vault: this.backstop!, unwind: this.unwinding(backstop) },
      trigger: this.trigger,
      waterfall,
      market: exchange,
      journal: recorder,
      settings: {
        latency: liquidation.latency,
        fee: Math.round(liquidation.fee * PPM),
        adlPrice: adl.price,
        ...this.unwinding(insuranceFund),
      },
      indexPrice: () => this.index,
    });
  }

  private unwinding(written: Unwinding): UnwindSettings {
    return { ...written, unwindWholeBelow: moneyFromQuote(this.contract, written.unwindWholeBelow) };
  }

  private seatPopulations(
    populations: readonly { name: string; chosen: Scenario['agents'][string]; population: Population }[],
  ): void {
    // The engine registered its handlers before anybody else.
    this.handlerNames.push('liquidation-step', 'vault-unwinds', 'vault-is-deleveraged');
    let firstAccount = SHOCK_ACCOUNT + 1;
    for (const { name, chosen, population } of populations) {
      const desk = new ExchangeDesk({
        kernel: this.kernel,
        exchange: this.exchange,
        marketData: this.marketData,
        population,
        firstAccount,
        dataLatency: chosen.dataLatency,
        orderLatency: chosen.orderLatency,
        random: this.random.child(`agents/${name}`),
        appetite: () => this.appetite,
        tradeOutside: (lots) => this.tradeOutside(lots),
      });
      this.handlerNames[desk.wakeHandler] = `${name}-wakes`;
      this.handlerNames[desk.arrivalHandler] = `${name}-orders-arrive`;
      this.seatOf.fill(this.seats.length, firstAccount, firstAccount + population.size);
      if (population.margined) this.exchange.isMargined.fill(1, firstAccount, firstAccount + population.size);
      this.seats.push({ name, population, firstAccount, desk });
      firstAccount += population.size;
    }
  }

  private openAccounts(): void {
    const { contract, exchange, scenario } = this;
    const { accounts } = exchange;
    const { balance } = scenario.exchange.insuranceFund;
    accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, moneyFromQuote(contract, balance));
    this.openBackstop();
    const { seed, agents, contract: decimals } = scenario;
    const { margin } = scenario.exchange;
    const key = JSON.stringify([
      seed,
      this.options.replicate,
      agents,
      decimals,
      margin,
      this.pool !== undefined,
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
    this.pool?.pool.open(this.startPrice);
    // Whoever a shock trades for has a deep pocket: barely levered, it stands last in the queue of auto-deleveraging.
    const openInterest = notionalOf(contract, accounts.openInterest, this.startPrice);
    accounts.ledger.transfer(OUTSIDE, SHOCK_ACCOUNT, SHOCK_POCKET * openInterest);
  }

  /** What may be lost lies in its account: the equity of its owner's other books only where they share collateral. */
  private openBackstop(): void {
    const { backstop } = this.scenario.exchange;
    if (backstop === undefined) return;
    const { balance, otherBooks, sharesCollateral } = backstop;
    const equity = balance + (sharesCollateral ? otherBooks : 0);
    this.exchange.accounts.ledger.transfer(
      OUTSIDE,
      this.backstop!.account,
      moneyFromQuote(this.contract, equity),
    );
  }

  private drawOpening(): Opening {
    const { contract, schedule, startPrice } = this;
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
    if (netLots !== 0 && this.pool === undefined) {
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

  // What happens, in the order of its phases within one instant.

  private scheduleEverything(): void {
    const { scenario, kernel } = this;
    // Everybody knows the price at which the run begins, whatever the latency.
    this.marketData.publish(-Infinity, this.marketRow);
    this.scheduleBeginning();
    this.scheduleShocks();
    this.repeat('fundamental', FUNDAMENTAL_EVERY, Phase.FEED, () => this.fundamental.advance(kernel.now));
    this.scheduleFeeds();
    this.repeat('index', scenario.index.every, Phase.INDEX, () => this.updateIndex());
    this.repeat('mark', scenario.exchange.mark.every, Phase.MARK, () => this.updateMark());
    this.marginCheckHandler = this.register('margin-check', () => this.checkMargins());
    this.scheduleFunding();
    this.schedulePool();
    for (const { desk } of this.seats) desk.start();
    this.repeat('sample', SECOND, Phase.RECORD, () => this.recorder.sample());
  }

  /** The measurement begins with the first shock, before it acts; without shocks, after the warm-up. */
  private scheduleBeginning(): void {
    const { shocks, warmUp } = this.scenario;
    const first = Math.min(...Object.values(shocks).map((shock) => shock.at));
    const begin = this.register('measurement-begins', () => {
      this.recorder.begin();
      this.pool?.statement.begin(this.exchange.mark);
    });
    this.kernel.at(warmUp + (first === Infinity ? 0 : first), Phase.SHOCK, begin);
  }

  private scheduleShocks(): void {
    const { kernel, scenario, contract, recorder } = this;
    for (const [name, chosen] of Object.entries(scenario.shocks)) {
      const actions: (() => void)[] = [];
      const act = this.register(name, (action) => actions[action]());
      this.create.shock(chosen, { contract }).start(scenario.warmUp + chosen.at, {
        contract,
        feeds: this.feeds.map((feed) => feed.name),
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
        jumpFundamental: (factor) => this.fundamental.jump(factor),
        failFeed: (feed, until) => this.feeds.find((one) => one.name === feed)!.fail(until),
        scaleAppetite: (factor) => (this.appetite *= factor),
        trade: (side, lots) => this.exchange.tradeAtMarket(SHOCK_ACCOUNT, side, lots),
      });
    }
  }

  private scheduleFeeds(): void {
    const { kernel, scenario } = this;
    this.feeds.forEach((feed, i) => {
      // A price in flight carries its level; a feed's prices arrive in the order they were published.
      const latencies = this.random.stream(`feeds/${feed.name}/delays`);
      let lastArrival = 0;
      const arrive = this.register(`${feed.name}-arrives`, (price) => feed.receive(kernel.now, price));
      const { delay } = scenario.feeds[feed.name];
      feed.receive(0, Math.max(1, feed.observe(0, this.fundamental.price) || this.startPrice));
      this.repeat(`${feed.name}-publishes`, feed.model.every, Phase.FEED, () => {
        const price = feed.observe(kernel.now, this.fundamental.price);
        lastArrival = Math.max(lastArrival, kernel.now + Math.max(0, Math.round(draw(delay, latencies))));
        if (price === price) kernel.at(lastArrival, Phase.FEED, arrive, price, i);
      });
    });
  }

  private updateIndex(): void {
    this.index = this.indexPrice.update(this.kernel.now);
    this.publish();
    if (this.stopTrigger === 'index') this.fireStops(Math.round(this.index));
  }

  /** The exchange's own price as one of the sources of the index: as old as now, while there is one. */
  private localSource(): PriceSource {
    const { kernel, recorder } = this;
    return {
      get price() {
        return recorder.localPrice();
      },
      get receivedAt() {
        return kernel.now;
      },
    };
  }

  private updateMark(): void {
    const { mode } = this.options;
    const inputs = this.lookForMark();
    const own = Math.round(this.markDesign.price(inputs));
    const n = this.markCount++;
    const mark = mode.kind === 'open-loop' ? mode.marks[n] : own >= 1 ? own : this.exchange.mark;
    this.marks[n] = mark;
    if (this.markDesign.priceFor === undefined) this.exchange.setMark(mark);
    else this.setSideMarks(mark, n, inputs);
    this.publish();
    this.recorder.onPrices();
    this.kernel.at(this.kernel.now, Phase.MARGIN_CHECK, this.marginCheckHandler);
  }

  /** The marks of longs and shorts follow that of neither, in the record as well; they are there when it is. */
  private setSideMarks(mark: Ticks, n: number, inputs: MarkInputs): void {
    const { markDesign, marks, exchange } = this;
    const { mode } = this.options;
    const [longAt, shortAt] = [n + marks.length / 3, n + (2 * marks.length) / 3];
    const own = (side: Side, before: Ticks): Ticks => {
      const price = Math.round(markDesign.priceFor!(side, inputs));
      return price >= 1 ? price : before;
    };
    const isReplayed = mode.kind === 'open-loop';
    marks[longAt] = isReplayed ? mode.marks[longAt] : own(BUY, exchange.longMark);
    marks[shortAt] = isReplayed ? mode.marks[shortAt] : own(SELL, exchange.shortMark);
    exchange.setMark(mark, marks[longAt], marks[shortAt]);
  }

  private checkMargins(): void {
    const { mark, longMark, shortMark } = this.exchange;
    const broken = this.exchange.index.crossed(longMark, this.broken, shortMark);
    if (broken > 0) this.prefix ??= this.fingerprint;
    if (this.options.mode.kind !== 'off') {
      this.engine.onMark(longMark, this.broken, broken, shortMark);
      this.pool?.onMark();
    }
    if (this.stopTrigger === 'mark') this.fireStops(mark);
  }

  /** The owners of the stops that this price reaches are told, and act with their own latency. */
  private fireStops(price: Ticks): void {
    for (const stops of this.exchange.stops) {
      const count = stops.crossed(price, this.stopped);
      for (let i = 0; i < count; i++) {
        const account = this.stopped[i];
        if (this.engine.isDistressed(account)) continue;
        const seat = this.seats[this.seatOf[account]];
        seat.desk.onStop(account - seat.firstAccount);
      }
    }
  }

  private scheduleFunding(): void {
    const { interval, sampleEvery } = this.fundingRule;
    if (interval === Infinity) return;
    this.nextFunding = interval;
    this.repeat('funding-sample', sampleEvery, Phase.FUNDING, () =>
      this.fundingRule.sample({
        index: this.index,
        mark: this.exchange.mark,
        mid: (this.exchange.view.bestBid() + this.exchange.view.bestAsk()) / 2,
        impactPrice: (side, notional) => impactPrice(this.exchange.view, side, notional, this.contract),
        openInterest: () => openInterestOf(this.funded()),
      }),
    );
    this.repeat('funding', interval, Phase.FUNDING, () => {
      this.nextFunding += interval;
      this.fundingRate = this.fundingRule.settle();
      this.payFunding();
    });
  }

  private payFunding(): void {
    const { mark } = this.exchange;
    const { notional, split } = this.fundingRule;
    this.recorder.fundingPaid += payFunding({
      ...this.funded(),
      contract: this.contract,
      price: notional === 'index' ? this.index : mark,
      rate: this.fundingRate,
      split,
      changed: (account) => this.exchange.changed(account),
    });
  }

  /** Traders pay each other; the pool is no party to it. */
  private funded(): FundedPositions {
    const { pool, exchange } = this;
    if (pool === undefined) return exchange;
    return { accounts: exchange.accounts, isApart: (account) => account === pool.pool.account };
  }

  private schedulePool(): void {
    const { pool } = this;
    if (pool === undefined) return;
    this.repeat('borrow-fees', pool.pool.rules.borrow.every, Phase.FUNDING, () => pool.chargeBorrowing());
    const deleverage = this.register('pool-deleverages', (side) => pool.deleverage(side as Side));
    pool.start((side, latency) => this.kernel.after(latency, Phase.WATERFALL, deleverage, side));
  }

  /** When the oracle last received a price that counts. */
  private heardAt(): Micros {
    return Math.max(...this.feeds.map((feed, i) => (this.weights[i] > 0 ? feed.receivedAt : -Infinity)));
  }

  private lookForMark(): MarkInputs {
    const { markInputs: inputs } = this;
    const { view } = this.exchange;
    const { interval } = this.fundingRule;
    inputs.now = this.kernel.now;
    inputs.bid = view.bestBid();
    inputs.ask = view.bestAsk();
    inputs.last = view.lastTrade();
    inputs.lastAt = this.lastTradeAt;
    inputs.index = this.index;
    inputs.fundingRate = this.fundingRule.fixed?.() ?? this.fundingRate;
    inputs.fundingShare = interval === Infinity ? 0 : (this.nextFunding - inputs.now) / interval;
    inputs.sources = this.sources;
    return inputs;
  }

  /** Hedges and arbitrage on the venues outside, spread over them by index weight. */
  private tradeOutside(lots: Lots): void {
    const { feeds, weights, weightOutside } = this;
    if (weightOutside === 0) return;
    const notional = exposureOf(this.contract, lots, this.fundamental.price);
    const { now } = this.kernel;
    for (let i = 0; i < feeds.length; i++) feeds[i].trade(now, (notional * weights[i]) / weightOutside);
  }

  private onFill(fill: Readonly<Fill>): void {
    const { maker, taker, makerSide, lots, price } = fill;
    this.lastTradeAt = this.kernel.now;
    this.hasher.add(maker);
    this.hasher.add(taker);
    this.hasher.add(price);
    this.hasher.add(lots);
    this.options.log?.(this.kernel.now, Phase.ORDER_ARRIVAL, 'fill', maker, taker, price, lots);
    const isVoluntary = this.exchange.isMargined[taker] === 1 && !this.engine.isDistressed(taker);
    this.recorder.onFill(fill, isVoluntary);
    if (this.engine.isDistressed(maker))
      this.engine.onRestingFill(maker, lots, notionalOf(this.contract, lots, price));
    this.tellOwner(maker, makerSide, lots);
    this.tellOwner(taker, makerSide === BUY ? -1 : 1, lots);
    this.settleDebt(maker);
    this.settleDebt(taker);
  }

  private onRefused(account: AccountId, lots: Lots, reason: PoolRefusal): void {
    this.options.log?.(this.kernel.now, Phase.ORDER_ARRIVAL, `refused-${reason}`, account, lots, 0, 0);
  }

  /**
   * A stop or a deleveraging that closed a position beyond its bankruptcy price leaves a flat account that owes: that goes down
   * the waterfall as after a liquidation, in every arm. (The engine does it itself for accounts that it is liquidating.)
   */
  private settleDebt(account: AccountId): void {
    const { accounts, isMargined, mark } = this.exchange;
    if (isMargined[account] === 0 || accounts.lots[account] !== 0 || accounts.ledger.balance[account] >= 0)
      return;
    if (!this.engine.isDistressed(account)) this.waterfall.coverShortfall(account, mark);
  }

  private tellOwner(account: AccountId, side: Side, lots: Lots): void {
    const seat = this.seats[this.seatOf[account]];
    seat?.desk.onFilled(account - seat.firstAccount, side, lots);
  }

  private onBook(): void {
    this.recorder.onBook();
    this.publish();
    if (this.stopTrigger === 'last') this.fireStops(this.exchange.view.lastTrade());
  }

  private publish(): void {
    const { view } = this.exchange;
    const row = this.marketRow;
    row.bid = view.bestBid();
    row.ask = view.bestAsk();
    row.last = view.lastTrade();
    row.index = this.index;
    row.mark = this.exchange.mark;
    this.marketData.publish(this.kernel.now, row);
  }

  private register(name: string, handler: (a: number, b: number) => void): HandlerId {
    const id = this.kernel.register(handler);
    this.handlerNames[id] = name;
    return id;
  }

  /** Something that happens every so often, for the first time one interval from now. */
  private repeat(name: string, every: Micros, phase: Phase, action: () => void): void {
    const id = this.register(name, () => {
      this.kernel.after(every, phase, id);
      action();
    });
    this.kernel.after(every, phase, id);
  }
}
