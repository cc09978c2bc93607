import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { RandomSource } from '../../src/base/random.ts';
import { MAX_TICK } from '../../src/market/order.ts';
import { PriceTriggers } from '../../src/market/price-triggers.ts';
import { SlowPriceTriggers } from '../oracles/price-triggers.ts';

type Triggers = PriceTriggers | SlowPriceTriggers;
type Options = ConstructorParameters<typeof PriceTriggers>[0];

const TRIGGERS: readonly [string, (options: Options) => Triggers][] = [
  ['PriceTriggers', (options) => new PriceTriggers(options)],
  ['its slow twin', (options) => new SlowPriceTriggers(options)],
];

function crossedBy(triggers: Triggers, price: number, room = 100): number[] {
  const out = new Int32Array(room);
  return [...out.subarray(0, triggers.crossed(price, out))];
}

describe.each(TRIGGERS)('%s', (_name, create) => {
  it('of a fall fires at or below, the highest trigger first', () => {
    const triggers = create({ ids: 5, direction: -1 });
    [90, 100, 95, 100, 80].forEach((price, id) => triggers.set(id, price));
    expect([triggers.peek(), triggers.count]).toEqual([100, 5]);
    expect(crossedBy(triggers, 101)).toEqual([]);
    expect(crossedBy(triggers, 90)).toEqual([1, 3, 2, 0]);
    expect([triggers.peek(), triggers.count]).toEqual([80, 1]);
    expect(crossedBy(triggers, 90)).toEqual([]);
  });

  it('of a rise fires at or above, the lowest trigger first', () => {
    const triggers = create({ ids: 4, direction: 1 });
    [120, 110, 115, 110].forEach((price, id) => triggers.set(id, price));
    expect(triggers.peek()).toBe(110);
    expect(crossedBy(triggers, 109)).toEqual([]);
    expect(crossedBy(triggers, 115)).toEqual([1, 3, 2]);
    expect(triggers.peek()).toBe(120);
  });

  it('starts without triggers', () => {
    const triggers = create({ ids: 2, direction: 1 });
    expect([triggers.peek(), triggers.has(0), triggers.priceOf(0), triggers.count]).toEqual([
      NaN,
      false,
      NaN,
      0,
    ]);
    expect(crossedBy(triggers, 1_000)).toEqual([]);
  });

  it('forgets a trigger that is cleared, and one that has fired', () => {
    const triggers = create({ ids: 3, direction: -1 });
    [100, 100, 100].forEach((price, id) => triggers.set(id, price));
    triggers.clear(0);
    triggers.clear(0);
    expect([triggers.has(0), triggers.has(1), triggers.priceOf(1)]).toEqual([false, true, 100]);
    expect(crossedBy(triggers, 100)).toEqual([1, 2]);
    expect([triggers.has(1), triggers.count]).toEqual([false, 0]);
  });

  it('knows of no trigger of an id that it has no room for', () => {
    for (const direction of [1, -1] as const) {
      const triggers = create({ ids: 1, direction });
      triggers.set(0, 100);
      for (const id of [1, 99]) {
        triggers.clear(id);
        expect([triggers.has(id), triggers.priceOf(id), triggers.count]).toEqual([false, NaN, 1]);
      }
    }
  });

  it('puts a trigger that is set again at the back, even at its old price', () => {
    const triggers = create({ ids: 3, direction: 1 });
    [100, 100, 100].forEach((price, id) => triggers.set(id, price));
    triggers.set(0, 100);
    expect(crossedBy(triggers, 100)).toEqual([1, 2, 0]);
  });

  it('takes triggers that no price reaches, and such as every price reaches', () => {
    const fall = create({ ids: 4, direction: -1 });
    [0, -50, -Infinity, 1e12].forEach((price, id) => fall.set(id, price));
    expect(crossedBy(fall, 1)).toEqual([3]);
    expect([fall.count, fall.priceOf(1)]).toEqual([3, 0]);
    const rise = create({ ids: 3, direction: 1 });
    [2 ** 40, Infinity, -3].forEach((price, id) => rise.set(id, price));
    expect(crossedBy(rise, MAX_TICK - 1)).toEqual([2]);
    expect(rise.priceOf(0)).toBe(MAX_TICK);
  });

  it('turns a fraction into the whole tick at which it is reached', () => {
    const fall = create({ ids: 1, direction: -1 });
    fall.set(0, 99.5);
    expect([crossedBy(fall, 100), crossedBy(fall, 99)]).toEqual([[], [0]]);
    const rise = create({ ids: 1, direction: 1 });
    rise.set(0, 99.5);
    expect([crossedBy(rise, 99), crossedBy(rise, 100)]).toEqual([[], [0]]);
  });

  it('hands out as many as there is room for, and the others when called again', () => {
    const triggers = create({ ids: 5, direction: -1 });
    [5, 4, 4, 4, 3].forEach((price, id) => triggers.set(id, price));
    expect(crossedBy(triggers, 4, 2)).toEqual([0, 1]);
    expect(crossedBy(triggers, 4, 2)).toEqual([2, 3]);
    expect(crossedBy(triggers, 4, 2)).toEqual([]);
  });

  it('does not fire at a price that is not known', () => {
    const triggers = create({ ids: 1, direction: -1 });
    triggers.set(0, 1e9);
    expect(crossedBy(triggers, NaN)).toEqual([]);
  });

  it('counts the ids between two prices, both included', () => {
    const triggers = create({ ids: 5, direction: -1 });
    [90, 100, 95, 100, 80].forEach((price, id) => triggers.set(id, price));
    expect([triggers.countBetween(90, 100), triggers.countBetween(101, 200)]).toEqual([4, 0]);
    expect([triggers.countBetween(-Infinity, 80), triggers.countBetween(100, 90)]).toEqual([1, 0]);
  });
});

