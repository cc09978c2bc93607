import type { Ticks } from '../base/units.ts';

/** A price and how much it counts; the weight is above 0 and relative to that of the others. */
export interface WeightedPrice {
  readonly price: Ticks;
  readonly weight: number;
}

/** Middle value, or the mean of the two middle ones, of a handful of numbers. */
export function median(values: readonly number[]): number {
  const middle = values.length >> 1;
  const upper = ranked(values, middle);
  return values.length % 2 === 1 ? upper : (ranked(values, middle - 1) + upper) / 2;
}

/**
 * What stands at place `rank` in ascending order: counted out, which for a handful is quicker than sorting a copy. Loops by number,
 * here and below, as each update of an index comes by and iterators are garbage.
 */
function ranked(values: readonly number[], rank: number): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    let below = 0;
    let upTo = 0;
    for (let j = 0; j < values.length; j++) {
      if (values[j] < value) below++;
      if (values[j] <= value) upTo++;
    }
    if (below <= rank && rank < upTo) return value;
  }
  return NaN;
}

/**
 * The price at which the weights of the lower prices, added up, pass half of all weight; the mean of the two neighbours when
 * they reach exactly half. With equal weights it is the median. NaN without prices.
 */
export function weightedMedian(prices: readonly WeightedPrice[]): number {
  const sorted = [...prices].sort((a, b) => a.price - b.price);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  for (const [i, { price, weight }] of sorted.entries()) {
    below += weight;
    if (below > half) return price;
    if (below === half) return (price + sorted[i + 1].price) / 2;
  }
  return NaN;
}

/** NaN without prices. */
export function weightedMean(prices: readonly WeightedPrice[]): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < prices.length; i++) {
    sum += prices[i].price * prices[i].weight;
    weight += prices[i].weight;
  }
  return sum / weight;
}
