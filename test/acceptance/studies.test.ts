import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simulateReplicate } from '../../src/run/simulate.ts';
import { batchOf, FOLDER } from './laboratory.ts';

const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .sort();
/** Studies that sweep rules: every rule has to stand in the market of the file, here with a few traders in it. */
const STUDIES = [
  'adl-policies.yaml',
  'collateral-depeg.yaml',
  'funding-crowding.yaml',
  'max-leverage.yaml',
  'partial-or-full.yaml',
  'price-limits.yaml',
];
const FEW = [
  'agents.makers.count=2',
  'agents.makers.levels=6',
  'agents.makers.depthScale=0.05',
  'agents.holders.count=200',
  'agents.holders.openInterest=100M',
  'agents.holders.largestShare=5%',
  'agents.hedged.count=40',
];

describe('the scenario files', () => {
  test.each(FILES)('%s loads, and asks something', (name) => {
    const { cells } = batchOf(name);
    const { about } = cells[0].scenario;
    // By a sweep, or by a command that varies it.
    expect(cells.length > 1 || /cascade [a-z]/.test(about)).toBe(true);
    expect(about.length).toBeGreaterThan(60);
  });

  test('an axis that would be called like a metric takes more of its path', () => {
    expect(batchOf('price-limits.yaml').axes.map(({ name }) => name)).toEqual([
      'mark',
      'priceLimits',
      'exchange.halts',
    ]);
  });

  test.each(STUDIES)('%s: every cell runs to its end, with its shocks in it', (name) => {
    for (const { scenario } of batchOf(name, FEW).cells) {
      const { metrics } = simulateReplicate(scenario, 0).find(({ arm }) => arm === 'closed')!;
      expect(metrics.drawdown).toBeGreaterThan(0);
    }
  });
});
