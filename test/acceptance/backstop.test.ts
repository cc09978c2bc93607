import { describe, expect, test } from 'vitest';
import type { World } from '../../src/world/world.ts';
import { runWorld, scenarioFrom } from './laboratory.ts';

const TAKES_OVER = { policy: 'fraction-then-all', backstopBelow: 1 };

const written = (backstop: object | undefined, exchange: object = {}): object => ({
  title: 'A backstop that takes a long over while the price goes on',
  about: 'Made up by a test.',
  warmUp: '5s',
  horizon: '40s',
  contract: { tick: 0.1, lot: 0.001, price: 1000 },
  fundamental: { process: 'constant' },
  feeds: { alpha: {} },
  exchange: {
    mark: { design: 'index-only' },
    margin: { tiers: 'tiers/binance-btcusdt.json' },
    liquidation: TAKES_OVER,
    insuranceFund: 0,
    ...(backstop === undefined ? {} : { backstop }),
    waterfall: { trigger: 'equity-negative' },
    adl: { ranking: 'price-gain-by-leverage', price: 'previous-mark' },
    funding: { rule: 'none' },
    ...exchange,
  },
  agents: {
    longs: { kind: 'leveraged-holder', count: 1, longShare: 1, openInterest: '1M', leverage: 40, entry: 0 },
    hedged: { kind: 'hedged-holder', count: 3 },
  },
  shocks: { fall: { kind: 'price-jump', at: '5s', size: '-8%', over: '20s' } },
});

describe('a backstop', () => {
  const run = (sharesCollateral: boolean): World =>
    runWorld(
      scenarioFrom(written({ balance: '10k', otherBooks: '230M', sharesCollateral, unwindEvery: '1m' })),
    );

  test('with its own money only is deleveraged when that is gone', () => {
    const { recorder, exchange, backstop } = run(false);
    expect(recorder.liquidations).toBe(1);
    expect(recorder.adlValue).toBeGreaterThan(0);
    expect(backstop!.lots).toBe(0);
    exchange.accounts.checkInvariants();
  });

  test('that shares the collateral of other books is not, and loses theirs', () => {
    const { recorder, exchange, backstop, contract } = run(true);
    expect(recorder.liquidations).toBe(1);
    expect(recorder.adlValue).toBe(0);
    expect(backstop!.lots).toBeGreaterThan(0);
    const lost = 230_010_000 - backstop!.equity(exchange.mark) * contract.moneyUnit;
    expect(lost).toBeGreaterThan(10_000);
  });

  test('is missed by a policy that hands positions to it, and refused beside a pool', () => {
    expect(() => scenarioFrom(written(undefined))).toThrow(
      'a policy that hands no positions to a backstop: there is none',
    );
    const pool = {
      trading: { venue: 'oracle-pool', deposit: '10M' },
      liquidation: { policy: 'close-against-pool' },
    };
    expect(() => scenarioFrom(written({ balance: 0 }, pool))).toThrow('no backstop beside a pool');
  });
});
