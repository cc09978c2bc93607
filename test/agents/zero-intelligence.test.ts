import { describe, expect, test } from 'vitest';
import { BUY, SELL } from '../../src/base/units.ts';
import { runWorld, scenarioOf } from '../acceptance/laboratory.ts';

const FILE = 'literature/poisson-book.yaml';
const SHORT = ['warmUp=1s', 'horizon=60s'];
const START = 100_000;

describe('zero-intelligence', () => {
  test('places on no level whose rate is 0, and on none beyond its reach', () => {
    // From the third tick to the fifth; what lies nearer at the start is cancelled in the first half minute.
    const settings = [
      'agents.flow.limitRates=[0, 0, 1]',
      'agents.flow.reach=5',
      'agents.flow.cancelRates=[1]',
    ];
    const spreads = new Set<number>();
    runWorld(scenarioOf(FILE, [...SHORT, ...settings]), {
      afterEvent({ kernel, exchange: { book } }) {
        const spread = book.bestAsk() - book.bestBid();
        if (kernel.now > 30e6 && spread === spread) spreads.add(spread);
      },
    });
    expect(Math.min(...spreads)).toBe(3);
    expect(spreads.size).toBeGreaterThan(2);
  });

  test('cancels at the rate of the distance', () => {
    const { exchange } = runWorld(
      scenarioOf(FILE, [...SHORT, 'agents.flow.cancelRates=[0.1, 0.1, 0.1, 50]']),
    );
    const at = (away: number) =>
      exchange.book.lotsAt(BUY, START - away) + exchange.book.lotsAt(SELL, START + away);
    const far = Array.from({ length: 30 }, (_, i) => at(i + 8)).reduce((sum, lots) => sum + lots, 0);
    // 60 levels of 1 / 50 orders each.
    expect(far).toBeLessThan(12);
  });

  test('takes as often as it is told, on either side', () => {
    const taken = new Map<number, number>();
    const settings = ['agents.flow.marketRate=5', 'agents.flow.limitRates=[5]', 'horizon=200s', 'warmUp=1s'];
    const { exchange } = runWorld(scenarioOf(FILE, settings), {
      log: (_time, _phase, kind, maker, taker) => {
        if (kind === 'fill') taken.set(taker, (taken.get(taker) ?? 0) + 1);
        if (kind === 'fill') expect(maker).not.toBe(taker);
      },
    });
    // One account takes; about 2 · 5 · 201 orders of a lot each.
    expect([...taken.keys()].length).toBe(1);
    expect(Math.abs([...taken.values()][0] - 2_010)).toBeLessThan(4 * Math.sqrt(2_010));
    expect(exchange.accounts.lots.reduce((sum, lots) => sum + lots, 0)).toBe(0);
  });

  test('gives a list of rates or an error that names the wrong one', () => {
    expect(() => scenarioOf(FILE, ['agents.flow.limitRates=[]'])).toThrow(/a list of numbers/);
    expect(() => scenarioOf(FILE, ['agents.flow.limitRates=[1, -1]'])).toThrow(/at least 0/);
    expect(() => scenarioOf(FILE, ['agents.flow.cancelRates=[0]'])).toThrow(
      /at least 0.000001|at least 1e-6/,
    );
  });
});
