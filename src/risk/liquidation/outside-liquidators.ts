import { maintenanceMargin } from '../../accounts/margin.ts';
import { duration, money, share, variant } from '../../base/parameters.ts';
import { PPM, SECOND } from '../../base/units.ts';
import type { Lots } from '../../base/units.ts';
import { moneyFromQuote, notionalOf } from '../../market/contract.ts';
import type {
  Distressed,
  LiquidationPolicy,
  LiquidationPolicyParts,
  LiquidationView,
} from './liquidation-policy.ts';

/**
 * Drift's procedure: liquidators from outside take a part of the position over at the oracle price (use a mark that is the index),
 * just enough to restore maintenance margin plus a buffer, and no more of that than a ramp in time allows. They are paid a
 * fee, which grows after a grace time; the insurance fund is paid `exchange.liquidation.fee`. An account under water is taken over whole,
 * and what it owes goes down the waterfall: fund first, then `losses: open-interest` is Drift's way of socialising.
 *
 * The liquidators are the backstop here: their pooled capital, which they unwind in the book. They take nothing over when it
 * is used up. Slots are 0.4 s. Drift also breaks an account where its margin plus buffer gives out; here it breaks at maintenance.
 */
export const outsideLiquidators = variant({
  name: 'outside-liquidators',
  about:
    'Liquidators take over at the mark, for a fee, as much as restores the margin, more and more in time.',
  source: 'Drift protocol-v2, math/liquidation.rs, 2026-04-01',
  parameters: {
    buffer: share({
      default: '2%',
      min: '0%',
      max: '100%',
      about: 'margin restored above maintenance, of the notional',
    }),
    reward: share({
      default: '1%',
      min: '0%',
      max: '50%',
      about: 'share of the value paid to the liquidator',
    }),
    grace: duration({ default: '10m', about: 'time after which that begins to grow' }),
    rewardGrowth: share({ default: '0.025bp', min: '0%', about: 'growth of it a second' }),
    initial: share({
      default: '10%',
      above: '0%',
      max: '100%',
      about: 'share of the need that may be taken over at once',
    }),
    ramp: duration({ default: '60s', min: '1ms', about: 'time until all of it may' }),
    smallest: money({ default: 50, about: 'shortage below which all of the need is taken over' }),
    every: duration({ default: '400ms', min: '1ms', about: 'time between two take-overs' }),
  },
  create(parameters, { contract }: LiquidationPolicyParts): LiquidationPolicy {
    const { buffer, reward: atFirst, grace, rewardGrowth, initial, ramp, every } = parameters;
    const smallest = moneyFromQuote(contract, parameters.smallest);
    return {
      needsBackstop: true,
      next(account, market) {
        const size = Math.abs(account.lots);
        const notBefore = market.now + every;
        if (market.backstopHeadroom() === 0) return { kind: 'wait', until: notBefore };
        const common = { kind: 'take-over', by: 'backstop', price: 'mark', notBefore } as const;
        if (account.equity <= 0) return { ...common, lots: size };
        const elapsed = market.now - account.since;
        const reward = atFirst + (rewardGrowth * Math.max(0, elapsed - grace)) / SECOND;
        const need = baseToClose(account, market, { buffer, reward });
        const allowed = need.shortage < smallest ? 1 : Math.min(1, elapsed / ramp + initial);
        return { ...common, reward, lots: Math.min(size, Math.max(1, Math.ceil(need.lots * allowed))) };
      },
    };
  },
});

/**
 * `shortage / (price · (MR − f_liq) − price · f_IF)` lots restore the margin when each costs both fees; the whole position when none do.
 * MR is the margin ratio with the buffer.
 */
export function baseToClose(
  account: Distressed,
  market: Pick<LiquidationView, 'mark' | 'schedule' | 'liquidationFee'>,
  { buffer, reward }: { readonly buffer: number; readonly reward: number },
): { readonly shortage: number; readonly lots: Lots } {
  const size = Math.abs(account.lots);
  const notional = notionalOf(market.schedule.contract, size, market.mark);
  const margin = maintenanceMargin(market.schedule, notional, size) + buffer * notional;
  const shortage = margin + account.otherMaintenance - account.equity;
  const freed = margin - notional * (reward + market.liquidationFee / PPM);
  return { shortage, lots: freed > 0 ? size * Math.min(1, shortage / freed) : size };
}
