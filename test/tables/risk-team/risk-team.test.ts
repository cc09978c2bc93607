import { describe, expect, it } from 'vitest';
import type { TierRecord } from '../../../src/metrics/risk-record.ts';
import type { MetricRow } from '../../../src/metrics/metrics.ts';
import type { TaskResult } from '../../../src/run/results.ts';
import {
  fundNeeds,
  fundSize,
  replicatesForBound,
  ruinWith,
} from '../../../src/tables/risk-team/fund-size.ts';
import { reverseStress, shareAt } from '../../../src/tables/risk-team/reverse-stress.ts';
import { stressDifference, stressOf } from '../../../src/tables/risk-team/stress.ts';

interface MadeUp {
  readonly metrics?: Partial<MetricRow>;
  readonly tiers?: readonly Partial<TierRecord>[];
  readonly fundPositions?: number;
}

function replicate(replicate: number, { metrics, tiers = [], fundPositions = 0 }: MadeUp): TaskResult {
  const nothing = {
    contract: 0,
    tier: 0,
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
  const row = {
    fund_minimum: 1,
    adl_notional: 0,
    ruin: 0,
    fund_used: 0,
    fund_gained: 0,
    depth_before: 10,
    depth_minimum: 5,
    ...metrics,
  };
  return {
    task: { cell: 0, replicate },
    rows: [
      {
        arm: 'closed',
        metrics: row as MetricRow,
        fingerprint: '',
        prefixFingerprint: '',
        risk: {
          tiers: tiers.map((tier) => ({ ...nothing, ...tier })),
          fundPositions,
          fund: { seconds: [0], equity: [1] },
        },
      },
    ],
  };
}

describe('losses by tier', () => {
  it('are what a tier pays in, less its costs and its part of what the fund made of positions', () => {
    const tiers = [
      {
        tier: 1,
        liquidations: 4,
        paidIn: 10,
        fundPaid: 3,
        othersPaid: 2,
        takenOver: 300,
        short: 1,
        smallestShort: 7,
      },
      { tier: 0, liquidations: 1, paidIn: 1, takenOver: 100, largestCovered: 9 },
    ];
    const { tiers: losses } = stressOf([0, 1].map((n) => replicate(n, { tiers, fundPositions: -8 })));
    expect(losses.map(({ tier, net, fundPositions }) => [tier, net.estimate, fundPositions])).toEqual([
      [0, 1 - 2, -2],
      [1, 10 - 3 - 2 - 6, -6],
    ]);
    expect(losses.map(({ largestCovered, smallestShort }) => [largestCovered, smallestShort])).toEqual([
      [9, 0],
      [0, 7],
    ]);
    expect(losses[1].short.estimate).toBe(0.25);
  });

  it('have replicates without any in their means, and a verdict by the interval', () => {
    const paying = (fundPaid: number) => [{ paidIn: 1, fundPaid, liquidations: 1 }];
    const rows = [11, 13, 12, 12].map((fundPaid, n) => replicate(n, { tiers: paying(fundPaid) }));
    expect(stressOf(rows).tiers[0].verdict).toBe('less');
    // −10, −12, −11, −11 and 0: mean −8.8, sd 4.97, t(4) = 2.776.
    const { net, liquidations } = stressOf([...rows, replicate(4, {})]).tiers[0];
    expect([net.estimate, liquidations]).toEqual([-8.8, 0.8]);
    expect(net.high).toBeCloseTo(-8.8 + (2.776445 * 4.969909) / Math.sqrt(5), 4);
    expect(
      stressOf([replicate(0, { tiers: paying(0) }), replicate(1, { tiers: paying(2) })]).tiers[0].verdict,
    ).toBe('open');
  });
});

it('chances are counted, and differences are of pairs', () => {
  const worse = [0, 0, 1, 1].map((ruin, n) =>
    replicate(n, { metrics: { ruin, adl_notional: ruin * 5, fund_used: 2 * n + 1, fund_minimum: n } }),
  );
  const better = [0, 0, 0, 1].map((ruin, n) => replicate(n, { metrics: { ruin, fund_used: 2 * n } }));
  const { exhausted, adl, ruin } = stressOf(worse);
  expect([exhausted.estimate, adl.estimate, ruin.estimate]).toEqual([0.25, 0.5, 0.5]);
  const difference = stressDifference(worse, better);
  expect([difference.fundUsed.estimate, difference.fundUsed.low, difference.fundUsed.high]).toEqual([
    1, 1, 1,
  ]);
  expect(difference.ruin.estimate).toBe(0.25);
  // Of 4 pairs none differs.
  expect(stressDifference(worse, worse).ruin).toMatchObject({ estimate: 0, low: -0.75, high: 0.75 });
});

describe('the size of a fund', () => {
  const rows = [100, 40, 90, 95, 99].map((fund_minimum) => ({
    metrics: { ruin: 0, fund_minimum } as MetricRow,
  }));
  const needs = fundNeeds(rows, 100);

  it('is the need that at most the share asked for exceeds', () => {
    expect([...needs]).toEqual([0, 60, 10, 5, 1]);
    expect(fundSize(needs, 0.2).estimate).toBe(10);
    expect(fundSize(needs, 0.19).estimate).toBe(60);
    expect(fundSize(needs, 0.4).estimate).toBe(5);
    expect(ruinWith(needs, 10).estimate).toBe(0.4);
    expect(ruinWith(needs, 10.1).estimate).toBe(0.2);
  });

  it('is infinite where winners paid whatever the fund', () => {
    const size = fundSize(
      fundNeeds([...rows, { metrics: { ruin: 1, fund_minimum: 50 } as MetricRow }], 100),
      0.1,
    );
    expect([size.estimate, size.hopeless]).toEqual([Infinity, 1]);
  });

  it('has an upper end from as many replicates as the bound says', () => {
    for (const ruin of [0.01, 0.05, 0.1]) {
      const n = replicatesForBound(ruin);
      const of = (count: number) =>
        fundSize(
          Float64Array.from({ length: count }, (_, i) => i),
          ruin,
        ).high;
      expect([of(n - 1), Number.isFinite(of(n))]).toEqual([Infinity, true]);
    }
  });
});

describe('reverse stress', () => {
  const thresholds = [0, 1, 1, 2, 3, 3, 4, 5, 5, 5].map((at) => ({ at, isReversed: false }));

  it('is the level that the share asked for has behind it', () => {
    const at = (probability: number) => reverseStress(thresholds, { probability, levels: 5 }).at;
    expect([0.1, 0.11, 0.3, 0.4, 0.7].map(at)).toEqual([0, 1, 1, 2, 4]);
    expect(at(0.71)).toBe(5);
    expect([0, 1, 2, 3, 4].map((level) => shareAt(thresholds, level))).toEqual([0.1, 0.3, 0.4, 0.6, 0.7]);
  });

  it('has an interval one level wider below, and open where the sample is too small', () => {
    // Binomial(10, ½): ranks 2 and 9 leave 1.07 % each way.
    expect(reverseStress(thresholds, { probability: 0.5, levels: 5 })).toMatchObject({ low: 0, high: 5 });
    expect(reverseStress(thresholds, { probability: 0.1, levels: 5 }).low).toBe(-1);
  });
});