describe('PriceTriggers and its slow twin', () => {
  it.each([1, -1] as const)('agree over random commands, direction %i', (direction) => {
    const ids = 60;
    const random = new RandomSource('triggers').stream(direction > 0 ? 'rise' : 'fall');
    const fast = new PriceTriggers({ ids, direction });
    const slow = new SlowPriceTriggers({ ids, direction });
    const outs = [new Int32Array(ids), new Int32Array(ids)] as const;
    let fired = 0;
    let told = 0;
    let middle = 50_000;
    for (let i = 0; i < 20_000; i++) {
      middle += random.below(21) - 10;
      const id = random.below(ids);
      const near = middle + direction * (random.below(100) - 5);
      const price = random.below(20) === 0 ? random.uint32() - 2 ** 31 : near;
      for (const triggers of [fast, slow]) {
        if (i % 4 === 3) triggers.clear(id);
        else triggers.set(id, price);
      }
      if (i % 50 === 0) {
        const [seen, truth] = [[], []] as [number[][], number[][]];
        fast.each(middle + 40 * direction, (price, id) => seen.push([price, id]));
        slow.each(middle + 40 * direction, (price, id) => truth.push([price, id]));
        expect(seen).toEqual(truth);
        told += seen.length;
      }
      const counts = [fast.crossed(middle, outs[0]), slow.crossed(middle, outs[1])];
      fired += counts[0];
      expect([...outs[0].subarray(0, counts[0])]).toEqual([...outs[1].subarray(0, counts[1])]);
      const probe = random.below(ids);
      const window = [middle - random.below(60), middle + random.below(60)] as const;
      expect([
        fast.peek(),
        fast.count,
        fast.has(probe),
        fast.priceOf(probe),
        fast.countBetween(...window),
      ]).toEqual([
        slow.peek(),
        slow.count,
        slow.has(probe),
        slow.priceOf(probe),
        slow.countBetween(...window),
      ]);
      if (i % 1_000 === 0) fast.checkInvariants();
    }
    expect(fired).toBeGreaterThan(500);
    expect(told).toBeGreaterThan(500);
  });

  it('agree when two directions share their ids, and an id has a trigger in one of both', () => {
    const ids = 40;
    const random = new RandomSource('triggers').stream('shared');
    const falls = new PriceTriggers({ ids, direction: -1 });
    const fast = [falls, new PriceTriggers({ ids, direction: 1, other: falls })];
    const slow = [
      new SlowPriceTriggers({ ids, direction: -1 }),
      new SlowPriceTriggers({ ids, direction: 1 }),
    ];
    let fired = 0;
    for (let i = 0; i < 20_000; i++) {
      const [id, side, price] = [random.below(ids), random.below(2), 1_000 + random.below(30)];
      if (i % 4 === 3) for (const triggers of [fast[side], slow[side]]) triggers.clear(id);
      else {
        fast[side].set(id, price);
        slow[1 - side].clear(id);
        slow[side].set(id, price);
      }
      for (const k of [0, 1]) {
        const room = 1 + random.below(4);
        const mark = 1_000 + (k === 0 ? 28 : 2) + random.below(3) - 1;
        const due = crossedBy(fast[k], mark, room);
        expect(due).toEqual(crossedBy(slow[k], mark, room));
        fired += due.length;
        expect([fast[k].count, fast[k].peek(), fast[k].has(id), fast[k].priceOf(id)]).toEqual([
          slow[k].count,
          slow[k].peek(),
          slow[k].has(id),
          slow[k].priceOf(id),
        ]);
        if (i % 100 === 0) fast[k].checkInvariants();
      }
    }
    expect(fired).toBeGreaterThan(500);
  });

  it.each([1, -1] as const)(
    'agree on what is left of a queue that was handed out in part, direction %i',
    (direction) => {
      const ids = 8;
      const set = fc.record({ what: fc.constant('set' as const), id: fc.nat(ids - 1), price: fc.nat(2) });
      const clear = fc.record({ what: fc.constant('clear' as const), id: fc.nat(ids - 1), price: fc.nat(2) });
      const cross = fc.record({ what: fc.constant('cross' as const), room: fc.nat(3), price: fc.nat(2) });
      const steps = fc.array(fc.oneof({ weight: 4, arbitrary: set }, clear, cross), {
        minLength: 20,
        maxLength: 80,
      });
      fc.assert(
        fc.property(steps, (steps) => {
          const fast = new PriceTriggers({ ids, direction });
          const slow = new SlowPriceTriggers({ ids, direction });
          for (const step of steps) {
            const { price } = step;
            if (step.what === 'cross')
              expect(crossedBy(fast, price, step.room)).toEqual(crossedBy(slow, price, step.room));
            else for (const triggers of [fast, slow]) triggers[step.what](step.id, price);
            fast.checkInvariants();
            expect([fast.peek(), fast.countBetween(1, 2)]).toEqual([slow.peek(), slow.countBetween(1, 2)]);
          }
          expect(crossedBy(fast, 1 + direction)).toEqual(crossedBy(slow, 1 + direction));
        }),
        { numRuns: 100 },
      );
    },
  );

  it('refuses an id it has no room for', () => {
    const triggers = new PriceTriggers({ ids: 2, direction: 1 });
    expect(() => triggers.set(2, 100)).toThrow(/2/);
    expect(() => triggers.set(0, NaN)).toThrow(/NaN/);
  });

  it('refuses to share with anything but one of the opposite direction and of as many ids', () => {
    const falls = new PriceTriggers({ ids: 2, direction: -1 });
    expect(() => new PriceTriggers({ ids: 2, direction: -1, other: falls })).toThrow(/opposite/);
    expect(() => new PriceTriggers({ ids: 3, direction: 1, other: falls })).toThrow(/ids/);
    new PriceTriggers({ ids: 2, direction: 1, other: falls });
    expect(() => new PriceTriggers({ ids: 2, direction: 1, other: falls })).toThrow(/one of/);
  });

  it('shared, keep their direction at every border, the greatest tick and 0 too', () => {
    const falls = new PriceTriggers({ ids: 3, direction: -1 });
    const rises = new PriceTriggers({ ids: 3, direction: 1, other: falls });
    const price = fc.oneof(
      fc.constantFrom(-Infinity, -0.5, -0, 0, 0.5, MAX_TICK - 0.5, MAX_TICK, 2 ** 31, Infinity),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(2 ** 21 - 1, 2 ** 21, 2 ** 30 - 1, 2 ** 30),
    );
    const step = fc.record({ rise: fc.boolean(), id: fc.nat(2), price, clear: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const held = new Map<number, { rise: boolean; at: number }>();
        for (const { rise, id, price, clear } of steps) {
          if (clear) {
            (rise ? rises : falls).clear(id);
            if (held.get(id)?.rise === rise) held.delete(id);
          } else {
            (rise ? rises : falls).set(id, price);
            const whole = rise ? Math.ceil(price) : Math.floor(price);
            held.set(id, { rise, at: Math.max(0, Math.min(MAX_TICK, whole)) + 0 });
          }
          for (const [triggers, of, nearest] of [
            [rises, true, Math.min],
            [falls, false, Math.max],
          ] as const) {
            const here = [...held].filter(([, { rise }]) => rise === of);
            expect([0, 1, 2].map((each) => triggers.priceOf(each))).toEqual(
              [0, 1, 2].map((each) => here.find(([other]) => other === each)?.[1].at ?? NaN),
            );
            expect(triggers.count).toBe(here.length);
            expect(triggers.peek()).toBe(here.length === 0 ? NaN : nearest(...here.map(([, { at }]) => at)));
          }
        }
        for (const id of [0, 1, 2]) for (const triggers of [falls, rises]) triggers.clear(id);
      }),
      { numRuns: 100 },
    );
  });

  it('does not disturb another instance', () => {
    const [fall, rise] = [
      new PriceTriggers({ ids: 2, direction: -1 }),
      new PriceTriggers({ ids: 2, direction: 1 }),
    ];
    fall.set(0, 100);
    rise.set(0, 100);
    rise.set(1, 101);
    fall.clear(0);
    expect([fall.count, rise.count, crossedBy(rise, 101)]).toEqual([0, 2, [0, 1]]);
  });
});
