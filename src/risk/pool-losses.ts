import type { Accounts } from '../accounts/accounts.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Lots, Money, Ticks } from '../base/units.ts';
import { InsuranceFund } from './insurance-fund.ts';
import type { PoolStatement } from './pool-statement.ts';
import type { LiquidityPool } from './pool.ts';
import type { RiskJournal } from './risk-journal.ts';
import { Waterfall } from './waterfall.ts';
import type { WaterfallParts } from './waterfall.ts';

/**
 * The pool in the place of an insurance fund: liquidation fees go to it, traders' losses beyond their collateral are its own, and it
 * takes over what a policy would hand to a fund. The fund's own account is left alone.
 */
export class PoolAsInsurer extends InsuranceFund {
  private readonly pool: LiquidityPool;
  private readonly statement: PoolStatement;
  private readonly all: Accounts;

  constructor(
    accounts: Accounts,
    journal: RiskJournal,
    { pool, statement }: { readonly pool: LiquidityPool; readonly statement: PoolStatement },
  ) {
    super(accounts, journal);
    this.pool = pool;
    this.statement = statement;
    this.all = accounts;
  }

  override headroom(mark: Ticks): Money {
    return Math.max(0, this.pool.equity(mark));
  }

  override receive(from: AccountId, amount: Money): void {
    if (amount !== 0) this.pool.collect(from, amount);
  }

  override cover(account: AccountId, shortfall: Money): Money {
    this.all.ledger.transfer(this.pool.account, account, shortfall);
    this.statement.insolvency += shortfall;
    return 0;
  }

  override takeOver(account: AccountId, mark: Ticks): void {
    this.statement.insolvency += Math.max(0, -this.all.equity(account, mark));
    this.pool.takeOver(account);
  }
}

/** Nobody is deleveraged for another's loss: what a policy would deleverage, the pool takes over. */
export class PoolWaterfall extends Waterfall {
  private readonly insurer: InsuranceFund;

  constructor(parts: WaterfallParts) {
    super(parts);
    this.insurer = parts.fund;
  }

  override deleverage(account: AccountId, mark: Ticks): Lots {
    this.insurer.takeOver(account, mark);
    return 0;
  }
}
