import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../src/world/scenario.ts';
import type { World } from '../../src/world/world.ts';
import { auditedRun } from './combinations-audit.ts';
import { happenedIn } from './combinations-happened.ts';
import { DIMENSIONS, PLAN, randomRow, rowInWords, scenariosOfRows } from './combinations.ts';
import { COMBINATIONS, FullProduct } from './full-product.ts';
import { coveringRows, pairsOf } from './pairwise.ts';
import type { Row } from './pairwise.ts';

/** So many rows of the full product are run besides, from this number on, in all arms: see docs/contributor.md. */
const MORE = Number(process.env['CASCADE_COMBINATIONS'] ?? 0);
const FROM = Number(process.env['CASCADE_COMBINATIONS_FROM'] ?? 0);

function run(row: Row, scenario: Scenario): World {
  try {
    return auditedRun(scenario, { kind: 'closed' });
  } catch (error) {
    throw new Error(`${scenario.title}: ${rowInWords(row)}`, { cause: error });
  }
}

describe('LIMIT-10 every two rules of the catalogue that the schema allows together', () => {
  const rows = coveringRows(PLAN);
  const happened: string[][] = [];

  test('meet in one of the rows', () => {
    const meets = new Set(
      rows.flatMap((row) =>
        Object.entries(row).flatMap(([a, m]) => Object.entries(row).map(([b, n]) => `${a}=${m} ${b}=${n}`)),
      ),
    );
    for (const [[a, m], [b, n]] of pairsOf(PLAN)) expect(meets.has(`${a}=${m} ${b}=${n}`)).toBe(true);
    for (const [name, values] of Object.entries(DIMENSIONS))
      expect(new Set(rows.map((row) => row[name])).size).toBe(values.length);
  });

  test('conserve money and positions, spare flat accounts, deleverage no more than needed, and come to an end', () => {
    const scenarios = scenariosOfRows(rows);
    rows.forEach((row, i) => happened.push(happenedIn(run(row, scenarios[i]))));
  });

  test('and everything that can happen did happen', () => {
    const count = (what: string): number => happened.filter((of) => of.includes(what)).length;
    expect(count('liquidation')).toBeGreaterThan(rows.length / 2);
    for (const what of ['adl', 'socialised', 'fund', 'halt']) expect(count(what), what).toBeGreaterThan(10);
    expect(count('contagion')).toBeGreaterThan(5);
  });
});

test('every 251st combination of mark, policy, waterfall and ADL keeps the same, and most of them liquidate', () => {
  const product = new FullProduct();
  const happened: string[][] = [];
  for (let number = 0; number < COMBINATIONS; number += 251)
    try {
      happened.push(happenedIn(auditedRun(product.scenario(number), { kind: 'closed' })));
    } catch (error) {
      throw new Error(`${number}: ${rowInWords(product.row(number))}`, { cause: error });
    }
  expect(COMBINATIONS).toBe(125_440);
  const share = (what: string): number => happened.filter((of) => of.includes(what)).length / happened.length;
  expect(share('liquidation')).toBeGreaterThan(0.8);
  for (const what of ['adl', 'fund', 'socialised']) expect(share(what), what).toBeGreaterThan(0.15);
});

test.runIf(MORE > 0)(
  `${MORE} rows of the full product from ${FROM} on, in all arms`,
  () => {
    const failed: string[] = [];
    for (let number = FROM; number < FROM + MORE; number++) {
      const row = randomRow(number);
      try {
        const [scenario] = scenariosOfRows([row], number);
        const { marks } = auditedRun(scenario, { kind: 'off' });
        auditedRun(scenario, { kind: 'open-loop', marks });
        auditedRun(scenario, { kind: 'closed' });
      } catch (error) {
        failed.push(
          `${number}: ${error instanceof Error ? error.message : String(error)}: ${rowInWords(row)}`,
        );
      }
    }
    expect(failed).toEqual([]);
  },
  24 * 3_600_000,
);
