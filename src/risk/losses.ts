import type { Accounts } from '../accounts/accounts.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Money, Ticks } from '../base/units.ts';

/** In proportion to what an account shares a loss, and how much of it at most. */
export interface Liability {
  readonly weight: Money;
  readonly most: Money;
}

/** Who pays for a loss that fund and deleveraging leave: rules by name. Flat accounts are not asked. */
export const LOSS_RULES = {
  /** Those in profit, in proportion to it (OKEx's clawback, Deribit). None pays more than it has won and still has. */
  winners(accounts: Accounts, account: AccountId, mark: Ticks): Liability {
    const profit = Math.min(accounts.unrealisedPnl(account, mark), accounts.equity(account, mark));
    return { weight: profit, most: profit };
  },
  /**
   * Everybody with a position, in proportion to its size: loss / (long + short open interest) for each lot, as Drift does by moving
   * its funding index. None pays more than its equity.
   */
  'open-interest': (accounts: Accounts, account: AccountId, mark: Ticks): Liability => ({
    weight: Math.abs(accounts.lots[account]),
    most: accounts.equity(account, mark),
  }),
  /**
   * Nobody: what fund and deleveraging leave stays as a debt (`uncovered_loss`), which the venue has to bear. For venues that
   * deleverage at a mark and say that nothing is socialised afterwards (OKX), or do not say who pays (Hyperliquid).
   */
  nobody: (): Liability => ({ weight: 0, most: 0 }),
} as const;

export type LossRule = keyof typeof LOSS_RULES;
export const LOSS_RULE_NAMES = Object.keys(LOSS_RULES) as [LossRule, ...LossRule[]];
