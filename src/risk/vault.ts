import type { Accounts } from '../accounts/accounts.ts';
import type { AccountId } from '../accounts/ledger.ts';
import { assert } from '../base/check.ts';
import type { Lots, Money, Ticks } from '../base/units.ts';

/** What is taken over, and at which price: that at which the account has nothing left, or the mark. */
export interface TakeOver {
  readonly account: AccountId;
  /** Positive; no more than the account holds. */
  readonly lots: Lots;
  readonly price: 'bankruptcy' | 'mark';
}

/** Money of the exchange that takes positions over and gets rid of them: an ordinary account of the ledger, with an end. */
export class Vault {
  readonly account: AccountId;
  protected readonly accounts: Accounts;

  constructor(account: AccountId, accounts: Accounts) {
    this.account = account;
    this.accounts = accounts;
  }

  get lots(): Lots {
    return this.accounts.lots[this.account];
  }

  equity(mark: Ticks): Money {
    return this.accounts.equity(this.account, mark);
  }

  /** What it could lose before it is empty. */
  headroom(mark: Ticks): Money {
    return Math.max(0, this.equity(mark));
  }

  /** At the bankruptcy price the cash of the account comes along: all of it with the whole position, else its share. */
  takeOver({ account, lots, price }: TakeOver, mark: Ticks): void {
    const { accounts } = this;
    if (price === 'mark') return closeAt(accounts, account, this.account, { lots, price: mark });
    const equity = accounts.equity(account, mark);
    assert(equity + this.headroom(mark) >= 0, 'a vault took over what it cannot bear');
    closeAtBankruptcy(accounts, account, this.account, lots);
  }
}

/**
 * Moves `lots` of the position of `account` to `counterparty` at the price at which it has `keep` left (0: its bankruptcy price),
 * exactly: the whole position for the whole balance, a part for its share of it (rounded in favour of the account, so that the
 * last part ends at `keep`).
 */
export function closeAtBankruptcy(
  accounts: Accounts,
  account: AccountId,
  counterparty: AccountId,
  lots: Lots,
  keep: Money = 0,
): void {
  const position = accounts.lots[account];
  const value = shareOf(accounts.cash(account) - keep, position, lots);
  if (position > 0) accounts.exchange(counterparty, account, lots, -value);
  else accounts.exchange(account, counterparty, lots, value);
}

/** Moves lots of the position of `account` to `counterparty` at a price. */
export function closeAt(
  accounts: Accounts,
  account: AccountId,
  counterparty: AccountId,
  { lots, price }: { readonly lots: Lots; readonly price: Ticks },
): void {
  if (accounts.lots[account] > 0) accounts.applyFill(counterparty, account, lots, price);
  else accounts.applyFill(account, counterparty, lots, price);
}

/** The share of an amount that belongs to `lots` of a position, rounded down; all of it for the whole position. */
export function shareOf(amount: Money, position: Lots, lots: Lots): Money {
  return Math.abs(position) === lots ? amount : Math.floor((amount / Math.abs(position)) * lots);
}
