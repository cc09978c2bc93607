import { LEVEL } from '../../metrics/estimates/estimate.ts';
import type { Estimate } from '../../metrics/estimates/estimate.ts';
import { meanWithInterval } from '../../metrics/estimates/mean.ts';
import { ratioOfMeans } from '../../metrics/estimates/ratio-of-means.ts';
import type { RiskRecord, TierRecord } from '../../metrics/risk-record.ts';
import type { ClosedRow } from './closed-rows.ts';

/** The records of one tier over all replicates: means a replicate, the extremes of all. */
export interface TierLosses extends Omit<TierRecord, 'short' | 'takenOver'> {
  /** The tier's part of what the fund's positions came to, by the notional that the fund took over. */
  readonly fundPositions: number;
  /** Paid in less all costs, replicate by replicate, with Student's t interval. */
  readonly net: Estimate;
  /** By the interval of `net`: pays in less than it costs, more, or neither can be said. */
  readonly verdict: 'less' | 'more' | 'open';
  /** Share of its liquidations that cost somebody something: a ratio of means, with Fieller's interval. */
  readonly short: Estimate;
}

/** Every tier in which something was liquidated in some replicate. */
export function tierLosses(rows: readonly ClosedRow[], level = LEVEL): TierLosses[] {
  const keys = new Map<string, Pick<TierRecord, 'contract' | 'tier'>>();
  for (const { risk } of rows)
    for (const { contract, tier } of risk.tiers) keys.set(`${contract}/${tier}`, { contract, tier });
  return [...keys.values()]
    .sort((a, b) => a.contract - b.contract || a.tier - b.tier)
    .map((key) => lossesOf(key, rows, level));
}

function lossesOf(
  { contract, tier }: Pick<TierRecord, 'contract' | 'tier'>,
  rows: readonly ClosedRow[],
  level: number,
): TierLosses {
  const own = rows.map(({ risk }) =>
    risk.tiers.find((record) => record.contract === contract && record.tier === tier),
  );
  const column = (field: Exclude<keyof TierRecord, 'contract' | 'tier'>): Float64Array =>
    Float64Array.from(own, (record) => record?.[field] ?? 0);
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / rows.length;
  const positions = Float64Array.from(own, (record, i) => partOfPositions(record, rows[i].risk));
  const net = meanWithInterval(
    Float64Array.from(own, (record, i) =>
      record === undefined ? 0 : record.paidIn - record.fundPaid - record.othersPaid + positions[i],
    ),
    level,
  );
  const [short, liquidations] = [column('short'), column('liquidations')];
  const share = ratioOfMeans(short, liquidations, level);
  return {
    contract,
    tier,
    liquidations: mean(liquidations),
    notional: mean(column('notional')),
    paidIn: mean(column('paidIn')),
    fundPaid: mean(column('fundPaid')),
    othersPaid: mean(column('othersPaid')),
    fundPositions: mean(positions),
    net,
    verdict: net.high < 0 ? 'less' : net.low > 0 ? 'more' : 'open',
    short: {
      estimate: share.estimate,
      n: share.n,
      level,
      low: Math.max(0, share.fieller.low),
      high: Math.min(1, share.fieller.high),
    },
    largestCovered: Math.max(...column('largestCovered')),
    smallestShort: smallest(column('smallestShort')),
  };
}

/** Nobody knows which account's lots an order of the fund sold: its positions are one, and come to what they come to in proportion. */
function partOfPositions(record: TierRecord | undefined, { tiers, fundPositions }: RiskRecord): number {
  const all = tiers.reduce((sum, { takenOver }) => sum + takenOver, 0);
  return record === undefined || all === 0 ? 0 : fundPositions * (record.takenOver / all);
}

function smallest(values: Float64Array): number {
  const some = values.filter((value) => value > 0);
  return some.length === 0 ? 0 : Math.min(...some);
}
