import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { marginTableFrom, type MarginTable } from '../../src/accounts/margin-table.ts';
import type { Where } from '../../src/accounts/tier-table.ts';
import { ScenarioError } from '../../src/base/check.ts';

const FOLDER = new URL('../../scenarios/tiers/', import.meta.url);
const SHIPPED = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const where: Where = (path) => ({ file: 't.json', line: path.length, column: 1, path: path.join('.') });

function shipped(name: string): MarginTable {
  return marginTableFrom(jsonOf(name), where);
}
function jsonOf(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Record<string, unknown>;
}
function ofRule<Rule extends MarginTable['rule']>(
  name: string,
  rule: Rule,
): Extract<MarginTable, { rule: Rule }> {
  const table = shipped(name);
  if (table.rule !== rule) throw new Error(`${name} is ${table.rule}`);
  return table as Extract<MarginTable, { rule: Rule }>;
}
function refusal(json: unknown) {
  try {
    marginTableFrom(json, where);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problem;
    throw error;
  }
  throw new Error('accepted');
}

describe('the tables that come with the product', () => {
  it.each(SHIPPED)('%s loads, and says its source, date and confidence', (name) => {
    const table = shipped(name.slice(0, -'.json'.length));
    for (const words of [table.symbol, table.about, table.source, table.confidence])
      expect(words).not.toBe('');
    expect(table.asOf).toMatch(/^20\d\d/);
    expect(table.currency).not.toBe('');
  });

  const marginal = SHIPPED.filter((name) => !('rule' in jsonOf(name.slice(0, -'.json'.length))));
  it.each(marginal)('%s: its deductions obey the recursion and its margin never jumps', (name) => {
    const { table } = ofRule(name.slice(0, -'.json'.length), 'marginal-tiers');
    expect(table.tiers[0].deduction).toBe(0);
    for (const [k, { floor, maintenanceRate, deduction }] of table.tiers.entries()) {
      if (k === 0) continue;
      const before = table.tiers[k - 1];
      const expected = before.deduction + floor * (maintenanceRate - before.maintenanceRate);
      expect(Math.abs(deduction - expected)).toBeLessThan(1e-5);
      expect(floor).toBe(before.cap);
    }
  });

  it('are of every venue that the issue names', () => {
    const venues = new Set(SHIPPED.map((name) => name.split('-')[0]));
    expect([...venues].sort()).toEqual(
      [
        'binance',
        'bitmex',
        'bybit',
        'deribit',
        'dydx_v3',
        'dydx_v4',
        'gmx_v1',
        'gmx_v2',
        'hyperliquid',
        'okx',
      ].sort(),
    );
  });
});

