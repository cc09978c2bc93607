import { INSURANCE_FUND } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import { isDistressed, maintenanceMargin, tierOf } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import { Columns } from '../base/columns.ts';
import { BUY, MINUTE, SECOND, SELL } from '../base/units.ts';
import type { Lots, Micros, Money, Ticks } from '../base/units.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { notionalOf } from '../market/contract.ts';
import { notionalWithin } from '../market/depth.ts';
import type { KeeperId } from '../risk/keepers/keepers.ts';
import type { LiquidationEnd, LossItem, RiskJournal } from '../risk/risk-journal.ts';
import { CAUSES } from './causes.ts';
import type { Cause } from './causes.ts';
import type { Exchange, Fill } from './exchange.ts';

/** For contagion between contracts, an account that breaks within this time of the last forced trade counts as set off by it. */
const PARENT_WINDOW: Micros = MINUTE;
/** Depth is the notional of the bids (or asks) within this share of the mid. */
const DEPTH_WITHIN = 0.01;

const PATH_COLUMNS = [
  'time_s', 'mid', 'bid', 'ask', 'last', 'mark', 'index', 'fundamental', 'bid_depth', 'ask_depth',
  'forced_notional', 'fund_equity', 'adl_notional', 'open_interest',
] as const; // prettier-ignore
const LIQUIDATION_COLUMNS = [
  'time_s', 'account', 'lots', 'notional', 'leverage', 'mark', 'index', 'margin_ratio',
  'cause', 'parent', 'cause_account', 'generation', 'forced_notional',
  'first_step_s', 'ended_s', 'ended_by', 'equity', 'first_step_equity', 'first_keeper', 'keeper_reward',
  'keeper_cost', 'tier', 'paid_in', 'fund_paid', 'others_paid', 'taken_over',
] as const; // prettier-ignore

/** How a liquidation ended, as the number in the column `ended_by`; −1: not yet. */
export const LIQUIDATION_ENDS = [
  'recovered',
  'closed',
  'taken-over',
  'deleveraged',
  'backstopped',
] as const satisfies readonly LiquidationEnd[];

/** The column of a liquidation's line that an item adds to. */
const ITEM_COLUMNS = {
  'paid-in': 'paid_in',
  fund: 'fund_paid',
  others: 'others_paid',
  'taken-over': 'taken_over',
} as const satisfies Readonly<Record<LossItem, (typeof LIQUIDATION_COLUMNS)[number]>>;

/** What is counted from the beginning of the measurement on. */
const NOTHING_YET = {
  liquidations: 0,
  falseLiquidations: 0,
  lateLiquidations: 0,
  forcedValue: 0,
  voluntaryValue: 0,
  tradedValue: 0,
  fundIn: 0,
  fundOut: 0,
  fundPositionsLoss: 0,
  adlValue: 0,
  socialisedLoss: 0,
  uncoveredLoss: 0,
  fundingPaid: 0,
  keeperRewards: 0,
  keeperCosts: 0,
  halts: 0,
};

/** The market at the instant when the measurement begins. */
export interface Baseline {
  readonly time: Micros;
  readonly mid: Ticks;
  readonly mark: Ticks;
  readonly index: Ticks;
  readonly bidDepth: Money;
  readonly openInterest: Lots;
  /** Of the insurance fund at the mark. */
  readonly fundEquity: Money;
}

export interface RecorderParts {
  readonly kernel: Kernel;
  readonly exchange: Exchange;
  readonly schedule: MarginSchedule;
  /** Whether to keep the samples; metrics do not need them. */
  readonly keepPaths: boolean;
  fundamental(): Ticks;
  index(): Ticks;
  /** What broke an account, asked when its liquidation begins. */
  causeOf(account: AccountId): Cause;
  /** Told of every forced trade and its notional. */
  onForced?(account: AccountId, value: Money): void;
}

