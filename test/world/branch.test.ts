import { describe, expect, test } from 'vitest';
import { triggerPrice } from '../../src/accounts/margin.ts';
import { FIRST_TRADER } from '../../src/accounts/ledger.ts';
import { AssertionError } from '../../src/base/check.ts';
import { SECOND } from '../../src/base/units.ts';
import type { Branch, Instant } from '../../src/world/branch.ts';
import { World } from '../../src/world/world.ts';
import { scenarioOf } from '../acceptance/laboratory.ts';
import { kolmogorovSmirnov } from '../../src/metrics/goodness-of-fit.ts';
import { exponentialCdf } from '../base/laws.ts';

const busy = scenarioOf('limits/rare-busy-period.yaml');
const closed = { kind: 'closed' } as const;
const noisy = scenarioOf('mark-designs.yaml', [
  'sweep={}',
  'expect=[]',
  'agents.holders.count=500',
  'horizon=40s',
]);

describe('a run that leaves another one', () => {
  const at = noisy.warmUp + 20 * SECOND;
  const parent = new World({ scenario: noisy, replicate: 0, mode: closed });
  parent.runUntil(at);
  const instant = parent.instant();
  parent.run();

  const leave = (label: string): { world: World; events: string[] } => {
    const events: string[] = [];
    const branches = [{ ...instant, label }];
    const world = new World({
      ...{ scenario: noisy, replicate: 0, mode: closed, branches },
      log: (...event) => events.push(event.join()),
    });
    world.run();
    return { world, events };
  };
  const [a, again, b] = [leave('a'), leave('a'), leave('b')];

  test('repeats its past event by event, and goes on as no other', () => {
    const past = (events: string[]): string[] => events.filter((event) => Number(event.split(',')[0]) <= at);
    expect(past(a.events).length).toBeGreaterThan(1_000);
    expect(past(b.events)).toEqual(past(a.events));
    const fingerprints = [parent, a.world, b.world].map(({ fingerprint }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(3);
  });

  test('does the same again under the same label', () => {
    expect(again.events).toEqual(a.events);
  });

  test('refuses a past that is not its own', () => {
    const branches = [{ ...instant, label: 'a' }];
    const other = new World({ scenario: noisy, replicate: 1, mode: closed, branches });
    expect(() => other.run()).toThrow(AssertionError);
  });
});

describe('liquidation prices at random', () => {
  const parent = new World({ scenario: busy, replicate: 0, mode: closed });
  parent.runUntil(busy.warmUp + 150_000);
  const instant: Instant = parent.instant();
  const [{ lowest }] = instant.marks;

  /** In ticks, from the highest down. */
  function pricesOf(branches: readonly Branch[]): number[] {
    const { exchange, schedule } = new World({ scenario: busy, replicate: 0, mode: closed, branches });
    const { lots, ledger, size } = exchange.accounts;
    const prices: number[] = [];
    for (let account = FIRST_TRADER; account < size; account++)
      if (lots[account] > 0) prices.push(triggerPrice(schedule, ledger.balance[account], lots[account]));
    return prices;
  }

  test('stay where the mark has been, and are drawn anew beyond it', () => {
    const seen = (prices: number[]): number[] => prices.filter((price) => price >= lowest);
    const original = pricesOf([]);
    expect(lowest).toBeLessThan(99_000);
    expect(seen(original).length).toBeGreaterThan(5);
    const gaps: number[] = [];
    for (let label = 0; label < 20; label++) {
      const prices = pricesOf([{ ...instant, label: `${label}` }]);
      expect(seen(prices)).toEqual(seen(original));
      expect(prices).not.toEqual(original);
      const unseen = [lowest, ...prices.filter((price) => price < lowest)];
      for (let i = 1; i < unseen.length; i++) gaps.push(unseen[i - 1] - unseen[i]);
    }
    // One in 200 ticks, as before.
    expect(gaps.length).toBeGreaterThan(2_000);
    expect(kolmogorovSmirnov(Float64Array.from(gaps), (x) => exponentialCdf(x / 200))).toBeLessThan(1);
  });

  test('keep each section when a run leaves a run that has left', () => {
    const first = { ...instant, label: 'first' };
    const child = new World({ scenario: busy, replicate: 0, mode: closed, branches: [first] });
    child.runUntil(instant.at + 30_000);
    const second = { ...child.instant(), label: 'second' };
    const [ofChild, ofGrandchild] = [pricesOf([first]), pricesOf([first, second])];
    const until = second.marks[0].lowest;
    expect(ofGrandchild.filter((price) => price >= until)).toEqual(ofChild.filter((price) => price >= until));
    expect(ofGrandchild).not.toEqual(ofChild);
  });
});
