import { describe, expect, test } from 'vitest';
import { BUY } from '../../src/base/units.ts';
import { runWorld, scenarioOf } from '../acceptance/laboratory.ts';

const START = 100_000;

describe('resilient-book', () => {
  test('fills half of a hole in its half-life, from the deep end', () => {
    // 500 ticks are sold at 200 ms; looks at 200, 210, 220 … ms with a half-life of 20 ms.
    const bids: number[] = [];
    let next = 205_000;
    runWorld(
      scenarioOf('limits/resilience.yaml', [
        'sweep={}',
        'expect=[]',
        'agents.longs.notional=1',
        'agents.book.halfLife=20ms',
      ]),
      {
        mode: { kind: 'off' },
        afterEvent({ kernel, exchange: { book } }) {
          if (kernel.now < next) return;
          next += 20_000;
          bids.push(START - book.bestBid());
        },
      },
    );
    // The first look is at the sale itself; each sample comes just after another. A touch is a whole tick.
    for (let i = 1; i < 6; i++) expect(Math.abs(bids[i] / bids[i - 1] - 0.5)).toBeLessThan(2 / bids[i - 1]);
  });

  test('comes back to the depth that it had and no further', () => {
    const { exchange } = runWorld(
      scenarioOf('limits/resilience.yaml', ['sweep={}', 'expect=[]', 'horizon=5s']),
    );
    for (let away = 2; away < 600; away++) expect(exchange.book.lotsAt(BUY, START - away)).toBe(1_000);
  });
});
