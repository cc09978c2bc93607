import { assert, assertSafe } from '../base/check.ts';
import type { Money } from '../base/units.ts';

/** An index into the ledger. */
export type AccountId = number;

/**
 * Accounts that belong to the exchange. Traders follow from `FIRST_TRADER` on.
 * `OUTSIDE` is the rest of the world: what traders deposit comes from it, so that the sum of all balances is always zero.
 */
export const OUTSIDE: AccountId = 0;
export const FEES: AccountId = 1;
export const INSURANCE_FUND: AccountId = 2;
/** Fractions of a unit that a division leaves over (funding). */
export const CRUMBS: AccountId = 3;
export const FIRST_TRADER: AccountId = 4;

/**
 * Double-entry book of cash: every movement of money is a transfer between two accounts.
 *
 * A trader's balance is its collateral less the signed cost of its position (a long has paid its value at entry, a short has
 * received it), so that balance plus value at the mark is its equity, a fill is one transfer, and nothing is ever divided.
 * Invariant: all balances are exact integers and add up to 0.
 */
export class Ledger {
  /** balance[account], money. */
  readonly balance: Float64Array;

  constructor(accounts: number) {
    this.balance = new Float64Array(accounts);
  }

  /** Moves `amount` (of either sign) from one account to another. */
  transfer(from: AccountId, to: AccountId, amount: Money): void {
    const balance = this.balance;
    balance[from] = assertSafe(balance[from] - amount, 'a balance');
    balance[to] = assertSafe(balance[to] + amount, 'a balance');
  }

  /** Sum of all balances: 0, always. */
  total(): Money {
    let sum = 0;
    for (const balance of this.balance) sum += balance;
    return sum;
  }

  checkInvariants(): void {
    assert(this.total() === 0, `the ledger does not balance: ${this.total()}`);
  }
}
