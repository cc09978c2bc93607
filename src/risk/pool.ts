import type { SidedAccounts } from '../accounts/sided-accounts.ts';
import { FEES, FIRST_TRADER, OUTSIDE } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import { ppmOfRoundedUp } from '../base/units.ts';
import type { Lots, Money, Ppm, Side, Ticks } from '../base/units.ts';
import {
  borrowRate,
  cappedImpact,
  oraclePrice,
  payableProfit,
  pendingProfit,
  priceImpact,
  reservedValue,
} from '../market/oracle-pool.ts';
import type { OpenInterest, OraclePrices, PoolRules, PoolSide } from '../market/oracle-pool.ts';

/** Why the pool did not trade. */
export type PoolRefusal =
  /** It has no book for an order to rest in. */
  | 'resting-order'
  /** The oracle's price is too old. */
  | 'stale-price'
  /** The price with its impact is worse than the order's limit. */
  | 'beyond-limit'
  /** Equity does not cover the initial margin of the position after it. */
  | 'too-little-margin'
  /** The side's open interest would exceed its cap. */
  | 'open-interest-cap'
  /** The side's reserve would exceed what backs it. */
  | 'reserve'
  /** A reduce-only order without a position to reduce. */
  | 'nothing-to-reduce';

/** What a trade with the pool comes to. All money; nothing has happened yet. */
export interface PoolQuote {
  readonly lots: Lots;
  /** What the buyer pays the seller, impact and cut profit included. */
  readonly value: Money;
  /** > 0 in the trader's favour. */
  readonly impact: Money;
  /** Entry cost that leaves the side's open interest (closing) or enters it (opening). */
  readonly cost: Money;
  /** Realised profit that is paid, or loss (< 0) that is collected; 0 for an opening. */
  readonly profit: Money;
  /** Trading fee; from an account that is flat afterwards, no more than it has left. */
  readonly fee: Money;
}

/** What became of an order: the parts that traded, and why the rest did not. */
export interface PoolTrade {
  readonly lots: Lots;
  readonly value: Money;
  readonly refusal?: PoolRefusal;
}

export interface PoolOrder {
  readonly account: AccountId;
  /** Of the order. */
  readonly side: Side;
  readonly lots: Lots;
  /** Worst acceptable price; ±Infinity for any. */
  readonly limit: Ticks;
  readonly reduceOnly: boolean;
  readonly prices: OraclePrices;
}

/**
 * A pool of liquidity providers as an account of the ledger: it buys from whoever sells and sells to whoever buys, at an
 * oracle's price, so that its position is what the traders hold together, with the sign turned.
 *
 * It holds quote currency and a stock of the asset. The profit of longs is paid by selling from that stock at the oracle's
 * price (to the rest of the world), the profit of shorts from the quote currency; losses and fees come in as quote currency.
 * Identities, exact in integers: `balance = quote currency + Σ entry values of the traders`;
 * `equity = balance + lots · mark + asset · mark` = what it holds less the traders' pending profit.
 *
 * Assumes collateral in quote currency on both sides (GMX also takes the asset), no deposits or withdrawals of providers during
 * a run, and no virtual inventory shared between markets. The impact is settled with each trade, as until the middle of 2025;
 * later versions settle the impact of opening and closing together (unverified).
 */
export class LiquidityPool {
  readonly account: AccountId;
  readonly rules: PoolRules;
  /** Stock of the asset, in lots. */
  asset: Lots = 0;
  /** Impact charged and not yet paid out again; part of the pool's quote currency. */
  impactPool: Money = 0;
  private readonly accounts: SidedAccounts;

  constructor(rules: PoolRules, accounts: SidedAccounts, account: AccountId) {
    this.rules = rules;
    this.accounts = accounts;
    this.account = account;
  }

  /** Takes the other side of all positions there are, and the providers' deposit. To be called once, before the first event. */
  open(price: Ticks): void {
    const { accounts, account, rules } = this;
    const net = this.longs.lots - this.shorts.lots;
    this.asset = Math.round((rules.deposit * rules.assetShare) / price);
    accounts.ledger.transfer(OUTSIDE, account, rules.deposit - this.asset * price + this.traderCost());
    if (net !== 0) accounts.openPosition(account, -net, price);
  }

  get longs(): PoolSide {
    return this.accounts.longs;
  }

  get shorts(): PoolSide {
    return this.accounts.shorts;
  }

  /** Quote currency held, money. */
  get cash(): Money {
    return this.accounts.ledger.balance[this.account] - this.traderCost();
  }

  /** What the providers own at this price. */
  equity(price: Ticks): Money {
    return this.accounts.equity(this.account, price) + this.asset * price;
  }

