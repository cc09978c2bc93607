import { assert, assertSafe } from '../base/check.ts';
import type { Lots, Money, Side, Ticks } from '../base/units.ts';
import { LINEAR, notionalOf, valueOf } from '../market/contract.ts';
import type { Valuation } from '../market/contract.ts';
import { Ledger } from './ledger.ts';
import type { AccountId } from './ledger.ts';

/** Positions of an account in another contract, at the marks of now. */
export interface Holdings {
  lots(account: AccountId): Lots;
  entryValue(account: AccountId): Money;
  value(account: AccountId): Money;
  maintenance(account: AccountId): Money;
}

/**
 * Positions of everybody in one contract, and their cash. An account whose only position is here has isolated margin; one that has
 * positions in several contracts on the same cash has cross margin, and is seen from here as if what it holds elsewhere were
 * cash at the marks of now.
 *
 * Identities, exact in integers: `equity = cash + value(lots, mark)`, where `cash` is the balance if there is nothing elsewhere;
 * `wallet = balance + entryValue`; `unrealised PnL = value(lots, mark) − entryValue`; the sum of all lots is 0. For the
 * value see `valueOf`.
 */
export class Accounts {
  readonly ledger: Ledger;
  /** lots[account]: signed position. */
  readonly lots: Float64Array;
  /** entryValue[account]: signed cost of the open position, money: its value at the entry price. */
  readonly entryValue: Float64Array;
  private readonly contract: Valuation;
  private elsewhere: readonly Holdings[] = [];
  private longLots = 0;

  /** `ledger`: that of the other contracts on the same cash. */
  constructor(accounts: number, contract: Valuation = LINEAR, ledger: Ledger = new Ledger(accounts)) {
    assert(ledger.balance.length === accounts, 'a ledger of as many accounts');
    this.contract = contract;
    this.ledger = ledger;
    this.lots = new Float64Array(accounts);
    this.entryValue = new Float64Array(accounts);
  }

  get size(): number {
    return this.lots.length;
  }

  /** Sum of the long positions, which is also the sum of the short ones. */
  get openInterest(): Lots {
    return this.longLots;
  }

  /** Gives an account a position it had before the first event. The caller sees to it that all such positions net to zero. */
  openPosition(account: AccountId, lots: Lots, entry: Ticks): void {
    this.move(account, lots, assertSafe(valueOf(this.contract, lots, entry), 'the value of a position'));
  }

  /** What a trade does: `buyer` receives `lots` from `seller` for their value at `price`. */
  applyFill(buyer: AccountId, seller: AccountId, lots: Lots, price: Ticks): void {
    this.exchange(
      buyer,
      seller,
      lots,
      assertSafe(valueOf(this.contract, lots, price), 'the value of a fill'),
    );
  }

  /** The same with the value given, for closings at a price that is no whole tick (take-over, deleveraging). */
  exchange(buyer: AccountId, seller: AccountId, lots: Lots, value: Money): void {
    assert(lots > 0, 'a fill needs a size');
    this.ledger.transfer(buyer, seller, value);
    this.move(buyer, lots, value);
    this.move(seller, -lots, -value);
  }

  /** Says what the same accounts hold in other contracts. */
  shareCash(elsewhere: readonly Holdings[]): void {
    this.elsewhere = elsewhere;
  }

  /** What the account would have if its position here were worth nothing. */
  cash(account: AccountId): Money {
    let cash = this.ledger.balance[account];
    for (const other of this.elsewhere) cash += other.value(account);
    return cash;
  }

  /** Maintenance margin that its positions elsewhere need. */
  maintenanceElsewhere(account: AccountId): Money {
    let maintenance = 0;
    for (const other of this.elsewhere) maintenance += other.maintenance(account);
    return maintenance;
  }

  /** What backs the position here: `isDistressed` with it is exact under cross margin too. */
  backing(account: AccountId): Money {
    return this.cash(account) - this.maintenanceElsewhere(account);
  }

  /** Whether the account holds nothing, here or elsewhere. */
  isFlat(account: AccountId): boolean {
    return this.lots[account] === 0 && this.elsewhere.every((other) => other.lots(account) === 0);
  }

  /** Of the position here. */
  value(account: AccountId, mark: Ticks): Money {
    return valueOf(this.contract, this.lots[account], mark);
  }

  equity(account: AccountId, mark: Ticks): Money {
    return this.cash(account) + valueOf(this.contract, this.lots[account], mark);
  }

  /** Cash as a venue shows it: collateral with realised profit and loss, without the unrealised. */
  wallet(account: AccountId): Money {
    let wallet = this.ledger.balance[account] + this.entryValue[account];
    for (const other of this.elsewhere) wallet += other.entryValue(account);
    return wallet;
  }

  unrealisedPnl(account: AccountId, mark: Ticks): Money {
    return valueOf(this.contract, this.lots[account], mark) - this.entryValue[account];
  }

  notional(account: AccountId, mark: Ticks): Money {
    return notionalOf(this.contract, this.lots[account], mark);
  }

  /** +1 long, −1 short; 0 flat. */
  side(account: AccountId): Side | 0 {
    return Math.sign(this.lots[account]) as Side | 0;
  }

  checkInvariants(): void {
    this.ledger.checkInvariants();
    let sum = 0;
    let long = 0;
    for (const lots of this.lots) {
      sum += lots;
      if (lots > 0) long += lots;
    }
    assert(sum === 0, `positions do not net: ${sum} lots`);
    assert(long === this.longLots, `open interest is ${long}, not ${this.longLots}`);
  }

  protected move(account: AccountId, signedLots: Lots, signedValue: Money): void {
    const before = this.lots[account];
    const after = assertSafe(before + signedLots, 'a position');
    this.lots[account] = after;
    this.longLots += Math.max(after, 0) - Math.max(before, 0);
    if (before * signedLots >= 0) this.entryValue[account] += signedValue;
    else if (before * after > 0) {
      // The cost of what is closed leaves in proportion; rounded, since it is shown and ranked but never paid.
      this.entryValue[account] = Math.round((this.entryValue[account] / before) * after);
    } else this.entryValue[account] = after === 0 ? 0 : Math.round((signedValue / signedLots) * after);
  }
}