/**
 * Keeps the record of one run: what the metrics are reckoned from, once-a-second samples, and a line for every liquidation.
 * It only listens. Until `begin` nothing counts as drawdown.
 */
export class Recorder implements RiskJournal {
  baseline: Baseline | undefined;
  /** The local mid once a second, from the start of the run until the measurement begins. */
  readonly midsBefore: Ticks[] = [];
  lowestMid = Infinity;
  lowestMidAt: Micros = 0;
  highestMid = -Infinity;
  lowestMark = Infinity;
  lowestIndex = Infinity;
  largestDislocation = 0;
  liquidations = 0;
  falseLiquidations = 0;
  lateLiquidations = 0;
  forcedValue: Money = 0;
  voluntaryValue: Money = 0;
  tradedValue: Money = 0;
  fundIn: Money = 0;
  fundOut: Money = 0;
  fundMinimum: Money = Infinity;
  /** What winners lost against the mark by being deleveraged against the fund's own positions. */
  fundPositionsLoss: Money = 0;
  adlValue: Money = 0;
  socialisedLoss: Money = 0;
  uncoveredLoss: Money = 0;
  fundingPaid: Money = 0;
  /** Times that trading halted. */
  halts = 0;
  /** Paid by liquidated accounts or the fund to whoever liquidated them. */
  keeperRewards: Money = 0;
  /** What they paid outside the exchange for it. */
  keeperCosts: Money = 0;
  /** Steps of liquidations by who took them. */
  readonly stepsBy = new Map<KeeperId, number>();
  depthMinimum: Money = Infinity;
  depthMinimumAt: Micros = 0;
  depthRecoveredAt: Micros = NaN;
  readonly deleveragedAccounts = new Set<AccountId>();
  readonly paths = new Columns(PATH_COLUMNS);
  readonly liquidationLines = new Columns(LIQUIDATION_COLUMNS);
  private readonly parts: RecorderParts;
  private readonly pathRow = new Float64Array(PATH_COLUMNS.length);
  private readonly lineRow = new Float64Array(LIQUIDATION_COLUMNS.length);
  /** Row in `liquidationLines` of each liquidation that is under way. */
  private readonly underWay = new Map<AccountId, number>();
  /** Row of the liquidation whose position a vault took over last. */
  private readonly handedTo = new Map<AccountId, number>();
  /** Since the start of the run, for the paths. */
  private forcedSoFar: Money = 0;
  private adlSoFar: Money = 0;
  private lastForcedAt: Micros = -Infinity;

  constructor(parts: RecorderParts) {
    this.parts = parts;
  }

  /** Mid of the local book, or the last trade while a side is empty. */
  localPrice(): Ticks {
    const { view } = this.parts.exchange;
    const mid = (view.bestBid() + view.bestAsk()) / 2;
    return mid === mid ? mid : view.lastTrade();
  }

  /** The shock begins now: what was counted in the warm-up is forgotten. */
  begin(): void {
    const { exchange, kernel } = this.parts;
    Object.assign(this, NOTHING_YET);
    this.deleveragedAccounts.clear();
    this.stepsBy.clear();
    this.baseline = {
      time: kernel.now,
      mid: this.localPrice(),
      mark: exchange.mark,
      index: this.parts.index(),
      bidDepth: this.depth(SELL),
      openInterest: exchange.accounts.openInterest,
      fundEquity: exchange.accounts.equity(INSURANCE_FUND, exchange.mark),
    };
    this.onBook();
    this.onPrices();
  }

  onBook(): void {
    if (this.baseline === undefined) return;
    const mid = this.localPrice();
    if (mid < this.lowestMid) {
      this.lowestMid = mid;
      this.lowestMidAt = this.parts.kernel.now;
    }
    if (mid > this.highestMid) this.highestMid = mid;
  }

