import type { Lots, Micros, Money, Side, Ticks } from '../base/units.ts';
import { notionalOf } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import { closingSide, limitAfterFee, stricter, wholeTick } from './liquidation/liquidation-policy.ts';

/** How a vault gets rid of what it has taken over. */
export interface UnwindSettings {
  /** Time between two orders. */
  readonly unwindEvery: Micros;
  /** Share of the position sent each time, rounded up. */
  readonly unwindShare: number;
  /** A position worth no more than this is sent whole. */
  readonly unwindWholeBelow: Money;
  /** How far from the mark an order may trade, a fraction. */
  readonly unwindSlippage: number;
  /** No more than this share of the lots that the order would find. */
  readonly unwindVisible: number;
}

interface UnwindMarket {
  readonly contract: Contract;
  bandLimit(side: Side): Ticks;
  lotsWithin(side: Side, limit: Ticks): Lots;
}

/** The next order of a vault that holds `lots` and has nothing left at the price `ruin`; its lots may be 0. */
export function unwindingOrder(
  { lots, ruin, mark }: { readonly lots: Lots; readonly ruin: Ticks; readonly mark: Ticks },
  settings: UnwindSettings,
  market: UnwindMarket,
): { side: Side; lots: Lots; limit: Ticks } {
  const { contract } = market;
  const side = closingSide(lots);
  const size = Math.abs(lots);
  const affordable = limitAfterFee(side, ruin, contract.takerFee, contract);
  const near = wholeTick(side, mark * (1 + side * settings.unwindSlippage));
  const limit = stricter(side, stricter(side, market.bandLimit(side), affordable), near);
  const whole = notionalOf(contract, size, mark) <= settings.unwindWholeBelow;
  const wanted = whole ? size : Math.max(1, Math.ceil(size * settings.unwindShare));
  if (settings.unwindVisible === 1) return { side, limit, lots: wanted };
  return {
    side,
    limit,
    lots: Math.min(wanted, Math.floor(market.lotsWithin(side, limit) * settings.unwindVisible)),
  };
}
