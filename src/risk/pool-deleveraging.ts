import type { Accounts } from '../accounts/accounts.ts';
import { FIRST_TRADER } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Lots, Money, Side } from '../base/units.ts';
import { oraclePrice } from '../market/oracle-pool.ts';
import type { OraclePrices } from '../market/oracle-pool.ts';
import type { LiquidityPool } from './pool.ts';

export interface PoolDeleveragingParts {
  readonly accounts: Accounts;
  readonly pool: LiquidityPool;
  /** Accounts that are being liquidated are left to that. */
  isDistressed(account: AccountId): boolean;
  /** Told of every account that was closed by so many lots worth so much. */
  closed(account: AccountId, lots: Lots, value: Money): void;
}

/** Whether the pending profit of a side is too large for what backs it. */
export function needsDeleveraging(pool: LiquidityPool, side: Side, prices: OraclePrices): boolean {
  return pool.profitFactor(side, prices) > pool.rules.deleverage.above;
}

/**
 * Protects the pool from winners (GMX V2 `AdlHandler`; it does nothing for whoever lost): while the pending profit of a side
 * is too large a part of its backing, positions in profit are closed at the oracle's price, with impact and fee as in any
 * closing. Each closing must lower that part, and none may take it below the lower bound: the last is only as large as that allows.
 *
 * The venue leaves the order to its keepers; here the largest profit goes first, which needs the fewest closings.
 */
export function deleveragePool(side: Side, prices: OraclePrices, parts: PoolDeleveragingParts): void {
  const { accounts, pool } = parts;
  if (!needsDeleveraging(pool, side, prices)) return;
  for (const account of winners(side, prices, parts)) {
    const lots = mostWithin(pool, accounts, { account, side, prices });
    if (lots > 0) {
      const quote = pool.quoteClosing(account, lots, prices);
      pool.close(account, quote, prices);
      parts.closed(account, lots, quote.value);
    }
    if (!needsDeleveraging(pool, side, prices)) return;
  }
}

/** Positions of the side in profit, the largest profit first. */
function winners(side: Side, prices: OraclePrices, parts: PoolDeleveragingParts): AccountId[] {
  const { accounts, pool } = parts;
  const price = oraclePrice(side === 1 ? -1 : 1, prices);
  const found: { account: AccountId; profit: Money }[] = [];
  for (let account = FIRST_TRADER; account < accounts.size; account++) {
    if (accounts.lots[account] * side <= 0 || account === pool.account || parts.isDistressed(account))
      continue;
    const profit = accounts.unrealisedPnl(account, price);
    if (profit > 0) found.push({ account, profit });
  }
  return found.sort((a, b) => b.profit - a.profit || a.account - b.account).map(({ account }) => account);
}

/** The most lots whose closing lowers the factor and leaves it at or above the lower bound; 0 when none does. */
function mostWithin(
  pool: LiquidityPool,
  accounts: Accounts,
  { account, side, prices }: { account: AccountId; side: Side; prices: OraclePrices },
): Lots {
  const { downTo } = pool.rules.deleverage;
  const before = pool.profitFactor(side, prices);
  const factorAfter = (lots: Lots): number =>
    pool.profitFactorAfter(side, pool.quoteClosing(account, lots, prices), prices);
  let enough = 0;
  let tooMany = Math.abs(accounts.lots[account]) + 1;
  while (tooMany - enough > 1) {
    const lots = Math.floor((enough + tooMany) / 2);
    if (factorAfter(lots) >= downTo) enough = lots;
    else tooMany = lots;
  }
  return enough > 0 && factorAfter(enough) < before ? enough : 0;
}
