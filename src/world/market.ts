import { FIRST_TRADER, INSURANCE_FUND, OUTSIDE } from '../accounts/ledger.ts';
import type { Collateral } from '../accounts/collateral.ts';
import type { CrossMargin } from '../accounts/cross-margin.ts';
import type { AccountId, Ledger } from '../accounts/ledger.ts';
import { ChangeableSchedule, scaledSchedule } from '../accounts/changeable-margin.ts';
import type { MarginFactors } from '../accounts/changeable-margin.ts';
import { withFeeToClose } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import { Unbuildable } from '../base/check.ts';
import type { RandomSource } from '../base/random.ts';
import { BUY, PPM, SELL } from '../base/units.ts';
import type { Lots, Micros, Money, Side, Ticks } from '../base/units.ts';
import { Phase } from '../kernel/kernel.ts';
import type { HandlerId, Kernel } from '../kernel/kernel.ts';
import { contractFrom, exposureOf, moneyFromQuote, notionalOf, ticksFromPrice } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import { impactPrice, microprice, notionalWithin } from '../market/depth.ts';
import { MAX_TICK } from '../market/order.ts';
import type { PoolRules } from '../market/oracle-pool.ts';
import { TradingSession } from '../market/trading-session.ts';
import type { Feed } from '../prices/feed.ts';
import { FundamentalPrice } from '../prices/fundamental-price.ts';
import { IndexPrice } from '../prices/index-price.ts';
import type { LimitPrices, PriceLimits } from '../prices/limits/price-limits.ts';
import { responseOf } from '../prices/mark-response.ts';
import type { ResponseQuestion } from '../prices/mark-response.ts';
import type { MarkDesign, MarkInputs } from '../prices/mark/mark-design.ts';
import type { PriceSource } from '../prices/price-source.ts';
import type { FundingRule } from '../risk/funding/funding-rule.ts';
import { openInterestOf, payFunding } from '../risk/funding/pay-funding.ts';
import type { FundedPositions } from '../risk/funding/pay-funding.ts';
import { InsuranceFund } from '../risk/insurance-fund.ts';
import type { Keepers } from '../risk/keepers/keepers.ts';
import { LiquidationEngine } from '../risk/liquidation-engine.ts';
import { PoolBackedFund } from '../risk/pool-losses.ts';
import type { PoolRefusal } from '../risk/pool.ts';
import type { HaltRule, WatchedPrice } from '../risk/halts/halt-rule.ts';
import type { AdlTrigger } from '../risk/triggers/adl-trigger.ts';
import type { UnwindSettings } from '../risk/unwinding.ts';
import { Vault } from '../risk/vault.ts';
import { Waterfall } from '../risk/waterfall.ts';
import { bookLadderOf } from './book-ladder.ts';
import { Causes } from './causes.ts';
import type { Creator } from './create.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeParts, Fill, PriceLimit, Refusal } from './exchange.ts';
import { fuelOf } from './fuel.ts';
import type { MarketState } from './fuel.ts';
import type { Handlers } from './handlers.ts';
import { LiquidationMap } from './liquidation-map.ts';
import { MarketData } from './market-data.ts';
import type { MarketDataRow } from './market-data.ts';
import { PoolExchange } from './pool-exchange.ts';
import { feedsFrom, FUNDAMENTAL_EVERY, scheduleFeeds } from './price-feeds.ts';
import { Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import type { Unwinding } from './scenario-schema.ts';

/** How liquidation works in this run: see `ARMS` for what the three are for. */
export type LiquidationMode =
  | { readonly kind: 'off' }
  /** Margin follows the marks recorded in the off run instead of the run's own. */
  | { readonly kind: 'open-loop'; readonly marks: Float64Array }
  | { readonly kind: 'closed' };

/** What a scenario says about one contract and its market. */
export type MarketSettings = Pick<Scenario, 'contract' | 'fundamental' | 'feeds' | 'index' | 'exchange'>;

export interface MarketParts {
  readonly settings: MarketSettings;
  /** Keys from the top of the scenario to the settings. */
  readonly at: readonly string[];
  readonly contract: Contract;
  readonly startPrice: Ticks;
  /** Accounts of the ledger that trade, and those before them. */
  readonly accounts: number;
  /** That of the other contracts, for all but the first. */
  readonly ledger?: Ledger | undefined;
  readonly mode: LiquidationMode;
  readonly endOfRun: Micros;
  readonly keepPaths: boolean;
  readonly kernel: Kernel;
  readonly handlers: Handlers;
  readonly create: Creator;
  /** Named streams of this market. */
  readonly random: RandomSource;
  /** Told of every fill, as soon as it is settled. */
  onFill(fill: Readonly<Fill>): void;
  /** Tells the owner of an order what it has traded, when everything that follows from it here has been done. */
  tellOwner(account: AccountId, side: Side, lots: Lots): void;
  /** The stop of an account was reached. */
  onStop(account: AccountId): void;
  /** A mark has broken so many of these accounts; told before anything comes of it. Returns how many of them are to be closed here first, moved to the front. */
  onBroken(broken: Int32Array, count: number): number;
  /** Told of every forced trade and its notional. */
  onForced(account: AccountId, value: Money): void;
  /** A liquidation here is over, and the account not yet back in the liquidation index. */
  afterLiquidation(account: AccountId): void;
  /** An order, or part of one, was refused by the exchange itself or by a pool. */
  onRefused(account: AccountId, lots: Lots, reason: PoolRefusal | Refusal): void;
}

/** A slot in the ledger for the account that shocks trade from: the first that is not the exchange's. */
export const SHOCK_ACCOUNT: AccountId = FIRST_TRADER;

/** Contract and start price as the engine has them. */
export function contractOf({ contract: decimals }: MarketSettings): {
  contract: Contract;
  startPrice: Ticks;
} {
  const contract = contractFrom(decimals);
  return { contract, startPrice: ticksFromPrice(contract, decimals.price) };
}

/**
 * One contract and everything that belongs to it: the fundamental price, the feeds and the index that it gives rise to, the exchange
 * with its book and accounts, the mark, funding, and the liquidation engine with its fund and waterfall. It knows
 * nobody who trades.
 */
export class Market {
  readonly contract: Contract;
  readonly startPrice: Ticks;
  readonly schedule: ChangeableSchedule;
  readonly exchange: Exchange;
  readonly recorder: Recorder;
  readonly causes: Causes;
  readonly marketData = new MarketData();
  readonly liquidationMap = new LiquidationMap((side, to, tell) => this.exchange.index.each(side, to, tell));
  readonly feeds: readonly Feed[];
  readonly fundamental: FundamentalPrice;
  readonly engine: LiquidationEngine;
  readonly fund: InsuranceFund;
  /** Who carries out liquidations. */
  readonly keepers: Keepers;
  /** The exchange again, if it is that of a pool. */
  readonly pool: PoolExchange | undefined;
  /** The last account of the ledger, where there is one. */
  readonly backstop: Vault | undefined;
  /** marks[n]: the n-th mark of the run, which the open-loop arm replays; behind them all, if sides differ, those of longs and of shorts. */
  readonly marks: Float64Array;
  index: Ticks;
  /** When the measurement began. */
  before: MarketState | undefined;
  /** Willingness to provide liquidity, set by shocks. */
  appetite = 1;
  private others: readonly Market[] = [];
  /** Without the fee of closing. */
  private publishedSchedule: MarginSchedule;
  private readonly parts: MarketParts;
  private readonly kernel: Kernel;
  private readonly handlers: Handlers;
  private readonly marketRow: MarketDataRow;
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
  /** Whether orders are taken. */
  readonly session: TradingSession;
  private readonly haltRule: HaltRule;
  private readonly priceLimits: PriceLimits;
  private readonly limitPrices = {
    ...{ now: 0, bid: NaN, ask: NaN, last: NaN, mark: NaN, index: NaN },
  } satisfies LimitPrices;
  private readonly stopTrigger: WatchedPrice;
  private readonly broken: Int32Array;
  private readonly stopped: Int32Array;
  private markCount = 0;
  private marginCheckHandler: HandlerId = NaN;
  private lastTradeAt: Micros = 0;
  private fundingRate = 0;
  private nextFunding: Micros = Infinity;

  constructor(parts: MarketParts) {
    const { settings, create, random, kernel } = parts;
    this.parts = parts;
    this.kernel = kernel;
    this.handlers = parts.handlers;
    this.contract = parts.contract;
    this.startPrice = parts.startPrice;
    this.index = this.startPrice;
    this.publishedSchedule = this.marginSchedule();
    this.schedule = new ChangeableSchedule(this.withFee(this.publishedSchedule));
    const { pool: rules } = create.trading(settings.exchange.trading, { contract: this.contract });
    const { backstop } = settings.exchange;
    if (rules !== undefined && backstop !== undefined)
      throw new Unbuildable(['exchange', 'backstop'], 'no backstop beside a pool, which bears all losses');
    const accounts = parts.accounts + (rules === undefined && backstop === undefined ? 0 : 1);
    const { halts, priceLimits, mark } = settings.exchange;
    this.session = new TradingSession(halts, kernel);
    this.haltRule = create.halts(halts, undefined);
    this.priceLimits = create.priceLimits(priceLimits, { every: mark.every });
    if (rules !== undefined && this.priceLimits.limit !== undefined)
      throw new Unbuildable(
        ['exchange', 'priceLimits', 'rule'],
        'no price limits in a pool, which trades at the mark',
      );
    this.broken = new Int32Array(accounts);
    this.stopped = new Int32Array(accounts);
    const exchangeParts: ExchangeParts = {
      contract: this.contract,
      schedule: this.schedule,
      accounts,
      ledger: parts.ledger,
      onFill: (fill) => this.onFill(fill),
      onBook: (by) => this.onBook(by),
      isDistressed: (account) => this.isDistressed(account),
      session: this.session,
      priceLimit: this.priceLimit(),
      onRefused: (account, lots, reason) => parts.onRefused(account, lots, reason),
    };
    this.pool = rules && this.buildPool(exchangeParts, rules);
    this.exchange = this.pool ?? new Exchange(exchangeParts, this.startPrice);
    this.marketRow = { bid: NaN, ask: NaN, last: NaN, index: this.index, mark: this.startPrice };
    this.recorder = new Recorder({
      kernel,
      exchange: this.exchange,
      schedule: this.schedule,
      keepPaths: parts.keepPaths,
      fundamental: () => this.fundamental.price,
      index: () => this.index,
      causeOf: (account) => this.causes.of(account),
      onForced: (account, value) => parts.onForced(account, value),
    });

    this.fundamental = new FundamentalPrice(
      create.fundamental(settings.fundamental, { random: random.stream('fundamental') }),
      this.startPrice,
    );
    this.feeds = feedsFrom(settings.feeds, {
      random,
      moneyFrom: (quote) => moneyFromQuote(this.contract, quote),
    });
    this.sources = Object.fromEntries(this.feeds.map((feed) => [feed.name, feed]));
    this.weights = [...Object.keys(settings.feeds), 'local'].map((name) => settings.index.weights[name] ?? 0);
    this.indexPrice = new IndexPrice({
      ...settings.index,
      sources: [...this.feeds, this.localSource()],
      weights: this.weights,
      rule: create.index(settings.index, undefined),
      start: this.startPrice,
    });
    this.weightOutside = this.feeds.reduce((sum, _, i) => sum + this.weights[i], 0);
    this.markDesign = this.freshMarkDesign(settings.exchange.mark.every);
    const marks = Math.floor(parts.endOfRun / settings.exchange.mark.every) + 1;
    this.marks = new Float64Array(this.markDesign.priceFor === undefined ? marks : 3 * marks);
    this.stopTrigger = settings.exchange.stops.trigger;
    this.fundingRule = create.funding(settings.exchange.funding, { contract: this.contract });

    this.fund =
      this.pool === undefined
        ? new InsuranceFund(this.exchange.accounts, this.recorder)
        : new PoolBackedFund(this.exchange.accounts, this.recorder, this.pool);
    this.backstop = backstop && new Vault(accounts - 1, this.exchange.accounts);
    this.trigger = create.waterfall(settings.exchange.waterfall, { contract: this.contract });
    if (!this.trigger.deleverages && settings.exchange.waterfall.losses === 'nobody' && rules === undefined) {
      const expected = 'somebody, where nobody is deleveraged: accounts would stay under water for good';
      throw new Unbuildable([...parts.at, 'exchange', 'waterfall', 'losses'], expected);
    }
    this.waterfall = this.buildWaterfall();
    this.keepers = create.keepers(settings.exchange.keepers, {
      contract: this.contract,
      latency: settings.exchange.liquidation.latency,
      random: random.child('keepers'),
    });
    this.engine = this.buildEngine();
    this.causes = this.followCauses();
    this.handlers.name(this.engine.handlers);
  }

  /** For `responseOf`: the mark of this side, as it is now. */
  markQuestion(side: Side): ResponseQuestion {
    return {
      create: (every) => this.freshMarkDesign(every),
      every: this.parts.settings.exchange.mark.every,
      price: this.exchange.mark,
      side,
      feeds: Object.keys(this.sources),
    };
  }

  /** What backs positions here besides money: the other contracts of the exchange, whose accounts are the same, and other assets. */
  joinOthers(others: readonly Market[], crossMargin: CrossMargin, collateral: Collateral): void {
    this.others = others;
    this.exchange.crossMargin = crossMargin;
    this.waterfall.collateral = collateral;
    this.engine.startAt(this.startPrice);
  }

  /** Whether an account is being liquidated, here or in another contract. */
  isDistressed(account: AccountId): boolean {
    if (this.engine.isDistressed(account)) return true;
    // Asked for each order that arrives: a loop leaves no closure behind.
    for (const { engine } of this.others) if (engine.isDistressed(account)) return true;
    return false;
  }

  /** What the exchange itself has, before anybody else opens an account. */
  openVaults(): void {
    const { balance } = this.parts.settings.exchange.insuranceFund;
    this.exchange.accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, moneyFromQuote(this.contract, balance));
    this.openBackstop();
  }

  /** The measurement begins. */
  begin(): void {
    this.before = this.stateNow();
    this.recorder.begin();
    this.pool?.statement.begin(this.exchange.mark);
  }

  private stateNow(): MarketState {
    const { exchange, contract } = this;
    const { view, mark } = exchange;
    const mid = this.recorder.localPrice();
    const within = (share: number): Money => notionalWithin(view, SELL, mid * (1 - share), contract);
    return {
      fundingRate: this.fundingRule.fixed?.() ?? this.fundingRate,
      fuel: fuelOf(exchange.index, mark),
      bidDepth1: within(0.01),
      bidDepth5: within(0.05),
      ...(this.parts.keepPaths && { book: bookLadderOf(view, mid) }),
    };
  }

  /** Hedges and arbitrage on the venues outside, spread over them by index weight. */
  tradeOutside(lots: Lots): void {
    const { feeds, weights, weightOutside } = this;
    if (weightOutside === 0) return;
    const notional = exposureOf(this.contract, lots, this.fundamental.price);
    const { now } = this.kernel;
    for (let i = 0; i < feeds.length; i++) feeds[i].trade(now, (notional * weights[i]) / weightOutside);
  }

  /** Money and positions are conserved. Throws when they are not. */
  checkInvariants(): void {
    this.exchange.accounts.checkInvariants();
  }

  private freshMarkDesign(every: Micros): MarkDesign {
    return this.parts.create.mark(this.parts.settings.exchange.mark, {
      contract: this.contract,
      every,
      feeds: Object.keys(this.sources),
      refuse: (path, expected, more) => {
        throw new Unbuildable([...this.parts.at, 'exchange', 'mark', ...path], expected, more);
      },
    });
  }

  private followCauses(): Causes {
    const vaults = [this.fund.account, this.backstop?.account, this.pool?.pool.account];
    return new Causes({
      exchange: this.exchange,
      schedule: this.schedule,
      response: (side) => responseOf(this.markQuestion(side)),
      startPrice: this.startPrice,
      isReplay: this.parts.mode.kind !== 'closed',
      kindOf: (account) =>
        account === SHOCK_ACCOUNT ? 'shock' : vaults.includes(account) ? 'vault' : 'trader',
      liquidationOf: (account) => this.recorder.liquidationOf(account),
    });
  }

  private marginSchedule(): MarginSchedule {
    const { settings, create } = this.parts;
    const { margin } = settings.exchange;
    return create.margin(margin, {
      contract: this.contract,
      startPrice: this.startPrice,
      refuse: (parameter, expected) => {
        throw new Unbuildable([...this.parts.at, 'exchange', 'margin', parameter], expected);
      },
    });
  }

  private withFee(schedule: MarginSchedule): MarginSchedule {
    return this.parts.settings.exchange.margin.feeToClose ? withFeeToClose(schedule) : schedule;
  }

  /** The venue changes its margin rates for everybody, open positions included. */
  scaleMargins(factors: MarginFactors): void {
    this.publishedSchedule = scaledSchedule(this.publishedSchedule, factors);
    this.schedule.change(this.withFee(this.publishedSchedule));
    this.exchange.marginsChanged();
  }

  /** Somebody gives the insurance fund so much, quote currency. */
  topUpFund(amount: number): void {
    this.exchange.accounts.ledger.transfer(OUTSIDE, INSURANCE_FUND, moneyFromQuote(this.contract, amount));
  }

  private buildPool(parts: ExchangeParts, rules: PoolRules): PoolExchange {
    return new PoolExchange(
      {
        ...parts,
        rules,
        oracleAge: () => this.kernel.now - this.heardAt(),
        onRefused: (account, lots, reason) => this.parts.onRefused(account, lots, reason),
      },
      this.startPrice,
    );
  }

  private buildWaterfall(): Waterfall {
    const { exchange, fund, recorder, schedule } = this;
    const { settings } = this.parts;
    return new Waterfall({
      accounts: exchange.accounts,
      schedule,
      fund,
      trigger: this.trigger,
      ranking: this.parts.create.adl(settings.exchange.adl, { random: this.parts.random.stream('adl') }),
      losses: settings.exchange.waterfall.losses,
      journal: recorder,
      isDistressed: (account) =>
        this.isDistressed(account) ||
        account === this.backstop?.account ||
        account === this.pool?.pool.account,
      changed: (account) => {
        exchange.changed(account);
        this.settleDebt(account);
      },
    });
  }

  private buildEngine(): LiquidationEngine {
    const { exchange, fund, recorder, kernel, schedule, waterfall } = this;
    const { settings } = this.parts;
    const { liquidation, insuranceFund, adl, backstop } = settings.exchange;
    const policy = this.parts.create.liquidation(liquidation, { contract: this.contract });
    if (policy.needsBackstop && backstop === undefined)
      throw new Unbuildable(
        [...this.parts.at, 'exchange', 'liquidation', 'policy'],
        'a policy that hands no positions to a backstop: there is none',
        { hint: 'Or add exchange.backstop, with a balance.' },
      );
    return new LiquidationEngine({
      kernel,
      accounts: exchange.accounts,
      schedule,
      index: { update: (account) => this.parts.afterLiquidation(account) },
      policy,
      keepers: this.keepers,
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
      isBroken: (account) => exchange.crossMargin?.isDistressed(account),
    });
  }

  private unwinding(written: Unwinding): UnwindSettings {
    return { ...written, unwindWholeBelow: moneyFromQuote(this.contract, written.unwindWholeBelow) };
  }

  /** What may be lost lies in its account: the equity of its owner's other books only where they share collateral. */
  private openBackstop(): void {
    const { backstop } = this.parts.settings.exchange;
    if (backstop === undefined) return;
    const { balance, otherBooks, sharesCollateral } = backstop;
    const equity = balance + (sharesCollateral ? otherBooks : 0);
    this.exchange.accounts.ledger.transfer(
      OUTSIDE,
      this.backstop!.account,
      moneyFromQuote(this.contract, equity),
    );
  }

  // What happens, in the order of its phases within one instant.

  /** Schedules everything that happens by itself. */
  start(): void {
    const { settings } = this.parts;
    // Everybody knows the price at which the run begins, whatever the latency.
    this.marketData.publish(-Infinity, this.marketRow);
    this.handlers.repeat('fundamental', FUNDAMENTAL_EVERY, Phase.FEED, () =>
      this.fundamental.advance(this.kernel.now),
    );
    scheduleFeeds(this.feeds, settings.feeds, {
      kernel: this.kernel,
      handlers: this.handlers,
      random: this.parts.random,
      fundamental: this.fundamental,
      startPrice: this.startPrice,
    });
    this.handlers.repeat('index', settings.index.every, Phase.INDEX, () => this.updateIndex());
    this.handlers.repeat('mark', settings.exchange.mark.every, Phase.MARK, () => this.updateMark());
    this.marginCheckHandler = this.handlers.register('margin-check', () => this.checkMargins());
    this.scheduleFunding();
    this.schedulePool();
  }

  private updateIndex(): void {
    this.index = this.indexPrice.update(this.kernel.now);
    this.publish();
    this.watch('index', Math.round(this.index));
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
    const { mode } = this.parts;
    const inputs = this.lookForMark();
    const own = Math.round(this.markDesign.price(inputs));
    const n = this.markCount++;
    const mark = mode.kind === 'open-loop' ? mode.marks[n] : own >= 1 ? own : this.exchange.mark;
    this.marks[n] = mark;
    this.causes.beforeMark(this.index);
    if (this.markDesign.priceFor === undefined) this.exchange.setMark(mark);
    else this.setSideMarks(mark, n, inputs);
    this.publish();
    this.priceLimits.observe?.(this.lookForLimits());
    this.recorder.onPrices();
    this.kernel.at(this.kernel.now, Phase.MARGIN_CHECK, this.marginCheckHandler);
  }

  /** The marks of longs and shorts follow that of neither, in the record as well; they are there when it is. */
  private setSideMarks(mark: Ticks, n: number, inputs: MarkInputs): void {
    const { markDesign, marks, exchange } = this;
    const { mode } = this.parts;
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
    const crossed = this.exchange.index.crossed(longMark, this.broken, shortMark);
    const broken = crossed === 0 ? 0 : this.parts.onBroken(this.broken, crossed);
    if (this.parts.mode.kind !== 'off') {
      this.causes.duringCheck(() => this.engine.onMark(longMark, this.broken, broken, shortMark));
      this.pool?.onMark();
    }
    this.liquidationMap.take(this.kernel.now, mark);
    this.watch('mark', mark);
  }

  /** A price is new: it may halt trading, and it may set stops off, which wait while trading is halted. */
  private watch(which: WatchedPrice, price: Ticks): void {
    const { session, haltRule, kernel } = this;
    if (price !== price || !session.takes({ postOnly: false })) return;
    if (haltRule.watches === which) {
      const length = haltRule.haltFor!(kernel.now, price);
      if (length > 0) return this.halt(length);
    }
    if (this.stopTrigger === which) this.fireStops(price);
  }

  /** Halts trading from now on. */
  halt(length: Micros): void {
    if (!this.session.isHalted) this.recorder.haltBegan();
    this.session.halt(length);
  }

  private priceLimit(): PriceLimit | undefined {
    const { priceLimits } = this;
    if (priceLimits.limit === undefined) return undefined;
    return {
      beyond: this.parts.settings.exchange.priceLimits.beyond,
      limit: (side) => {
        const limit = priceLimits.limit!(side, this.lookForLimits());
        if (limit !== limit) return side === BUY ? MAX_TICK : 1;
        return Math.max(1, side === BUY ? Math.floor(limit) : Math.ceil(limit));
      },
    };
  }

  private lookForLimits(): LimitPrices {
    const { limitPrices: prices, exchange, kernel } = this;
    const { view } = exchange;
    prices.now = kernel.now;
    prices.bid = view.bestBid();
    prices.ask = view.bestAsk();
    prices.last = view.lastTrade();
    prices.mark = exchange.mark;
    prices.index = this.index;
    return prices;
  }

  /** The owners of the stops that this price reaches are told, and act with their own latency. */
  private fireStops(price: Ticks): void {
    for (const stops of this.exchange.stops) {
      const count = stops.crossed(price, this.stopped);
      for (let i = 0; i < count; i++) {
        const account = this.stopped[i];
        if (this.isDistressed(account)) continue;
        this.parts.onStop(account);
      }
    }
  }

  private scheduleFunding(): void {
    const { interval, sampleEvery } = this.fundingRule;
    if (interval === Infinity) return;
    this.nextFunding = interval;
    this.handlers.repeat('funding-sample', sampleEvery, Phase.FUNDING, () =>
      this.fundingRule.sample({
        index: this.index,
        mark: this.exchange.mark,
        mid: (this.exchange.view.bestBid() + this.exchange.view.bestAsk()) / 2,
        impactPrice: (side, notional) => impactPrice(this.exchange.view, side, notional, this.contract),
        openInterest: () => openInterestOf(this.funded()),
      }),
    );
    this.handlers.repeat('funding', interval, Phase.FUNDING, () => {
      this.nextFunding += interval;
      this.fundingRate = this.fundingRule.settle();
      this.payFunding();
    });
  }

  private payFunding(): void {
    const { mark } = this.exchange;
    const { notional, split } = this.fundingRule;
    this.causes.fundingPaid();
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
    this.handlers.repeat('borrow-fees', pool.pool.rules.borrow.every, Phase.FUNDING, () =>
      pool.chargeBorrowing(),
    );
    const deleverage = this.handlers.register('pool-deleverages', (side) => pool.deleverage(side as Side));
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

  private onFill(fill: Readonly<Fill>): void {
    const { maker, taker, makerSide, lots, price } = fill;
    const { engine, exchange, parts } = this;
    this.lastTradeAt = this.kernel.now;
    parts.onFill(fill);
    this.causes.onFill(taker);
    const isVoluntary = exchange.isMargined[taker] === 1 && !this.isDistressed(taker);
    this.recorder.onFill(fill, isVoluntary);
    if (engine.isDistressed(maker)) engine.onRestingFill(maker, lots, notionalOf(this.contract, lots, price));
    parts.tellOwner(maker, makerSide, lots);
    parts.tellOwner(taker, makerSide === BUY ? SELL : BUY, lots);
    this.settleDebt(maker);
    this.settleDebt(taker);
  }

  /**
   * A stop or a deleveraging that closed a position beyond its bankruptcy price leaves a flat account that owes: that goes down
   * the waterfall as after a liquidation, in every arm. (The engine does it itself for accounts that it is liquidating.)
   */
  private settleDebt(account: AccountId): void {
    const { accounts, isMargined, mark } = this.exchange;
    if (isMargined[account] === 0 || accounts.ledger.balance[account] >= 0 || !accounts.isFlat(account))
      return;
    if (!this.isDistressed(account)) this.waterfall.coverShortfall(account, mark);
  }

  private onBook(by: AccountId): void {
    this.recorder.onBook();
    this.causes.onBook(by);
    this.publish();
    this.watch('last', this.exchange.view.lastTrade());
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
}
