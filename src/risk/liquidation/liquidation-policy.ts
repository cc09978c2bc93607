import { bankruptcyPrice } from '../../accounts/margin.ts';
import type { MarginSchedule } from '../../accounts/margin.ts';
import { SECOND } from '../../base/units.ts';
import type { Lots, Micros, Money, Ppm, Side, Ticks } from '../../base/units.ts';
import { priceBeforeFee } from '../../market/contract.ts';
import type { Contract, Valuation } from '../../market/contract.ts';
import type { TimeInForce } from '../../market/order.ts';
import type { AdlPrice } from '../adl/adl-price.ts';

/** An account whose maintenance margin is no longer covered. */
export interface Distressed {
  /** Signed position; never 0 here. */
  readonly lots: Lots;
  /** What the account has besides this position: cash and, under cross margin, its other positions at their marks. */
  readonly balance: Money;
  readonly equity: Money;
  /** Maintenance margin of its other positions; 0 if isolated. */
  readonly otherMaintenance: Money;
  readonly bankruptcyPrice: Ticks;
  /** When the mark broke it. */
  readonly since: Micros;
  /** Orders sent so far in this liquidation. */
  readonly orders: number;
  /** Lots filled by the step before this one; NaN when that was no order. */
  readonly lastFilled: Lots;
  /** When an order last filled anything of this account, earlier liquidations included; −Infinity if none ever did. */
  readonly lastFillAt: Micros;
  /** An earlier order seized it. */
  readonly seized: boolean;
  /** Price of the order of this liquidation that hangs in the book; NaN when none does. */
  readonly restingLimit: Ticks;
}

/**
 * Who bears the rest of an account that the book does not close: the fund takes it over, winners are deleveraged, the deficit
 * is socialised, or nobody yet, and the policy tries again.
 */
export type Bearer = 'take-over' | 'deleverage' | 'socialise' | 'nobody';

/** What a policy may know of the market. */
export interface LiquidationView {
  readonly now: Micros;
  readonly mark: Ticks;
  readonly schedule: MarginSchedule;
  /** Charged on what a liquidation order fills, as far as equity lasts. */
  readonly liquidationFee: Ppm;
  /** Charged on it by the exchange besides, whether equity lasts or not. */
  readonly takerFee: Ppm;
  /** At which price winners are deleveraged here. */
  readonly adlPrice: AdlPrice;
  /** Worst price at which the exchange lets an order of this side trade now. */
  bandLimit(side: Side): Ticks;
  /** Average price of a market order of this size now; NaN when the book cannot fill it. */
  averagePrice(side: Side, lots: Lots): Ticks;
  /** What the insurance fund may still lose. */
  fundHeadroom(): Money;
  /** What the backstop could lose before it is empty; 0 where there is none. */
  backstopHeadroom(): Money;
  /** Who bears the rest of this account, now that the book does not. */
  bearer(account: Distressed): Bearer;
}

/** The next thing to do with a distressed account. `limit` is a price, `lots` is positive. */
export type Step =
  | { readonly kind: 'wait'; readonly until: Micros }
  | OrderStep
  | TakeOverStep
  /** The rest is closed against winning accounts. */
  | { readonly kind: 'deleverage'; readonly price: AdlPrice }
  /** What the account lacks at the mark is shared out over others, and the fund takes the position over at the mark. */
  | { readonly kind: 'socialise' };

interface OrderStep {
  readonly kind: 'order';
  readonly lots: Lots;
  readonly limit: Ticks;
  /** GTC: what is left hangs in the book until the next step other than waiting; then it is cancelled. */
  readonly timeInForce: TimeInForce;
  /**
   * From now on position and collateral are the exchange's: whether margin holds again is not looked at any more, and what
   * is left in the end goes to the fund.
   */
  readonly seizes?: true;
  /**
   * Instead of the liquidation fee: what fills better than the bankruptcy price goes to the fund, up to this share of the value
   * filled, and the fund pays what fills worse.
   */
  readonly surplusFee?: number;
  /** The step after this one is not taken before; at once (after the latency) when left out. */
  readonly notBefore?: Micros;
}

interface TakeOverStep {
  readonly kind: 'take-over';
  readonly by: 'fund' | 'backstop';
  /** At the bankruptcy price all collateral comes along. At the mark the account keeps its equity and pays the liquidation fee. */
  readonly price: 'bankruptcy' | 'mark';
  readonly lots: Lots;
  /** At the mark only: share of the value paid to whoever takes over, as far as equity lasts. */
  readonly reward?: number;
  readonly notBefore?: Micros;
}

/**
 * A rule for winding up a distressed account. A pure decision: the engine carries the step out, lets the engine latency pass,
 * looks whether margin holds again, and asks anew.
 */
export interface LiquidationPolicy {
  /** Hands positions to the backstop: a scenario without one is refused. */
  readonly needsBackstop?: true;
  next(account: Distressed, market: LiquidationView): Step;
}

export interface LiquidationPolicyParts {
  readonly contract: Contract;
}

/** How long to wait where nobody bears the rest yet. */
const NOBODY_YET: Micros = SECOND;

/** The side of the order that closes a position. */
export function closingSide(lots: Lots): Side {
  return lots > 0 ? -1 : 1;
}

/**
 * The last whole tick at which closing, trading fee included, does not eat into somebody else's money: with nothing left for the fee
 * an order filled at the bankruptcy price itself would be paid for by the fund.
 */
export function bankruptcyLimit({ lots, bankruptcyPrice: ruin }: Distressed, market: LiquidationView): Ticks {
  return limitAfterFee(closingSide(lots), ruin, market.takerFee, market.schedule.contract);
}

/** The last whole tick at which an order of this side, its trading fee included, trades no worse than `price`. */
export function limitAfterFee(side: Side, price: Ticks, takerFee: Ppm, contract: Valuation): Ticks {
  return wholeTick(side, priceBeforeFee(contract, side, price, takerFee));
}

/** The last whole tick at which an order of this side trades no worse than `price`. */
export function wholeTick(side: Side, price: Ticks): Ticks {
  return side === 1 ? Math.floor(price) : Math.ceil(price);
}

/** Of two limits for an order of this side, the one that concedes less. */
export function stricter(side: Side, a: Ticks, b: Ticks): Ticks {
  return side === 1 ? Math.min(a, b) : Math.max(a, b);
}

/** The worst price at which the fund could still make good what fills below bankruptcy. */
export function fundedLimit(account: Distressed, market: LiquidationView): Ticks {
  const { contract } = market.schedule;
  const unfunded = bankruptcyPrice(account.balance + market.fundHeadroom(), account.lots, contract);
  return limitAfterFee(closingSide(account.lots), unfunded, market.takerFee, contract);
}

/** What happens to an account that the book does not close, as the trigger of the waterfall says. */
export function lastResort(account: Distressed, market: LiquidationView): Step {
  const bearer = market.bearer(account);
  switch (bearer) {
    case 'take-over':
      return { kind: 'take-over', by: 'fund', price: 'bankruptcy', lots: Math.abs(account.lots) };
    case 'deleverage':
      return { kind: 'deleverage', price: market.adlPrice };
    case 'socialise':
      return { kind: 'socialise' };
    case 'nobody':
      return { kind: 'wait', until: market.now + NOBODY_YET };
  }
}
