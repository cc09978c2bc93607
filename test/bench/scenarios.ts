import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Apart } from './apart.ts';
import type { Row } from './rows.ts';
import type { Memory, Times, Work } from './scenario-run.ts';
import { spreadOf } from './timing.ts';

/** Accounts, how often the run is played to warm the code, and how often it is timed: [quick, full], 0: left out. */
const SIZES = [
  { accounts: 1_000, warmUp: 30, runs: [0, 20] },
  { accounts: 10_000, warmUp: 30, runs: [20, 20], gate: 3, target: 6 },
  { accounts: 100_000, warmUp: 4, runs: [0, 8] },
  { accounts: 1_000_000, warmUp: 1, runs: [2, 6] },
] as const;
/** So large a nursery that nothing is collected while it is counted what a run allocates. */
const COUNT_ALL = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];

/**
 * A sell programme into a thin book with every kind of trader, margin and liquidation on: `scenarios/mark-designs.yaml`. Half of
 * the runs are timed before those of other sizes and half after, so that one spell of other work on the machine cannot disturb them all.
 */
export async function benchScenarios(quick: boolean): Promise<Row[]> {
  const memory = memoryOf(10_000, 20);
  const sizes = await Promise.all(
    SIZES.filter(({ runs }) => runs[quick ? 0 : 1] > 0).map(async ({ accounts, warmUp, runs, ...bounds }) => {
      const process = await Apart.start<number | 'work', Times | Work>(
        'scenario-run.js',
        'time',
        accounts,
        warmUp,
      );
      return { accounts, process, halfOfRuns: runs[quick ? 0 : 1] / 2, times: [] as Times[], bounds };
    }),
  );
  const rowsAboutMemory = memoryRows(await memory);
  for (let half = 0; half < 2; half++) {
    for (const { process, halfOfRuns, times } of sizes) times.push((await process.ask(halfOfRuns)) as Times);
  }
  const rows: Row[] = [];
  for (const { accounts, process, times, bounds } of sizes) {
    rows.push(...rowsOf(accounts, (await process.ask('work')) as Work, together(times), bounds));
    process.stop();
  }
  return [...rows, ...rowsAboutMemory];
}

function together(times: readonly Times[]): Times {
  return {
    building: times.flatMap(({ building }) => building),
    running: times.flatMap(({ running }) => running),
    megabytes: Math.max(...times.map(({ megabytes }) => megabytes)),
  };
}

/** Every hop once: what arrives in one message counts as its commands, and not as an arrival besides. */
function hopsOf({ kernelEvents, arrivals, commands, fills }: Work): number {
  return kernelEvents - arrivals + commands + fills;
}

function rowsOf(
  accounts: number,
  work: Work,
  { building, running, megabytes }: Times,
  bounds: { readonly gate?: number; readonly target?: number },
): Row[] {
  const name = nameOf(accounts);
  const perSecond = (count: number) =>
    spreadOf(
      running.map((seconds) => count / seconds / 1e6),
      { rates: true },
    );
  return [
    { what: `${name}, events`, unit: 'M/s', measured: perSecond(hopsOf(work)), more: true, ...bounds },
    { what: `${name}, kernel events`, unit: 'M/s', measured: perSecond(work.kernelEvents), more: true },
    { what: `${name}, orders and cancels`, unit: 'M/s', measured: perSecond(work.commands), more: true },
    {
      what: `${name}, building it`,
      unit: 'ms',
      measured: spreadOf(building.map((seconds) => 1e3 * seconds)),
      more: false,
    },
    {
      what: `${name}, resident memory`,
      unit: 'MB',
      measured: spreadOf([megabytes]),
      more: false,
      ...(accounts === 1_000_000 ? { gate: 1000, target: 400 } : {}),
    },
  ];
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
