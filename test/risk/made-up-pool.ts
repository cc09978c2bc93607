import { FIRST_TRADER, OUTSIDE } from '../../src/accounts/ledger.ts';
import { SidedAccounts } from '../../src/accounts/sided-accounts.ts';
import { HOUR, MINUTE } from '../../src/base/units.ts';
import type { Lots, Money, Side, Ticks } from '../../src/base/units.ts';
import type { OraclePrices, PoolRules } from '../../src/market/oracle-pool.ts';
import { LiquidityPool } from '../../src/risk/pool.ts';
import type { PoolTrade } from '../../src/risk/pool.ts';

/** A pool without impact, fees, borrowing or caps: sums can be done in the head. */
export const FREE: PoolRules = {
  deposit: 1_000_000,
  assetShare: 0.5,
  impact: { exponent: 2, improving: 0, worsening: 0, capImproving: 0.004, capWorsening: 0.005 },
  borrow: { every: HOUR, rate: 0, optimalUtilisation: 1, rateAboveOptimal: 0 },
  fee: { improving: 0, worsening: 0, toPool: 0.63 },
  keeperFee: 0,
  maxOpenInterest: Infinity,
  reserveFactor: Infinity,
  deleverage: { above: 0.85, downTo: 0.77, latency: 0 },
  profitCap: 0.9,
  maxAge: 5 * MINUTE,
};

export const ANN = FIRST_TRADER;
export const BEN = FIRST_TRADER + 1;
export const CAT = FIRST_TRADER + 2;
const TRADERS = 3;

/** One oracle price for both sides. */
export const at = (price: Ticks): OraclePrices => ({ min: price, max: price });

/** Three traders with ample cash and a pool that opened at 100 (or another price). */
export class PoolTable {
  readonly accounts = new SidedAccounts(FIRST_TRADER + TRADERS + 1, FIRST_TRADER + TRADERS);
  readonly pool: LiquidityPool;

  constructor(rules: Partial<PoolRules> = {}, price: Ticks = 100, collateral: Money = 1_000_000) {
    for (let trader = FIRST_TRADER; trader < FIRST_TRADER + TRADERS; trader++)
      this.accounts.ledger.transfer(OUTSIDE, trader, collateral);
    this.pool = new LiquidityPool({ ...FREE, ...rules }, this.accounts, FIRST_TRADER + TRADERS);
    this.pool.open(price);
  }

  trade(account: number, side: Side, lots: Lots, prices: OraclePrices): PoolTrade {
    return this.pool.trade({ account, side, lots, limit: side * Infinity, reduceOnly: false, prices });
  }

  cash(account: number): Money {
    return this.accounts.wallet(account);
  }

  /** Everything that must hold at any time, whatever was traded. */
  check(price: Ticks): string[] {
    const { accounts, pool } = this;
    accounts.checkInvariants();
    const wrong: string[] = [];
    const must = (holds: boolean, what: string): void => {
      if (!holds) wrong.push(what);
    };
    let [long, short, longCost, shortCost, pending] = [0, 0, 0, 0, 0];
    for (let trader = FIRST_TRADER; trader < pool.account; trader++) {
      const lots = accounts.lots[trader];
      long += Math.max(lots, 0);
      short += Math.max(-lots, 0);
      if (lots > 0) longCost += accounts.entryValue[trader];
      if (lots < 0) shortCost -= accounts.entryValue[trader];
      pending += accounts.unrealisedPnl(trader, price);
    }
    must(accounts.lots[pool.account] === short - long, 'the pool holds what the traders do not net');
    must(pool.longs.lots === long && pool.shorts.lots === short, 'lots by side');
    must(pool.longs.cost === longCost && pool.shorts.cost === shortCost, 'open interest by side');
    must(
      pool.equity(price) === pool.cash + pool.asset * price - pending,
      'equity = holdings − pending profit',
    );
    must(pool.asset >= 0 && pool.impactPool >= 0, 'no negative stock');
    return wrong;
  }
}
