import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Rings } from '../../src/market/rings.ts';

describe('Rings', () => {
  it('keep lists as arrays do', () => {
    const step = fc.record({ item: fc.integer({ min: 1, max: 12 }), anchor: fc.nat(4), far: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rings = new Rings();
        const lists = new Map<number, number[]>();
        for (const { item, anchor: near, far } of steps) {
          const anchor = far ? near * 1_000 : near;
          const holder = [...lists.values()].find((list) => list.includes(item));
          if (holder === undefined) {
            rings.append(anchor, item);
            lists.set(anchor, [...(lists.get(anchor) ?? []), item]);
          } else {
            holder.splice(holder.indexOf(item), 1);
            expect(rings.remove(item)).toBe(holder.length === 0);
          }
          for (const [anchor, list] of lists) {
            expect(rings.first(anchor)).toBe(list[0] ?? 0);
            list.forEach((each, i) => {
              expect([rings.previous(each), rings.next(each)]).toEqual([list[i - 1] ?? 0, list[i + 1] ?? 0]);
            });
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of an anchor that was never used are empty', () => {
    expect(new Rings().first(1_000_000)).toBe(0);
  });

  it('refuse numbers they cannot hold', () => {
    expect(() => new Rings().append(2 ** 30, 1)).toThrow(/1073741824/);
    expect(() => new Rings().append(-1, 1)).toThrow(/-1/);
    expect(() => new Rings().append(0.5, 1)).toThrow(/0.5/);
  });
});
