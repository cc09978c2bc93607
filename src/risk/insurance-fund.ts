import { INSURANCE_FUND, OUTSIDE } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Money, Ticks } from '../base/units.ts';
import type { RiskJournal } from './risk-journal.ts';
import { shareOf, Vault } from './vault.ts';
import type { TakeOver } from './vault.ts';

/**
 * The insurance fund: cash and the positions it has taken over. It pays as long as its equity at the mark is positive, and
 * never more.
 */
export class InsuranceFund extends Vault {
  private readonly journal: RiskJournal;

  constructor(accounts: Accounts, journal: RiskJournal) {
    super(INSURANCE_FUND, accounts);
    this.journal = journal;
  }

  /** A fee or a surplus. */
  receive(from: AccountId, amount: Money): void {
    if (amount === 0) return;
    this.accounts.ledger.transfer(from, INSURANCE_FUND, amount);
    this.journal.fundReceived(amount);
    this.journal.attributed(from, 'paid-in', amount);
  }

  /** Covers a shortfall as far as the fund reaches; returns what is left uncovered. */
  cover(account: AccountId, shortfall: Money, mark: Ticks): Money {
    const paid = Math.min(shortfall, this.headroom(mark));
    if (paid > 0) {
      this.accounts.ledger.transfer(INSURANCE_FUND, account, paid);
      this.journal.fundPaid(paid);
      this.journal.attributed(account, 'fund', paid);
    }
    return shortfall - paid;
  }

  /** Pays a keeper as far as the fund reaches beyond `lack`, which it may have to cover next; returns what was paid. */
  reward(owed: Money, { mark, lack }: { readonly mark: Ticks; readonly lack: Money }): Money {
    const paid = Math.min(owed, Math.max(0, this.headroom(mark) - lack));
    if (paid > 0) this.accounts.ledger.transfer(INSURANCE_FUND, OUTSIDE, paid);
    return paid;
  }

  override takeOver(what: TakeOver, mark: Ticks): void {
    // Of the account, not of the fund: values of inverse positions do not add up to the unit.
    const { account, lots } = what;
    const { accounts, journal } = this;
    const position = accounts.lots[account];
    const brought = shareOf(accounts.equity(account, mark), position, lots);
    journal.attributed(account, 'taken-over', shareOf(accounts.notional(account, mark), position, lots));
    super.takeOver(what, mark);
    if (what.price === 'mark') return;
    if (brought > 0) journal.fundReceived(brought);
    else if (brought < 0) journal.fundPaid(-brought);
    journal.attributed(account, brought < 0 ? 'fund' : 'paid-in', Math.abs(brought));
  }
}
