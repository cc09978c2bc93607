import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { PriceTrail } from '../../src/market/price-trail.ts';

describe('who carried the price through a level', () => {
  it('is whose move began before it and ended there or beyond', () => {
    const trail = new PriceTrail(100);
    trail.move(95, 1);
    trail.move(90, 2);
    expect([99, 96, 95, 94.5, 90].map((level) => trail.lastThrough(level, -1))).toEqual([1, 1, 1, 2, 2]);
    expect(trail.lastThrough(89, -1)).toBeUndefined();
    expect(trail.lastThrough(100, -1)).toBeUndefined();
    expect(trail.lastThrough(95, 1)).toBeUndefined();
  });

  it('is the last who did, also when the price has come back since', () => {
    const trail = new PriceTrail(100);
    trail.move(90, 1);
    trail.move(97, 2);
    trail.move(94, 3);
    trail.move(99, 4);
    expect([98, 96, 93].map((level) => trail.lastThrough(level, -1))).toEqual([1, 3, 1]);
    expect([92, 95, 98].map((level) => trail.lastThrough(level, 1))).toEqual([2, 4, 4]);
  });

  it('is forgotten after 32,768 moves', () => {
    const trail = new PriceTrail(100);
    trail.move(50, 7);
    for (let move = 1; move < 2 ** 15; move++) trail.move(move % 2 === 1 ? 40 : 45, move);
    expect(trail.lastThrough(70, -1)).toBe(7);
    trail.move(30, 8);
    expect(trail.lastThrough(70, -1)).toBeUndefined();
  });

  const moves = fc.array(
    fc.record({ to: fc.integer({ min: 1, max: 20 }), mover: fc.integer({ min: 0, max: 2 }) }),
  );
  property.prop([moves, fc.integer({ min: 0, max: 21 }), fc.constantFrom(1 as const, -1 as const)])(
    'agrees with a list of all moves',
    (list, level, direction) => {
      const trail = new PriceTrail(10);
      let from = 10;
      let expected: number | undefined;
      for (const { to, mover } of list) {
        trail.move(to, mover);
        const isThrough = direction > 0 ? from < level && to >= level : from > level && to <= level;
        if (isThrough) expected = mover;
        from = to;
      }
      expect(trail.lastThrough(level, direction)).toBe(expected);
    },
  );
});
