import type { Accounts } from '../../accounts/accounts.ts';
import type { AccountId } from '../../accounts/ledger.ts';
import { bankruptcyPrice, maintenanceMargin } from '../../accounts/margin.ts';
import type { MarginSchedule } from '../../accounts/margin.ts';
import type { Ticks } from '../../base/units.ts';
import type { Opponent } from './adl-ranking.ts';

/** An account with a position, as a ranking sees it at this mark. */
export function opponentOf(
  accounts: Accounts,
  schedule: MarginSchedule,
  account: AccountId,
  mark: Ticks,
): Opponent {
  const lots = accounts.lots[account];
  const notional = accounts.notional(account, mark);
  return {
    account,
    side: lots > 0 ? 1 : -1,
    lots: Math.abs(lots),
    unrealisedPnl: accounts.unrealisedPnl(account, mark),
    wallet: accounts.wallet(account),
    equity: accounts.equity(account, mark),
    notional,
    entryNotional: Math.abs(accounts.entryValue[account]),
    maintenance: maintenanceMargin(schedule, notional, lots) + accounts.maintenanceElsewhere(account),
    bankruptcyPrice: bankruptcyPrice(accounts.cash(account), lots, schedule.contract),
  };
}
