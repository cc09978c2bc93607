import { describe, expect, test } from 'vitest';
import { FEES } from '../../src/accounts/ledger.ts';
import { measure } from '../../src/metrics/measure.ts';
import type { MetricRow } from '../../src/metrics/metrics.ts';
import { simulateReplicate } from '../../src/run/simulate.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import type { World } from '../../src/world/world.ts';
import { runWorld, scenarioFrom } from './laboratory.ts';

interface Changes {
  /** Of the collateral asset. */
  readonly asset?: object;
  readonly shocks?: object;
  readonly holders?: object;
  readonly exchange?: object;
  readonly rest?: object;
}

const DEPEG = { kind: 'price-jump', at: '5s', size: '-60%', over: '4s', collateral: 'usde', feed: 'own' };
const FALL = { kind: 'price-jump', at: '5s', size: '-8%', over: '4s' };

/** Longs of five to thirty times their margin, nine tenths of it in an asset that trades on three venues; the mark is the index of the contract, and stands still. */
function scenario({ asset = {}, shocks = {}, holders = {}, exchange = {}, rest = {} }: Changes): Scenario {
  return scenarioFrom({
    title: 'Collateral',
    about: 'Made up by a test.',
    seed: 5,
    warmUp: '2s',
    horizon: '20s',
    contract: { tick: 0.1, lot: 0.001, price: 1000 },
    fundamental: { process: 'constant' },
    feeds: { alpha: {} },
    exchange: {
      mark: { design: 'index-only' },
      margin: { rule: 'oi-scaled', from: 0, to: 0 },
      collateral: {
        usde: {
          haircut: '8%',
          conversionFee: '2%',
          feeds: { own: { depthPerPercent: '100k' }, east: {}, west: {} },
          index: { weights: { own: 1 } },
          ...asset,
        },
      },
      liquidation: { policy: 'close-at-market', latency: '50ms', fee: '0.5%' },
      insuranceFund: '1M',
      adl: { ranking: 'profit-by-margin-ratio' },
      funding: { rule: 'none' },
      ...exchange,
    },
    agents: {
      book: { kind: 'static-book', depthPerPercent: '5M' },
      holders: {
        kind: 'leveraged-holder',
        count: 60,
        openInterest: '3M',
        largestShare: '5%',
        leverage: { uniform: [5, 20] },
        stopLoss: 0,
        collateral: { usde: '90%' },
        ...holders,
      },
      hedged: { kind: 'hedged-holder', count: 10 },
    },
    shocks,
    ...rest,
  });
}

const run = (changes: Changes): World => runWorld(scenario(changes));
const metricsOf = (changes: Changes): MetricRow => measure(run(changes));
/** Who broke, when, at which mark and with what: a row for each, ordered by its number. */
const broken = ({ recorder }: World): number[][] => {
  const columns = (['account', 'time_s', 'mark', 'equity'] as const).map((name) =>
    recorder.liquidationLines.column(name),
  );
  const rows = Array.from(columns[0], (_, row) => columns.map((column) => column[row]));
  return rows.sort(([a], [b]) => a - b);
};

describe('collateral that keeps its price', () => {
  test('counts as the money that it stands for: the same accounts break at the same marks', () => {
    const shocks = { fall: FALL };
    const worlds = ['0%', '60%', '100%'].map((share) =>
      run({ shocks, holders: { collateral: { usde: share } } }),
    );
    expect(worlds[0].recorder.liquidations).toBeGreaterThan(5);
    expect(broken(worlds[1])).toEqual(broken(worlds[0]));
    expect(broken(worlds[2])).toEqual(broken(worlds[0]));
    expect(measure(worlds[2]).collateral_liquidations).toBe(0);
  });

  test('is seized when an account owes, and its fee is the exchange’s', () => {
    const fees = (share: string): [number, number] => {
      const world = run({ shocks: { fall: FALL }, holders: { collateral: { usde: share } } });
      return [world.exchange.accounts.ledger.balance[FEES], world.collateralStatement!.seized];
    };
    const [[without], [withAsset, seized]] = [fees('0%'), fees('60%')];
    expect(seized).toBeGreaterThan(0);
    // 2 % of it, and taker fees that round differently where accounts come in another order.
    expect(Math.abs(withAsset - without - 0.02 * seized)).toBeLessThan(100);
  });
});

