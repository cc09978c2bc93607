import type { Ticks } from '../base/units.ts';
import { PriceTriggers } from '../market/price-triggers.ts';
import type { Accounts } from './accounts.ts';
import type { AccountId } from './ledger.ts';
import { triggerPrice } from './margin.ts';
import type { MarginSchedule } from './margin.ts';

/**
 * Who breaks at which mark. Accounts lie in buckets by the mark at which their margin gives out, so that a mark that breaks
 * nobody costs the same for ten accounts as for a million.
 * Invariant: after `update`, an account is handed out by `crossed(mark)` exactly when `isDistressed` holds at that mark.
 */
export class LiquidationIndex {
  private readonly accounts: Accounts;
  private readonly schedule: MarginSchedule;
  private readonly longs: PriceTriggers;
  private readonly shorts: PriceTriggers;

  constructor(accounts: Accounts, schedule: MarginSchedule) {
    this.accounts = accounts;
    this.schedule = schedule;
    this.longs = new PriceTriggers({ ids: accounts.size, direction: -1 });
    this.shorts = new PriceTriggers({ ids: accounts.size, direction: 1 });
  }

  /** To be called after anything that changes the account's balance or position. */
  update(account: AccountId): void {
    this.remove(account);
    const lots = this.accounts.lots[account];
    if (lots === 0) return;
    const trigger = triggerPrice(this.schedule, this.accounts.ledger.balance[account], lots);
    (lots > 0 ? this.longs : this.shorts).set(account, trigger);
  }

  /** Takes the account out, e.g. while it is being liquidated. */
  remove(account: AccountId): void {
    this.longs.clear(account);
    this.shorts.clear(account);
  }

  /** Removes every account that breaks at this mark and writes it to `out`, nearest first; returns how many. */
  crossed(mark: Ticks, out: Int32Array): number {
    const longs = this.longs.crossed(mark, out);
    return longs === 0
      ? this.shorts.crossed(mark, out)
      : longs + this.shorts.crossed(mark, out.subarray(longs));
  }
}
