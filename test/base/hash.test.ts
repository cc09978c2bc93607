import { expect, test } from 'vitest';
import { Hasher } from '../../src/base/hash.ts';
import { RandomSource } from '../../src/base/random.ts';

function hash(...numbers: number[]): string {
  const hasher = new Hasher();
  for (const x of numbers) hasher.add(x);
  return hasher.digest();
}

test('a digest has 16 hexadecimal digits, the same for the same numbers', () => {
  expect(hash(1, 2, 3)).toMatch(/^[0-9a-f]{16}$/);
  expect(hash(1, 2, 3)).toBe(hash(1, 2, 3));
});

test('order, count, sign of zero and the last bit all count; every NaN is one', () => {
  const inputs = [
    [],
    [0],
    [0, 0],
    [-0],
    [1, 2],
    [2, 1],
    [1],
    [1 + Number.EPSILON],
    [-1],
    [Infinity],
    [NaN],
    [2 ** 53],
    [2 ** 53 - 1],
    [Number.MIN_VALUE],
  ];
  expect(new Set(inputs.map((numbers) => hash(...numbers))).size).toBe(inputs.length);
  const oddNaN = new Float64Array(new BigInt64Array([0x7ff8_0000_dead_beefn]).buffer)[0];
  expect(hash(oddNaN)).toBe(hash(NaN));
});

test('numbers may be added after a digest', () => {
  const hasher = new Hasher();
  hasher.add(1);
  hasher.digest();
  hasher.add(2);
  expect(hasher.digest()).toBe(hash(1, 2));
});

test('these digests and no others, on every machine', () => {
  expect([hash(), hash(0), hash(1, -2.5, 1e300)]).toMatchInlineSnapshot(`
    [
      "0000000000000000",
      "7fd2593034bb118a",
      "33a952733410ecb7",
    ]
  `);
});

test('one bit more or less changes half of the digest, wherever it is', () => {
  const random = new RandomSource('hash').stream('avalanche');
  const bits = new BigInt64Array(1);
  const double = new Float64Array(bits.buffer);
  const digestOf = (): bigint => BigInt(`0x${hash(7, double[0], 9)}`);
  let changed = 0;
  const trials = 2000;
  for (let trial = 0; trial < trials; trial++) {
    double[0] = 1e6 * random.normal();
    const before = digestOf();
    bits[0] ^= 1n << BigInt(random.below(52));
    changed += (before ^ digestOf()).toString(2).replaceAll('0', '').length;
  }
  // 64 fair coins a trial: a mean of 32, a standard error of 4/√trials.
  expect(Math.abs(changed / trials - 32)).toBeLessThan(0.5);
});

test('a hundred thousand small integers have a hundred thousand digests', () => {
  const digests = new Set<string>();
  for (let i = 0; i < 100_000; i++) digests.add(hash(i % 100, Math.floor(i / 100)));
  expect(digests.size).toBe(100_000);
});
