/**
 * For `Apart`: `scenario-run.js time ACCOUNTS WARM_UP` times as many runs as it is sent, and counts one for 'work'. And
 * `node --expose-gc scenario-run.js memory ACCOUNTS WARM_UP` tells as JSON what happens in one run, and what that needs.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { loadBatch, Openings, VOCABULARY, type Scenario } from '../../src/index.ts';
import { World, type EventLog } from '../../src/world/world.ts';

const MINUTES = 30;

/** What happens in one run. It is the same in each. */
export interface Work {
  /** Of the kernel: somebody wakes, orders arrive, a price, a mark, a margin check, a step of a liquidation … */
  kernelEvents: number;
  /** Of those, the arrivals of orders: each brings all that one waking sent. */
  arrivals: number;
  /** New orders, cancels and reductions that the book was asked for. */
  commands: number;
  fills: number;
}

export interface Times {
  /** Seconds of processor time of all threads, by run: to build the world, and to let it happen. */
  readonly building: number[];
  readonly running: number[];
  /** Largest resident memory of the process. */
  readonly megabytes: number;
}

export interface Memory {
  readonly work: Work;
  /** Allocated on V8's heap while a world happened, whether it was kept or not. */
  readonly bytesAllocated: number;
  /** What a world holds when it has happened for one hour, and for eight. */
  readonly heldAfter1h: number;
  readonly heldAfter8h: number;
}

const openings = new Openings();
const [job, ...numbers] = process.argv.slice(2);
const [accounts, warmUp] = numbers.map(Number);
if (job === 'memory') console.log(JSON.stringify(await memory()));
else if (job === 'time') {
  const scenario = scenarioOf(MINUTES);
  for (let run = 0; run < warmUp; run++) build(scenario).run();
  process.on('message', (question: number | 'work') => {
    process.send!(question === 'work' ? workOf(scenario) : timesOf(scenario, question));
  });
  process.send!('ready');
} else throw new Error(`no job ${job}`);

/** The first run after a pause, in which V8 drops code, does not count. */
function timesOf(scenario: Scenario, runs: number): Times {
  if (runs > 0) build(scenario).run();
  const building: number[] = [];
  const running: number[] = [];
  for (let run = 0; run < runs; run++) {
    const [world, toBuild] = timed(() => build(scenario));
    const [, toRun] = timed(() => world.run());
    building.push(toBuild);
    running.push(toRun);
  }
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return { building, running, megabytes };
}

async function memory(): Promise<Memory> {
  const scenario = scenarioOf(MINUTES);
  for (let run = 0; run < warmUp; run++) build(scenario).run();
  const bytesAllocated = allocatedBy(scenario);
  const [heldAfter1h, heldAfter8h] = [await heldAfter(60), await heldAfter(480)];
  return { work: workOf(scenario), bytesAllocated, heldAfter1h, heldAfter8h };
}

function allocatedBy(scenario: Scenario): number {
  const world = build(scenario);
  globalThis.gc!();
  const before = process.memoryUsage().heapUsed;
  world.run();
  return process.memoryUsage().heapUsed - before;
}

/**
 * What is garbage as soon as the world is. The code that V8 throws away meanwhile does not count, as little as code made for it.
 * Functions of their own handle the world: a frame that is still there would keep it alive.
 */
async function heldAfter(minutes: number): Promise<number> {
  const worlds = [worldAfter(minutes)];
  const withIt = await inUse();
  letGo(worlds);
  return withIt - (await inUse());
}

function worldAfter(minutes: number): World {
  const world = build(scenarioOf(minutes));
  world.run();
  return world;
}

/** It must have been alive until here. */
function letGo(worlds: World[]): void {
  worlds.pop()!.checkInvariants();
}

/** What is not garbage. A thread of its own gives buffers back, some time after the collection that found them. */
async function inUse(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc!();
    await setTimeout(20);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** One run, counted, after all others: a book that counts is of another shape to V8, which would slow the others down. */
function workOf(scenario: Scenario): Work {
  const work: Work = { kernelEvents: 0, arrivals: 0, commands: 0, fills: 0 };
  const world = build(scenario, (_time, _phase, kind) => {
    if (kind === 'fill') work.fills++;
    if (kind.endsWith('-orders-arrive')) work.arrivals++;
  });
  const { book } = world.exchange;
  const [place, cancel, reduce] = [book.place.bind(book), book.cancel.bind(book), book.reduce.bind(book)];
  book.place = (order) => {
    work.commands++;
    return place(order);
  };
  book.cancel = (handle) => {
    work.commands++;
    return cancel(handle);
  };
  book.reduce = (handle, lots) => {
    work.commands++;
    return reduce(handle, lots);
  };
  world.run();
  work.kernelEvents = world.kernel.processed;
  return work;
}

function build(scenario: Scenario, log?: EventLog): World {
  return new World({
    ...{ scenario, replicate: 0, openings, keepPaths: false, mode: { kind: 'closed' } },
    ...(log === undefined ? {} : { log }),
  });
}

function scenarioOf(minutes: number): Scenario {
  const files = {
    read: (path: string) => readFileSync(path, 'utf8'),
    resolve: (from: string, relative: string) => join(dirname(from), relative),
  };
  const { cells } = loadBatch('scenarios/mark-designs.yaml', files, VOCABULARY, {
    set: [
      `agents.holders.count=${0.9 * accounts}`,
      `agents.hedged.count=${0.1 * accounts}`,
      `horizon=${minutes}m`,
      'measure.arms=[closed]',
      'sweep.exchange.mark=[{ design: impact-mid }]',
      'sweep.shocks.dump.notional=[20M]',
      'expect=[]',
    ],
  });
  return cells[0].scenario;
}

/** What an action gives, and its seconds of processor time. */
function timed<T>(action: () => T): [T, number] {
  const from = process.cpuUsage();
  const given = action();
  const { user, system } = process.cpuUsage(from);
  return [given, (user + system) / 1e6];
}