describe('c.2 Real brackets', () => {
  /** [cap, largest leverage, rate in percent, deduction where printed]. */
  type Row = readonly [cap: number, leverage: number, percent: number, deduction?: number];
  const K = 1e3;
  const M = 1e6;
  const B = 1e9;
  const printed: Readonly<Record<string, readonly Row[]>> = {
    'binance-btcusdt': [
      [50 * K, 125, 0.4, 0],
      [600 * K, 100, 0.5, 50],
      [3 * M, 75, 0.65, 950],
      [12 * M, 50, 1, 11_450],
      [70 * M, 25, 2, 131_450],
      [100 * M, 20, 2.5, 481_450],
      [230 * M, 10, 5, 2_981_450],
      [480 * M, 5, 10, 14_481_450],
      [600 * M, 4, 12.5, 26_481_450],
      [800 * M, 3, 15, 41_481_450],
      [1.2 * B, 2, 25, 121_481_450],
      [1.8 * B, 1, 50, 421_481_450],
    ],
    'binance-ethusdt': [
      [50 * K, 125, 0.4],
      [600 * K, 100, 0.5],
      [3 * M, 75, 0.65],
      [12 * M, 50, 1],
      [50 * M, 25, 2],
      [65 * M, 20, 2.5],
      [150 * M, 10, 5],
      [320 * M, 5, 10],
      [400 * M, 4, 12.5],
      [530 * M, 3, 15],
      [800 * M, 2, 25],
      [1.2 * B, 1, 50],
    ],
    'binance-solusdt': [
      [20 * K, 100, 0.5],
      [100 * K, 75, 0.65],
      [800 * K, 50, 1],
      [4 * M, 25, 2],
      [8 * M, 20, 2.5],
      [40 * M, 10, 5],
      [80 * M, 5, 10],
      [100 * M, 4, 12.5],
      [200 * M, 2, 25],
      [400 * M, 1, 50],
    ],
    'binance-reefusdt': [
      [20 * K, 10, 2],
      [25 * K, 8, 2.5],
      [200 * K, 6, 5],
      [400 * K, 5, 10],
      [500 * K, 4, 12.5],
      [1 * M, 2, 25],
      [1.5 * M, 1, 50],
    ],
    'hyperliquid-btc': [
      [150 * M, 40, 1.25],
      [Infinity, 20, 2.5],
    ],
    'hyperliquid-sol': [
      [70 * M, 20, 2.5],
      [Infinity, 10, 5],
    ],
    'hyperliquid-xrp': [
      [40 * M, 20, 2.5],
      [Infinity, 10, 5],
    ],
    'hyperliquid-group-20m': [
      [20 * M, 10, 5],
      [Infinity, 5, 10],
    ],
    'hyperliquid-group-3m': [
      [3 * M, 10, 5],
      [Infinity, 5, 10],
    ],
  };
  it.each(Object.entries(printed))('%s', (name, rows) => {
    const { tiers } = ofRule(name, 'marginal-tiers').table;
    expect(tiers.map(({ cap, maxLeverage }) => [cap, maxLeverage])).toEqual(
      rows.map(([cap, leverage]) => [cap, leverage]),
    );
    for (const [k, [, , percent, deduction]] of rows.entries()) {
      expect(tiers[k].maintenanceRate).toBeCloseTo(percent / 100, 12);
      if (deduction !== undefined) expect(tiers[k].deduction).toBe(deduction);
    }
  });

  it('FTTUSDT starts at 8x', () => {
    const { tiers } = ofRule('binance-fttusdt', 'marginal-tiers').table;
    expect(tiers[0].maxLeverage).toBe(8);
    expect(tiers.map(({ cap }) => cap)).toEqual([15e3, 50e3, 200e3, 800e3, 1.5e6]);
  });

  it('Bybit BTCUSDT: the first 20 tiers, 2M 100x 0.5 % … 80M 14x 4.5 %', () => {
    const { tiers } = ofRule('bybit-btcusdt', 'marginal-tiers').table;
    expect(tiers).toHaveLength(20);
    expect(tiers[0]).toMatchObject({ cap: 2e6, maxLeverage: 100, maintenanceRate: 0.005 });
    expect(tiers[19]).toMatchObject({
      cap: 80e6,
      maxLeverage: 14,
      maintenanceRate: 0.045,
      deduction: 1_482_000,
    });
  });

  it('Hyperliquid: ETH 25x up to 100M, then 15x; half the initial margin; 21 and 11 assets in the groups', () => {
    const { tiers } = ofRule('hyperliquid-eth', 'marginal-tiers').table;
    expect(tiers.map(({ cap, maxLeverage }) => [cap, maxLeverage])).toEqual([
      [100e6, 25],
      [Infinity, 15],
    ]);
    for (const name of SHIPPED.filter((file) => file.startsWith('hyperliquid-'))) {
      const { table } = ofRule(name.slice(0, -'.json'.length), 'marginal-tiers');
      for (const { maintenanceRate, maxLeverage } of table.tiers)
        expect(maintenanceRate).toBeCloseTo(1 / (2 * maxLeverage), 7);
    }
    expect(shipped('hyperliquid-group-20m').members).toHaveLength(21);
    expect(shipped('hyperliquid-group-3m').members).toHaveLength(11);
  });

  it('LUNAUSDT on 2022-05-12: 8x up to 50k at 12.5 %, 1x for 15M to 50M; the rest is not known', () => {
    expect(ofRule('binance-lunausdt-2022-05-12', 'fragment').known).toMatchObject([
      { maxNotional: 50e3, maintenanceMarginRate: 0.125, maxLeverage: 8 },
      { minNotional: 15e6, maxNotional: 50e6, maxLeverage: 1 },
    ]);
  });

  it('OKX AAVE: 1,000, 3,000 and 8,000 contracts, then 8,000 more and 0.5 % on both rates a tier', () => {
    const { sizedBy, tiers, step } = ofRule('okx-aave-usdt-swap', 'whole-position-tiers');
    expect(sizedBy).toBe('contracts');
    expect(tiers).toMatchObject([
      { floor: 0, cap: 1000, maxLeverage: 50, maintenanceRate: 0.0065, initialRate: 0.02 },
      { floor: 1000, cap: 3000, maxLeverage: 40, maintenanceRate: 0.01 },
      { floor: 3000, cap: 8000, maxLeverage: 20, maintenanceRate: 0.015 },
    ]);
    expect(step).toEqual({ size: 8000, maintenanceRate: 0.005, initialRate: 0.005 });
  });

  it('BitMEX XBTUSD: 1 % and 0.4 % (2020) or 0.35 % (2021) up to 200 XBT, one base margin more each 100 or 150', () => {
    const [y2020, y2021] = ['2020', '2021'].map((year) =>
      ofRule(`bitmex-xbtusd-${year}`, 'whole-position-tiers'),
    );
    expect(y2020.tiers).toMatchObject([{ cap: 200, maintenanceRate: 0.004, initialRate: 0.01 }]);
    expect(y2020.step).toEqual({ size: 100, maintenanceRate: 0.004, initialRate: 0.004 });
    expect(y2021.tiers).toMatchObject([{ cap: 200, maintenanceRate: 0.0035, initialRate: 0.01 }]);
    expect(y2021.step).toEqual({ size: 150, maintenanceRate: 0.0035, initialRate: 0.0035 });
  });

  it.each([
    ['deribit-btc-perpetual', 2, 1, 0.005],
    ['deribit-eth-perpetual', 2, 1, 0.0004],
    ['deribit-sol-usdc-perpetual', 4, 2, 0.0005],
  ])('%s: initial %d %, maintenance %d %, both + %d % a coin', (name, initial, maintenance, slope) => {
    const table = ofRule(name, 'linear-in-size');
    expect(table.baseInitialMargin * 100).toBeCloseTo(initial, 10);
    expect(table.baseMaintenanceMargin * 100).toBeCloseTo(maintenance, 10);
    expect(table.slopePerCoin * 100).toBeCloseTo(slope, 12);
  });

  it.each([
    ['large-cap', 5, 3, 0, 0, 10e3],
    ['mid-cap', 10, 5, 20e6, 50e6, 5e3],
    ['long-tail', 20, 10, 5e6, 10e6, 2.5e3],
    ['safety', 100, 20, 2e6, 5e6, 2.5e3],
    ['testnet-isolated', 5, 3, 0.5e6, 1e6, 2.5e3],
  ])(
    'dYdX v4 %s: IMF %d %, MMF %d %, open interest %d to %d, impact %d',
    (name, imf, mmf, lower, upper, impact) => {
      const table = ofRule(`dydx_v4-${name}`, 'oi-scaled');
      expect(table.initialMarginFraction * 100).toBeCloseTo(imf, 10);
      expect(table.initialMarginFraction * table.maintenanceFraction * 100).toBeCloseTo(mmf, 10);
      expect(table).toMatchObject({
        openInterestLowerCap: lower,
        openInterestUpperCap: upper,
        impactNotional: impact,
      });
    },
  );

  it.each([
    ['btcusd', 0.5, 200, 95e6],
    ['ethusd', 0.5, 200, 110e6],
    ['solusd', 0.5, 200, 17.5e6],
    ['xrpusd', 0.5, 200, 2e6],
    ['dogeusd', 0.5, 200, 19e6],
    ['linkusd', 0.5, 200, 3.8e6],
    ['arbusd', 0.667, 150, 5e6],
    ['avaxusd', 0.833, 120, 200e3],
    ['pepeusd', 1, 100, 1.6e6],
    ['satsusd', 1, 100, 0.5e6],
  ])('GMX V2 %s: factor %d % (%dx), at most %d a side', (name, percent, leverage, most) => {
    const table = ofRule(`gmx_v2-${name}`, 'oi-factor');
    expect(table.minCollateralFactor * 100).toBeCloseTo(percent, 10);
    expect(Math.round(1 / table.minCollateralFactor)).toBe(leverage);
    expect(table.maxOpenInterestPerSide).toBe(most);
  });

  it.each([
    ['btcusd', 83e6],
    ['dogeusd', 5e6],
    ['xrpusd', 2e6],
    ['pepeusd', 4e6],
  ])('GMX V2 %s: the factor begins to grow at an open interest of %d', (name, openInterest) => {
    const { minCollateralFactor, openInterestMultiplier } = ofRule(`gmx_v2-${name}`, 'oi-factor');
    expect(minCollateralFactor / openInterestMultiplier / openInterest).toBeCloseTo(1, 2);
  });
});

