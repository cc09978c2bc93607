import type { Accounts } from '../accounts/accounts.ts';
import type { Collateral } from '../accounts/collateral.ts';
import { FIRST_TRADER } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import { bankruptcyPrice } from '../accounts/margin.ts';
import type { MarginSchedule } from '../accounts/margin.ts';
import type { Lots, Money, Ticks } from '../base/units.ts';
import type { AdlRanking, Opponent } from './adl/adl-ranking.ts';
import { opponentOf } from './adl/opponent.ts';
import type { InsuranceFund } from './insurance-fund.ts';
import { LOSS_RULES } from './losses.ts';
import type { LossRule } from './losses.ts';
import type { RiskJournal } from './risk-journal.ts';
import type { AdlTrigger } from './triggers/adl-trigger.ts';
import { closeAt, closeAtBankruptcy } from './vault.ts';

export interface WaterfallParts {
  readonly accounts: Accounts;
  readonly schedule: MarginSchedule;
  readonly fund: InsuranceFund;
  readonly trigger: AdlTrigger;
  readonly ranking: AdlRanking;
  readonly losses: LossRule;
  readonly journal: RiskJournal;
  /** Accounts that are being liquidated, and the exchange's own, are no winners. */
  isDistressed(account: AccountId): boolean;
  /** To be told of every account whose balance or position was changed here. */
  changed(account: AccountId): void;
}

/** At what price an account is deleveraged. */
export interface DeleverageTerms {
  readonly mark: Ticks;
  /** A whole tick; left out: the price at which the account has `keep` left. */
  readonly price?: Ticks;
  /** Cash that it is left with; 0 makes the price that of bankruptcy. */
  readonly keep?: Money;
}

/**
 * Who pays when a liquidated account cannot: its own margin and the liquidation fee were spent before; here follow what it holds in
 * other assets, the insurance fund, auto-deleveraging, and what is left is socialised.
 */
export class Waterfall {
  /** What accounts may hold besides money; undefined where there is nothing else. */
  collateral: Collateral | undefined;
  protected readonly parts: WaterfallParts;

  constructor(parts: WaterfallParts) {
    this.parts = parts;
  }

  /** What a seized account holds in other assets becomes money, as the rest of it will be the exchange's. */
  forfeit(account: AccountId): void {
    this.collateral?.seizeAll(account);
  }

  /** Makes the negative balance of a flat account good: its own collateral, then the fund, then those whom the loss rule names. */
  coverShortfall(account: AccountId, mark: Ticks): void {
    this.collateral?.repay(account);
    const shortfall = -this.parts.accounts.ledger.balance[account];
    if (shortfall <= 0) return;
    const uncovered = this.parts.fund.cover(account, shortfall, mark);
    if (uncovered === 0) return;
    const left = this.shareOut(account, uncovered, mark);
    this.parts.journal.socialised(uncovered - left, left);
    this.parts.journal.attributed(account, 'others', uncovered);
  }

  /** Makes good what an account lacks at the mark: fund first, then those whom the loss rule names. Returns what nobody could pay. */
  socialise(account: AccountId, mark: Ticks): Money {
    const { accounts, fund, journal, schedule } = this.parts;
    const lacking = Math.max(0, -accounts.equity(account, mark));
    // The take-over that follows may cost a unit of money more: values of inverse positions do not add up to the unit.
    const kept = schedule.contract.isInverse ? 1 : 0;
    const borne = Math.min(lacking, Math.max(0, this.fundHeadroom(mark) - kept));
    const uncovered = lacking - borne + fund.cover(account, borne, mark);
    const left = this.shareOut(account, uncovered, mark);
    journal.socialised(uncovered - left, 0);
    journal.attributed(account, 'others', uncovered - left);
    return left;
  }

  /** What the fund may still lose for others. */
  fundHeadroom(mark: Ticks): Money {
    const { trigger, fund } = this.parts;
    return trigger.headroom(fund.equity(mark));
  }

  /** Pays into an account what the fund may, if it pays before winners do. */
  fundPaysFirst(account: AccountId, mark: Ticks): void {
    const { accounts, fund, trigger } = this.parts;
    if (!trigger.fundPaysFirst) return;
    const lacking = Math.max(0, -accounts.equity(account, mark));
    fund.cover(account, Math.min(lacking, this.fundHeadroom(mark)), mark);
  }

  /**
   * Closes an account's position against winners of the other side, in the order of the ranking and no further than needed.
   * Returns the lots for which there was nobody.
   */
  deleverage(account: AccountId, { mark, price, keep = 0 }: DeleverageTerms): Lots {
    const { accounts, schedule, journal } = this.parts;
    const balance = accounts.cash(account);
    const lots = Math.abs(accounts.lots[account]);
    const terms = {
      price: price ?? bankruptcyPrice(balance - keep, accounts.lots[account], schedule.contract),
    };
    let rest = lots;
    for (const given of this.parts.ranking.allocate(lots, this.opponents(account, mark), terms)) {
      const before = accounts.equity(given.account, mark);
      if (price === undefined) closeAtBankruptcy(accounts, account, given.account, given.lots, keep);
      else closeAt(accounts, account, given.account, { lots: given.lots, price });
      rest -= given.lots;
      this.parts.changed(given.account);
      journal.deleveraged(account, given.account, given.lots, mark);
      journal.attributed(account, 'others', before - accounts.equity(given.account, mark));
    }
    return rest;
  }

  private opponents(loser: AccountId, mark: Ticks): Opponent[] {
    const { accounts, schedule } = this.parts;
    const side = accounts.side(loser);
    const opponents: Opponent[] = [];
    for (let account = FIRST_TRADER; account < accounts.size; account++) {
      if (accounts.lots[account] * side >= 0 || this.parts.isDistressed(account)) continue;
      opponents.push(opponentOf(accounts, schedule, account, mark));
    }
    return opponents;
  }

  /**
   * Spreads a loss over others, in proportion as the loss rule says; a flat account never pays, none pays more than its equity.
   * Returns what is left because nobody has it.
   */
  private shareOut(account: AccountId, loss: Money, mark: Ticks): Money {
    const { accounts, losses } = this.parts;
    const liable: { account: AccountId; weight: Money; most: Money }[] = [];
    for (let other = FIRST_TRADER; other < accounts.size; other++) {
      if (accounts.lots[other] === 0 || other === account || this.parts.isDistressed(other)) continue;
      const liability = LOSS_RULES[losses](accounts, other, mark);
      if (liability.most > 0) liable.push({ account: other, ...liability });
    }
    let rest = loss;
    // A round that leaves something has exhausted somebody.
    for (let asked = liable; rest > 0 && asked.length > 0; asked = asked.filter(({ most }) => most > 0)) {
      const weights = asked.reduce((sum, { weight }) => sum + weight, 0);
      const share = rest / weights;
      for (const one of asked) {
        const paid = Math.min(rest, Math.ceil(one.weight * share), one.most);
        if (paid === 0) continue;
        accounts.ledger.transfer(one.account, account, paid);
        this.parts.changed(one.account);
        one.most -= paid;
        rest -= paid;
      }
    }
    return rest;
  }
}
