import { assert } from '../base/check.ts';
import { SECOND } from '../base/units.ts';
import type { Money, Ticks } from '../base/units.ts';
import { quoteFromMoney } from '../market/contract.ts';
import type { World } from '../world/world.ts';
import { keeperMetrics } from './keeper-metrics.ts';
import type { MetricRow } from './metrics.ts';

/** Reduces a finished run to its row of metrics. */
export function measure(world: World): MetricRow {
  const { recorder, contract, exchange, kernel } = world;
  const { baseline } = recorder;
  assert(baseline !== undefined, 'the measurement never began');
  const basisPoints = (from: Ticks, to: Ticks): number => ((from - to) / baseline.mid) * 10_000;
  const quote = (money: Money): number => quoteFromMoney(contract, money);
  const depthRecovered = Number.isNaN(recorder.depthRecoveredAt) ? kernel.now : recorder.depthRecoveredAt;
  const fundUsed = quote(recorder.fundOut);
  const fundMinimum = quote(recorder.fundMinimum);
  return {
    drawdown: basisPoints(baseline.mid, recorder.lowestMid),
    mark_drawdown: basisPoints(baseline.mark, recorder.lowestMark),
    index_drawdown: basisPoints(baseline.index, recorder.lowestIndex),
    runup: basisPoints(recorder.highestMid, baseline.mid),
    drawdown_at: (recorder.lowestMidAt - baseline.time) / SECOND,
    end_return: basisPoints(recorder.localPrice(), baseline.mid),
    dislocation: recorder.largestDislocation * 10_000,
    liquidated_accounts: recorder.liquidations,
    forced_notional: quote(recorder.forcedValue),
    largest_generation: recorder.largestGeneration,
    false_liquidations: recorder.falseLiquidations,
    late_liquidations: recorder.lateLiquidations,
    voluntary_notional: quote(recorder.voluntaryValue),
    fund_used: fundUsed,
    fund_gained: quote(recorder.fundIn),
    fund_minimum: fundMinimum,
    adl_notional: quote(recorder.adlValue),
    adl_accounts: recorder.deleveragedAccounts.size,
    socialised_loss: quote(recorder.socialisedLoss),
    uncovered_loss: quote(recorder.uncoveredLoss),
    ruin: fundMinimum <= 0 || recorder.adlValue > 0 || recorder.socialisedLoss > 0 ? 1 : 0,
    depth_before: quote(baseline.bidDepth),
    depth_minimum: quote(recorder.depthMinimum),
    depth_recovery: (depthRecovered - recorder.depthMinimumAt) / SECOND,
    open_interest_change: exchange.accounts.openInterest / baseline.openInterest - 1,
    traded_notional: quote(recorder.tradedValue),
    funding_paid: quote(recorder.fundingPaid),
    ...poolMetrics(world),
    ...keeperMetrics(world),
    events: kernel.processed,
  };
}

type PoolMetric =
  | 'lp_pnl'
  | 'lp_against_holding'
  | 'pool_insolvency'
  | 'pool_adl_notional'
  | 'pool_keeper_fees'
  | 'pool_impact'
  | 'pool_refused'
  | 'borrow_paid';

/** Zero throughout when there is no pool. */
function poolMetrics({ pool: exchange, contract }: World): Pick<MetricRow, PoolMetric> {
  const quote = (money: Money | undefined): number => quoteFromMoney(contract, money ?? 0);
  const statement = exchange?.statement;
  const mark = exchange?.mark ?? NaN;
  return {
    lp_pnl: quote(statement?.profit(mark)),
    lp_against_holding: quote(statement?.againstHolding(mark)),
    pool_insolvency: quote(statement?.insolvency),
    pool_adl_notional: quote(statement?.deleveraged),
    pool_keeper_fees: quote(statement?.keeperFees),
    pool_impact: quote(exchange?.pool.impactPool),
    pool_refused: quote(statement?.refused),
    borrow_paid: quote(statement?.borrowed),
  };
}
