import { bankruptcyPrice, maintenanceMargin } from '../../accounts/margin.ts';
import { duration, money, real, share, variant } from '../../base/parameters.ts';
import type { Lots, Ticks } from '../../base/units.ts';
import { lotsOfNotional, moneyFromQuote, notionalOf, valueOf } from '../../market/contract.ts';
import { MAX_TICK, TimeInForce } from '../../market/order.ts';
import { closingSide, fundedLimit, lastResort, stricter, wholeTick } from './liquidation-policy.ts';
import type {
  Distressed,
  LiquidationPolicy,
  LiquidationPolicyParts,
  LiquidationView,
} from './liquidation-policy.ts';

/**
 * dYdX v4's procedure: each block an IOC for a part of the position, no worse than the *fillable price*, which falls from the oracle
 * price past the bankruptcy price as the account's collateral runs out. Of what fills better than the bankruptcy price the fund
 * gets up to 1.5 % of the value; what fills worse it pays, up to a limit. When nothing fills the next block tries again; the
 * trigger of the waterfall is asked only when the account is under water besides. An account has one position here, so that
 * the venue's limit of one order a block and position is one order a block. The venue charges no trading fee on these
 * orders; here the taker fee of the contract is charged, and is borne by the surplus. Its limits on liquidations per block for the
 * whole chain are the keepers' business. Values of the genesis of 2023-10-24; governance may have changed them (unverified).
 */
export const fillablePriceSlices = variant({
  name: 'fillable-price-slices',
  about: 'Each block a part of the position, at a limit that concedes more the less collateral is left.',
  source: 'dYdX v4, x/clob/keeper/liquidations.go and genesis of dydx-mainnet-1',
  parameters: {
    bankruptcyAdjustment: real({ default: 1, min: 0, about: 'how fast the limit falls with the collateral' }),
    spreadToMaintenance: real({ default: 1.5, min: 0, about: 'largest concession, in maintenance margins' }),
    surplusFee: share({
      default: '1.5%',
      min: '0%',
      max: '100%',
      about: 'most that the fund gets of the value filled',
    }),
    smallest: money({ default: 1000, about: 'notional that an order has at least' }),
    portion: share({ default: '10%', above: '0%', max: '100%', about: 'share of the position in an order' }),
    largest: money({ default: '100k', above: 0, about: 'notional of an account that a block may liquidate' }),
    fundLoses: money({ default: '1M', about: 'what the fund may lose on an account in a block' }),
    block: duration({ default: '1s', min: '1ms', about: 'time between two blocks' }),
  },
  create(parameters, { contract }: LiquidationPolicyParts): LiquidationPolicy {
    const { portion, surplusFee, block } = parameters;
    const smallest = moneyFromQuote(contract, parameters.smallest);
    const largest = moneyFromQuote(contract, parameters.largest);
    const fundLoses = moneyFromQuote(contract, parameters.fundLoses);

    /** Whole lots, at least one: `min(position, max(min(smallest, N), portion · N), largest)`, and no more than the fund may lose. */
    function sizeOf(account: Distressed, mark: Ticks, limit: Ticks): Lots {
      const size = Math.abs(account.lots);
      const notional = notionalOf(contract, size, mark);
      const wanted = Math.min(Math.max(Math.min(smallest, notional), portion * notional), largest);
      const left = account.balance + valueOf(contract, account.lots, limit);
      const bearable = left < 0 ? Math.floor((size * fundLoses) / -left) : Infinity;
      return Math.max(1, Math.min(size, Math.floor(lotsOfNotional(contract, wanted, mark)), bearable));
    }

    return {
      next(account, market) {
        if (account.lastFilled === 0 && account.equity < 0) {
          const rest = lastResort(account, market);
          if (rest.kind !== 'take-over') return rest;
        }
        const side = closingSide(account.lots);
        const fillable = wholeTick(side, fillablePrice(account, market, parameters));
        // A concession beyond the whole price, or a fund that could give a position away, still leaves a price.
        const worst: Ticks = side === 1 ? MAX_TICK : 1;
        const limit = stricter(side, worst, stricter(side, fillable, fundedLimit(account, market)));
        return {
          kind: 'order',
          lots: sizeOf(account, market.mark, limit),
          limit,
          timeInForce: TimeInForce.IOC,
          surplusFee,
          notBefore: market.now + block,
        };
      },
    };
  },
});

/**
 * `(N − ABR · SMMR · MMR) / size` for a long, above the oracle price for a short, with `ABR = clamp(BA · (1 − equity / MMR), 0, 1)`.
 * Not a whole tick in general.
 */
export function fillablePrice(
  account: Distressed,
  { mark, schedule }: Pick<LiquidationView, 'mark' | 'schedule'>,
  o: { readonly bankruptcyAdjustment: number; readonly spreadToMaintenance: number },
): Ticks {
  const { contract } = schedule;
  const value = valueOf(contract, account.lots, mark);
  const maintenance = maintenanceMargin(schedule, Math.abs(value), account.lots);
  const rating = o.bankruptcyAdjustment * (1 - account.equity / (maintenance + account.otherMaintenance));
  const concession = Math.min(Math.max(rating, 0), 1) * o.spreadToMaintenance * maintenance;
  // Where the position is worth that much less.
  return bankruptcyPrice(concession - value, account.lots, contract);
}
