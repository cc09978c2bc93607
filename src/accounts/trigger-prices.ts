import { PPM } from '../base/units.ts';
import type { Lots, Money, Side, Ticks } from '../base/units.ts';
import { triggerPrice } from './margin.ts';
import type { MarginSchedule } from './margin.ts';

/** Numbers a tier takes in a table of tiers. */
const STRIDE = 5;
/** Products of lots and ticks below this are exact, and so are the sums with a balance. */
const EXACT: Money = 2 ** 52;
/** How near to a whole tick a solution is not trusted, as a share of it; 1000 times the error of its computation. */
const DOUBT = 2 ** -40;

/**
 * `triggerPrice` of margin.ts for one schedule, without asking it in nearly all cases.
 *
 * With `side` ±1 and `owed = −side · balance`, equity equals maintenance margin in tier k at the notional
 * `(owed − side · deduction_k) / (1 − side · rate_k)`, whatever the size. So the tier is found by comparing `owed`
 * with numbers known beforehand, and the price is one division away.
 *
 * The tick below or above that price is the answer without further question when (1) both neighbouring ticks lie in
 * tier k, where equity less margin is a straight line that is zero at the price, and (2) neither is nearer to it than a
 * 2⁻⁴⁰th of the price. With rates up to one half, the price is computed with a relative error below 2⁻⁵⁰, and what
 * `isDistressed` computes is off by less than 2⁻⁵¹ of the notional, while at both ticks it is above
 * 2⁻⁴² of it: the condition itself would say the same. Everything else is left to `triggerPrice`.
 */
export class TriggerPrices {
  private readonly schedule: MarginSchedule;
  /** What the short cut is for: tiers by notional of a linear contract. A notional in the coin is no straight line in the price. */
  private readonly isMarginalLinear: boolean;
  private readonly longs: Float64Array;
  private readonly shorts: Float64Array;

  constructor(schedule: MarginSchedule) {
    this.schedule = schedule;
    this.isMarginalLinear = !schedule.bySize && !schedule.contract.isInverse;
    this.longs = tiersOf(schedule, 1);
    this.shorts = tiersOf(schedule, -1);
  }

  /** The first whole tick at which an account with a position is distressed; 0 for a long that never is. */
  of(balance: Money, lots: Lots): Ticks {
    if (!this.isMarginalLinear) return triggerPrice(this.schedule, balance, lots);
    const isLong = lots > 0;
    const owed = isLong ? -balance : balance;
    // A long that has not borrowed: its equity is above its notional at every price.
    if (isLong && owed < 0) return 0;
    const size = Math.abs(lots);
    const tiers = isLong ? this.longs : this.shorts;
    let k = 0;
    while (owed > tiers[k]) k += STRIDE;
    const price = ((owed - tiers[k + 1]) * tiers[k + 2]) / size;
    const below = Math.floor(price);
    const part = price - below;
    const doubt = price * DOUBT;
    if (part > doubt && 1 - part > doubt && size * below > tiers[k + 3] && size * (below + 1) <= tiers[k + 4])
      return isLong ? below : below + 1;
    return triggerPrice(this.schedule, balance, lots);
  }
}

/**
 * tiers[5·k]: most that is owed in tier k; [5·k + 1]: side · deduction; [5·k + 2]: 1 / (1 − side · rate); [5·k + 3] and
 * [5·k + 4]: the notional is above the one and at most the other. No notional is when the rate is above one half.
 */
function tiersOf({ cap, rate, deduction }: MarginSchedule, side: Side): Float64Array {
  const tiers = new Float64Array(STRIDE * cap.length);
  for (let k = 0; k < cap.length; k++) {
    const share = 1 - (side * rate[k]) / PPM;
    const shift = side * deduction[k];
    const isTrusted = rate[k] <= PPM / 2;
    tiers.set(
      [
        cap[k] * share + shift,
        shift,
        1 / share,
        k === 0 ? -1 : cap[k - 1],
        isTrusted ? Math.min(cap[k], EXACT) : -1,
      ],
      STRIDE * k,
    );
  }
  return tiers;
}
