import type { Accounts } from '../accounts/accounts.ts';
import { FIRST_TRADER } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import { maintenanceMargin } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import type { Lots, Money, Ticks } from '../base/units.ts';
import type { AdlRanking, Opponent } from './adl/adl-ranking.ts';
import { closeAtBankruptcy } from './insurance-fund.ts';
import type { InsuranceFund } from './insurance-fund.ts';
import type { RiskJournal } from './risk-journal.ts';

export interface WaterfallParts {
  readonly accounts: Accounts;
  readonly schedule: MarginSchedule;
  readonly fund: InsuranceFund;
  readonly ranking: AdlRanking;
  readonly journal: RiskJournal;
  /** Accounts that are being liquidated are no winners. */
  isDistressed(account: AccountId): boolean;
  /** To be told of every account whose balance or position was changed here. */
  changed(account: AccountId): void;
}

/**
 * Who pays when a liquidated account cannot: its own margin and the liquidation fee were spent before; here follow the
 * insurance fund, auto-deleveraging, and what is left is socialised over the winners.
 */
export class Waterfall {
  private readonly parts: WaterfallParts;

  constructor(parts: WaterfallParts) {
    this.parts = parts;
  }

  /** Makes the negative balance of a flat account good: fund first, then the winners. */
  coverShortfall(account: AccountId, mark: Ticks): void {
    const shortfall = -this.parts.accounts.ledger.balance[account];
    const uncovered = this.parts.fund.cover(account, shortfall, mark);
    if (uncovered > 0) this.socialise(account, uncovered, mark);
  }

  /**
   * Closes an account's position against winners of the other side at its bankruptcy price, in the order of the ranking and
   * no further than needed. Returns the lots for which there was nobody.
   */
  deleverage(account: AccountId, mark: Ticks): Lots {
    const { accounts, journal } = this.parts;
    const lots = Math.abs(accounts.lots[account]);
    let rest = lots;
    for (const given of this.parts.ranking.allocate(lots, this.opponents(account, mark))) {
      closeAtBankruptcy(accounts, account, given.account, given.lots);
      rest -= given.lots;
      this.parts.changed(given.account);
      journal.deleveraged(account, given.account, given.lots, mark);
    }
    return rest;
  }

  private opponents(loser: AccountId, mark: Ticks): Opponent[] {
    const { accounts, schedule } = this.parts;
    const side = accounts.side(loser);
    const opponents: Opponent[] = [];
    for (let account = FIRST_TRADER; account < accounts.size; account++) {
      if (accounts.lots[account] * side >= 0 || this.parts.isDistressed(account)) continue;
      const notional = accounts.notional(account, mark);
      opponents.push({
        account,
        lots: Math.abs(accounts.lots[account]),
        unrealisedPnl: accounts.unrealisedPnl(account, mark),
        wallet: accounts.wallet(account),
        equity: accounts.equity(account, mark),
        notional,
        maintenance: maintenanceMargin(schedule, notional),
      });
    }
    return opponents;
  }

  /** Spreads a loss over the accounts in profit, in proportion to it; a flat account never pays, none pays more than its equity. */
  private socialise(account: AccountId, loss: Money, mark: Ticks): void {
    const { accounts, journal } = this.parts;
    const winners: { account: AccountId; profit: Money }[] = [];
    let profits = 0;
    for (let other = FIRST_TRADER; other < accounts.size; other++) {
      if (accounts.lots[other] === 0 || other === account || this.parts.isDistressed(other)) continue;
      const profit = Math.min(accounts.unrealisedPnl(other, mark), accounts.equity(other, mark));
      if (profit <= 0) continue;
      winners.push({ account: other, profit });
      profits += profit;
    }
    let rest = Math.min(loss, profits);
    journal.socialised(rest, loss - rest);
    const share = rest / profits;
    for (const winner of winners) {
      const paid = Math.min(rest, Math.ceil(winner.profit * share), winner.profit);
      if (paid === 0) continue;
      accounts.ledger.transfer(winner.account, account, paid);
      this.parts.changed(winner.account);
      rest -= paid;
    }
  }
}