  onPrices(): void {
    if (this.baseline === undefined) return;
    const { mark } = this.parts.exchange;
    const index = this.parts.index();
    this.lowestMark = Math.min(this.lowestMark, mark);
    this.lowestIndex = Math.min(this.lowestIndex, index);
    this.largestDislocation = Math.max(this.largestDislocation, Math.abs(mark - index) / index);
    this.followFund();
  }

  /** `isVoluntary`: the taker is a margined account that is not under liquidation. */
  onFill(fill: Readonly<Fill>, isVoluntary: boolean): void {
    const value = notionalOf(this.parts.exchange.contract, fill.lots, fill.price);
    this.tradedValue += value;
    if (isVoluntary) this.voluntaryValue += value;
  }

  /** Once a second. */
  sample(): void {
    const bidDepth = this.depth(SELL);
    this.followDepth(bidDepth);
    if (this.baseline === undefined) this.keepMid();
    if (this.parts.keepPaths) this.keepSample(bidDepth);
  }

  /** Whether an account that breaks now counts as broken by a forced trade. */
  isSetOff(): boolean {
    return this.parts.kernel.now - this.lastForcedAt <= PARENT_WINDOW;
  }

  haltBegan(): void {
    this.halts++;
  }

  liquidationBegan(account: AccountId, mark: Ticks): void {
    const { accounts } = this.parts.exchange;
    const index = this.parts.index();
    const lots = accounts.lots[account];
    const balance = accounts.backing(account);
    const { kind, parent, account: causeAccount } = this.parts.causeOf(account);
    const generation = parent === parent ? this.liquidationLines.column('generation')[parent] + 1 : 1;
    this.liquidations++;
    if (!isDistressed(this.parts.schedule, balance, lots, Math.round(index))) this.falseLiquidations++;

    const notional = accounts.notional(account, mark);
    const row = this.lineRow;
    row[0] = this.parts.kernel.now / SECOND;
    row[1] = account;
    row[2] = lots;
    row[3] = notional;
    row[4] = Math.abs(accounts.entryValue[account]) / accounts.wallet(account);
    row[5] = mark;
    row[6] = index;
    row[7] = maintenanceMargin(this.parts.schedule, notional, lots) / accounts.equity(account, mark);
    row[8] = CAUSES.indexOf(kind);
    row[9] = parent;
    row[10] = causeAccount;
    row[11] = generation;
    row[12] = 0;
    row[13] = NaN;
    row[14] = NaN;
    row[15] = -1;
    row[16] = accounts.equity(account, mark);
    row.fill(NaN, 17, 19);
    row.fill(0, 19);
    row[21] = tierOf(this.parts.schedule, notional, lots);
    this.underWay.set(account, this.liquidationLines.length);
    this.liquidationLines.append(row);
  }

  firstStep(account: AccountId, equity: Money): void {
    if (equity < 0) this.lateLiquidations++;
    const line = this.underWay.get(account)!;
    this.liquidationLines.column('first_step_s')[line] = this.parts.kernel.now / SECOND;
    this.liquidationLines.column('first_step_equity')[line] = equity;
  }

  forcedTrade(account: AccountId, lots: Lots, value: Money): void {
    if (lots === 0) return;
    this.parts.onForced?.(account, value);
    this.forcedValue += value;
    this.forcedSoFar += value;
    this.lastForcedAt = this.parts.kernel.now;
    const line = this.liquidationOf(account);
    if (line !== undefined) this.liquidationLines.column('forced_notional')[line] += value;
  }

  stepTaken(
    account: AccountId,
    keeper: KeeperId,
    { reward, cost }: { readonly reward: Money; readonly cost: Money },
  ): void {
    this.keeperRewards += reward;
    this.keeperCosts += cost;
    this.stepsBy.set(keeper, (this.stepsBy.get(keeper) ?? 0) + 1);
    const { liquidationLines: lines } = this;
    const line = this.underWay.get(account)!;
    const first = lines.column('first_keeper');
    if (Number.isNaN(first[line])) first[line] = keeper;
    lines.column('keeper_reward')[line] += reward;
    lines.column('keeper_cost')[line] += cost;
  }

