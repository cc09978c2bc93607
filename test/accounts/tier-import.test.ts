import { describe, expect, it } from 'vitest';
import { importLeverageTiers, type TierImport } from '../../src/accounts/tier-import.ts';
import { marginTableFrom } from '../../src/accounts/margin-table.ts';
import { ScenarioError } from '../../src/base/check.ts';

const row = (from: number, to: number | null, rate: number, leverage: number, cum?: string) => ({
  tier: 1,
  symbol: 'X',
  currency: 'USDT',
  minNotional: from,
  maxNotional: to,
  maintenanceMarginRate: rate,
  maxLeverage: leverage,
  info: cum === undefined ? { raw: 'of the venue' } : { cum },
});
const GOOD = [row(0, 50_000, 0.004, 125, '0.0'), row(50_000, 600_000, 0.005, 100, '50.0')];
const imported = (json: unknown, options: Partial<TierImport> = {}) =>
  importLeverageTiers(json, 'all.json', {
    venue: 'ours',
    source: 'a test',
    asOf: '',
    rule: 'marginal-tiers',
    ...options,
  });

describe('an import of leverage tiers', () => {
  it('makes a table a symbol that loads again, deductions computed', () => {
    const { tables, refused } = imported({ 'BTC/USDT:USDT': GOOD });
    expect(refused).toEqual([]);
    expect(tables).toMatchObject([{ symbol: 'BTC/USDT:USDT', file: 'ours-btcusdt.json' }]);
    const table = marginTableFrom(JSON.parse(tables[0].text), () => ({
      file: '',
      line: 0,
      column: 0,
      path: '',
    }));
    expect(table).toMatchObject({
      symbol: 'BTC/USDT:USDT',
      source: 'a test',
      currency: 'USDT',
      rule: 'marginal-tiers',
    });
    expect(table.rule === 'marginal-tiers' && table.table.tiers).toMatchObject([
      { floor: 0, cap: 50_000, deduction: 0 },
      // 50,000 · (0.5 % − 0.4 %)
      { floor: 50_000, cap: 600_000, deduction: 50 },
    ]);
  });

  it('refuses a table for its row and goes on with the others', () => {
    const { tables, refused } = imported({
      'GAP/USDT:USDT': [GOOD[0], row(60_000, null, 0.005, 100)],
      'BTC/USDT:USDT': GOOD,
      'FALL/USDT:USDT': [GOOD[0], row(50_000, null, 0.003, 100)],
      'CUM/USDT:USDT': [GOOD[0], row(50_000, null, 0.005, 100, '51')],
      'NONE/USDT:USDT': null,
    });
    expect(tables.map(({ symbol }) => symbol)).toEqual(['BTC/USDT:USDT']);
    expect(refused.map(({ symbol }) => symbol)).toEqual([
      'GAP/USDT:USDT',
      'FALL/USDT:USDT',
      'CUM/USDT:USDT',
      'NONE/USDT:USDT',
    ]);
    const [gap, fall, cum] = refused.map(({ why }) => why);
    expect(gap).toMatch(/60000 \(a gap\) in tier 1, expected 50000/);
    expect(fall).toMatch(/0.003 in tier 1, expected at least 0.004/);
    expect(cum).toMatch(/info.cum 51 in tier 1, expected 50 =/);
  });

  it('names files by symbol, with what settles where it is not the quote currency', () => {
    const symbols = ['BTC/USDT:USDT', 'BTC/USD:BTC', 'BTC/USDT:USDT-250328', '../../etc', 'kPEPE/USDC:USDC'];
    const { tables } = imported(Object.fromEntries(symbols.map((symbol) => [symbol, GOOD])));
    expect(tables.map(({ file }) => file)).toEqual([
      'ours-btcusdt.json',
      'ours-btcusd-btc.json',
      'ours-btcusdt-250328.json',
      'ours-etc.json',
      'ours-kpepeusdc.json',
    ]);
    expect(imported({ A: GOOD }, { venue: '' }).tables[0].file).toBe('a.json');
  });

  it('does not let two symbols share a file, nor take one without a name', () => {
    const { tables, refused } = imported({ 'BTC/USDT:USDT': GOOD, BTCUSDT: GOOD, '///': GOOD });
    expect(tables).toHaveLength(1);
    expect(refused.map(({ why }) => why)).toEqual([
      expect.stringContaining('that of BTC/USDT:USDT'),
      expect.stringContaining('a letter or a digit'),
    ]);
  });

  it('keeps rates on the whole position when told so', () => {
    const { tables } = imported(
      { 'BTC/USDT:USDT': GOOD },
      { rule: 'whole-position-tiers', asOf: '2026-01-01' },
    );
    expect(JSON.parse(tables[0].text)).toMatchObject({
      asOf: '2026-01-01',
      rule: 'whole-position-tiers',
      tiers: [
        { maintenanceMarginRate: 0.004, initialMarginRate: 1 / 125 },
        { maintenanceMarginRate: 0.005, initialMarginRate: 1 / 100 },
      ],
    });
  });

  it.each([[[]], [{}], ['x'], [null], [3]])('refuses %j, which is no map of symbols', (json) => {
    expect(() => imported(json)).toThrow(ScenarioError);
  });
});
