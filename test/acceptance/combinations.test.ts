import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../src/world/scenario.ts';
import type { World } from '../../src/world/world.ts';
import { auditedRun } from './combinations-audit.ts';
import { DIMENSIONS, PLAN, randomRow, rowInWords, scenariosOfRows } from './combinations.ts';
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

/** What happened in a world: worlds are too large to be kept by the hundred. */
function happenedIn({ markets, contagion }: World): string[] {
  const any = (holds: (of: World['recorder']) => boolean): boolean =>
    markets.some(({ recorder }) => holds(recorder));
  const matrix = contagion.matrix();
  return Object.entries({
    liquidation: any(({ liquidations }) => liquidations > 0),
    adl: any(({ adlValue }) => adlValue > 0),
    socialised: any(({ socialisedLoss }) => socialisedLoss > 0),
    fund: any(({ fundOut }) => fundOut > 0),
    halt: any(({ halts }) => halts > 0),
    contagion: matrix.some((row, i) => row.some((k, j) => i !== j && k > 0)),
  }).flatMap(([what, holds]) => (holds ? [what] : []));
}

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
