import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../src/base/units.ts';
import { noHalts } from '../../src/risk/halts/no-halts.ts';
import { priceMove } from '../../src/risk/halts/price-move.ts';
import { made } from '../fixtures/variants.ts';

test('without a rule nothing is watched', () => {
  expect(made(noHalts, undefined)).toEqual({});
});

describe('a circuit breaker', () => {
  const breaker = () =>
    made(priceMove, undefined, { watches: 'mark', move: '10%', within: '1m', length: '2m' });
  /** Lengths of the halts that these prices, one a second, bring about. */
  const halts = (prices: readonly number[], rule = breaker(), from = 0): number[] =>
    prices.map((price, i) => rule.haltFor!((from + i) * SECOND, price));

  test('watches the price it is told to', () => {
    expect(breaker().watches).toBe('mark');
    expect(made(priceMove, undefined).watches).toBe('last');
  });

  test.each([
    ['a fall below the highest price', [1_000, 1_050, 946, 945], [0, 0, 0, 2 * MINUTE]],
    ['a rise above the lowest', [1_000, 950, 1_044, 1_045], [0, 0, 0, 2 * MINUTE]],
  ])('halts at %s of the window by exactly its move', (_what, prices, expected) => {
    expect(halts(prices)).toEqual(expected);
  });

  test('forgets prices older than its window', () => {
    const rule = breaker();
    rule.haltFor!(0, 1_000);
    rule.haltFor!(30 * SECOND, 950);
    expect(rule.haltFor!(60 * SECOND + 1, 890)).toBe(0);
    const other = breaker();
    other.haltFor!(0, 1_000);
    other.haltFor!(30 * SECOND, 950);
    expect(other.haltFor!(60 * SECOND, 890)).toBe(2 * MINUTE);
  });

  test('begins anew after a halt: the same move does not halt again, a further one does', () => {
    const rule = breaker();
    expect(halts([1_000, 900], rule)).toEqual([0, 2 * MINUTE]);
    expect(halts([900, 850, 810], rule, 10)).toEqual([0, 0, 2 * MINUTE]);
  });
});
