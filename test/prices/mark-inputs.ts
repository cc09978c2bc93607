import { SECOND } from '../../src/base/units.ts';
import type { MarkInputs, MarkParts } from '../../src/prices/mark/mark-design.ts';
import { PLAIN } from '../fixtures/contracts.ts';

/** Outside venues that the designs of these tests may name. */
const FEEDS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'] as const;

/** One mark a second. */
export const PARTS: MarkParts = {
  contract: PLAIN,
  every: SECOND,
  feeds: FEEDS,
  refuse: (path, expected) => {
    throw new Error(`${path.join('.')}: expected ${expected}`);
  },
};

/** A market at 100,000 in every respect but what is said. */
export function at(inputs: Partial<MarkInputs> = {}): MarkInputs {
  return {
    now: 0,
    bid: 99_999,
    ask: 100_001,
    last: 100_000,
    lastAt: inputs.now ?? 0,
    index: 100_000,
    fundingRate: 0,
    fundingShare: 0,
    impactPrice: () => NaN,
    microprice: () => NaN,
    sources: {},
    ...inputs,
  };
}

/** The exchange's own prices, with a spread of 2. */
export function local(price: number): Partial<MarkInputs> {
  return { bid: price - 1, ask: price + 1, last: price };
}

/** Prices of feeds, received at `now`. */
export function feeds(prices: Readonly<Record<string, number>>, now = 0): Partial<MarkInputs> {
  const sources = Object.entries(prices).map(([name, price]) => [name, { price, receivedAt: now }] as const);
  return { sources: Object.fromEntries(sources) };
}
