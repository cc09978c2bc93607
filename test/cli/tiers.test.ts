import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cascadeIn } from './program.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cascade-tiers-'))));
afterAll(() => rmSync(folder, { recursive: true }));
const cascade = (...args: string[]) => cascadeIn(folder, args);

const tier = (from: number, to: number | null, rate: number, leverage: number) => ({
  currency: 'USDT',
  minNotional: from,
  maxNotional: to,
  maintenanceMarginRate: rate,
  maxLeverage: leverage,
});
const GOOD = [tier(0, 50_000, 0.004, 125), tier(50_000, null, 0.005, 100)];
const BAD = [tier(0, 50_000, 0.004, 125), tier(60_000, null, 0.005, 100)];
const fileOf = (name: string, json: unknown): string => {
  writeFileSync(join(folder, name), JSON.stringify(json));
  return name;
};

describe.concurrent('cascade tiers', () => {
  test('lists every table that ships, and those of one venue', async ({ expect }) => {
    const all = await cascade('tiers', '--json');
    expect(all).toMatchObject({ code: 0, stderr: '' });
    const shipped = readdirSync(join(import.meta.dirname, '../../scenarios/tiers')).filter((name) =>
      name.endsWith('.json'),
    );
    const listed = JSON.parse(all.stdout) as { venue: string; contract: string; source: string }[];
    expect(listed.map(({ venue, contract }) => `${venue}-${contract}.json`).sort()).toEqual(shipped.sort());
    const { stdout } = await cascade('tiers', 'hyperliquid');
    expect(stdout).toMatch(/^hyperliquid +btc +marginal-tiers +40x/m);
    expect(stdout).not.toContain('bybit');
  });

  test('prints one: brackets, rates, deduction, largest leverage', async ({ expect }) => {
    const { code, stdout } = await cascade('tiers', 'binance', 'BTCUSDT');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^3 +3,000,000 +0\.65 % +950 +75x$/m);
    expect(stdout).toMatch(/^12 +1,800,000,000 +50 % +421,481,450 +1x$/m);
    expect(stdout).toMatch(/Source: .*2024-10-24/);
  });

  test.each([
    ['okx', 'aave-usdt-swap', /^then +\+ 8,000 +\+ 0\.5 % +\+ 0\.5 %$/m],
    ['dydx-v4', 'mid_cap', /20,000,000 to 50,000,000 USDC/],
    ['hyperliquid', 'doge', /^1 +20,000,000 +5 % +0 +10x$/m],
    ['binance', 'LUNAUSDT-2022-05-12', /^8 +15000000 +50000000 +unknown +1$/m],
  ])('prints %s %s', async (venue, contract, line) => {
    const { code, stdout, stderr } = await cascade('tiers', venue, contract);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(line);
  });

  test('prints the numbers unrounded with --json', async ({ expect }) => {
    const { stdout } = await cascade('tiers', 'hyperliquid', 'ETH', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      rule: 'marginal-tiers',
      table: { tiers: [{ cap: 100e6 }, { cap: null, maintenanceRate: 0.033333333333, maxLeverage: 15 }] },
    });
  });

  test.each([
    [['binanse', 'BTCUSDT'], 'There is no venue binanse. Did you mean binance?'],
    [
      ['nosuch'],
      'There is no venue nosuch. There are: binance, bitmex, bybit, deribit, dydx_v3, dydx_v4, gmx_v1, gmx_v2, hyperliquid, okx',
    ],
    [['binance', 'BTCUSD'], 'There is no table of binance BTCUSD. Did you mean btcusdt?'],
  ])('%j ends with 1 and one line', async (args, line) => {
    expect(await cascade('tiers', ...args)).toEqual({ code: 1, stdout: '', stderr: `${line}\n` });
  });
});

describe.concurrent('cascade tiers import', () => {
  test('writes a table a symbol, says which it refused and why, and can be run again', async ({ expect }) => {
    const out = join(folder, 'again');
    const command = [
      'tiers',
      'import',
      fileOf('a.json', { 'A/USDT:USDT': GOOD, 'B/USDT:USDT': BAD }),
      '--out',
      out,
    ];
    const first = await cascade(...command, '--venue', 'ours');
    expect(first.code).toBe(0);
    expect(first.stdout).toBe(`A/USDT:USDT: ${join(out, 'ours-ausdt.json')} (new)\n`);
    expect(first.stderr).toBe(
      'B/USDT:USDT: refused, found minNotional 60000 (a gap) in tier 2, expected 50000, where the tier before ends\n',
    );
    const text = readFileSync(join(out, 'ours-ausdt.json'), 'utf8');
    const second = await cascade(...command, '--venue', 'ours');
    expect(second.stdout).toContain('(unchanged)');
    expect(readFileSync(join(out, 'ours-ausdt.json'), 'utf8')).toBe(text);
    const changed = fileOf('a2.json', { 'A/USDT:USDT': [tier(0, null, 0.01, 50)] });
    const third = await cascade('tiers', 'import', changed, '--out', out, '--venue', 'ours');
    expect(third.stdout).toContain('(replaced)');
    expect(readdirSync(out)).toEqual(['ours-ausdt.json']);
    const shown = await cascade('tiers', 'ours', 'A/USDT:USDT', '--from', out);
    expect(shown.stdout).toMatch(/^1 +any +1 % +0 +50x$/m);
  });

  test.each([
    ['of which every table is refused', fileOfLater('bad.json', { 'B/USDT:USDT': BAD }), 1, /refused/],
    ['that is no JSON', fileOfLater('text.json', '{'), 1, /is no JSON/],
    ['that is not there', () => 'nowhere.json', 2, /cannot read nowhere\.json: there is no such file/],
  ])('of a file %s ends with an error', async (_, file, code, message) => {
    const out = join(folder, 'none');
    const ended = await cascade('tiers', 'import', file(), '--out', out);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

/** Made when the test runs: the folder is not there before. */
function fileOfLater(name: string, json: unknown): () => string {
  return () => {
    const path = fileOf(name, json);
    if (json === '{') writeFileSync(join(folder, name), '{');
    return path;
  };
}
