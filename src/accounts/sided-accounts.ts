import type { Lots, Money } from '../base/units.ts';
import { Accounts } from './accounts.ts';
import type { AccountId } from './ledger.ts';

/** What the accounts of one side hold together. */
export interface SideTotal {
  /** Sum of the positions, not negative. */
  readonly lots: Lots;
  /** What they were entered for. */
  readonly cost: Money;
}

/**
 * Accounts that also know what longs and shorts hold against one of them, whatever moves a position: a trade, a take-over,
 * deleveraging. Only for worlds in which one account is the other side of all others.
 */
export class SidedAccounts extends Accounts {
  /** Everybody's longs but those of `counterparty`. */
  longs: SideTotal = { lots: 0, cost: 0 };
  shorts: SideTotal = { lots: 0, cost: 0 };
  private readonly counterparty: AccountId;

  constructor(accounts: number, counterparty: AccountId) {
    super(accounts);
    this.counterparty = counterparty;
  }

  protected override move(account: AccountId, signedLots: Lots, signedValue: Money): void {
    if (account !== this.counterparty) this.count(account, -1);
    super.move(account, signedLots, signedValue);
    if (account !== this.counterparty) this.count(account, 1);
  }

  private count(account: AccountId, times: 1 | -1): void {
    const lots = this.lots[account];
    if (lots === 0) return;
    const isLong = lots > 0;
    const total = isLong ? this.longs : this.shorts;
    const changed = {
      lots: total.lots + times * Math.abs(lots),
      cost: total.cost + times * Math.abs(this.entryValue[account]),
    };
    if (isLong) this.longs = changed;
    else this.shorts = changed;
  }
}
