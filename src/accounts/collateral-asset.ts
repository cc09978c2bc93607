import { assertSafe } from '../base/check.ts';
import { PPM, ppmOfRoundedUp } from '../base/units.ts';
import type { Lots, Money, Ppm, Ticks } from '../base/units.ts';
import { PriceTriggers } from '../market/price-triggers.ts';
import type { Holdings } from './accounts.ts';
import { FEES, Ledger, OUTSIDE } from './ledger.ts';
import type { AccountId } from './ledger.ts';

/** An amount of the asset, in its smallest unit. */
export type Units = number;

/** On what terms an exchange takes an asset as collateral. */
export interface CollateralTerms {
  /** What one unit is worth at a price of one tick of the asset, money; not whole in general. */
  readonly unitMoney: number;
  /** Share of the worth that does not count as margin. */
  readonly haircut: Ppm;
  /** Share of the worth that is kept of what is seized; no more than the haircut, or seizing would ruin a sound account. */
  readonly conversionFee: Ppm;
}

export interface CollateralAssetParts {
  readonly terms: CollateralTerms;
  /** Of the exchange's money: it has as many accounts. */
  readonly cash: Ledger;
  readonly startPrice: Ticks;
  /** Told of every seizure and its worth at the index, before the fee. */
  readonly onSeized?: (worth: Money) => void;
}

/**
 * An asset besides the money of the exchange that accounts may hold as collateral, valued at an index of its own. Units are whole and have
 * a ledger of their own, double entry as that of cash.
 *
 * `worth = ⌊units · price · unitMoney⌋`, `value as margin = worth − ⌈worth · haircut⌉`, `proceeds when seized = worth − ⌈worth · fee⌉`:
 * rounded against the account, and with a fee that is no more than the haircut a unit never fetches less than it counted for.
 * All three move one way with the price.
 */
export class CollateralAsset implements Holdings {
  /** units[account] is `ledger.balance[account]`. */
  readonly ledger: Ledger;
  /** The index, a whole tick of the asset. */
  price: Ticks;
  private readonly parts: CollateralAssetParts;
  private readonly triggers: PriceTriggers;

  constructor(parts: CollateralAssetParts) {
    const accounts = parts.cash.balance.length;
    this.parts = parts;
    this.price = parts.startPrice;
    this.ledger = new Ledger(accounts);
    this.triggers = new PriceTriggers({ ids: accounts, direction: -1 });
  }

  units(account: AccountId): Units {
    return this.ledger.balance[account];
  }

  /** At the index, or at another price. */
  worthOf(units: Units, price = this.price): Money {
    return Math.floor(assertSafe(units * price, 'units times price') * this.parts.terms.unitMoney);
  }

  /** What so many units count for as margin. */
  valueOf(units: Units, price = this.price): Money {
    const worth = this.worthOf(units, price);
    return worth - ppmOfRoundedUp(worth, this.parts.terms.haircut);
  }

  /** What so many units fetch when they are seized. */
  proceedsOf(units: Units): Money {
    const worth = this.worthOf(units);
    return worth - ppmOfRoundedUp(worth, this.parts.terms.conversionFee);
  }

  /** The most units that count for no more than this. */
  unitsFor(value: Money): Units {
    let units = Math.max(0, Math.floor(value / (this.price * this.countsPerTick())) + 1);
    while (units > 0 && this.valueOf(units) > value) units--;
    return units;
  }

  /** Swaps money of an account for units that count for as much, but for a remainder below one unit. */
  exchangeFor(account: AccountId, value: Money): void {
    const units = this.unitsFor(value);
    this.ledger.transfer(OUTSIDE, account, units);
    this.parts.cash.transfer(account, OUTSIDE, this.valueOf(units));
  }

  /** Seizes as many units as make good what an account owes in money, or all it has. */
  repay(account: AccountId): void {
    const debt = -this.parts.cash.balance[account];
    const held = this.units(account);
    if (debt <= 0 || held === 0) return;
    const each = this.price * this.parts.terms.unitMoney * (1 - this.parts.terms.conversionFee / PPM);
    let units = Math.min(held, Math.ceil(debt / each));
    while (units < held && this.proceedsOf(units) < debt) units++;
    while (units > 1 && this.proceedsOf(units - 1) >= debt) units--;
    this.seize(account, units);
  }

  /** Somebody outside takes units at the index; the fee goes to the exchange, the rest to the account. */
  seize(account: AccountId, units: Units): void {
    const { cash, onSeized } = this.parts;
    if (units === 0) return;
    const worth = this.worthOf(units);
    const proceeds = this.proceedsOf(units);
    this.ledger.transfer(account, OUTSIDE, units);
    cash.transfer(OUTSIDE, account, proceeds);
    cash.transfer(OUTSIDE, FEES, worth - proceeds);
    onSeized?.(worth);
  }

  /**
   * Has the account handed out at the latest when its units count for less than now by `fall`. The trigger lies no more than a few
   * units of money above that, never below: whoever is handed out is asked exactly.
   */
  register(account: AccountId, fall: Money): void {
    const units = this.units(account);
    const left = this.valueOf(units) - fall;
    // Not below it, since the roundings take less than 2 of `units · price · counts per tick`.
    if (units === 0 || left < 0) this.triggers.clear(account);
    else this.triggers.set(account, Math.floor((left + 2) / (units * this.countsPerTick())) + 1);
  }

  remove(account: AccountId): void {
    this.triggers.clear(account);
  }

  /** Takes out every account whose trigger the price has reached and writes it to `out`; returns how many. */
  crossed(out: Int32Array): number {
    return this.triggers.crossed(this.price, out);
  }

  // As a contract sees what an account holds elsewhere: no position, and money as far as it counts.

  lots(_account: AccountId): Lots {
    return 0;
  }

  entryValue(account: AccountId): Money {
    return this.value(account);
  }

  value(account: AccountId): Money {
    const units = this.ledger.balance[account];
    return units === 0 ? 0 : this.valueOf(units);
  }

  maintenance(_account: AccountId): Money {
    return 0;
  }

  /** What a unit counts for at a price of one tick, without the roundings. */
  private countsPerTick(): number {
    const { unitMoney, haircut } = this.parts.terms;
    return unitMoney * (1 - haircut / PPM);
  }
}
