import { FIRST_TRADER } from '../accounts/ledger.ts';
import type { AccountId } from '../accounts/ledger.ts';
import type { Lots, Money, Ticks } from '../base/units.ts';
import { valueOf } from '../market/contract.ts';
import type { Valuation } from '../market/contract.ts';

/** What a set of populations starts with in one contract: entry i is account `FIRST_TRADER + i`. */
export class Opening {
  private readonly contract: Valuation;
  readonly cash: Float64Array;
  readonly lots: Float64Array;
  readonly entry: Float64Array;

  constructor(accounts: number, contract: Valuation) {
    this.contract = contract;
    this.cash = new Float64Array(accounts);
    this.lots = new Float64Array(accounts);
    this.entry = new Float64Array(accounts);
  }

  /** A position, and the collateral that is given with it: 0 where it is in another contract. */
  set(
    account: AccountId,
    { collateral, lots, entry }: { collateral: Money; lots: Lots; entry: Ticks },
  ): void {
    const i = account - FIRST_TRADER;
    this.cash[i] = collateral - valueOf(this.contract, lots, entry);
    this.lots[i] = lots;
    this.entry[i] = entry;
  }

  /** What the account brought into this contract besides its position. */
  collateralOf(account: AccountId): Money {
    const i = account - FIRST_TRADER;
    return this.cash[i] + (this.lots[i] === 0 ? 0 : valueOf(this.contract, this.lots[i], this.entry[i]));
  }
}

/**
 * The opening that was drawn last. The arms of a replicate, and the cells of a sweep that differ in something other than
 * their traders, start from the same accounts: whoever runs them one after the other draws them once.
 */
export class Openings {
  private key = '';
  private last: readonly Opening[] | undefined;

  /** The opening of every contract that `key` describes in full, drawn now if it is not the last one. */
  get(key: string, drawn: () => readonly Opening[]): readonly Opening[] {
    if (this.last === undefined || this.key !== key) {
      this.last = drawn();
      this.key = key;
    }
    return this.last;
  }
}
