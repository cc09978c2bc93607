/** `node scenario-run.js ACCOUNTS MINUTES RUNS`: whole scenarios in a process of their own, told as JSON. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadBatch, Openings, simulateReplicate, VOCABULARY } from '../../src/index.ts';

/** What the runs took, the first of them left out: it draws the starting accounts and warms the code. */
export interface ScenarioRuns {
  /** Events a second of processor time of all threads, by run; building the world is included. */
  readonly eventsPerSecond: number[];
  /** Largest resident memory of the process. */
  readonly megabytes: number;
}

const [accounts, minutes, runs] = process.argv.slice(2).map(Number);
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
const { scenario } = cells[0];
const openings = new Openings();
const eventsPerSecond: number[] = [];
for (let run = 0; run <= runs; run++) {
  const from = process.cpuUsage();
  const [{ metrics }] = simulateReplicate(scenario, 0, { openings });
  const { user, system } = process.cpuUsage(from);
  if (run > 0) eventsPerSecond.push((1e6 * metrics.events) / (user + system));
}
const result: ScenarioRuns = { eventsPerSecond, megabytes: process.resourceUsage().maxRSS / 1024 };
console.log(JSON.stringify(result));
