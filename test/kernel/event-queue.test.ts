import { describe, expect, test } from 'vitest';
import { RandomSource } from '../../src/base/random.ts';
import { EventQueue } from '../../src/kernel/event-queue.ts';
import { SortedQueue } from '../oracles/event-queue.ts';
import type { Queue } from '../oracles/event-queue.ts';

const HOUR = 3_600_000_000;

/** Pushes an event and returns its id. */
function pushed(queue: Queue, time: number, a = 0): number {
  queue.push(time, 0, 0, a, 0);
  return queue.lastId;
}

/** Empties a queue; each event as [time, phase, a]. */
function drain(queue: Queue): number[][] {
  const events: number[][] = [];
  while (queue.pop()) events.push([queue.time, queue.phase, queue.a]);
  return events;
}

describe.each([
  ['the calendar', () => new EventQueue()],
  ['its sorted twin', () => new SortedQueue()],
])('%s', (_name, create: () => Queue) => {
  test('pops by time, then phase, then order of pushing', () => {
    const queue = create();
    const expected: number[][] = [];
    for (let a = 0; a < 3000; a++) {
      const event = [(a * 7919) % 100, (a * 31) % 16, a];
      expected.push(event);
      queue.push(event[0], event[1], 0, a, 0);
    }
    expected.sort((x, y) => x[0] - y[0] || x[1] - y[1] || x[2] - y[2]);
    expect(drain(queue)).toEqual(expected);
  });

  test('gives back what was pushed, up to the largest exact numbers', () => {
    const queue = create();
    queue.push(Number.MAX_SAFE_INTEGER, 15, 2 ** 27 - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER);
    expect(queue.pop()).toBe(true);
    expect(queue).toMatchObject({
      time: Number.MAX_SAFE_INTEGER,
      phase: 15,
      handler: 2 ** 27 - 1,
      a: Number.MAX_SAFE_INTEGER,
      b: Number.MIN_SAFE_INTEGER,
    });
  });

  test('keeps ten thousand equal events in the order of pushing', () => {
    const queue = create();
    for (let a = 0; a < 10_000; a++) queue.push(5, 3, 0, a, 0);
    expect(drain(queue).map(([, , a]) => a)).toEqual(Array.from({ length: 10_000 }, (_, a) => a));
  });

  test('lets an earlier phase pushed at the current time overtake what is waiting at this instant', () => {
    const queue = create();
    for (const phase of [4, 9, 10]) queue.push(1000, phase, 0, 0, 0);
    queue.pop();
    queue.pop();
    expect(queue.phase).toBe(9);
    queue.push(1000, 3, 0, 1, 0);
    queue.push(1000, 10, 0, 2, 0);
    expect(drain(queue)).toEqual([
      [1000, 3, 1],
      [1000, 10, 0],
      [1000, 10, 2],
    ]);
  });

  test('reaches far events across empty hours, and near ones pushed meanwhile', () => {
    const queue = create();
    queue.push(8 * HOUR, 0, 0, 1, 0);
    queue.push(8 * HOUR + 1, 0, 0, 2, 0);
    queue.push(100 * 24 * HOUR, 0, 0, 3, 0);
    expect(queue.pop(HOUR)).toBe(false);
    queue.push(HOUR, 0, 0, 4, 0);
    expect(drain(queue).map(([, , a]) => a)).toEqual([4, 1, 2, 3]);
  });

  test('pops nothing beyond the horizon, everything at it', () => {
    const queue = create();
    for (const time of [10, 20, 20, 21]) queue.push(time, 0, 0, time, 0);
    const due: number[] = [];
    while (queue.pop(20)) due.push(queue.time);
    expect(due).toEqual([10, 20, 20]);
    expect(queue.size).toBe(1);
    expect(queue.peekTime()).toBe(21);
  });

  test('is empty, then used again', () => {
    const queue = create();
    for (let round = 0; round < 5; round++) {
      expect([queue.pop(), queue.peekTime(), queue.size]).toEqual([false, Infinity, 0]);
      queue.push(round * HOUR, 0, 0, 0, 0);
      queue.push(round * HOUR, 1, 0, 0, 0);
      expect([queue.size, queue.peekTime()]).toEqual([2, round * HOUR]);
      expect(drain(queue)).toHaveLength(2);
    }
  });

  test('takes an event from before the last one popped', () => {
    const queue = create();
    queue.push(HOUR, 0, 0, 0, 0);
    queue.pop();
    queue.push(HOUR + 1, 0, 0, 1, 0);
    queue.push(5, 0, 0, 2, 0);
    expect(drain(queue).map(([, , a]) => a)).toEqual([2, 1]);
  });

  test('cancels near, later and far events, each once', () => {
    const queue = create();
    const times = [0, 0, 1, 500_000, 500_000, HOUR, 30 * HOUR];
    const ids = times.map((time, a) => pushed(queue, time, a));
    for (const a of [0, 2, 4, 5]) expect(queue.cancel(ids[a])).toBe(true);
    for (const a of [0, 2, 4, 5]) expect(queue.cancel(ids[a])).toBe(false);
    expect(drain(queue).map(([, , a]) => a)).toEqual([1, 3, 6]);
  });

  test('refuses to cancel what has happened, even when its place is in use again', () => {
    const queue = create();
    const first = pushed(queue, 1);
    queue.pop();
    expect(queue.cancel(first)).toBe(false);
    const second = pushed(queue, 2);
    expect(second).not.toBe(first);
    expect(queue.cancel(first)).toBe(false);
    expect(queue.cancel(0)).toBe(false);
    expect(queue.size).toBe(1);
  });
});

