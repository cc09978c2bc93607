/**
 * The quantities of the engine. All are whole numbers, so that money is exact and every machine agrees.
 *
 * | alias    | unit                                                              |
 * |----------|-------------------------------------------------------------------|
 * | `Micros` | microseconds since the start of the run                           |
 * | `Ticks`  | price, in the contract's smallest price step                      |
 * | `Lots`   | size, in the contract's smallest size step; signed for a position |
 * | `Money`  | tick·lot, what one lot gains by one tick; inverse: unit of the coin |
 * | `Ppm`    | rate, in parts per million                                        |
 */
export type Micros = number;
export type Ticks = number;
export type Lots = number;
export type Money = number;
export type Ppm = number;

/** +1 buys, −1 sells: one formula serves both sides. */
export type Side = 1 | -1;
export const BUY: Side = 1;
export const SELL: Side = -1;

export const MILLISECOND: Micros = 1_000;
export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;
export const DAY: Micros = 24 * HOUR;

export const PPM = 1_000_000;

/** `amount · rate`, rounded towards +∞: what an exchange charges. */
export function ppmOfRoundedUp(amount: Money, rate: Ppm): Money {
  return Math.ceil((amount * rate) / PPM);
}
