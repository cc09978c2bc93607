import { describe, expect, it } from 'vitest';
import { tierTableFrom, type Where } from '../../src/accounts/tier-table.ts';
import { ScenarioError } from '../../src/base/check.ts';

const where: Where = (path) => ({ file: 't.json', line: path.length, column: 1, path: path.join('.') });

interface Row {
  tier?: number;
  minNotional: unknown;
  maxNotional: unknown;
  maintenanceMarginRate: unknown;
  maxLeverage: unknown;
  info?: unknown;
}
/** Three tiers: cum 0, 50 = 50 000 · 0.1 %, 950 = 50 + 600 000 · 0.15 %. */
function rows(): Row[] {
  return [
    {
      tier: 1,
      minNotional: 0,
      maxNotional: 50_000,
      maintenanceMarginRate: 0.004,
      maxLeverage: 125,
      info: { cum: 0 },
    },
    {
      tier: 2,
      minNotional: 50_000,
      maxNotional: 600_000,
      maintenanceMarginRate: 0.005,
      maxLeverage: 100,
      info: { cum: '50.0' },
    },
    { tier: 3, minNotional: 600_000, maxNotional: null, maintenanceMarginRate: 0.0065, maxLeverage: 75 },
  ];
}
function changed(tier: number, change: Partial<Row>): Row[] {
  return rows().map((row, i) => (i === tier - 1 ? { ...row, ...change } : row));
}
function refusal(json: unknown) {
  try {
    tierTableFrom(json, where);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problem;
    throw error;
  }
  throw new Error('accepted');
}

describe('a tier table', () => {
  it('is read from the shape of ccxt, alone or under a heading', () => {
    const table = tierTableFrom(rows(), where);
    expect(table.tiers).toEqual([
      { floor: 0, cap: 50_000, maintenanceRate: 0.004, maxLeverage: 125, deduction: 0 },
      { floor: 50_000, cap: 600_000, maintenanceRate: 0.005, maxLeverage: 100, deduction: 50 },
      { floor: 600_000, cap: Infinity, maintenanceRate: 0.0065, maxLeverage: 75, deduction: 950 },
    ]);
    const headed = tierTableFrom({ symbol: 'X', source: 'venue', asOf: '2024-10-24', tiers: rows() }, where);
    expect(headed).toEqual({ contract: 'X', source: 'venue', asOf: '2024-10-24', tiers: table.tiers });
    expect(Object.isFrozen(headed) && Object.isFrozen(headed.tiers[0])).toBe(true);
  });

  it('asks for a margin that does not jump between tiers', () => {
    const { tiers } = tierTableFrom(rows(), where);
    for (const [k, { floor, maintenanceRate, deduction }] of tiers.entries()) {
      const below = tiers[k - 1] ?? tiers[0];
      expect(floor * maintenanceRate - deduction).toBeCloseTo(
        floor * below.maintenanceRate - below.deduction,
        6,
      );
    }
  });

  it('may write amounts and shares the way a scenario does', () => {
    expect(
      tierTableFrom(changed(1, { maxNotional: '50k', maintenanceMarginRate: '0.4%' }), where).tiers[0],
    ).toMatchObject({
      cap: 50_000,
      maintenanceRate: 0.004,
    });
  });

  it.each([
    [
      'a gap',
      changed(2, { minNotional: 60_000 }),
      'tier 2',
      /60000 \(a gap\)/,
      /50000, where the tier before ends/,
    ],
    ['an overlap', changed(2, { minNotional: 40_000 }), 'tier 2', /an overlap/, /50000/],
    [
      'a first tier above zero',
      changed(1, { minNotional: 5 }),
      'tier 1',
      /minNotional 5/,
      /0 in the first tier/,
    ],
    [
      'an empty tier',
      changed(2, { maxNotional: 50_000 }),
      'tier 2',
      /maxNotional 50000/,
      /more than minNotional/,
    ],
    ['an open end in the middle', changed(2, { maxNotional: null }), 'tier 2', /null/, /an amount of money/],
    ['a falling rate', changed(3, { maintenanceMarginRate: 0.0045 }), 'tier 3', /0.0045/, /at least 0.005/],
    [
      'a rate of zero',
      changed(1, { maintenanceMarginRate: 0 }),
      'tier 1',
      /maintenanceMarginRate 0/,
      /above 0/,
    ],
    [
      'a rate of one',
      changed(3, { maintenanceMarginRate: 1 }),
      'tier 3',
      /maintenanceMarginRate 1/,
      /below 1/,
    ],
    ['a rising leverage', changed(3, { maxLeverage: 110 }), 'tier 3', /maxLeverage 110/, /at most 100/],
    [
      'initial below maintenance margin',
      changed(1, { maxLeverage: 300 }),
      'tier 1',
      /maxLeverage 300/,
      /at most 250/,
    ],
    ['a leverage below one', changed(3, { maxLeverage: 0.5 }), 'tier 3', /0.5/, /at least 1/],
    [
      'a wrong cum',
      changed(2, { info: { cum: 60 } }),
      'tier 2',
      /info.cum 60/,
      /50 = cum of the tier before/,
    ],
    ['a cum that is no number', changed(2, { info: { cum: 'x' } }), 'tier 2', /info.cum x/, /50/],
    ['a missing field', changed(2, { maxLeverage: undefined }), 'tier 2', /no maxLeverage/, /a number/],
    ['a row that is no map', [7], 'tier 1', /7/, /a map with minNotional/],
  ])('with %s is refused with the tier named', (_, json, tier, found, expected) => {
    const problem = refusal(json);
    expect(problem.found).toMatch(found);
    expect(problem.found).toContain(tier);
    expect(problem.expected).toMatch(expected);
  });

  it('without tiers is refused', () => {
    expect(refusal([])).toMatchObject({ found: 'an empty list', expected: 'a list of margin tiers' });
    expect(refusal({ rows: [] })).toMatchObject({ found: 'no tiers' });
    expect(refusal(null)).toMatchObject({ found: 'no tiers' });
  });

  it('tells the place of the field', () => {
    expect(refusal({ tiers: changed(2, { minNotional: 60_000 }) })).toMatchObject({
      file: 't.json',
      line: 3,
      path: 'tiers.1.minNotional',
    });
  });
});