  side(side: Side): PoolSide {
    return side === 1 ? this.longs : this.shorts;
  }

  /** What the profits of a side are paid from: longs the asset, shorts the quote currency (without the impact pool). */
  backing(side: Side, price: Ticks): Money {
    return side === 1 ? this.asset * price : this.cash - this.impactPool;
  }

  /** Pending profit of a side over its backing, at the prices that make it largest. Infinity when nothing backs a profit. */
  profitFactor(side: Side, prices: OraclePrices): number {
    const profit = pendingProfit(side, this.side(side), oraclePrice(side, prices));
    return factor(profit, this.backing(side, prices.min));
  }

  /** Carries an order out, closing before opening; each part trades whole or not at all. */
  trade(order: PoolOrder): PoolTrade {
    const { account, side, reduceOnly, prices } = order;
    const position = this.accounts.lots[account];
    const closing = position * side < 0 ? Math.min(Math.abs(position), order.lots) : 0;
    const opening = reduceOnly ? 0 : order.lots - closing;
    if (closing + opening === 0) return { lots: 0, value: 0, refusal: 'nothing-to-reduce' };
    let lots = 0;
    let value = 0;
    if (closing > 0) {
      const quote = this.quoteClosing(account, closing, prices);
      if (isBeyond(order, quote)) return { lots, value, refusal: 'beyond-limit' };
      this.close(account, quote, prices);
      lots += quote.lots;
      value += quote.value;
    }
    if (opening > 0) {
      const quote = this.quoteOpening(side, opening, prices);
      const refusal = isBeyond(order, quote) ? 'beyond-limit' : this.capReached(side, quote, prices);
      if (refusal !== undefined) return { lots, value, refusal };
      this.openMore(account, side, quote);
      lots += quote.lots;
      value += quote.value;
    }
    return { lots, value };
  }

  /** What closing `lots` of an account's position would come to. */
  quoteClosing(account: AccountId, lots: Lots, prices: OraclePrices): PoolQuote {
    const position = this.accounts.lots[account];
    const held: Side = position > 0 ? 1 : -1;
    const price = oraclePrice(held === 1 ? -1 : 1, prices);
    const cost = releasedCost(this.accounts, account, lots);
    const worth = lots * price;
    const earned = held * (worth - cost);
    const profit = payableProfit(earned, {
      pending: pendingProfit(held, this.side(held), price),
      backing: this.backing(held, prices.min),
      cap: this.rules.profitCap,
    });
    const { impact, feeRate } = this.impactOf(held, -cost, worth);
    const value = worth - held * (earned - profit) + held * impact;
    const left = this.accounts.ledger.balance[account] + held * value;
    const due = ppmOfRoundedUp(worth, feeRate);
    const fee = lots === Math.abs(position) ? Math.min(due, Math.max(0, left)) : due;
    return { lots, value, impact, cost, profit, fee };
  }

  /** What opening `lots` more of this side would come to. */
  quoteOpening(side: Side, lots: Lots, prices: OraclePrices): PoolQuote {
    const worth = lots * oraclePrice(side, prices);
    const { impact, feeRate } = this.impactOf(side, worth, worth);
    const value = worth - side * impact;
    return { lots, value, impact, cost: value, profit: 0, fee: ppmOfRoundedUp(worth, feeRate) };
  }

  /** What `profitFactor` would be once a position of the side is closed at this quote. */
  profitFactorAfter(side: Side, quote: PoolQuote, prices: OraclePrices): number {
    const { lots, cost } = this.side(side);
    const left = { lots: lots - quote.lots, cost: cost - quote.cost };
    const backing =
      side === 1
        ? (this.asset - this.assetFor(quote.profit, prices.min)) * prices.min
        : this.backing(side, prices.min) - quote.profit + this.feeToPool(quote.fee);
    return factor(pendingProfit(side, left, oraclePrice(side, prices)), backing);
  }

  /** Lots of this side that the caps still let in at these prices. */
  room(side: Side, prices: OraclePrices): Lots {
    const { lots, cost } = this.side(side);
    const price = oraclePrice(side, prices);
    const byInterest = this.rules.maxOpenInterest - cost;
    const byReserve =
      this.rules.reserveFactor * this.backing(side, prices.min) -
      reservedValue(side, { lots, cost }, prices.max);
    return Math.max(0, Math.floor(Math.min(byInterest, byReserve) / price));
  }

  /** Utilisation of a side: reserve over backing. 0 for a side that nobody holds. */
  utilisation(side: Side, prices: OraclePrices): number {
    const reserved = reservedValue(side, this.side(side), prices.max);
    return reserved === 0 ? 0 : reserved / Math.max(1, this.backing(side, prices.min));
  }

