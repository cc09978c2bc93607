import type { Accounts } from '../accounts/accounts.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Money } from '../base/units.ts';
import { InsuranceFund } from './insurance-fund.ts';
import type { PoolStatement } from './pool-statement.ts';
import type { LiquidityPool } from './pool.ts';
import type { RiskJournal } from './risk-journal.ts';

/**
 * An insurance fund whose place the pool takes: liquidation fees go to the pool, and what a closed account lacks is its loss. The
 * fund's own money only stands behind positions that a policy makes it take over.
 */
export class PoolBackedFund extends InsuranceFund {
  private readonly pool: LiquidityPool;
  private readonly statement: PoolStatement;
  private readonly ledger: Accounts['ledger'];

  constructor(
    accounts: Accounts,
    journal: RiskJournal,
    { pool, statement }: { readonly pool: LiquidityPool; readonly statement: PoolStatement },
  ) {
    super(accounts, journal);
    this.pool = pool;
    this.statement = statement;
    this.ledger = accounts.ledger;
  }

  override receive(from: AccountId, amount: Money): void {
    if (amount !== 0) this.pool.collect(from, amount);
  }

  override cover(account: AccountId, shortfall: Money): Money {
    this.ledger.transfer(this.pool.account, account, shortfall);
    this.statement.insolvency += shortfall;
    return 0;
  }
}
