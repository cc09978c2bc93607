import { SECOND } from '../base/units.ts';
import type { Money } from '../base/units.ts';
import { quoteFromMoney } from '../market/contract.ts';
import type { World } from '../world/world.ts';
import { quantileOf } from './estimates/quantile.ts';
import type { MetricRow } from './metrics.ts';

type KeeperMetric =
  | 'lateness_mean'
  | 'lateness_median'
  | 'lateness_p95'
  | 'lateness_loss'
  | 'lateness_bad_debt'
  | 'keeper_steps'
  | 'keeper_top_share'
  | 'keeper_rewards'
  | 'keeper_costs';

/** An account between the mark that broke it and its first step. */
interface Wait {
  readonly seconds: number;
  /** At the mark that broke it. */
  readonly before: Money;
  /** At the mark of its first step. */
  readonly after: Money;
}

/**
 * How long accounts waited, what that cost, and who took the steps. Accounts whose margin came back before anybody came are left
 * out; those that still wait are counted as if somebody came at the end, so that their waits are too short.
 */
export function keeperMetrics(world: World): Pick<MetricRow, KeeperMetric> {
  const { recorder, contract } = world;
  const quote = (money: Money): number => quoteFromMoney(contract, money);
  const waits = waitsOf(world);
  const seconds = Float64Array.from(waits, (wait) => wait.seconds).sort();
  const steps = [...recorder.stepsBy.values()];
  const allSteps = sum(steps);
  return {
    lateness_mean: waits.length === 0 ? 0 : sum(seconds) / waits.length,
    lateness_median: waits.length === 0 ? 0 : quantileOf(seconds, 0.5),
    lateness_p95: waits.length === 0 ? 0 : quantileOf(seconds, 0.95),
    lateness_loss: quote(sum(waits.map(({ before, after }) => before - after))),
    lateness_bad_debt: quote(
      sum(waits.map(({ before, after }) => Math.max(0, -after) - Math.max(0, -before))),
    ),
    keeper_steps: allSteps,
    keeper_top_share: allSteps === 0 ? 0 : Math.max(...steps) / allSteps,
    keeper_rewards: quote(recorder.keeperRewards),
    keeper_costs: quote(recorder.keeperCosts),
  };
}

/** Of the accounts that broke since the measurement began. */
function waitsOf({ recorder, exchange, kernel }: World): Wait[] {
  const lines = recorder.liquidationLines.table();
  const waits: Wait[] = [];
  for (let line = 0; line < lines.time_s.length; line++) {
    const since = lines.time_s[line];
    if (since * SECOND < recorder.baseline!.time) continue;
    const before = lines.equity[line];
    if (!Number.isNaN(lines.first_step_s[line]))
      waits.push({ seconds: lines.first_step_s[line] - since, before, after: lines.first_step_equity[line] });
    else if (Number.isNaN(lines.ended_s[line])) {
      const account = lines.account[line];
      const after = exchange.accounts.equity(account, exchange.markOf(account));
      waits.push({ seconds: kernel.now / SECOND - since, before, after });
    }
  }
  return waits;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
