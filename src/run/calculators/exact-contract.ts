import { assertSafe } from '../../base/check.ts';
import { contractFrom } from '../../market/contract.ts';
import type { Contract, ContractKind } from '../../market/contract.ts';
import type { Lots, Money, Ticks } from '../../base/units.ts';

/** The decimals that somebody wrote down; all of them are to be whole ticks, lots and units of money. */
export interface WrittenNumbers {
  readonly kind: ContractKind;
  readonly prices: readonly number[];
  /** Units of the asset; of an inverse contract quote currency. */
  readonly sizes: readonly number[];
  /** Quote currency; of an inverse contract the coin. */
  readonly amounts: readonly number[];
  /** Shares of the notional. */
  readonly takerFee: number;
}

/** A contract fine enough for some numbers, with the way there and back. Whole numbers come back as the decimals they were. Throws `OutOfRange`. */
export interface ExactContract {
  readonly contract: Contract;
  ticks(price: number): Ticks;
  lots(size: number): Lots;
  money(amount: number): Money;
  /** Need not be whole. */
  price(ticks: Ticks): number;
  size(lots: Lots): number;
  amount(money: Money): number;
}

/** The least digits of money: those of a deduction in a margin table, and a tenth of what a venue pays out of a coin. */
const QUOTE_DIGITS = 6;
const COIN_DIGITS = 9;

export function exactContract({ kind, prices, sizes, amounts, takerFee }: WrittenNumbers): ExactContract {
  const priceDigits = digitsOf(prices);
  // Money of a linear contract is tick · lot: the lot takes whatever digits the amounts need beyond those of the prices.
  const isInverse = kind === 'inverse';
  const amountDigits = Math.max(isInverse ? COIN_DIGITS : QUOTE_DIGITS, digitsOf(amounts));
  const sizeDigits = isInverse ? digitsOf(sizes) : Math.max(digitsOf(sizes), amountDigits - priceDigits);
  const moneyDigits = isInverse ? amountDigits : priceDigits + sizeDigits;
  const contract = contractFrom({
    name: 'exact',
    kind,
    tick: unit(priceDigits),
    lot: unit(sizeDigits),
    price: prices[0],
    coinUnit: unit(moneyDigits),
    takerFee,
    makerFee: 0,
    marketBand: 1,
  });
  const [tick, lot, money] = [priceDigits, sizeDigits, moneyDigits].map((digits) => Number(`1e${digits}`));
  return {
    contract,
    ticks: (price) => assertSafe(Math.round(price * tick), 'a price in ticks'),
    lots: (size) => assertSafe(Math.round(size * lot), 'a size in lots'),
    money: (amount) => assertSafe(Math.round(amount * money), 'an amount in units of money'),
    price: (ticks) => ticks / tick,
    size: (of) => of / lot,
    amount: (of) => of / money,
  };
}

/** Digits after the point of the one that has most. */
function digitsOf(numbers: readonly number[]): number {
  return Math.max(0, ...numbers.map(digitsAfterPoint));
}

function digitsAfterPoint(value: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  const [, decimals = ''] = mantissa.split('.');
  return Math.max(0, decimals.length - Number(exponent));
}

function unit(digits: number): number {
  return Number(`1e-${digits}`);
}
