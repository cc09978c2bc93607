import type { Lots, Money } from '../base/units.ts';
import { notionalOf } from '../market/contract.ts';
import { FUEL_REACH } from '../world/fuel.ts';
import type { World } from '../world/world.ts';
import { macd, realisedVolatility, rsi } from './indicators.ts';
import type { MetricName, MetricRow } from './metrics.ts';

/** What could be seen of the first contract before the shock. */
export const WARNING_SIGNS = [
  'funding_before',
  'premium_before',
  'interest_over_depth',
  'breakable_1pct',
  'breakable_5pct',
  'crowding',
  'volatility_before',
  'macd_before',
  'rsi_before',
] as const satisfies readonly MetricName[];

export type WarningSign = (typeof WARNING_SIGNS)[number];

export function warningSigns({ market, recorder, contract }: World): Pick<MetricRow, WarningSign> {
  const baseline = recorder.baseline!;
  const { fuel, fundingRate, bidDepth1, bidDepth5 } = market.before!;
  const over = (depth: Money, lots: Lots): number =>
    depth > 0 ? notionalOf(contract, lots, baseline.mark) / depth : 0;
  const longs = fuel.longsWithin(FUEL_REACH);
  const shorts = fuel.shortsWithin(FUEL_REACH);
  const mids = recorder.midsBefore;
  return {
    funding_before: fundingRate,
    premium_before: (baseline.mid / baseline.index - 1) * 10_000,
    interest_over_depth: over(bidDepth1, baseline.openInterest),
    breakable_1pct: over(bidDepth1, fuel.longsWithin(0.01)),
    breakable_5pct: over(bidDepth5, fuel.longsWithin(0.05)),
    crowding: longs + shorts > 0 ? (longs - shorts) / (longs + shorts) : 0,
    volatility_before: realisedVolatility(mids) * 10_000,
    macd_before: (macd(mids) / baseline.mid) * 10_000,
    rsi_before: rsi(mids),
  };
}