describe('a table that is refused', () => {
  const whole = () => jsonOf('okx-aave-usdt-swap') as { tiers: Record<string, unknown>[]; step: object };
  const changedTier = (tier: number, change: object) => {
    const table = whole();
    return { ...table, tiers: table.tiers.map((row, i) => (i === tier - 1 ? { ...row, ...change } : row)) };
  };
  const changed = (name: string, change: object) => ({ ...jsonOf(name), ...change });

  it.each<[string, unknown, RegExp, RegExp]>([
    ['gap', changedTier(2, { minContracts: 1100 }), /minContracts 1100 \(a gap\) in tier 2/, /^1000, where/],
    ['overlap', changedTier(3, { minContracts: 2000 }), /2000 \(an overlap\) in tier 3/, /^3000, where/],
    [
      'first tier above 0',
      changedTier(1, { minContracts: 5 }),
      /5 \(a gap\) in tier 1/,
      /0 in the first tier/,
    ],
    ['empty tier', changedTier(2, { maxContracts: 1000 }), /maxContracts 1000 in tier 2/, /more than/],
    [
      'falling rate',
      changedTier(3, { maintenanceMarginRate: 0.007 }),
      /0.007 in tier 3/,
      /at least 0.01, the rate of/,
    ],
    ['falling initial rate', changedTier(3, { initialMarginRate: 0.02 }), /0.02 in tier 3/, /at least 0.025/],
    [
      'initial below maintenance',
      changedTier(1, { initialMarginRate: 0.006 }),
      /in tier 1/,
      /at least 0.0065/,
    ],
    ['rising leverage', changedTier(2, { maxLeverage: 60 }), /maxLeverage 60 in tier 2/, /at most 50/],
    ['rate of nothing', changedTier(1, { maintenanceMarginRate: 0 }), /0 in tier 1/, /above 0/],
    [
      'missing field',
      changedTier(2, { maxContracts: undefined }),
      /maxContracts missing in tier 2/,
      /whole number/,
    ],
    ['row that is no map', { ...whole(), tiers: [7] }, /7 in tier 1/, /a map/],
    ['no tiers', { ...whole(), tiers: [] }, /an empty list/, /margin tiers/],
    ['step that is no map', { ...whole(), step: 3 }, /3 in step/, /a map/],
    [
      'rule nobody knows',
      { ...whole(), rule: 'portfolio' },
      /rule portfolio/,
      /marginal-tiers, whole-position/,
    ],
    [
      'initial below maintenance (linear)',
      changed('deribit-btc-perpetual', { baseInitialMargin: 0.005 }),
      /baseInitialMargin 0.005/,
      /at least 0.01/,
    ],
    ['slope of 0', changed('deribit-btc-perpetual', { slopePerCoin: 0 }), /slopePerCoin 0/, /more than 0/],
    [
      'caps the wrong way round',
      changed('dydx_v4-mid-cap', { openInterestUpperCap: 5 }),
      /openInterestUpperCap 5/,
      /at least 20000000/,
    ],
    [
      'factor beyond 1',
      changed('gmx_v2-btcusd', { minCollateralFactor: 2 }),
      /minCollateralFactor 2/,
      /at most 1/,
    ],
    [
      'empty fragment',
      changed('binance-lunausdt-2022-05-12', { known: undefined }),
      /no known/,
      /margin tiers/,
    ],
  ])('for a %s names the row and the field', (_, json, found, expected) => {
    const problem = refusal(json);
    expect(problem.found).toMatch(found);
    expect(problem.expected).toMatch(expected);
  });

  it('says the place', () => {
    expect(refusal(changedTier(2, { minContracts: 1100 }))).toMatchObject({
      path: 'tiers.1.minContracts',
      line: 3,
    });
  });
});
