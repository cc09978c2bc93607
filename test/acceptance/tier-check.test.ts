import { expect, test } from 'vitest';
import { checkedTiers, checkTier, linearBook } from '../../src/accounts/tier-check.ts';
import type { MarginTable } from '../../src/accounts/margin-table.ts';
import { simulateReplicate } from '../../src/run/simulate.ts';
import { scenarioOf } from './laboratory.ts';

/**
 * Limit 8: the largest position that closes without loss to the fund is 2·D·m·P* on a linear book. One account in the market of the
 * exact limits; the sale of the scenario takes the touch 2 % down, where the account breaks, and its own order finds the rest of the book.
 */
function positionOf(notional: number) {
  return scenarioOf('limits/wave.yaml', [
    'sweep={}',
    'expect=[]',
    'measure.arms=[closed]',
    'agents.book.reach=10%',
    'agents.longs={ kind: threshold-holder, perPercent: 1, from: 1%, to: 2%, notional: ' + notional + ' }',
    'shocks.sale.notional=200k', // 200 000 lots: the bids down to 98 000 ticks
  ]);
}

test('8: positions 2 % below the closed form cost the fund nothing, 2 % above it something', () => {
  const { exchange, contract } = positionOf(1_000);
  const { tiers } = exchange.margin.parameters as { tiers: MarginTable };
  const [tier] = checkedTiers(tiers, contract.price)!;
  // 100 lots of 0.001 at each tick of 0.01: 10 units in each unit of price. It breaks at 2 % below its entry whatever its leverage.
  const law = linearBook({ depth: 10 * 1_000 ** 2, at: 1 });
  const breaksAt = 980;
  const bankruptcy = (1 - tier.maintenanceRate) * (breaksAt / 1_000);
  const { largest, liquidation } = checkTier({ ...tier, maxLeverage: 1 / (1 - bankruptcy) }, law);
  expect(liquidation).toBeCloseTo(0.98, 9);
  expect(largest / breaksAt).toBeCloseTo(2 * 10 * 0.005 * breaksAt, 6);
  for (const [share, isShort] of [
    [0.98, false],
    [1.02, true],
  ] as const) {
    const atEntry = share * (largest / breaksAt) * 1_000;
    const [row] = simulateReplicate(positionOf(atEntry), 0, { keepRisk: true });
    expect(row.metrics.liquidated_accounts).toBe(1);
    expect(row.metrics.fund_used > 0).toBe(isShort);
    expect(row.risk!.tiers).toMatchObject([{ tier: 0, liquidations: 1, short: isShort ? 1 : 0 }]);
    expect(row.risk!.tiers[0].fundPaid).toBe(row.metrics.fund_used);
  }
});
