import { INSURANCE_FUND } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { assert } from '../base/check.ts';
import type { Lots, Money, Ticks } from '../base/units.ts';
import type { RiskJournal } from './risk-journal.ts';

/**
 * The insurance fund: cash and the positions it has taken over, as an ordinary account of the ledger.
 * It pays as long as its equity at the mark is positive, and never more.
 */
export class InsuranceFund {
  private readonly accounts: Accounts;
  private readonly journal: RiskJournal;

  constructor(accounts: Accounts, journal: RiskJournal) {
    this.accounts = accounts;
    this.journal = journal;
  }

  get lots(): Lots {
    return this.accounts.lots[INSURANCE_FUND];
  }

  equity(mark: Ticks): Money {
    return this.accounts.equity(INSURANCE_FUND, mark);
  }

  /** What it could lose before it is empty. */
  headroom(mark: Ticks): Money {
    return Math.max(0, this.equity(mark));
  }

  /** A fee or a surplus. */
  receive(from: AccountId, amount: Money): void {
    if (amount === 0) return;
    this.accounts.ledger.transfer(from, INSURANCE_FUND, amount);
    this.journal.fundReceived(amount);
  }

  /** Covers a shortfall as far as the fund reaches; returns what is left uncovered. */
  cover(account: AccountId, shortfall: Money, mark: Ticks): Money {
    const paid = Math.min(shortfall, this.headroom(mark));
    if (paid > 0) {
      this.accounts.ledger.transfer(INSURANCE_FUND, account, paid);
      this.journal.fundPaid(paid);
    }
    return shortfall - paid;
  }

  /** Takes over an account's whole position and all its cash: the account closes at its bankruptcy price. */
  takeOver(account: AccountId, mark: Ticks): void {
    const equity = this.accounts.equity(account, mark);
    assert(equity + this.headroom(mark) >= 0, 'the fund took over what it cannot bear');
    closeAtBankruptcy(this.accounts, account, INSURANCE_FUND, Math.abs(this.accounts.lots[account]));
    if (equity > 0) this.journal.fundReceived(equity);
    else if (equity < 0) this.journal.fundPaid(-equity);
  }
}

/**
 * Moves `lots` of the position of `account` to `counterparty` at the account's bankruptcy price, exactly: the whole position
 * for the whole balance, a part for its share of it (rounded in favour of the account, so that the last part ends at 0).
 */
export function closeAtBankruptcy(
  accounts: Accounts,
  account: AccountId,
  counterparty: AccountId,
  lots: Lots,
): void {
  const position = accounts.lots[account];
  const balance = accounts.ledger.balance[account];
  const value = Math.abs(position) === lots ? balance : Math.floor((balance / Math.abs(position)) * lots);
  if (position > 0) accounts.exchange(counterparty, account, lots, -value);
  else accounts.exchange(account, counterparty, lots, value);
}
