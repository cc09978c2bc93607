import type { AccountId } from '../accounts/ledger.ts';
import { SidedAccounts } from '../accounts/sided-accounts.ts';
import { BUY, SELL } from '../base/units.ts';
import type { Lots, Micros, Money, Side, Ticks } from '../base/units.ts';
import type { OraclePrices, PoolRules } from '../market/oracle-pool.ts';
import { MAX_TICK, NO_ORDER, TimeInForce } from '../market/order.ts';
import type { Handle, NewOrder } from '../market/order.ts';
import type { ForcedOrder } from '../risk/liquidation-engine.ts';
import { deleveragePool, needsDeleveraging } from '../risk/pool-deleveraging.ts';
import { PoolStatement } from '../risk/pool-statement.ts';
import { LiquidityPool } from '../risk/pool.ts';
import type { PoolRefusal, PoolTrade } from '../risk/pool.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeParts, Fill, MarketView, Refusal } from './exchange.ts';

export interface PoolExchangeParts extends ExchangeParts {
  readonly rules: PoolRules;
  /** Time since the oracle last heard from any of its sources. */
  oracleAge(): Micros;
  /** Told of every order, or part of one, that did not trade. */
  onRefused(account: AccountId, lots: Lots, reason: PoolRefusal | Refusal): void;
}

/**
 * The exchange of a pool: an order trades at once and as a whole at the mark, or is refused with a reason. The book stays
 * empty; what is seen of the market is one price a side, as deep as the pool still takes new positions.
 * The pool is the last account of the ledger. Its prices are the marks, which stand for the oracle.
 */
export class PoolExchange extends Exchange {
  override readonly view: MarketView;
  readonly pool: LiquidityPool;
  readonly statement: PoolStatement;
  private readonly poolParts: PoolExchangeParts;
  /** Sides whose deleveraging is on its way. */
  private readonly called = new Set<Side>();
  private callLater: (side: Side, latency: Micros) => void = () => undefined;
  private readonly poolFill: Fill = { price: 0, lots: 0, makerSide: BUY, maker: 0, taker: 0 };

  constructor(parts: PoolExchangeParts, startPrice: Ticks) {
    const account = parts.accounts - 1;
    const accounts = new SidedAccounts(parts.accounts, account);
    super(parts, startPrice, accounts);
    this.poolParts = parts;
    this.pool = new LiquidityPool(parts.rules, accounts, account);
    this.statement = new PoolStatement(this.pool);
    this.view = {
      bestBid: () => this.prices.min,
      bestAsk: () => this.prices.max,
      lastTrade: () => this.mark,
      nextLevel: () => NaN,
      lotsAt: (side) => this.pool.room(side === BUY ? -1 : 1, this.prices),
    };
  }

  get prices(): OraclePrices {
    return { min: this.longMark, max: this.shortMark };
  }

  /** Whether the oracle is too old to trade at. */
  get isStale(): boolean {
    return this.poolParts.oracleAge() > this.pool.rules.maxAge;
  }

  override enter(order: NewOrder): Handle {
    const { owner, lots, timeInForce } = order;
    if (this.poolParts.session?.takes(order) === false) this.refuse(owner, lots, 'halted');
    else if (timeInForce === TimeInForce.GTC) this.refuse(owner, lots, 'resting-order');
    else if (this.isMargined[owner] === 1 && !this.isBacked(order))
      this.refuse(owner, lots, 'too-little-margin');
    else this.execute(owner, order);
    return NO_ORDER;
  }

  protected override tradeNow(account: AccountId, order: ForcedOrder): { lots: Lots; value: Money } {
    const traded = this.execute(account, { ...order, reduceOnly: false });
    this.publish(account);
    return traded;
  }

  /** How the pool asks to be called when a side's profit is too large for it. */
  start(callLater: (side: Side, latency: Micros) => void): void {
    this.callLater = callLater;
  }

  /** A new mark has been taken. */
  onMark(): void {
    for (const side of [BUY, SELL]) {
      if (this.called.has(side) || !needsDeleveraging(this.pool, side, this.prices)) continue;
      this.called.add(side);
      this.callLater(side, this.pool.rules.deleverage.latency);
    }
  }

  deleverage(side: Side): void {
    const { accounts, pool, statement } = this;
    this.called.delete(side);
    if (this.isStale) return;
    deleveragePool(side, this.prices, {
      accounts,
      pool,
      isDistressed: (account) => !this.mayTrade(account),
      closed: (account, _lots, value) => {
        statement.deleveraged += value;
        this.changed(account);
      },
    });
  }

  chargeBorrowing(): void {
    const paid = this.pool.chargeBorrowing(this.prices, (account) => this.changed(account));
    this.statement.borrowed += paid;
  }

  override setMark(mark: Ticks, longMark?: Ticks, shortMark?: Ticks): void {
    super.setMark(mark, longMark, shortMark);
    this.publish(this.poolParts.accounts - 1);
  }

  /** A pool has no band: its price is the mark. */
  override bandLimit(side: Side): Ticks {
    return side === BUY ? MAX_TICK : 1;
  }

  override averagePrice(side: Side, lots: Lots): Ticks {
    return this.pool.quoteOpening(side, lots, this.prices).value / lots;
  }

  /** The sides of a pool differ; each counts what its traders entered for. */
  protected override openInterestOf(side: Side): Money {
    return this.pool.side(side).cost;
  }

  private execute(
    account: AccountId,
    {
      side,
      lots,
      limit,
      reduceOnly,
    }: { readonly side: Side; readonly lots: Lots; readonly limit: Ticks; readonly reduceOnly: boolean },
  ): PoolTrade {
    const order = { account, side, lots, limit, reduceOnly, prices: this.prices };
    const traded: PoolTrade = this.isStale
      ? { lots: 0, value: 0, refusal: 'stale-price' }
      : this.pool.trade(order);
    if (traded.lots > 0) this.report(account, side, traded);
    if (traded.refusal !== undefined) this.refuse(account, lots - traded.lots, traded.refusal);
    return traded;
  }

  private refuse(account: AccountId, lots: Lots, reason: PoolRefusal | Refusal): void {
    if (reason !== 'resting-order') this.statement.refused += lots * this.mark;
    this.poolParts.onRefused(account, lots, reason);
  }

  private report(account: AccountId, side: Side, { lots, value }: PoolTrade): void {
    const fill = this.poolFill;
    fill.price = value / lots;
    fill.lots = lots;
    fill.makerSide = side === BUY ? -1 : 1;
    fill.maker = this.pool.account;
    fill.taker = account;
    this.changed(account);
    this.poolParts.onFill(fill);
  }
}
