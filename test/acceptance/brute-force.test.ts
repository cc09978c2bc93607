import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  findThreshold,
  loadBatch,
  reverseStress,
  RISK_EVENTS,
  simulateReplicate,
  VOCABULARY,
} from '../../src/index.ts';
import type { Threshold } from '../../src/index.ts';
import { cascadeIn } from '../cli/program.ts';

/**
 * The answers of `cascade break` and `cascade size-fund` against every level run for every replicate. More than the tests take:
 * CASCADE_BRUTE_SEEDS=5 CASCADE_BRUTE_REPLICATES=40 npx vitest run test/acceptance/brute-force.test.ts
 */
const SEEDS = Array.from({ length: Number(process.env.CASCADE_BRUTE_SEEDS ?? 2) }, (_, i) => i + 1);
const REPLICATES = Number(process.env.CASCADE_BRUTE_REPLICATES ?? 8);
const TARGETS = [0.1, 0.25, 0.5, 0.75, 0.9];

const WEAK = join(import.meta.dirname, '../cli/weak.yaml');
const ON_DISK = {
  read: (path: string) => readFileSync(path, 'utf8'),
  resolve: (from: string, relative: string) => resolve(dirname(from), relative),
};

/** Paths with their levels, the mildest first. */
const VARIED = {
  'shocks.fall.size': ['-0.5%', '-1%', '-1.5%', '-2%', '-2.5%', '-3%', '-4%'],
  'agents.longs.leverage': ['3', '6', '9', '12', '15', '20', '30'],
  'exchange.insuranceFund': ['60k', '30k', '15k', '8k', '4k', '2k', '1k'],
} as const;

/** The closed arm of every replicate at every level: rows[level][replicate]. */
function everything(path: string, levels: readonly string[], settings: readonly string[]) {
  const set = [...settings, `sweep.${path}=[${levels.join(', ')}]`];
  const { cells } = loadBatch(WEAK, ON_DISK, VOCABULARY, { set });
  return cells.map(({ scenario }) =>
    Array.from({ length: REPLICATES }, (_, replicate) => simulateReplicate(scenario, replicate)[0]),
  );
}

describe.each(SEEDS)('with seed %d', (seed) => {
  describe.each(Object.entries(VARIED))('%s', (path, levels) => {
    let happens: boolean[][];
    let thresholds: Threshold[];
    beforeAll(async () => {
      const rows = everything(path, levels, [`seed=${seed}`]);
      happens = rows.map((level) => level.map(({ metrics }) => RISK_EVENTS.ruin(metrics)));
      thresholds = [];
      for (let replicate = 0; replicate < REPLICATES; replicate++)
        thresholds.push(
          await findThreshold(levels.length, (level) => Promise.resolve(happens[level][replicate])),
        );
    }, 600_000);

    test('bisection finds the first level of each replicate that does not come and go', () => {
      let steady = 0;
      for (let replicate = 0; replicate < REPLICATES; replicate++) {
        const column = happens.map((level) => level[replicate]);
        const first = column.indexOf(true) < 0 ? levels.length : column.indexOf(true);
        if (column.slice(first).includes(false)) continue;
        steady++;
        expect(thresholds[replicate].at).toBe(first);
      }
      expect(steady).toBeGreaterThan(0.8 * REPLICATES);
      expect(new Set(thresholds.map(({ at }) => at)).size).toBeGreaterThan(1);
    });

    test.each(TARGETS)('break finds the level at which %d is reached when all are run', (probability) => {
      const share = happens.map((level) => level.filter(Boolean).length / REPLICATES);
      const fickle = happens[0].filter((_, replicate) => {
        const column = happens.map((level) => Number(level[replicate]));
        return column.some((value, level) => level > 0 && value < column[level - 1]);
      }).length;
      const { at } = reverseStress(thresholds, { probability, levels: levels.length });
      // Replicates in which ruin comes and goes, each in one vote, are all that may part the two answers.
      const slack = fickle / REPLICATES;
      if (at < levels.length) expect(share[at]).toBeGreaterThanOrEqual(probability - slack - 1e-9);
      if (at > 0) expect(share[at - 1]).toBeLessThan(probability + slack);
    });
  });

  // A run of the program each, of the better part of a minute: only when more is asked for. One is in test/cli/risk-team.test.ts.
  test.skipIf(SEEDS.length <= 2).each(TARGETS)(
    'size-fund finds the fund for a ruin of %d that running all funds finds',
    { timeout: 600_000 },
    async (target) => {
      const funds = [100e3, 60e3, 40e3, 30e3, 20e3, 15e3, 12e3, 10e3, 8e3, 6e3, 4e3, 2e3];
      const share = everything('exchange.insuranceFund', funds.map(String), [`seed=${seed}`]).map(
        (level) => level.filter(({ metrics }) => RISK_EVENTS.ruin(metrics)).length / REPLICATES,
      );
      const folder = mkdtempSync(join(tmpdir(), 'cascade-brute-'));
      const ask = ['--ruin', `${100 * target}%`, '--replicates', `${REPLICATES}`, '--workers', '1', '--json'];
      const { stdout } = await cascadeIn(folder, ['size-fund', WEAK, '--set', `seed=${seed}`, ...ask]);
      rmSync(folder, { recursive: true });
      const [{ enough }] = (JSON.parse(stdout) as { cells: { enough: number }[] }).cells;
      const firstTooSmall = share.findIndex((ruined) => ruined > target + 1e-9);
      expect(firstTooSmall).toBeGreaterThan(0);
      // Between the two funds of the grid, or within the tenth at which it stops.
      expect(enough).toBeLessThan(1.1 * funds[firstTooSmall - 1]);
      expect(enough).toBeGreaterThan(funds[firstTooSmall]);
    },
  );
});
