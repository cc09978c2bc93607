import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { simulateReplicate } from '../../src/run/simulate.ts';
import { PERTURBATIONS } from '../../src/run/validation/check.ts';
import type { Check } from '../../src/run/validation/check.ts';
import { CHECKS } from '../../src/run/validation/checks.ts';
import { evaluateExpectations } from '../../src/tables/expectations.ts';
import { runsTable } from '../../src/tables/runs-table.ts';
import { batchOf, laboratory } from './laboratory.ts';

const LIMITS = CHECKS.filter(({ group }) => group === 'limits' || group === 'controls');
/** Their power hangs on a number of replicates that `cascade validate --power` takes, and the tests of the program do not. */
const STATISTICAL = ['limit-7', 'limit-7-sizes', 'limit-12', 'limit-12-hawkes'];

function misses(check: Check, off: number): string[] {
  return check
    .run(laboratory('test', off))
    .filter(({ holds }) => !holds)
    .map(({ quantity, theory, simulated }) => `${quantity}: ${simulated} instead of ${theory}`);
}

describe.each(LIMITS)('$id: $title', (check) => {
  test('every number is what the theory says', { timeout: 60_000 }, () =>
    expect(misses(check, 1)).toEqual([]),
  );

  if (check.perturbs === undefined || STATISTICAL.includes(check.id)) return;
  test.each(PERTURBATIONS)(`notices when it is not (${check.perturbs} × %d)`, { timeout: 60_000 }, (off) => {
    expect(misses(check, off).length).toBeGreaterThan(0);
  });
});

describe('the checks', () => {
  test('have names of their own, and cover all thirteen limits', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (let limit = 1; limit <= 13; limit++)
      expect(
        ids.some((id) => new RegExp(`^limit-${limit}(-|$)`).test(id)),
        `limit ${limit}`,
      ).toBe(true);
  });
});

describe('the scenario files of the limits', () => {
  const files = readdirSync(resolve(import.meta.dirname, '../../scenarios/limits'));
  test.each(files)('%s keeps what it expects', (file) => {
    const { cells, expect: expected } = batchOf(`limits/${file}`);
    const results = cells.flatMap(({ scenario }, cell) =>
      Array.from({ length: scenario.measure.replicates.atLeast }, (_, replicate) => ({
        task: { cell, replicate },
        rows: simulateReplicate(scenario, replicate),
      })),
    );
    const broken = evaluateExpectations(expected, runsTable(results, cells), { seed: '1' }).filter(
      ({ holds }) => !holds,
    );
    expect(broken).toEqual([]);
    expect(expected.length).toBeGreaterThan(0);
  });
});
