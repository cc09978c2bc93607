import type { Micros } from '../../base/units.ts';
import type { WeightedPrice } from '../median.ts';
import { freshPrices } from '../price-source.ts';
import type { PriceSource } from '../price-source.ts';
import type { MarkInputs, MarkParts } from './mark-design.ts';

const NO_PRICE: PriceSource = { price: NaN, receivedAt: -Infinity };

/** The feed that the parameter `key` names, or the index when it names none. Refuses the name of no feed. */
export function feedOrIndex(
  key: string,
  name: string | undefined,
  { feeds, refuse }: MarkParts,
): (inputs: MarkInputs) => PriceSource {
  if (name === undefined) return ({ index, now }) => ({ price: index, receivedAt: now });
  if (!feeds.includes(name)) refuse([key], oneOf(feeds), { isKey: false, known: feeds });
  return ({ sources }) => sources[name] ?? NO_PRICE;
}

/** The fresh prices of the feeds to which the parameter `key` gives a weight above 0. Refuses the names of no feeds. */
export function weightedFeeds(
  key: string,
  weights: Readonly<Record<string, number>>,
  stale: Micros,
  { feeds, refuse }: MarkParts,
): (inputs: MarkInputs) => WeightedPrice[] {
  const names = Object.keys(weights);
  for (const name of names) {
    if (!feeds.includes(name)) refuse([key, name], oneOf(feeds), { isKey: true, known: feeds });
  }
  const values = names.map((name) => weights[name]);
  return ({ sources, now }) =>
    freshPrices(
      names.map((name) => sources[name] ?? NO_PRICE),
      values,
      now,
      stale,
    );
}

function oneOf(feeds: readonly string[]): string {
  return `the name of a feed: ${feeds.join(', ')}`;
}
