import { assert } from '../base/check.ts';
import { PPM } from '../base/units.ts';
import type { Lots, Money, Ppm, Ticks } from '../base/units.ts';

/**
 * A linear perpetual contract: profit is `lots · (price − entry)` in the quote currency.
 * Prices, sizes and money are whole numbers of its ticks, lots and tick·lots; decimals exist only outside the engine.
 */
export interface Contract {
  readonly name: string;
  /** Quote currency per tick. */
  readonly tick: number;
  /** Base currency per lot. */
  readonly lot: number;
  readonly takerFee: Ppm;
  /** Negative for a rebate. */
  readonly makerFee: Ppm;
  /** How far from the reference price a market order may trade. */
  readonly marketBand: Ppm;
}

export interface ContractDecimals {
  readonly name: string;
  readonly tick: number;
  readonly lot: number;
  /** Fractions, e.g. 0.0005 for 0.05 %. */
  readonly takerFee: number;
  readonly makerFee: number;
  readonly marketBand: number;
}

export function contractFrom(decimals: ContractDecimals): Contract {
  assert(decimals.tick > 0 && decimals.lot > 0, 'tick and lot must be positive');
  return {
    name: decimals.name,
    tick: decimals.tick,
    lot: decimals.lot,
    takerFee: Math.round(decimals.takerFee * PPM),
    makerFee: Math.round(decimals.makerFee * PPM),
    marketBand: Math.round(decimals.marketBand * PPM),
  };
}

/** Quote currency → money (tick·lots), to the nearest unit. */
export function moneyFromQuote(contract: Contract, quote: number): Money {
  return Math.round(quote / (contract.tick * contract.lot));
}

/** Money (tick·lots) → quote currency. */
export function quoteFromMoney(contract: Contract, money: Money): number {
  return money * (contract.tick * contract.lot);
}

/** A decimal price → ticks, to the nearest. */
export function ticksFromPrice(contract: Contract, price: number): Ticks {
  return Math.round(price / contract.tick);
}

export function priceFromTicks(contract: Contract, ticks: Ticks): number {
  return ticks * contract.tick;
}

/** How many whole lots a notional in quote currency buys at a price (rounded to the nearest). */
export function lotsFromQuote(contract: Contract, quote: number, price: Ticks): Lots {
  return Math.round(moneyFromQuote(contract, quote) / price);
}