  /** One interval's borrow fee from everybody who has a position; returns what was paid. */
  chargeBorrowing(prices: OraclePrices, changed: (account: AccountId) => void): Money {
    const { accounts, rules } = this;
    const longRate = borrowRate(rules.borrow, this.utilisation(1, prices));
    const shortRate = borrowRate(rules.borrow, this.utilisation(-1, prices));
    let paid = 0;
    for (let other = FIRST_TRADER; other < accounts.size; other++) {
      const lots = accounts.lots[other];
      if (lots === 0 || other === this.account) continue;
      const fee = Math.ceil(Math.abs(accounts.entryValue[other]) * (lots > 0 ? longRate : shortRate));
      if (fee === 0) continue;
      this.collect(other, fee);
      paid += fee;
      changed(other);
    }
    return paid;
  }

  /** A fee: the providers' part to the pool, the rest to the venue. */
  collect(from: AccountId, fee: Money): void {
    const toPool = this.feeToPool(fee);
    this.accounts.ledger.transfer(from, this.account, toPool);
    this.accounts.ledger.transfer(from, FEES, fee - toPool);
  }

  /** Closes at a quote that was made just now. */
  close(account: AccountId, quote: PoolQuote, prices: OraclePrices): void {
    const { accounts } = this;
    const held = accounts.side(account) as Side;
    if (held === 1) this.sellAsset(this.assetFor(quote.profit, prices.min), prices.min);
    if (held === 1) accounts.exchange(this.account, account, quote.lots, quote.value);
    else accounts.exchange(account, this.account, quote.lots, quote.value);
    this.impactPool -= quote.impact;
    this.collect(account, quote.fee);
  }

  private openMore(account: AccountId, side: Side, quote: PoolQuote): void {
    if (side === 1) this.accounts.exchange(account, this.account, quote.lots, quote.value);
    else this.accounts.exchange(this.account, account, quote.lots, quote.value);
    this.impactPool -= quote.impact;
    this.collect(account, quote.fee);
  }

  private feeToPool(fee: Money): Money {
    return Math.floor(fee * this.rules.fee.toPool);
  }

  private capReached(side: Side, quote: PoolQuote, prices: OraclePrices): PoolRefusal | undefined {
    const { lots, cost } = this.side(side);
    const after = { lots: lots + quote.lots, cost: cost + quote.cost };
    if (after.cost > this.rules.maxOpenInterest) return 'open-interest-cap';
    const backed = this.rules.reserveFactor * this.backing(side, prices.min);
    return reservedValue(side, after, prices.max) > backed ? 'reserve' : undefined;
  }

  private impactOf(side: Side, change: Money, notional: Money): { impact: Money; feeRate: Ppm } {
    const before: OpenInterest = { long: this.longs.cost, short: this.shorts.cost };
    const after: OpenInterest =
      side === 1
        ? { long: before.long + change, short: before.short }
        : { long: before.long, short: before.short + change };
    const { impact: rule, fee } = this.rules;
    const { impactPool } = this;
    const improves = Math.abs(after.long - after.short) < Math.abs(before.long - before.short);
    return {
      impact: cappedImpact(rule, priceImpact(rule, before, after), { notional, impactPool }),
      feeRate: improves ? fee.improving : fee.worsening,
    };
  }

  /** Lots of the stock that pay `amount`, as far as there are any. */
  private assetFor(amount: Money, price: Ticks): Lots {
    return Math.min(this.asset, Math.ceil(Math.max(0, amount) / price));
  }

  private sellAsset(sold: Lots, price: Ticks): void {
    this.accounts.ledger.transfer(OUTSIDE, this.account, sold * price);
    this.asset -= sold;
  }

  private traderCost(): Money {
    return this.longs.cost - this.shorts.cost;
  }
}

/** By how much the entry value of a position shrinks when `lots` of it are closed: as `Accounts` reckons it. */
function releasedCost(accounts: SidedAccounts, account: AccountId, lots: Lots): Money {
  const before = accounts.lots[account];
  const after = before - Math.sign(before) * lots;
  const entry = accounts.entryValue[account];
  return Math.abs(after === 0 ? entry : entry - Math.round((entry / before) * after));
}

function isBeyond({ side, limit }: PoolOrder, { value, lots }: PoolQuote): boolean {
  return side * (value / lots - limit) > 0;
}

function factor(profit: Money, backing: Money): number {
  if (backing <= 0) return profit > 0 ? Infinity : 0;
  return profit / backing;
}
