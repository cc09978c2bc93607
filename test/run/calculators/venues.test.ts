import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  calcDeleveraging,
  calcFunding,
  calcLiquidationStep,
  calcVenueIndex,
  calcVenueMark,
} from '../../../src/index.ts';
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
  const { mark } = calcVenueMark(rules, { moment: calm, since: 60e6 });
  expect(mark).toBeCloseTo(price, 6);
  const question = { premiums: [0], markPremium: 0, openInterest: { long: 1, short: 1 }, intervals: 1 };
  // By the margin rule of the preset itself, where no table is asked for.
  const isInverse = rules.contract.kind === 'inverse';
  const held = { side: 1, entry: price, size: isInverse ? price : 1, mark: price } as const;
  const step = calcLiquidationStep(rules, { ...held, collateral: isInverse ? 0.5 : price / 2 });
  expect(step.isDistressed).toBe(false);
  const opponents = [{ name: 'a', size: held.size, entry: price * 0.9, wallet: isInverse ? 0.5 : price / 2 }];
  expect(calcDeleveraging(rules, { ...held, size: held.size / 2, opponents, seed: '1' })).toMatchObject([
    { name: 'a', size: held.size / 2 },
  ]);
  // No more than the interest.
  expect(Math.abs(calcFunding(rules, question).rates[0])).toBeLessThanOrEqual(0.0001);
});
