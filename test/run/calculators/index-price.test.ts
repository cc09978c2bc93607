import { describe, expect, it } from 'vitest';
import { calcVenueIndex } from '../../../src/index.ts';
import type { IndexConstituent } from '../../../src/index.ts';
import { venue } from './rules.ts';

const sources = (...prices: (readonly [price: number, weight?: number])[]): IndexConstituent[] =>
  prices.map(([price, weight], i) => ({
    name: `s${i}`,
    price,
    age: 0,
    ...(weight === undefined ? {} : { weight }),
  }));
const ONE_BAD = sources([100], [100.2], [99.9], [100.1], [90]);
const indexOf = (name: string, of: IndexConstituent[]) => calcVenueIndex(venue(name), of);
const index = (of: IndexConstituent[], ...set: string[]) =>
  calcVenueIndex(venue('binance-btcusdt', ...set), of);

describe('a.2 Worked examples', () => {
  it('clip rule (Binance, OKX)', () => {
    for (const name of ['binance-btcusdt', 'okx-btc-usdt-swap'])
      expect(indexOf(name, ONE_BAD)).toBeCloseTo(99.44, 10);
    expect(index(ONE_BAD, 'index.clip=0')).toBeCloseTo(98.04, 10);
  });
  it('clip rule (Deribit, 0.5 %)', () =>
    expect(indexOf('deribit-btc-perpetual', ONE_BAD)).toBeCloseTo(99.94, 10));
  it('Bybit legacy inverse-square', () => {
    const three = sources([10_048, 0.5], [10_046, 0.3], [10_100, 0.2]);
    expect(index(three, 'index={ rule: inverse-square }')).toBeCloseTo(10_048.82, 2);
  });
  it('Hyperliquid weighted median', () => {
    const venues = sources(
      [99_990, 3],
      [100_000, 2],
      [100_010, 2],
      [100_020, 1],
      [99_980, 1],
      [100_005, 1],
      [92_000, 1],
    );
    expect(indexOf('hyperliquid-btc', venues)).toBe(100_000);
  });
});

it('leaves stale sources out, and says nothing when all are', () => {
  const old = { name: 'old', price: 50, age: 301e6 };
  expect(index([...sources([100], [102]), old])).toBe(101);
  expect(index([old])).toBeNaN();
});
it('takes the weights of the rules by name', () => {
  const two = [
    { name: 'a', price: 100, age: 0 },
    { name: 'b', price: 101, age: 0 },
  ];
  expect(index(two, 'index.weights={ a: 3, b: 1 }')).toBe(100.25);
});
