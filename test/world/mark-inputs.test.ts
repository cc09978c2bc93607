import { expect, test } from 'vitest';
import { World } from '../../src/world/world.ts';
import { scenarioOf } from '../docs/repository.ts';

/** The exact-limit market for 20 s; its mark on a venue of perpetuals that is not in the index. */
function worldWith(mark: string, more: readonly string[] = []): World {
  const scenario = scenarioOf('scenarios/limits/static-market.yaml', [
    'horizon=20s',
    'expect=[]',
    'feeds={ alpha: { delay: 0s }, beta: { delay: 0s }, perp: { quotes: perp, delay: 0s } }',
    'shocks={ dark: { kind: venue-outage, at: 5s, feed: perp }, jump: { kind: price-jump, at: 6s, size: -2% } }',
    `exchange.mark=${mark}`,
    ...more,
  ]);
  return new World({ scenario, replicate: 0, mode: { kind: 'off' } });
}
/** The mark at the end of each second, from the first. */
function marksOf(world: World): number[] {
  world.run();
  return Array.from({ length: 20 }, (_, second) => world.marks[second]);
}

test('a feed of perpetuals is no part of the index, but a mark design may look at it', () => {
  const world = worldWith(
    '{ design: composite, combine: mean, trade: 0, book: 0, index: 0, feeds: { perp: 1 } }',
  );
  const marks = marksOf(world);
  expect(world.market.index).toBe(98_000);
  expect(new Set(marks)).toEqual(new Set([100_000]));
});

test('once it is stale, what else the design looks at remains', () => {
  const design = 'composite, combine: mean, trade: 0, book: 0, index: 1, feeds: { perp: 1 }, stale: 3s';
  const marks = marksOf(worldWith(`{ design: ${design} }`));
  // Its last price is of second 5; the jump comes at 6.1 s. It counts until it is 3 s old, half of the mean.
  expect(marks.slice(0, 6)).toEqual(new Array(6).fill(100_000));
  expect(marks.slice(6, 8)).toEqual([99_000, 99_000]);
  expect(marks.slice(9)).toEqual(new Array(11).fill(98_000));
});

test('the last trade has its time', () => {
  const sale = 'shocks={ sale: { kind: sell-program, at: 5s, notional: 20k, over: 0s } }';
  const design = 'composite, combine: mean, trade: 1, book: 0, index: 1, stale: 3s';
  const marks = marksOf(worldWith(`{ design: ${design} }`, [sale]));
  const last = 99_800; // 20 bp lower, see the scenario.
  expect(marks[3]).toBe(100_000);
  expect(Math.abs(marks[5] - (100_000 + last) / 2)).toBeLessThan(2);
  expect(marks[12]).toBe(100_000);
});

test('an index with a halt stays where it was, then takes the new level', () => {
  const jump = 'shocks={ jump: { kind: price-jump, at: 6s, size: -20% } }';
  const halt = 'index={ clip: 0, halt: { length: 4s } }';
  const marks = marksOf(worldWith('{ design: index-only }', [jump, halt]));
  const fallen = marks.findIndex((mark) => mark === 80_000);
  expect(marks.slice(0, fallen)).toEqual(new Array(fallen).fill(100_000));
  // Jump at 6.1 s, seen by the index of second 7, halted until 11.
  expect(fallen + 1).toBe(11);
});
