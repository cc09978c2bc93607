import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Row } from './rows.ts';
import type { ScenarioRuns } from './scenario-run.ts';
import { spreadOf } from './timing.ts';

/** Accounts, and how often the run is timed: [quick, full]. The gate of the whole simulator is asked where the code is warm. */
const SIZES = [
  { accounts: 1_000, runs: [8, 20] },
  { accounts: 10_000, runs: [8, 20], gate: 3, target: 6 },
  { accounts: 100_000, runs: [3, 8] },
  { accounts: 1_000_000, runs: [1, 5] },
];
const MINUTES = 30;

/** A sell programme into a thin book with every kind of trader, margin and liquidation on: `scenarios/mark-designs.yaml`. */
export function benchScenarios(quick: boolean): Row[] {
  return SIZES.flatMap(({ accounts, runs, gate, target }) => {
    const { eventsPerSecond, megabytes } = inOwnProcess(accounts, runs[quick ? 0 : 1]);
    const name = `scenario, 10${superscript(Math.log10(accounts))} accounts, ${MINUTES} minutes`;
    const events: Row = {
      what: `${name}, events a second and core`,
      unit: 'M/s',
      measured: spreadOf(eventsPerSecond.map((x) => x / 1e6)),
      more: true,
      ...(gate === undefined ? {} : { gate, target }),
    };
    const memory: Row = {
      what: `${name}, resident memory`,
      unit: 'MB',
      measured: spreadOf([megabytes]),
      more: false,
      ...(accounts === 1_000_000 ? { gate: 1000, target: 400 } : {}),
    };
    return [events, memory];
  });
}

function inOwnProcess(accounts: number, runs: number): ScenarioRuns {
  const program = join(import.meta.dirname, 'scenario-run.js');
  const said = execFileSync(process.execPath, [program, `${accounts}`, `${MINUTES}`, `${runs}`]);
  return JSON.parse(said.toString()) as ScenarioRuns;
}

function superscript(n: number): string {
  return '⁰¹²³⁴⁵⁶⁷⁸⁹'[Math.round(n)];
}
