import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontRunner } from '../../src/agents/front-runner.ts';
import { MINUTE, SECOND } from '../../src/base/units.ts';
import type { Lots, Side, Ticks } from '../../src/base/units.ts';
import { LiquidationMap } from '../../src/world/liquidation-map.ts';
import { BTC } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { constantly, MiniWorld, TOM, UMA, VIC } from '../world/mini-world.ts';

const PRICE = 1_000_000;
/** At 100,000 a lot of 0.001 is worth 100. */
const LOTS_OF_A_MILLION = 10_000;

/** A map that knows these liquidation prices at all times. */
function mapOf(clusters: readonly (readonly [Ticks, Lots])[]): LiquidationMap {
  const map = new LiquidationMap((side, _to, tell) => {
    if (side > 0) for (const [price, lots] of clusters) tell(price, lots);
  });
  map.watch(1, 0);
  map.take(0, PRICE);
  return map;
}

function stage(
  clusters: readonly (readonly [Ticks, Lots])[],
  written: object = {},
  latency: { order?: number; data?: number } = {},
) {
  const population = made(
    frontRunner,
    { contract: BTC, startPrice: PRICE },
    { capital: '5M', cluster: '1M', distance: '0.5%', width: '0.5%', ...written },
  );
  const mini = new MiniWorld({
    contract: BTC,
    price: PRICE,
    liquidationMap: mapOf(clusters),
    seated: [{ population, orderLatency: constantly(latency.order ?? 0), dataLatency: latency.data ?? 0 }],
  });
  mini.makeBook(PRICE, { spread: 10 });
  mini.setIndex(PRICE);
  mini.start();
  const hunter = mini.firstAccounts[0];
  return { mini, hunter, lots: () => mini.exchange.accounts.lots[hunter] };
}

const NEAR = [[997_000, 2 * LOTS_OF_A_MILLION]] as const;

describe('the front-runner', () => {
  it('sells the stated part of a cluster within its distance, and bids at its top', () => {
    const { mini, lots } = stage(NEAR, { part: '50%' });
    mini.run(10 * SECOND);
    expect(lots()).toBe(-LOTS_OF_A_MILLION);
    mini.exchange.cancelOrders(UMA);
    // The stretch of 5,000 is searched in steps of 250.
    expect(mini.exchange.book.bestBid()).toBeLessThanOrEqual(997_000);
    expect(mini.exchange.book.bestBid()).toBeGreaterThan(996_750);
  });

  it.each([
    ['too far away', [[989_000, 2 * LOTS_OF_A_MILLION]], {}],
    ['too small', [[997_000, 0.9 * LOTS_OF_A_MILLION]], {}],
    ['of shorts, above', [[1_003_000, 2 * LOTS_OF_A_MILLION]], {}],
    ['there, but it is switched off', NEAR, { count: 0 }],
  ] as const)('leaves a cluster alone that is %s', (_, clusters, written) => {
    const { mini } = stage(clusters, written);
    mini.run(MINUTE);
    expect(mini.fills).toEqual([]);
  });

  it('buys back from the forced sales that come to its bid', () => {
    const { mini, hunter, lots } = stage(NEAR, { part: '50%', patience: '1h' });
    mini.run(10 * SECOND);
    mini.exchange.cancelOrders(UMA);
    mini.place(TOM, -1, 3 * LOTS_OF_A_MILLION, 995_000, { ioc: true });
    const bought = mini.fills.filter(({ maker }) => maker === hunter);
    expect(bought.map((fill) => fill.lots)).toEqual([LOTS_OF_A_MILLION]);
    expect(bought[0].price).toBeGreaterThan(996_750);
    expect(lots()).toBe(0);
  });

  it('buys back at market when the mark is through the cluster', () => {
    const { mini, lots } = stage(NEAR, { part: '50%', patience: '1h' });
    mini.run(10 * SECOND);
    expect(lots()).toBeLessThan(0);
    mini.setIndex(990_000);
    mini.run(20 * SECOND);
    expect(lots()).toBe(0);
    expect(mini.fills.at(-1)!.price).toBe(PRICE + 10);
  });

  it('or when its patience ends', () => {
    const { mini, hunter } = stage(NEAR, { part: '50%', patience: '5s' });
    mini.run(20 * SECOND);
    const own = mini.fills.filter(({ taker }) => taker === hunter);
    expect(own.slice(0, 2).map(({ price }) => price)).toEqual([PRICE - 10, PRICE + 10]);
  });

  it('closes and stays away once it has lost its limit', () => {
    const { mini, hunter, lots } = stage(NEAR, { part: '50%', patience: '1h', lossLimit: '5k' });
    mini.run(10 * SECOND);
    mini.exchange.cancelOrders(UMA);
    // A million short, and 1 % higher: 10k lost.
    mini.makeBook(1_010_000);
    mini.setIndex(1_010_000);
    mini.run(20 * SECOND);
    expect(lots()).toBe(0);
    const trades = mini.fills.length;
    mini.exchange.cancelOrders(UMA);
    mini.makeBook(PRICE);
    mini.setIndex(PRICE);
    mini.run(2 * MINUTE);
    expect(mini.fills.slice(trades).filter(({ taker, maker }) => [taker, maker].includes(hunter))).toEqual(
      [],
    );
  });

  it('never holds more than its capital, whatever the market does and however late its orders arrive', () => {
    const moves = fc.array(fc.integer({ min: -4_000, max: 4_000 }), { minLength: 5, maxLength: 25 });
    fc.assert(
      fc.property(
        moves,
        fc.constantFrom(0, 50_000, 3 * SECOND, 20 * SECOND),
        fc.constantFrom('1s', '7s'),
        (steps, order, patience) => {
          const clusters = Array.from({ length: 60 }, (_, i) => [970_000 + 1_000 * i, 4_000] as const);
          const { mini, lots } = stage(
            clusters,
            { capital: '1M', patience, part: '100%' },
            { order, data: 50_000 },
          );
          let [lowest, largest, price] = [PRICE, 0, PRICE];
          steps.forEach((step, i) => {
            price += step;
            lowest = Math.min(lowest, price - 10);
            mini.exchange.cancelOrders(UMA);
            mini.makeBook(price, { spread: 10, lots: 3_000 });
            if (i % 3 === 0) mini.place(VIC, -1, 2_000, price - 10, { ioc: true });
            mini.setIndex(price);
            mini.run((i + 1) * 2 * SECOND);
            largest = Math.max(largest, Math.abs(lots()));
          });
          expect(largest).toBeLessThanOrEqual(Math.floor((100 * LOTS_OF_A_MILLION * 10_000) / lowest));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the liquidation map', () => {
  it('is seen as late as other data, as far as it reaches', () => {
    let positions: readonly (readonly [Side, Ticks, Lots])[] = [];
    const map = new LiquidationMap((side, to, tell) => {
      for (const [of, price, lots] of positions)
        if (of === side && side * (price - to) >= 0) tell(price, lots);
    });
    map.watch(0.1, 2 * SECOND);
    for (let second = 0; second < 10; second++) {
      positions = [
        [1, 95, second],
        [1, 89, 1_000],
        [-1, 105, 100 * second],
        [-1, 111, 1_000],
      ];
      map.take(second * SECOND, 100);
    }
    expect(map.lotsWithin(0, 1_000, 9 * SECOND)).toBe(909);
    expect(map.lotsWithin(0, 100, 7.5 * SECOND)).toBe(7);
    expect(map.lotsWithin(100, 1_000, 7 * SECOND)).toBe(700);
    expect(map.lotsWithin(96, 104, 9 * SECOND)).toBe(0);
  });
});
