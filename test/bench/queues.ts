import FlatQueue from 'flatqueue';
import { Heap } from 'heap-js';
import TinyQueue from 'tinyqueue';
import { RandomSource } from '../../src/base/random.ts';
import { EventQueue } from '../../src/kernel/event-queue.ts';
import { SortedQueue } from '../oracles/event-queue.ts';
import type { Row } from './rows.ts';
import { type Contestant, equalWork, type Part, ratios, spreadOf, Turns } from './timing.ts';

const WAITING = 10_000;
/** Mean delay, so that one event a microsecond happens. */
const MEAN_DELAY = WAITING;

/** Takes the first event out and puts it back after `delays[from]`, and so on; returns the sum of the times. */
type Hold = (delays: Float64Array) => number;
/** A queue in which event i waits for `delays[i]`. */
type Filled = (delays: Float64Array) => Hold;

/**
 * The hold model with exponential delays. Ours keeps the total order (time, phase, sequence); the others keep none at
 * equal times, so that only the times can be compared.
 *
 * tinyqueue and heap-js hold objects. A simulator makes a new one for each event that it schedules, since it rarely is the
 * event that has just happened which is scheduled again; and so does the contest. That the hold model would let
 * the object be used again is shown, without a gate, for tinyqueue.
 */
export function benchQueues(quick: boolean): Part {
  const holds = quick ? 300_000 : 1_000_000;
  const random = new RandomSource('queue').stream('delays');
  const delays = Float64Array.from({ length: holds + WAITING }, () =>
    Math.round(MEAN_DELAY * random.exponential()),
  );
  const ours = contestant('cascade-lab', ourHold, delays);
  const peers = [
    { player: contestant('flatqueue', flatHold, delays), gate: 1.3, target: 1.7 },
    { player: contestant('tinyqueue', tinyHold, delays), gate: 4, target: 6 },
    { player: contestant('heap-js', heapHold, delays), gate: 5, target: 8 },
    { player: contestant('tinyqueue with its objects used again', tinyAgainHold, delays) },
  ];
  const players = [ours, ...peers.map(({ player }) => player)];
  const turns = new Turns(quick ? 3 : 4, players, { warmUp: quick ? 2 : 4 });
  const twins = [ourHold, twinHold].map((create, i) =>
    contestant(['cascade-lab', 'slow twin'][i], create, delays.subarray(0, WAITING + 4_000)),
  );
  const againstTwin = new Turns(2, twins);
  return {
    sit() {
      turns.sit();
      againstTwin.sit();
      for (const some of [players, twins]) {
        equalWork('queue', Object.fromEntries(some.map(({ name, sum }) => [name, sum()])));
      }
    },
    rows() {
      const [own, ...others] = turns.times;
      const against = (name: string): Pick<Row, 'what' | 'unit' | 'more'> => ({
        what: `queue, ${WAITING} events, against ${name}`,
        unit: '×',
        more: true,
      });
      return [
        { what: `queue, ${WAITING} events, push and pop`, unit: 'ns', measured: spreadOf(own), more: false },
        ...peers.map(({ player, ...bounds }, i) => ({
          ...against(player.name),
          measured: ratios(others[i], own),
          ...bounds,
        })),
        { ...against('the slow twin'), measured: ratios(againstTwin.times[1], againstTwin.times[0]) },
      ];
    },
  };
}

function contestant(name: string, create: Filled, delays: Float64Array): Contestant & { sum: () => number } {
  let sum = 0;
  return {
    name,
    units: delays.length - WAITING,
    prepare() {
      const hold = create(delays.subarray(0, WAITING));
      const later = delays.subarray(WAITING);
      return () => void (sum = hold(later));
    },
    sum: () => sum,
  };
}

// Each queue has a loop of its own, so that V8 can compile each as well as it can.

function ourHold(waiting: Float64Array): Hold {
  const queue = new EventQueue();
  for (const [event, time] of waiting.entries()) queue.push(time, 0, 0, event, 0);
  return (delays) => {
    let sum = 0;
    for (let i = 0; i < delays.length; i++) {
      queue.pop();
      sum += queue.time;
      queue.push(queue.time + delays[i], 0, 0, queue.a, 0);
    }
    return sum;
  };
}

function twinHold(waiting: Float64Array): Hold {
  const queue = new SortedQueue();
  for (const [event, time] of waiting.entries()) queue.push(time, 0, 0, event, 0);
  return (delays) => {
    let sum = 0;
    for (const delay of delays) {
      queue.pop();
      sum += queue.time;
      queue.push(queue.time + delay, 0, 0, queue.a, 0);
    }
    return sum;
  };
}

function flatHold(waiting: Float64Array): Hold {
  const queue = new FlatQueue<number>();
  for (const [event, time] of waiting.entries()) queue.push(event, time);
  return (delays) => {
    let sum = 0;
    for (let i = 0; i < delays.length; i++) {
      const time = queue.peekValue()!;
      sum += time;
      queue.push(queue.pop()!, time + delays[i]);
    }
    return sum;
  };
}

interface Timed {
  time: number;
  event: number;
}
const byTime = (a: Timed, b: Timed) => a.time - b.time;

function tinyHold(waiting: Float64Array): Hold {
  const queue = new TinyQueue<Timed>([], byTime);
  for (const [event, time] of waiting.entries()) queue.push({ time, event });
  return (delays) => {
    let sum = 0;
    for (let i = 0; i < delays.length; i++) {
      const { time, event } = queue.pop()!;
      sum += time;
      queue.push({ time: time + delays[i], event });
    }
    return sum;
  };
}

function tinyAgainHold(waiting: Float64Array): Hold {
  const queue = new TinyQueue<Timed>([], byTime);
  for (const [event, time] of waiting.entries()) queue.push({ time, event });
  return (delays) => {
    let sum = 0;
    for (let i = 0; i < delays.length; i++) {
      const first = queue.pop()!;
      sum += first.time;
      first.time += delays[i];
      queue.push(first);
    }
    return sum;
  };
}

function heapHold(waiting: Float64Array): Hold {
  const queue = new Heap<Timed>(byTime);
  for (const [event, time] of waiting.entries()) queue.push({ time, event });
  return (delays) => {
    let sum = 0;
    for (let i = 0; i < delays.length; i++) {
      const { time, event } = queue.pop()!;
      sum += time;
      queue.push({ time: time + delays[i], event });
    }
    return sum;
  };
}
