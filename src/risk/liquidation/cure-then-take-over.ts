import { variant } from '../../base/parameters.ts';
import { ppmOfRoundedUp } from '../../base/units.ts';
import type { Lots, Money } from '../../base/units.ts';
import { maintenanceMargin } from '../../accounts/margin.ts';
import { valueOf } from '../../market/contract.ts';
import { TimeInForce } from '../../market/order.ts';
import { bankruptcyLimit, closingSide, lastResort } from './liquidation-policy.ts';
import type { Distressed, LiquidationPolicy, LiquidationView } from './liquidation-policy.ts';

/**
 * Binance's procedure: one IOC for as much as makes the account compliant again after the realised loss and the fees,
 * no worse than the bankruptcy price; if it is still not compliant, the fund takes the rest over at that price, and
 * what the fund cannot take is deleveraged. The venue does not publish how it sizes the order: here by the average price the
 * visible book would give.
 */
export const cureThenTakeOver = variant({
  name: 'cure-then-take-over',
  about: 'One IOC large enough to restore the margin, then take-over by the fund at the bankruptcy price.',
  source: 'Binance FAQ, liquidation protocols',
  parameters: {},
  create: (): LiquidationPolicy => ({
    next(account, market) {
      if (account.orders > 0) return lastResort(account, market);
      return {
        kind: 'order',
        lots: smallestCure(account, market),
        limit: bankruptcyLimit(account, market),
        timeInForce: TimeInForce.IOC,
      };
    },
  }),
});

/** Fewest lots whose closing leaves a compliant account; the whole position when no part does. */
export function smallestCure(account: Distressed, market: LiquidationView): Lots {
  const size = Math.abs(account.lots);
  let cure = size;
  let tooFew = 0;
  let end = size;
  // The surplus is concave in the lots closed: each further lot trades at a worse price and frees the margin of a lower tier.
  // So a size that does not cure is too small where the surplus still rises, and too large where it falls.
  while (end - tooFew > 1) {
    const lots = Math.floor((tooFew + end) / 2);
    const surplus = surplusAfter(account, market, lots);
    if (surplus > 0) cure = end = lots;
    else if (surplus >= surplusAfter(account, market, lots - 1)) tooFew = lots;
    else end = lots;
  }
  return cure;
}

/** Equity over maintenance margin once so many lots are closed in the visible book; NaN when it cannot fill them. */
function surplusAfter(account: Distressed, market: LiquidationView, lots: Lots): Money {
  const side = closingSide(account.lots);
  const { contract } = market.schedule;
  const paid = lots === 0 ? 0 : valueOf(contract, side * lots, market.averagePrice(side, lots));
  const traded = Math.abs(paid);
  const fees = ppmOfRoundedUp(traded, market.liquidationFee) + ppmOfRoundedUp(traded, market.takerFee);
  const left = account.lots + side * lots;
  const value = valueOf(contract, left, market.mark);
  const equity = account.balance - paid - fees + value;
  return equity - maintenanceMargin(market.schedule, Math.abs(value), left) - account.otherMaintenance;
}
