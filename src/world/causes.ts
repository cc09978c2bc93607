import type { AccountId } from '../accounts/ledger.ts';
import { isDistressed, triggerPrice } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import { BUY, SELL } from '../base/units.ts';
import type { Side, Ticks } from '../base/units.ts';
import { PriceTrail } from '../market/price-trail.ts';
import type { MarkResponse } from '../prices/mark-response.ts';
import type { Exchange } from './exchange.ts';

/**
 * What broke an account. An order: of a liquidation, of a vault that sells what it took over, of a shock; a trade of anybody else, or
 * orders placed or withdrawn without one (quotes). No order: the index, a funding payment, the account's own margin (a trade, a fee), another
 * contract, the marks of a replay, or none of these that is known (drift).
 */
export const CAUSES = [
  'liquidation', 'vault', 'shock', 'trade', 'quotes',
  'index', 'funding', 'margin', 'other-contract', 'replay', 'drift',
] as const; // prettier-ignore
export type CauseKind = (typeof CAUSES)[number];

export interface Cause {
  readonly kind: CauseKind;
  /** The liquidation whose order it was, by its number in the contract; NaN for none. */
  readonly parent: number;
  /** Of a trade or quotes, whose; else NaN. */
  readonly account: AccountId;
}

export interface CauseParts {
  readonly exchange: Exchange;
  readonly schedule: MarginSchedule;
  /** How the mark of this side answers. */
  response(side: Side): MarkResponse;
  readonly startPrice: Ticks;
  /** Margin follows marks recorded elsewhere. */
  readonly isReplay: boolean;
  /** What an account's orders are: a shock's, a vault's, or those of a trader. */
  kindOf(account: AccountId): 'shock' | 'vault' | 'trader';
  /** The liquidation under way of an account, or the one a vault took a position over from last; undefined for none. */
  liquidationOf(account: AccountId): number | undefined;
}

/** Kinds and numbers of movers share one number. */
const KINDS = 16;
/** A mark is rounded to ticks, so that just under half a tick more or less is the same mark. */
const ALMOST_HALF = 0.5 - 2 ** -20;

/**
 * Tells what broke an account, by these questions in turn; M, I and the local price L as of the mark that broke it, τ the first
 * mark at which it breaks, w and v the measured answers of the mark to L (in the end) and to I (at once).
 *
 * 1. Would the mark before have broken it, as it is now? Then its threshold moved: funding, or its margin.
 * 2. Does the move of I since then, v · ΔI from the mark before, reach τ alone? Then the index.
 * 3. Who last carried L through λ = I + (τ − I)/w, where the mark comes to rest at τ? The order that did. A mark
 *    that lags crosses long after it; that order is still the one without which it would not have.
 *    Where the mark looks behind the touch, λ is as far from L as τ from the mark, over w.
 * 4. Nobody did: drift.
 *
 * It assumes that w and v, measured near rest, hold. A design that is a median or a clamp is charged to the order
 * even where the index completed the crossing over several marks. A maker who steps back because of a liquidation counts
 * as quotes: only what orders themselves moved makes a parent. What a liquidation does to the index through hedges outside counts as index.
 */
export class Causes {
  private readonly parts: CauseParts;
  private readonly trail: PriceTrail;
  /** Of longs and of shorts; none under a replay. */
  private readonly responses: readonly MarkResponse[];
  private readonly followsLocal: boolean;
  private readonly followsLast: boolean;
  private taker: AccountId = NaN;
  private longMark: Ticks;
  private shortMark: Ticks;
  private index: Ticks;
  private indexMove = 0;
  private isFundingDue = false;
  private isChecking = false;

  constructor(parts: CauseParts) {
    this.parts = parts;
    this.responses = parts.isReplay ? [] : [parts.response(BUY), parts.response(SELL)];
    this.followsLocal = this.responses.some(({ weight }) => weight > 0);
    this.followsLast = this.responses[0]?.local === 'last';
    this.trail = new PriceTrail(parts.startPrice);
    this.longMark = this.shortMark = this.index = parts.startPrice;
  }

