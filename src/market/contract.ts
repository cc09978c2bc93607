import { assert, assertSafe } from '../base/check.ts';
import { PPM } from '../base/units.ts';
import type { Lots, Money, Ppm, Side, Ticks } from '../base/units.ts';

/** Linear: profit is `lots · (price − entry)`, in the quote currency. Inverse: `lots · K · (1/entry − 1/price)`, in the coin. */
export const CONTRACT_KINDS = ['linear', 'inverse'] as const;
export type ContractKind = (typeof CONTRACT_KINDS)[number];

/** What lots are worth at a price, in money: all that settlement and margin need to know of a contract. */
export interface Valuation {
  readonly isInverse: boolean;
  /**
   * Of an inverse contract: what one lot is worth at a price of one tick, money (whole). A lot is a fixed amount of quote
   * currency, so it is worth `inverseLot / price` in the coin. 0 for a linear contract, whose lot is worth `price`.
   */
  readonly inverseLot: Money;
}

/** Money is tick·lot. */
export const LINEAR: Valuation = { isInverse: false, inverseLot: 0 };

/**
 * A perpetual contract. Prices, sizes and money are whole numbers of its ticks, lots and units of money; decimals exist only
 * outside the engine. A unit of money is a tick·lot of a linear contract and `coinUnit` of the coin of an inverse one.
 */
export interface Contract extends Valuation {
  readonly name: string;
  /** Quote currency per tick. */
  readonly tick: number;
  /** Base currency per lot; of an inverse contract quote currency per lot. */
  readonly lot: number;
  /**
   * Quote currency per unit of money. For an inverse contract, whose money is the coin, at the price when the run begins: a
   * constant, so that sums reported in quote currency add up whatever the price does meanwhile.
   */
  readonly moneyUnit: number;
  readonly takerFee: Ppm;
  /** Negative for a rebate. */
  readonly makerFee: Ppm;
  /** How far from the reference price a market order may trade. */
  readonly marketBand: Ppm;
}

export interface ContractDecimals {
  readonly name: string;
  /** Default: linear. */
  readonly kind?: ContractKind;
  readonly tick: number;
  readonly lot: number;
  /** Price when the run begins and smallest unit of the coin: an inverse contract needs them (default of the unit: 1e-8). */
  readonly price?: number;
  readonly coinUnit?: number;
  /** Fractions, e.g. 0.0005 for 0.05 %. */
  readonly takerFee: number;
  readonly makerFee: number;
  readonly marketBand: number;
}

export function contractFrom(decimals: ContractDecimals): Contract {
  const { name, kind = 'linear', tick, lot, price = NaN, coinUnit = 1e-8 } = decimals;
  assert(tick > 0 && lot > 0, 'tick and lot must be positive');
  const isInverse = kind === 'inverse';
  assert(
    !isInverse || (price > 0 && coinUnit > 0),
    'an inverse contract needs a price and a unit of its coin',
  );
  const inverseLot = isInverse ? assertSafe(Math.round(lot / (tick * coinUnit)), 'the value of a lot') : 0;
  assert(!isInverse || inverseLot > 0, 'a lot of an inverse contract is worth less than a unit of its coin');
  return {
    name,
    isInverse,
    inverseLot,
    tick,
    lot,
    moneyUnit: isInverse ? coinUnit * price : tick * lot,
    takerFee: Math.round(decimals.takerFee * PPM),
    makerFee: Math.round(decimals.makerFee * PPM),
    marketBand: Math.round(decimals.marketBand * PPM),
  };
}

/**
 * What a signed position is worth at a price: what buying it costs. It rises with the price for a long of either kind.
 * Linear: `lots · price`. Inverse: `−lots · inverseLot / price`, rounded to a unit of money, halves away from zero, so that
 * `valueOf(−lots) = −valueOf(lots)` exactly. (The quotient is rounded as a double first, which keeps it monotone.)
 */
export function valueOf(contract: Valuation, lots: Lots, price: Ticks): Money {
  if (!contract.isInverse) return lots * price;
  // No position is worth nothing, also where there is no price (an account opened flat).
  if (lots === 0) return 0;
  const size = Math.round((Math.abs(lots) * contract.inverseLot) / price);
  return lots > 0 ? 0 - size : size;
}

/** Size of a position in money, ≥ 0: what margin, fees and funding are charged on. */
export function notionalOf(contract: Valuation, lots: Lots, price: Ticks): Money {
  return Math.abs(valueOf(contract, lots, price));
}

/** The same with the sign of the position. */
export function exposureOf(contract: Valuation, lots: Lots, price: Ticks): Money {
  return contract.isInverse ? -valueOf(contract, lots, price) : lots * price;
}

/** Lots (not whole) that have this notional at a price. */
export function lotsOfNotional(contract: Valuation, notional: Money, price: Ticks): Lots {
  return contract.isInverse ? (notional * price) / contract.inverseLot : notional / price;
}

/** Price (not a whole tick) at which so many lots have this notional. ≤ 0, or Infinity for an inverse contract, when there is none. */
export function priceOfNotional(contract: Valuation, lots: Lots, notional: Money): Ticks {
  if (!contract.isInverse) return notional / Math.abs(lots);
  return notional > 0 ? (Math.abs(lots) * contract.inverseLot) / notional : Infinity;
}

/** The price at which an order of this side, its trading fee added, costs or brings as much as `price` does without one. */
export function priceBeforeFee(contract: Valuation, side: Side, price: Ticks, takerFee: Ppm): Ticks {
  const fee = (side * takerFee) / PPM;
  return contract.isInverse ? price * (1 - fee) : price / (1 + fee);
}

/** Quote currency → money, to the nearest unit. */
export function moneyFromQuote(contract: Contract, quote: number): Money {
  return Math.round(quote / contract.moneyUnit);
}

/** Money → quote currency. */
export function quoteFromMoney(contract: Contract, money: Money): number {
  return money * contract.moneyUnit;
}

/** A decimal price → ticks, to the nearest. */
export function ticksFromPrice(contract: Contract, price: number): Ticks {
  return Math.round(price / contract.tick);
}

export function priceFromTicks(contract: Contract, ticks: Ticks): number {
  return ticks * contract.tick;
}

/** Lots (not whole) that are an amount of the asset: at a price where lots are quote currency. */
export function lotsFromAsset(contract: Contract, amount: number, price: Ticks): Lots {
  return (contract.isInverse ? amount * priceFromTicks(contract, price) : amount) / contract.lot;
}

/** How many whole lots a notional in quote currency buys at a price (rounded to the nearest). */
export function lotsFromQuote(contract: Contract, quote: number, price: Ticks): Lots {
  if (contract.isInverse) return Math.round(quote / contract.lot);
  return Math.round(moneyFromQuote(contract, quote) / price);
}
