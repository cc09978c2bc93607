import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Apart } from './apart.ts';
import type { Row } from './rows.ts';
import type { Memory, Times, Work } from './scenario-run.ts';
import { type Part, spreadOf } from './timing.ts';

/**
 * Accounts, how often the run is played to warm the code, and how often it is timed in a sitting: [quick, full], undefined: left out, 0:
 * only its memory is measured. The size that has a gate is timed between the sittings of others instead (quick: of every other), so often.
 */
const SIZES = [
  { accounts: 1_000, warmUp: 30, runs: [undefined, 7] },
  { accounts: 10_000, warmUp: 30, runs: [2, 3], gate: 3, target: 6 },
  { accounts: 100_000, warmUp: 4, runs: [undefined, 3] },
  { accounts: 1_000_000, warmUp: 1, runs: [0, 2] },
] as const;
/** So large a nursery that nothing is collected while it is counted what a run allocates. */
const COUNT_ALL = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];

/** A sell programme into a thin book with every kind of trader, margin and liquidation on: `scenarios/mark-designs.yaml`. */
export async function benchScenarios(quick: boolean): Promise<Part> {
  const memory = memoryOf(10_000, quick ? 10 : 20);
  const started = SIZES.map(async ({ accounts, warmUp, runs, ...bounds }): Promise<Size[]> => {
    const runsOfSitting = runs[quick ? 0 : 1];
    if (runsOfSitting === undefined) return [];
    const apart = await Apart.start<number | 'work', Times | Work>(
      'scenario-run.js',
      'time',
      accounts,
      warmUp,
    );
    return [{ accounts, apart, runsOfSitting, times: [], bounds }];
  });
  const sizes = (await Promise.all(started)).flat();
  const rowsAboutMemory = memoryRows(await memory);
  const time = async ({ apart, runsOfSitting, times }: Size) => {
    times.push((await apart.ask(runsOfSitting)) as Times);
  };
  let pauses = 0;
  return {
    async sit() {
      for (const size of sizes) if (size.bounds.gate === undefined) await time(size);
    },
    async between() {
      if (quick && ++pauses % 2 === 0) return;
      for (const size of sizes) if (size.bounds.gate !== undefined) await time(size);
    },
    async rows() {
      const rows: Row[] = [];
      for (const size of sizes) {
        rows.push(...(size.runsOfSitting > 0 ? await rowsOf(size) : []), memoryRow(size));
        size.apart.stop();
      }
      return [...rows, ...rowsAboutMemory];
    },
  };
}

interface Size {
  readonly accounts: number;
  readonly apart: Apart<number | 'work', Times | Work>;
  readonly runsOfSitting: number;
  /** Of each sitting. */
  readonly times: Times[];
  readonly bounds: { readonly gate?: number; readonly target?: number };
}

/** Every hop once: what arrives in one message counts as its commands, and not as an arrival besides. */
function hopsOf({ kernelEvents, arrivals, commands, fills }: Work): number {
  return kernelEvents - arrivals + commands + fills;
}

async function rowsOf({ accounts, apart, times, bounds }: Size): Promise<Row[]> {
  const work = (await apart.ask('work')) as Work;
  const name = nameOf(accounts);
  const perSecond = (count: number) =>
    spreadOf(
      times.flatMap(({ running }) => running.map((seconds) => count / seconds / 1e6)),
      { rates: true },
    );
  return [
    { what: `${name}, events`, unit: 'M/s', measured: perSecond(hopsOf(work)), more: true, ...bounds },
    { what: `${name}, kernel events`, unit: 'M/s', measured: perSecond(work.kernelEvents), more: true },
    { what: `${name}, orders and cancels`, unit: 'M/s', measured: perSecond(work.commands), more: true },
    {
      what: `${name}, building it`,
      unit: 'ms',
      measured: spreadOf(times.flatMap(({ building }) => building.map((seconds) => 1e3 * seconds))),
      more: false,
    },
  ];
}

function memoryRow({ accounts, times }: Size): Row {
  return {
    what: `${nameOf(accounts)}, resident memory`,
    unit: 'MB',
    measured: spreadOf([Math.max(...times.map(({ megabytes }) => megabytes))]),
    more: false,
    ...(accounts === 1_000_000 ? { gate: 1000, target: 400 } : {}),
  };
}

function memoryRows({ work, bytesAllocated, heldAfter1h, heldAfter8h }: Memory): Row[] {
  const name = nameOf(10_000);
  return [
    {
      what: `${name}, allocated an event`,
      unit: 'B',
      measured: spreadOf([bytesAllocated / hopsOf(work)]),
      more: false,
    },
    {
      what: `${name}, memory held after 8 hours over 1`,
      unit: '×',
      measured: spreadOf([heldAfter8h / heldAfter1h]),
      gate: 1.2,
      target: 1.05,
      more: false,
    },
  ];
}

function nameOf(accounts: number): string {
  return `scenario, 10${superscript(Math.log10(accounts))} accounts`;
}

async function memoryOf(accounts: number, warmUp: number): Promise<Memory> {
  const program = join(import.meta.dirname, 'scenario-run.js');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...COUNT_ALL,
    program,
    'memory',
    String(accounts),
    String(warmUp),
  ]);
  return JSON.parse(stdout) as Memory;
}

function superscript(n: number): string {
  return '⁰¹²³⁴⁵⁶⁷⁸⁹'[Math.round(n)];
}