  /** The liquidation under way of an account, or the one a vault took a position over from last. */
  liquidationOf(account: AccountId): number | undefined {
    return this.underWay.get(account) ?? this.handedTo.get(account);
  }

  handedOver(account: AccountId, vault: AccountId): void {
    this.handedTo.set(vault, this.underWay.get(account)!);
  }

  liquidationEnded(account: AccountId, end: LiquidationEnd): void {
    const line = this.underWay.get(account)!;
    this.liquidationLines.column('ended_s')[line] = this.parts.kernel.now / SECOND;
    this.liquidationLines.column('ended_by')[line] = LIQUIDATION_ENDS.indexOf(end);
    this.underWay.delete(account);
  }

  fundReceived(amount: Money): void {
    this.fundIn += amount;
  }

  /** Between two marks the fund may be lower than at both: what it pays is looked at as it is paid. */
  fundPaid(amount: Money): void {
    this.fundOut += amount;
    if (this.baseline !== undefined) this.followFund();
  }

  /** What concerns no liquidation under way, such as a stop that closed beyond bankruptcy, stands in no line. */
  attributed(account: AccountId, item: LossItem, amount: Money): void {
    if (account === INSURANCE_FUND) this.fundPositionsLoss += amount;
    const line = this.underWay.get(account);
    if (line !== undefined) this.liquidationLines.column(ITEM_COLUMNS[item])[line] += amount;
  }

  deleveraged(_loser: AccountId, winner: AccountId, lots: Lots, mark: Ticks): void {
    const value = notionalOf(this.parts.exchange.contract, lots, mark);
    this.adlValue += value;
    this.adlSoFar += value;
    this.deleveragedAccounts.add(winner);
  }

  socialised(amount: Money, uncovered: Money): void {
    this.socialisedLoss += amount;
    this.uncoveredLoss += uncovered;
  }

  private keepMid(): void {
    const mid = this.localPrice();
    if (mid === mid) this.midsBefore.push(mid);
  }

  private keepSample(bidDepth: Money): void {
    const { exchange, kernel } = this.parts;
    const { view, accounts, mark } = exchange;
    const row = this.pathRow;
    row[0] = kernel.now / SECOND;
    row[1] = (view.bestBid() + view.bestAsk()) / 2;
    row[2] = view.bestBid();
    row[3] = view.bestAsk();
    row[4] = view.lastTrade();
    row[5] = mark;
    row[6] = this.parts.index();
    row[7] = this.parts.fundamental();
    row[8] = bidDepth;
    row[9] = this.depth(BUY);
    row[10] = this.forcedSoFar;
    row[11] = accounts.equity(INSURANCE_FUND, mark);
    row[12] = this.adlSoFar;
    row[13] = accounts.openInterest;
    this.paths.append(row);
  }

  /** Notional that a taker of this side finds within 1 % of the mid. */
  private depth(taker: typeof BUY): Money {
    const mid = this.localPrice();
    const { view, contract } = this.parts.exchange;
    return notionalWithin(view, taker, mid * (1 + taker * DEPTH_WITHIN), contract);
  }

  private followFund(): void {
    const { accounts, mark } = this.parts.exchange;
    this.fundMinimum = Math.min(this.fundMinimum, accounts.equity(INSURANCE_FUND, mark));
  }

  private followDepth(bidDepth: Money): void {
    if (this.baseline === undefined) return;
    const { now } = this.parts.kernel;
    if (bidDepth < this.depthMinimum) {
      this.depthMinimum = bidDepth;
      this.depthMinimumAt = now;
      this.depthRecoveredAt = NaN;
    } else if (this.depthRecoveredAt !== this.depthRecoveredAt && bidDepth >= 0.8 * this.baseline.bidDepth) {
      this.depthRecoveredAt = now;
    }
  }
}
