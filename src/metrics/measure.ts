import { assert } from '../base/check.ts';
import { SECOND } from '../base/units.ts';
import type { Money, Ticks } from '../base/units.ts';
import { quoteFromMoney } from '../market/contract.ts';
import type { Recorder } from '../world/recorder.ts';
import type { World } from '../world/world.ts';
import { genealogyOf, setOff } from './genealogy.ts';
import { keeperMetrics } from './keeper-metrics.ts';
import type { MetricRow } from './metrics.ts';
import { warningSigns } from './warning-signs.ts';

/**
 * Reduces a finished run to its row of metrics. Of an exchange with several contracts, prices, depth and open interest are those of
 * the first; counts and amounts are sums over all of them.
 */
export function measure(world: World): MetricRow {
  const { recorder, contract, exchange, kernel } = world;
  const recorders = world.markets.map((market) => market.recorder);
  const sum = (of: (one: Recorder) => number): number => recorders.reduce((all, one) => all + of(one), 0);
  const genealogy = genealogyOf(world);
  const { baseline } = recorder;
  assert(baseline !== undefined, 'the measurement never began');
  const basisPoints = (from: Ticks, to: Ticks): number => ((from - to) / baseline.mid) * 10_000;
  const quote = (money: Money): number => quoteFromMoney(contract, money);
  const depthRecovered = Number.isNaN(recorder.depthRecoveredAt) ? kernel.now : recorder.depthRecoveredAt;
  const fundUsed = quote(sum((one) => one.fundOut));
  const fundMinimum = quote(Math.min(...recorders.map((one) => one.fundMinimum)));
  const adlValue = sum((one) => one.adlValue);
  const socialised = sum((one) => one.socialisedLoss);
  const uncovered = sum((one) => one.uncoveredLoss);
  // A venue without a fund cannot exhaust it.
  const isExhausted = world.scenario.exchange.insuranceFund.balance > 0 && fundMinimum <= 0;
  return {
    drawdown: basisPoints(baseline.mid, recorder.lowestMid),
    mark_drawdown: basisPoints(baseline.mark, recorder.lowestMark),
    index_drawdown: basisPoints(baseline.index, recorder.lowestIndex),
    runup: basisPoints(recorder.highestMid, baseline.mid),
    drawdown_at: (recorder.lowestMidAt - baseline.time) / SECOND,
    end_return: basisPoints(recorder.localPrice(), baseline.mid),
    dislocation: recorder.largestDislocation * 10_000,
    liquidated_accounts: sum((one) => one.liquidations),
    forced_notional: quote(sum((one) => one.forcedValue)),
    set_off_liquidations: setOff(genealogy),
    largest_generation: genealogy.liquidations.length,
    largest_cluster: genealogy.clusters.at(-1)?.[0] ?? 0,
    false_liquidations: sum((one) => one.falseLiquidations),
    late_liquidations: sum((one) => one.lateLiquidations),
    voluntary_notional: quote(sum((one) => one.voluntaryValue)),
    fund_used: fundUsed,
    fund_gained: quote(sum((one) => one.fundIn)),
    fund_minimum: fundMinimum,
    adl_notional: quote(adlValue),
    adl_accounts: new Set(recorders.flatMap((one) => [...one.deleveragedAccounts])).size,
    socialised_loss: quote(socialised),
    uncovered_loss: quote(uncovered),
    ruin: isExhausted || adlValue > 0 || socialised > 0 || uncovered > 0 ? 1 : 0,
    ...warningSigns(world),
    depth_before: quote(baseline.bidDepth),
    depth_minimum: quote(recorder.depthMinimum),
    depth_recovery: (depthRecovered - recorder.depthMinimumAt) / SECOND,
    open_interest_change: exchange.accounts.openInterest / baseline.openInterest - 1,
    traded_notional: quote(sum((one) => one.tradedValue)),
    funding_paid: quote(sum((one) => one.fundingPaid)),
    contagion: world.contagion.spectralRadius(),
    ...collateralMetrics(world),
    ...poolMetrics(world),
    ...keeperMetrics(world),
    halts: sum((one) => one.halts),
    events: kernel.processed,
  };
}

type CollateralMetric =
  'collateral_drawdown' | 'collateral_liquidations' | 'collateral_forced_notional' | 'collateral_seized';

/** Zero throughout when nothing but money backs positions. */
function collateralMetrics({
  collateralStatement: statement,
  contract,
}: World): Pick<MetricRow, CollateralMetric> {
  const quote = (money: Money | undefined): number => quoteFromMoney(contract, money ?? 0);
  return {
    collateral_drawdown: (statement?.fall ?? 0) * 10_000,
    collateral_liquidations: statement?.liquidations ?? 0,
    collateral_forced_notional: quote(statement?.forced),
    collateral_seized: quote(statement?.seized),
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
