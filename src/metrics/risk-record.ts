import { SECOND } from '../base/units.ts';
import type { Money } from '../base/units.ts';
import { quoteFromMoney } from '../market/contract.ts';
import type { Market } from '../world/market.ts';
import type { World } from '../world/world.ts';

/** What the accounts of one margin tier, by their notional when they broke, paid in and cost in one run; quote currency. */
export interface TierRecord {
  /** Index of the contract, in the order of the scenario. */
  readonly contract: number;
  /** The first is 0. */
  readonly tier: number;
  readonly liquidations: number;
  readonly notional: number;
  /** Fees and surplus that the fund received. */
  readonly paidIn: number;
  /** Paid by the fund. */
  readonly fundPaid: number;
  /** Lost by deleveraged winners against the mark, shared by others, or left as a debt. */
  readonly othersPaid: number;
  /** Notional that the fund took over. */
  readonly takenOver: number;
  /** Liquidations that cost the fund or others anything. */
  readonly short: number;
  /** Notional of the largest liquidation that cost nobody anything, and of the smallest that did; 0 for none. */
  readonly largestCovered: number;
  readonly smallestShort: number;
}

/** What a risk team asks of one run beyond its metrics, in a size that does not grow with the run. */
export interface RiskRecord {
  /** Tiers in which something was liquidated since the measurement began. */
  readonly tiers: readonly TierRecord[];
  /**
   * What the positions that the fund took over came to after it had them: the change of its equity without what accounts paid in and
   * were paid, less what winners lost by being deleveraged against it. Rewards that the fund paid to keepers are in it.
   */
  readonly fundPositions: number;
  /** Equity of the fund at the mark, at equal steps from the beginning of the measurement to the end. */
  readonly fund: { readonly seconds: readonly number[]; readonly equity: readonly number[] };
}

/** Points of the fund's path at most. */
const FUND_POINTS = 61;

/** The record of a finished run whose samples were kept. */
export function riskRecord(world: World): RiskRecord {
  const { recorder, exchange, fund, contract, markets } = world;
  const quote = (money: Money): number => quoteFromMoney(contract, money);
  const sum = (of: (market: Market) => Money): Money => markets.reduce((all, market) => all + of(market), 0);
  const { fundEquity } = recorder.baseline!;
  const flows = sum((market) => market.recorder.fundIn - market.recorder.fundOut);
  const lostByWinners = sum((market) => market.recorder.fundPositionsLoss);
  return {
    tiers: markets.flatMap(tiersOf),
    fundPositions: quote(
      exchange.accounts.equity(fund.account, exchange.mark) - fundEquity - flows - lostByWinners,
    ),
    fund: fundPath(world),
  };
}

function tiersOf({ recorder, contract }: Market, index: number): TierRecord[] {
  const lines = recorder.liquidationLines.table();
  const quote = (money: Money): number => quoteFromMoney(contract, money);
  const tiers = new Map<number, TierRecord>();
  for (let line = 0; line < lines.time_s.length; line++) {
    if (lines.time_s[line] * SECOND < recorder.baseline!.time) continue;
    const tier = lines.tier[line];
    const notional = quote(lines.notional[line]);
    const cost = lines.fund_paid[line] + lines.others_paid[line];
    const before = tiers.get(tier) ?? nothingIn(index, tier);
    tiers.set(tier, {
      ...before,
      liquidations: before.liquidations + 1,
      notional: before.notional + notional,
      paidIn: before.paidIn + quote(lines.paid_in[line]),
      fundPaid: before.fundPaid + quote(lines.fund_paid[line]),
      othersPaid: before.othersPaid + quote(lines.others_paid[line]),
      takenOver: before.takenOver + quote(lines.taken_over[line]),
      ...(cost > 0
        ? {
            short: before.short + 1,
            smallestShort: before.short === 0 ? notional : Math.min(before.smallestShort, notional),
          }
        : { largestCovered: Math.max(before.largestCovered, notional) }),
    });
  }
  return [...tiers.values()].sort((a, b) => a.tier - b.tier);
}

function nothingIn(contract: number, tier: number): TierRecord {
  return {
    contract,
    tier,
    liquidations: 0,
    notional: 0,
    paidIn: 0,
    fundPaid: 0,
    othersPaid: 0,
    takenOver: 0,
    short: 0,
    largestCovered: 0,
    smallestShort: 0,
  };
}

/** Every so many seconds, beginning with the last sample before the measurement. */
function fundPath({ recorder, contract }: World): RiskRecord['fund'] {
  const { time_s: times, fund_equity: equity } = recorder.paths.table();
  const begin = recorder.baseline!.time / SECOND;
  const first = Math.max(
    0,
    times.findLastIndex((time) => time <= begin),
  );
  const steps = times.length - 1 - first;
  const points = Math.min(FUND_POINTS, steps + 1);
  const at = Array.from({ length: points }, (_, i) =>
    points === 1 ? first : first + Math.round((i * steps) / (points - 1)),
  );
  return {
    seconds: at.map((sample) => times[sample] - begin),
    equity: at.map((sample) => quoteFromMoney(contract, equity[sample])),
  };
}