describe('a depeg on one venue, the mark standing still', () => {
  const own = metricsOf({ shocks: { depeg: DEPEG } });

  test('liquidates those who hold the asset, where its index is that venue', () => {
    expect(own.mark_drawdown).toBe(0);
    expect(own.collateral_drawdown).toBeCloseTo(6_000, 6);
    expect(own.liquidated_accounts).toBeGreaterThan(5);
    expect(own.collateral_liquidations).toBe(own.liquidated_accounts);
    expect(own.collateral_forced_notional).toBeCloseTo(own.forced_notional, 6);
    expect(own.drawdown).toBeGreaterThan(0);
  });

  test.each<[string, object]>([
    ['the index is made of several venues, by a median', { index: { rule: 'median' } }],
    ['or a clipped mean, by no more than a third of the clip', { index: { clip: '3%' } }],
    ['it is valued at no less than what it can be redeemed for', { floor: 1 }],
  ])('liquidates nobody where %s', (_what, asset) => {
    const metrics = metricsOf({ shocks: { depeg: DEPEG }, asset });
    expect(metrics.liquidated_accounts).toBe(0);
    expect(metrics.collateral_drawdown).toBeLessThan(100.01);
  });

  test('liquidates nobody who holds money alone', () => {
    const metrics = metricsOf({ shocks: { depeg: DEPEG }, holders: { collateral: {} } });
    expect(metrics.liquidated_accounts).toBe(0);
  });

  test('is deeper where what is seized is sold there', () => {
    const feeds = { own: { depthPerPercent: '5k' } };
    const sold = metricsOf({ shocks: { depeg: DEPEG }, asset: { feeds, soldOn: 'own' } });
    expect(sold.collateral_drawdown).toBeGreaterThan(own.collateral_drawdown + 50);
    expect(sold.collateral_liquidations).toBeGreaterThanOrEqual(own.collateral_liquidations);
  });

  test('may be a sale on it, from which it recovers', () => {
    // 2M sold at once at 100k a per cent: a fifth.
    const sale = {
      kind: 'sell-program',
      at: '5s',
      notional: '2M',
      over: '0s',
      collateral: 'usde',
      feed: 'own',
    };
    const { collateral } = run({
      shocks: { sale },
      asset: { feeds: { own: { depthPerPercent: '100k', recovery: '2s' } } },
    });
    const [{ prices }] = collateral;
    expect(Math.min(...prices.subarray(0, 20))).toBeLessThan(8_300);
    expect(prices[20]).toBeGreaterThan(9_800);
  });

  test('passes unseen while the venue publishes nothing', () => {
    const outage = { kind: 'venue-outage', at: '4s', length: '30s', collateral: 'usde', feed: 'own' };
    expect(metricsOf({ shocks: { outage, depeg: DEPEG } }).liquidated_accounts).toBe(0);
  });

  test('breaks everywhere when it is the asset itself that falls', () => {
    const fall = { kind: 'price-jump', at: '5s', size: '-60%', over: '4s', collateral: 'usde' };
    const metrics = metricsOf({ shocks: { fall }, asset: { index: { rule: 'median' } } });
    expect(metrics.collateral_liquidations).toBe(own.collateral_liquidations);
  });
});

describe('the arms of a replicate', () => {
  const rows = simulateReplicate(scenario({ shocks: { depeg: DEPEG }, asset: { soldOn: 'own' } }), 0);

  test('have the same events until somebody breaks, and the same again', () => {
    expect(new Set(rows.map(({ prefixFingerprint }) => prefixFingerprint)).size).toBe(1);
    expect(simulateReplicate(scenario({ shocks: { depeg: DEPEG }, asset: { soldOn: 'own' } }), 0)).toEqual(
      rows,
    );
  });

  test('open-loop has the prices of off, whatever it sells', () => {
    const [off, openLoop, closed] = rows.map(({ metrics }) => metrics.collateral_drawdown);
    expect(off).toBeCloseTo(6_000, 6);
    expect(openLoop).toBe(off);
    expect(closed).toBeGreaterThan(off);
    expect(rows[1].metrics.collateral_seized).toBeGreaterThan(0);
  });
});

describe('collateral is refused', () => {
  const usde = { feeds: { own: {} } };
  test.each<[string, Changes, string]>([
    [
      'with a fee above the haircut',
      { asset: { conversionFee: '9%' } },
      'conversionFee: found "9%", expected no more than the haircut, 8%',
    ],
    ['without a venue', { asset: { feeds: {} } }, 'exchange.collateral.usde.index.weights'],
    [
      'with a source that is none of its own',
      { asset: { index: { weights: { alpha: 1 } } } },
      'one of own, east, west',
    ],
    [
      'sold where it does not trade',
      { asset: { soldOn: 'owm' } },
      'soldOn: found "owm", expected one of own, east, west',
    ],
    [
      'in units that are worth less than one of money',
      { asset: { unit: 1e-6 } },
      'tick · lot of the contract, 0.0001',
    ],
    [
      'in a share of an asset that there is not',
      { holders: { collateral: { usd: '5%' } } },
      'Did you mean usde?',
    ],
    [
      'in shares beyond everything',
      { exchange: { collateral: { usde, eth: usde } }, holders: { collateral: { usde: '60%', eth: '50%' } } },
      'shares of no more than 100% together',
    ],
    [
      'of accounts without margin',
      { rest: { agents: { noise: { kind: 'noise-trader', collateral: { usde: '5%' } } } } },
      'these accounts have no margin to back',
    ],
    [
      'as that of another contract too',
      { shocks: { depeg: { ...DEPEG, contract: 'eth' } } },
      'either a contract or a collateral',
    ],
    [
      'by a shock to one that there is not',
      { shocks: { depeg: { ...DEPEG, collateral: 'usd' } } },
      'one of usde',
    ],
    [
      'by a shock to a venue of the contract',
      { shocks: { depeg: { ...DEPEG, feed: 'alpha' } } },
      'one of own, east, west',
    ],
    [
      'by a shock to the exchange itself',
      { shocks: { sale: { kind: 'sell-program', at: '5s', notional: '1M', collateral: 'usde' } } },
      'sell-program acts on the exchange',
    ],
    [
      'beside an inverse contract',
      { rest: { contract: { kind: 'inverse', tick: 0.1, lot: 1, price: 1000 } } },
      'in an inverse contract',
    ],
    ['beside a pool', { exchange: { trading: { venue: 'oracle-pool' } } }, 'beside a pool'],
  ])('%s', (_what, changes, message) => {
    expect(() => scenario(changes)).toThrow(message);
  });
});
