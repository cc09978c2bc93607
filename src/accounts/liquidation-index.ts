import type { Lots, Money, Side, Ticks } from '../base/units.ts';
import { PriceTriggers } from '../market/price-triggers.ts';
import type { Accounts } from './accounts.ts';
import type { AccountId } from './ledger.ts';
import type { MarginSchedule } from './margin.ts';
import { TriggerPrices } from './trigger-prices.ts';

/**
 * Who breaks at which mark. Accounts lie in buckets by the mark at which their margin gives out, so that a mark that breaks
 * nobody costs the same for ten accounts as for a million.
 * Invariant: after `update`, an account is handed out by `crossed` exactly when `isDistressed` holds at the mark of its side.
 */
export class LiquidationIndex {
  private readonly accounts: Accounts;
  private readonly schedule: MarginSchedule;
  private triggers: TriggerPrices;
  private readonly longs: PriceTriggers;
  private readonly shorts: PriceTriggers;

  constructor(accounts: Accounts, schedule: MarginSchedule) {
    this.accounts = accounts;
    this.schedule = schedule;
    this.triggers = new TriggerPrices(schedule);
    this.longs = new PriceTriggers({ ids: accounts.size, direction: -1 });
    this.shorts = new PriceTriggers({ ids: accounts.size, direction: 1, other: this.longs });
  }

  /** To be called after anything that changes the balance or position of an account that holds nothing elsewhere. */
  update(account: AccountId): void {
    this.updateBackedBy(account, this.accounts.ledger.balance[account]);
  }

  /** The same, as if the account had this balance. */
  updateBackedBy(account: AccountId, balance: Money): void {
    const lots = this.accounts.lots[account];
    if (lots === 0) this.remove(account);
    else {
      const trigger = this.triggers.of(balance, lots);
      (lots > 0 ? this.longs : this.shorts).set(account, trigger);
    }
  }

  /** The rates of the schedule have changed: from now on `update` goes by the new ones. Every account has to be updated. */
  renewSchedule(): void {
    this.triggers = new TriggerPrices(this.schedule);
  }

  /** Takes the account out, e.g. while it is being liquidated. */
  remove(account: AccountId): void {
    this.longs.clear(account);
    this.shorts.clear(account);
  }

  /** Tells the price and the lots of each account of one side, from the nearest to those that break at `to`. */
  each(side: Side, to: Ticks, tell: (price: Ticks, lots: Lots) => void): void {
    const { lots } = this.accounts;
    (side > 0 ? this.longs : this.shorts).each(to, (price, account) => tell(price, Math.abs(lots[account])));
  }

  /**
   * Removes every account that breaks at these marks (one for both sides, unless a second is given) and writes it to `out`, longs
   * before shorts and the nearest first; returns how many.
   */
  crossed(longMark: Ticks, out: Int32Array, shortMark = longMark): number {
    const longs = this.longs.crossed(longMark, out);
    return longs === 0
      ? this.shorts.crossed(shortMark, out)
      : longs + this.shorts.crossed(shortMark, out.subarray(longs));
  }
}
