import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { calcFunding, calcVenueIndex, calcVenueMark } from '../../../src/index.ts';
import { venue } from './rules.ts';

const PRESETS = readdirSync(new URL('../../../scenarios/venues/', import.meta.url)).filter((name) =>
  name.endsWith('.yaml'),
);
const FEEDS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

it.each(PRESETS)('the calculators know the rules of %s: in a calm market nothing moves', (name) => {
  const rules = venue(name.slice(0, -'.yaml'.length));
  const price = 100_000;
  const sources = FEEDS.map((feed) => ({ name: feed, price, age: 0 }));
  expect(calcVenueIndex(rules, sources)).toBe(price);
  const calm = { index: price, bid: price, ask: price, last: price, impactBid: price, impactAsk: price };
  const named = Object.fromEntries(FEEDS.map((feed) => [feed, price]));
  const { mark } = calcVenueMark(rules, { moment: { ...calm, sources: named }, since: 60e6 });
  expect(mark).toBeCloseTo(price, 6);
  const question = { premiums: [0], markPremium: 0, openInterest: { long: 1, short: 1 }, intervals: 1 };
  // No more than the interest.
  expect(Math.abs(calcFunding(rules, question).rates[0])).toBeLessThanOrEqual(0.0001);
});
