import type { Accounts } from '../../src/accounts/accounts.ts';
import { isDistressed, triggerPrice } from '../../src/accounts/margin.ts';
import type { MarginSchedule } from '../../src/accounts/margin.ts';
import type { Ticks } from '../../src/base/units.ts';

/** The slow, obvious twin of `LiquidationIndex`: at every mark it asks every account that it watches. */
export class SlowLiquidationIndex {
  private readonly accounts: Accounts;
  private readonly schedule: MarginSchedule;
  /** In the order in which they were last updated. */
  private watched: number[] = [];

  constructor(accounts: Accounts, schedule: MarginSchedule) {
    this.accounts = accounts;
    this.schedule = schedule;
  }

  update(account: number): void {
    this.remove(account);
    if (this.accounts.lots[account] !== 0) this.watched.push(account);
  }

  remove(account: number): void {
    const place = this.watched.indexOf(account);
    if (place >= 0) this.watched.splice(place, 1);
  }

  /** Longs first, then shorts; of each the nearest trigger first, at one trigger in the order of their updates. */
  crossed(mark: Ticks, out: Int32Array): number {
    const { ledger, lots } = this.accounts;
    const broken = this.watched.filter((id) =>
      isDistressed(this.schedule, ledger.balance[id], lots[id], mark),
    );
    const trigger = (id: number) => triggerPrice(this.schedule, ledger.balance[id], lots[id]);
    const longs = broken.filter((id) => lots[id] > 0).sort((a, b) => trigger(b) - trigger(a));
    const shorts = broken.filter((id) => lots[id] < 0).sort((a, b) => trigger(a) - trigger(b));
    out.set([...longs, ...shorts]);
    for (const id of broken) this.remove(id);
    return broken.length;
  }
}