  onFill(taker: AccountId): void {
    this.taker = taker;
  }

  /** The book has changed by orders of this account, and the fills since the last time. */
  onBook(by: AccountId): void {
    if (!this.followsLocal) return;
    const { taker, trail } = this;
    this.taker = NaN;
    const price = this.localPrice();
    if (price !== trail.price)
      trail.move(price, taker === taker ? this.mover(taker, 'trade') : this.mover(by, 'quotes'));
  }

  fundingPaid(): void {
    this.isFundingDue = true;
  }

  /** A new mark is about to be set, with the index as it is. */
  beforeMark(index: Ticks): void {
    const { exchange } = this.parts;
    this.longMark = exchange.longMark;
    this.shortMark = exchange.shortMark;
    this.indexMove = index - this.index;
    this.index = index;
  }

  /** Accounts that break from now on break by this contract's mark, until it is said to be over. */
  duringCheck(action: () => void): void {
    this.isChecking = true;
    action();
    this.isChecking = false;
    this.isFundingDue = false;
  }

  /** What broke an account, as long as nothing came of it. */
  of(account: AccountId): Cause {
    const { isReplay, exchange, schedule } = this.parts;
    if (!this.isChecking) return noOrder('other-contract');
    if (isReplay) return noOrder('replay');
    const lots = exchange.accounts.lots[account];
    const isLong = lots > 0;
    const backing = exchange.accounts.backing(account);
    const markBefore = isLong ? this.longMark : this.shortMark;
    if (isDistressed(schedule, backing, lots, markBefore)) return noOrder(this.whyThresholdMoved());

    const { weight, indexAtOnce, seesDepth } = this.responses[isLong ? 0 : 1];
    const direction: Side = isLong ? -1 : 1;
    const trigger = triggerPrice(schedule, backing, lots) - direction * ALMOST_HALF;
    if (direction * (markBefore + indexAtOnce * this.indexMove - trigger) >= 0) return noOrder('index');
    if (weight === 0) return noOrder('drift');
    const level = seesDepth
      ? this.trail.price + (trigger - exchange.markOf(account)) / weight
      : this.index + (trigger - this.index) / weight;
    const mover = this.trail.lastThrough(level, direction);
    return mover === undefined ? noOrder('drift') : causeOf(mover);
  }

  private whyThresholdMoved(): CauseKind {
    if (this.parts.exchange.crossMargin !== undefined) return 'other-contract';
    return this.isFundingDue ? 'funding' : 'margin';
  }

  private localPrice(): Ticks {
    const { view } = this.parts.exchange;
    if (this.followsLast) return view.lastTrade();
    const mid = (view.bestBid() + view.bestAsk()) / 2;
    return mid === mid ? mid : view.lastTrade();
  }

  private mover(account: AccountId, ordinary: 'trade' | 'quotes'): number {
    const kind = this.parts.kindOf(account);
    const liquidation = this.parts.liquidationOf(account);
    if (kind === 'shock') return numberOf('shock', NaN);
    if (kind === 'vault') return numberOf('vault', liquidation ?? NaN);
    return liquidation === undefined ? numberOf(ordinary, account) : numberOf('liquidation', liquidation);
  }
}

function noOrder(kind: CauseKind): Cause {
  return { kind, parent: NaN, account: NaN };
}

function numberOf(kind: CauseKind, by: number): number {
  return (by === by ? by + 1 : 0) * KINDS + CAUSES.indexOf(kind);
}

function causeOf(mover: number): Cause {
  const kind = CAUSES[mover % KINDS];
  const by = mover < KINDS ? NaN : Math.floor(mover / KINDS) - 1;
  const isOrdinary = kind === 'trade' || kind === 'quotes';
  return { kind, parent: isOrdinary ? NaN : by, account: isOrdinary ? by : NaN };
}
