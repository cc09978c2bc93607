import { duration, money, share, variant } from '../../base/parameters.ts';
import { ppmOfRoundedUp, PPM } from '../../base/units.ts';
import { moneyFromQuote, notionalOf } from '../../market/contract.ts';
import { TimeInForce } from '../../market/order.ts';
import { closingSide, lastResort } from './liquidation-policy.ts';
import type { LiquidationPolicy } from './liquidation-policy.ts';

/**
 * GMX V1's two states. An account whose equity no longer pays the fees of closing it and of whoever reports it loses everything: position and
 * collateral go to the pool, which pays the report. One that breaks the cap on leverage alone is closed as by an ordinary order
 * and keeps what is left. A closing that did not happen (an oracle too old) is tried again after a pause.
 * Fees are reckoned on the notional at the mark, where the venue takes the notional at entry.
 */
export const forfeitOrClose = variant({
  name: 'forfeit-or-close',
  about: 'Everything is forfeited once equity does not pay the fees; before that, an ordinary closing.',
  source: 'gmx-io/gmx-contracts fe55c4ba, Vault.sol and VaultUtils.sol, validateLiquidation',
  parameters: {
    closingFee: share({ default: '0.1%', min: 0, max: '10%', about: 'fee of closing, on the notional' }),
    reportFee: money({ default: 5, min: 0, about: 'fixed fee of the report (unverified)' }),
    retry: duration({ default: '1s', min: '1ms', about: 'pause after a closing that did not happen' }),
  },
  create: ({ closingFee, reportFee, retry }): LiquidationPolicy => ({
    next(account, market) {
      const { contract } = market.schedule;
      const closing = ppmOfRoundedUp(
        notionalOf(contract, account.lots, market.mark),
        Math.round(closingFee * PPM),
      );
      if (account.equity < closing + moneyFromQuote(contract, reportFee)) return lastResort(account, market);
      if (account.lastFilled === 0) return { kind: 'wait', until: market.now + retry };
      const side = closingSide(account.lots);
      return {
        kind: 'order',
        lots: Math.abs(account.lots),
        limit: market.bandLimit(side),
        timeInForce: TimeInForce.IOC,
      };
    },
  }),
});
