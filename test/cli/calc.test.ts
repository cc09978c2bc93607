import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { cascadeIn } from './program.ts';

const cascade = (line: string) => cascadeIn(tmpdir(), line.split(' '));
const POSITION = '--venue binance --contract BTCUSDT --side long --entry 60000 --size 5';

describe.concurrent('cascade calc', () => {
  test('liquidation: c.3 Binance isolated long', async ({ expect }) => {
    const { code, stdout, stderr } = await cascade(`calc liquidation ${POSITION} --collateral 15000 --json`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const answer = JSON.parse(stdout) as { liquidationPrice: number };
    expect(answer).toMatchObject({
      bankruptcyPrice: 57_000,
      leverage: 20,
      tier: { number: 2, deduction: 50 },
    });
    expect(answer.liquidationPrice).toBeCloseTo(57_276.38, 2);
  });

  test('liquidation in words, with units, under cross margin', async ({ expect }) => {
    const { code, stdout } = await cascade(
      `calc liquidation ${POSITION.replace('60000', '60k')} --wallet 15k --position ETHUSDT:short:10:3000:2900`,
    );
    expect(code).toBe(0);
    // (15,000 − 116 + 1,000 + 50 − 300,000) / (5 · 0.005 − 5)
    expect(stdout).toMatch(/^liquidation price +57,098\.6935$/m);
    expect(stdout).toMatch(/^bankruptcy price +56,800$/m);
    expect(stdout).toMatch(/^tier there +2: 0\.5 % less 50$/m);
  });

  test('liquidation: c.1 dYdX v3 has fixed fractions of 5 and 3 %', async ({ expect }) => {
    const position = '--contract BTC-USD --side long --entry 100k --size 1 --leverage 20 --json';
    const { code, stdout } = await cascade(`calc liquidation --venue dydx-v3 ${position}`);
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as { liquidationPrice: number };
    expect(answer).toMatchObject({ maxLeverage: 20, bankruptcyPrice: 95_000 });
    expect(answer.liquidationPrice).toBeCloseTo(95_000 / 0.97, 6);
  });

  test('liquidation: two contracts that share the table of a group, under cross margin', async ({
    expect,
  }) => {
    const position = '--contract ETH-USD --side long --entry 3000 --size 1 --wallet 1000 --json';
    const other = '--position BTC-USD:short:0.01:60000:60000';
    const { stdout } = await cascade(`calc liquidation --venue dydx_v4 ${position} ${other}`);
    // (1,000 − 3 % of 600 − 3,000) / (0.03 − 1)
    const { liquidationPrice } = JSON.parse(stdout) as { liquidationPrice: number };
    expect(liquidationPrice).toBeCloseTo(2018 / 0.97, 6);
  });

  test('liquidation: --inverse names the coin, not the currency of the table', async ({ expect }) => {
    const { stdout } = await cascade(`calc liquidation ${POSITION} --collateral 1 --inverse`);
    expect(stdout).toMatch(/^collateral +1 in the coin$/m);
  });

  test('liquidation: a collateral that is too small says how much would do', async ({ expect }) => {
    const { code, stdout } = await cascade(`calc liquidation ${POSITION} --collateral 1000`);
    expect(code).toBe(0);
    // 300,000 at 100x.
    expect(stdout).toMatch(
      /^leverage +300x of at most 100x: .* --collateral 3,000 or more, or a smaller --size$/m,
    );
  });

  test('index: a.2 clip rule', async ({ expect }) => {
    const sources = '--source a:100 --source b:100.2 --source c:99.9 --source d:100.1 --source e:90';
    const { stdout } = await cascade(`calc index --venue binance ${sources} --json`);
    expect((JSON.parse(stdout) as { index: number }).index).toBeCloseTo(99.44, 10);
  });

  test('funding: g.1 standard rate, a negative premium, its payment', async ({ expect }) => {
    const { code, stdout } = await cascade('calc funding --venue binance --premium -0.06% --notional 100k');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^rate +-0\.01 % each 8 h$/m);
    expect(stdout).toMatch(/^a long pays +-10$/m);
  });

  test('mark: b.1 median of three', async ({ expect }) => {
    const market = '--index 100k --mid 99700 --last 98500 --fundingRate 0.01% --fundingShare 50%';
    const { stdout } = await cascade(`calc mark --venue binance ${market} --json`);
    expect((JSON.parse(stdout) as { mark: number }).mark).toBeCloseTo(99_700, 8);
  });

  test('mark: b.6 Hyperliquid says which venues it has no price of', async ({ expect }) => {
    const fall = 'calc mark --venue hyperliquid --index 100000 --mid 98000 --since 30s';
    const alone = await cascade(fall);
    expect(alone.stdout).toMatch(/^without +alpha, beta, gamma, delta, epsilon: give --source alpha:price$/m);
    const flat = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'].map((name) => ` --source ${name}:100000`);
    const { stdout } = await cascade(fall + flat.join(''));
    expect(stdout).toMatch(/^mark +99,63\d\.?\d*$/m);
    expect(stdout).not.toMatch(/^without/m);
  });

  test('adl: f.1 Binance', async ({ expect }) => {
    const accounts = '--account A:1:70k:20k:1.5k --account B:0.1:50k:2k:300 --account C:4:50k:1M:5k';
    const question = `--contract BTCUSDT --side long --mark 100k --size 1 ${accounts}`;
    const { code, stdout } = await cascade(`calc adl --venue binance ${question}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^B +0\.1 \(score 0\.107143\)\nA +0\.9 \(score 0\.045\)\nC +nothing/);
  });

  test('adl and fillable take the names that mark and funding take, and the margin of the preset', async ({
    expect,
  }) => {
    const accounts = '--account A:1:70k:20k --account B:0.1:50k:2k';
    const first = await cascade(
      `calc adl --venue binance-btcusdt --side long --mark 100k --size 1 ${accounts}`,
    );
    const second = await cascade(
      `calc adl --venue binance --contract BTCUSDT --side long --mark 100k --size 1 ${accounts}`,
    );
    expect(first).toMatchObject({ code: 0, stdout: second.stdout });
  });

  test('funding: a rate that is paid an interval later is shown all the same', async ({ expect }) => {
    const { stdout } = await cascade('calc funding --venue bitmex --premium 0.15%');
    expect(stdout).toMatch(/^rate +0\.1 % each 8 h$/m);
    expect(stdout).toMatch(/^paid +at the end of the next interval$/m);
  });

  test('liquidation: an inverse contract is known by its table', async ({ expect }) => {
    const position = '--contract XBTUSD --side long --entry 8000 --size 8000 --collateral 0.1 --json';
    const { stdout } = await cascade(`calc liquidation --venue bitmex ${position}`);
    // Q · (1 + mmr) / (W + Q / E)
    const { liquidationPrice } = JSON.parse(stdout) as { liquidationPrice: number };
    expect(liquidationPrice).toBeCloseTo((8000 * 1.004) / 1.1, 3);
  });

  test('fillable: d.3 dYdX v4', async ({ expect }) => {
    const position = '--contract BTC-USD --side long --entry 100k --size 1 --collateral 2500 --mark 100k';
    const { stdout } = await cascade(`calc fillable --venue dydx-v4 ${position} --json`);
    expect(JSON.parse(stdout)).toMatchObject({ step: 'order', limit: 99_250, size: 0.1, isDistressed: true });
  });

  test.each([
    [`calc liquidation ${POSITION}`, 'Give one of --leverage, --collateral and --wallet; there is none'],
    [
      `calc liquidation ${POSITION} --leverage 500`,
      /^leverage 500 is more than .* 100: ask for that at most/,
    ],
    [
      `calc liquidation ${POSITION} --wallet 1k --position ETHUSDT:10`,
      /^--position is ETHUSDT:10, expected contract:/,
    ],
    [
      `calc liquidation ${POSITION} --wallet 15k --position BTC-USDT:long:1:50k:60k`,
      /^--position is BTC-USDT:\S+, expected another contract; count one in the same into --size and --entry$/,
    ],
    [
      'calc liquidation --venue dydx_v4 --contract ETH-USD --side long --entry 3k --size 1 --wallet 1k --position ETH-USD:long:1:3k:2k',
      /expected another contract/,
    ],
    [
      'calc liquidation --venue deribit --contract BTC-PERPETUAL --side long --entry 50k --size 1 --wallet 1 --position ETH-PERPETUAL:long:1:3000:3000',
      /^--position is ETH\S+, expected a contract in BTC, as the wallet is, not in ETH$/,
    ],
    [
      'calc liquidation --venue binance --contract BTCUSDX --side long --entry 1 --size 1 --leverage 2',
      /Did you mean btcusdt\?$/,
    ],
    [
      'calc liquidation --venue drift --contract BTC-PERP --side long --entry 1 --size 1 --leverage 2',
      /^There is no margin table of drift: its rates are set for each market on chain.* drift-<contract>\.json .*--from$/,
    ],
    [
      'calc liquidation --venue vega --contract BTC-USDT --side long --entry 1 --size 1 --leverage 2',
      /^There is no margin table of vega: it takes margin from a risk model/,
    ],
    [
      'calc funding --venue deribit --premium 0.1%',
      /^The funding of deribit does not go by the book \(--premium\); it goes by the mark$/,
    ],
    ['calc funding --venue binanse', /^There are no rules of binanse\. Did you mean binance\?$/],
    ['calc funding --venue binance --set exchange.funding.clmp=0', /clmp/],
    [
      'calc mark --venue hyperliquid --index 100k --source alhpa:1',
      /^there is no source alhpa: .* alpha, beta,/,
    ],
    ['calc mark --venue binance --index 0', /^--index is 0, expected more than 0$/],
    ['calc index --venue binance --source a', /^--source is a, expected name:price/],
    [
      'calc adl --venue binance --side long --mark 1 --size 1 --account A:1',
      /^--account is A:1, expected name:size/,
    ],
    [
      'calc fillable --venue dydx-v4 --side long --entry 1 --size x --collateral 1 --mark 1',
      /^--size is x, expected/,
    ],
    ['calc', /^Say what to work out/],
  ])('one clear error: cascade %s', async (line, message) => {
    const { code, stdout, stderr } = await cascade(line);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
