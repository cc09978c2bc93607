import { describe, expect, it } from 'vitest';
import type { Ticks } from '../../src/base/units.ts';
import { TimeInForce } from '../../src/market/order.ts';
import { closeAgainstPool } from '../../src/risk/liquidation/close-against-pool.ts';
import { forfeitOrClose } from '../../src/risk/liquidation/forfeit-or-close.ts';
import { BTC, flat } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { distressed, market } from './made-up-risk.ts';

describe('close-against-pool', () => {
  const policy = made(closeAgainstPool, undefined, { retry: '2s' });
  const long = { lots: 10, balance: -900, mark: 80 };

  it('closes everything at once, with no bound but what the venue sets, even under water', () => {
    expect(policy.next(distressed(long), market({ bandLimit: () => 1 }))).toEqual({
      kind: 'order',
      lots: 10,
      limit: 1,
      timeInForce: TimeInForce.IOC,
    });
  });
  it('waits after a closing that did not happen', () => {
    const step = policy.next(distressed({ ...long, lastFilled: 0 }), market());
    expect(step).toEqual({ kind: 'wait', until: 3_000_000 });
  });
});

describe('forfeit-or-close: the two states of GMX V1', () => {
  const policy = made(forfeitOrClose, undefined, { closingFee: '0.1%', reportFee: 5 });
  // c.3: long 48,000 from 60,000 with 1,000: 800 lots of 0.001, ticks of 0.1, money in units of 0.0001.
  const lots = 800;
  const schedule = flat(0.02, BTC);
  const stepAt = (price: number): string => {
    const mark: Ticks = price * 10;
    const account = distressed({ lots, balance: 10_000_000 - lots * 600_000, mark });
    return policy.next(account, market({ mark, schedule, headroom: 1e12 })).kind;
  };

  it('c.3: with leverage alone exceeded (59,950, 59,350) the position is closed and the rest stays with the trader', () => {
    expect([59_950, 59_350, 58_900].map(stepAt)).toEqual(['order', 'order', 'order']);
  });
  it('waits after a closing that did not happen', () => {
    const account = distressed({ lots: 10, balance: -900, mark: 91, lastFilled: 0 });
    expect(
      made(forfeitOrClose, undefined, { reportFee: 0, retry: '3s' }).next(account, market({ mark: 91 })),
    ).toEqual({
      kind: 'wait',
      until: 4_000_000,
    });
  });
  it('c.3: once equity does not pay closing and report, all is forfeited (58,816.25 on the notional at entry)', () => {
    // On the notional at the mark: 0.8 · P − 47,000 < 0.0008 · P + 5, P = 58,815.07.
    expect(47_005 / 0.7992).toBeCloseTo(58_815.07, 2);
    expect([58_815.1, 58_900].map(stepAt)).toEqual(['order', 'order']);
    expect([58_815, 58_500, 40_000].map(stepAt)).toEqual(['take-over', 'take-over', 'take-over']);
  });
});