// The same commands to both. The pace changes every few thousand commands, so that the width of the calendar is wrong
// again and again; CASCADE_TWIN_COMMANDS asks for more of them.
test('does what its sorted twin does on random commands', () => {
  const commands = Number(process.env['CASCADE_TWIN_COMMANDS'] ?? 120_000);
  const random = new RandomSource('event queue').stream('commands');
  const fast = new EventQueue();
  const twin = new SortedQueue();
  const ids: { fast: number; twin: number }[] = [];
  const delays = [() => 0, () => random.below(3), () => random.below(5_000), () => random.below(HOUR)];
  let now = 0;
  let paceMicros = 1;
  let growing = true;

  const expectSame = (x: unknown, y: unknown): void => {
    if (x !== y) expect(x).toBe(y); // an `expect` for each command would take minutes
  };
  for (let command = 0; command < commands; command++) {
    if (command % 4096 === 0) {
      paceMicros = 10 ** random.below(9);
      growing = twin.size < 200 || (twin.size < 3000 && random.below(2) === 0);
    }
    const dice = random.below(100);
    if (dice < (growing ? 50 : 35)) {
      const usual = dice < 25 ? Math.floor(random.exponential() * paceMicros) : delays[random.below(4)]();
      const time = random.below(200) === 0 ? Math.floor(random.uniform() * now) : now + usual;
      const [phase, handler, a, b] = [
        random.below(16),
        random.below(1000),
        random.uint32(),
        -random.uint32(),
      ];
      for (const queue of [fast, twin]) queue.push(time, phase, handler, a, b);
      ids.push({ fast: fast.lastId, twin: twin.lastId });
    } else if (dice < 80) {
      const horizon = random.below(3) === 0 ? now + random.below(paceMicros) : Infinity;
      expectSame(fast.pop(horizon), twin.pop(horizon));
      for (const field of ['time', 'phase', 'handler', 'a', 'b'] as const)
        expectSame(fast[field], twin[field]);
      now = twin.time;
    } else if (dice < 92 && ids.length > 0) {
      // Mostly of late, so that many are still waiting.
      const back = random.below(2) === 0 ? random.below(Math.min(64, ids.length)) : random.below(ids.length);
      const id = ids[ids.length - 1 - back];
      expectSame(fast.cancel(id.fast), twin.cancel(id.twin));
    } else {
      expectSame(fast.peekTime(), twin.peekTime());
      expectSame(fast.size, twin.size);
    }
  }
  expect(drain(fast)).toEqual(drain(twin));
});

test('grows to a hundred thousand events and stays in order', () => {
  const random = new RandomSource('event queue').stream('growth');
  const queue = new EventQueue();
  const times = Array.from({ length: 100_000 }, () => random.below(HOUR));
  for (const time of times) queue.push(time, 0, 0, 0, 0);
  expect(queue.size).toBe(times.length);
  const popped: number[] = [];
  while (queue.pop()) popped.push(queue.time);
  expect(popped).toEqual(times.sort((x, y) => x - y));
});
