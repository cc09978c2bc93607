import type { Accounts } from '../accounts/accounts.ts';
import { OUTSIDE } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Money, Ticks } from '../base/units.ts';
import { InsuranceFund } from './insurance-fund.ts';
import type { PoolStatement } from './pool-statement.ts';
import type { LiquidityPool } from './pool.ts';
import type { RiskJournal } from './risk-journal.ts';
import { closeAt, closeAtBankruptcy } from './vault.ts';
import type { TakeOver } from './vault.ts';

/**
 * An insurance fund whose place the pool takes: liquidation fees go to the pool, what a closed account lacks is its loss, and what a
 * policy hands to the fund, position and collateral, goes to the pool as well. The fund's own money is left alone.
 */
export class PoolBackedFund extends InsuranceFund {
  private readonly pool: LiquidityPool;
  private readonly statement: PoolStatement;

  constructor(
    accounts: Accounts,
    journal: RiskJournal,
    { pool, statement }: { readonly pool: LiquidityPool; readonly statement: PoolStatement },
  ) {
    super(accounts, journal);
    this.pool = pool;
    this.statement = statement;
  }

  override equity(mark: Ticks): Money {
    return this.pool.equity(mark);
  }

  override receive(from: AccountId, amount: Money): void {
    if (amount !== 0) this.pool.collect(from, amount);
  }

  override reward(owed: Money): Money {
    if (owed === 0) return 0;
    this.accounts.ledger.transfer(this.pool.account, OUTSIDE, owed);
    this.statement.keeperFees += owed;
    return owed;
  }

  override cover(account: AccountId, shortfall: Money): Money {
    this.accounts.ledger.transfer(this.pool.account, account, shortfall);
    this.statement.insolvency += shortfall;
    return 0;
  }

  /** The pool pays whoever reported an account that it takes with all its collateral. */
  override takeOver({ account, lots, price }: TakeOver, mark: Ticks): void {
    const { accounts, pool, statement } = this;
    const before = pool.equity(mark);
    if (price === 'mark') closeAt(accounts, account, pool.account, { lots, price: mark });
    else closeAtBankruptcy(accounts, account, pool.account, lots);
    statement.insolvency += Math.max(0, before - pool.equity(mark));
    if (price === 'mark') return;
    accounts.ledger.transfer(pool.account, OUTSIDE, pool.rules.keeperFee);
    statement.keeperFees += pool.rules.keeperFee;
  }
}
