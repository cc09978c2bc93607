import type { Accounts } from '../accounts/accounts.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Lots, Money, Ticks } from '../base/units.ts';
import { InsuranceFund } from './insurance-fund.ts';
import type { PoolStatement } from './pool-statement.ts';
import type { LiquidityPool } from './pool.ts';
import type { RiskJournal } from './risk-journal.ts';
import { Waterfall } from './waterfall.ts';
import type { DeleverageTerms } from './waterfall.ts';
import type { TakeOver } from './vault.ts';

/**
 * The pool in the place of an insurance fund: liquidation fees go to it, traders' losses beyond their collateral are its own, and it
 * takes over what a policy would hand to a fund. The fund's own account is left alone.
 */
export class PoolAsInsurer extends InsuranceFund {
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

  override cover(account: AccountId, shortfall: Money): Money {
    this.accounts.ledger.transfer(this.pool.account, account, shortfall);
    this.statement.insolvency += shortfall;
    return 0;
  }

  override takeOver({ account }: TakeOver, mark: Ticks): void {
    this.statement.insolvency += Math.max(0, -this.accounts.equity(account, mark));
    this.pool.takeOver(account);
  }
}

/** Nobody is deleveraged for another's loss: what a policy would deleverage, the pool takes over. */
export class PoolWaterfall extends Waterfall {
  override deleverage(account: AccountId, { mark }: DeleverageTerms): Lots {
    const lots = Math.abs(this.parts.accounts.lots[account]);
    this.parts.fund.takeOver({ account, lots, price: 'bankruptcy' }, mark);
    return 0;
  }

  override socialise(): Money {
    return 0;
  }
}
