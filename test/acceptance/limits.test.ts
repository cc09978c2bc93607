import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { triggerPrice } from '../../src/accounts/margin.ts';
import { FIRST_TRADER } from '../../src/accounts/ledger.ts';
import { simulateReplicate } from '../../src/run/simulate.ts';
import { evaluateExpectations } from '../../src/tables/expectations.ts';
import { runsTable } from '../../src/tables/runs-table.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import type { World } from '../../src/world/world.ts';
import { chiSquare, kolmogorovSmirnov } from '../base/goodness-of-fit.ts';
import { batchOf, runWorld, scenarioOf } from './laboratory.ts';
import { exponentialBusyPeriod, generalisedPoisson } from './theory.ts';

/**
 * The closed-form limits. The market is `scenarios/limits/static-market.yaml`: prices start at 100 000 ticks, the book holds
 * 100 lots at every tick, so the touch (the last trade, once somebody sells) falls by exactly one tick for 100 lots. The fall
 * of the touch is compared, not that of the mid: nobody takes the asks, so the mid falls half as far, and every ratio is the same.
 *
 * Prices, thresholds and lots are whole, and k, the shock and the depth are chosen so that a wave ends on a whole level: where
 * a formula gives a whole number of ticks the simulation must give that number. Elsewhere each wave may end less than one tick
 * too low, and that error is passed on k times a wave: `roundingTicks` in all.
 */
const START = 100_000;
const LOTS_PER_TICK = 100;
/** The shock of the scenarios: 20 000 lots. */
const FIRST_FALL = 200;
/** One cell of a sweep, to be set otherwise. */
const ALONE = ['sweep={}', 'expect=[]'];

const touchFall = (world: World): number => START - world.exchange.book.lastTrade();
const markFall = (world: World): number => START - world.recorder.lowestMark;
const roundingTicks = (k: number): number => 1.5 / (1 - k);
const mark = (design: string, more = ''): string => `exchange.mark={ design: ${design}, every: 10ms${more} }`;

function amplificationOf(scenario: Scenario): number {
  const rows = simulateReplicate(scenario, 0);
  const drawdown = (arm: string): number => rows.find((row) => row.arm === arm)!.metrics.drawdown;
  return drawdown('closed') / drawdown('off');
}

describe('LIMIT-1 a market order in a linear book', () => {
  test.each([5_000, 20_000, 150_000])(
    'of %i lots moves the touch by Q/D, at half that on average',
    (lots) => {
      const world = runWorld(scenarioOf('limits/static-market.yaml', [`shocks.sale.notional=${lots}`]));
      expect(touchFall(world)).toBe(lots / LOTS_PER_TICK);
      const slippage = START - world.recorder.tradedValue / lots;
      // The first lots pay one tick, not none: half a tick on average.
      expect(Math.abs(slippage - lots / (2 * LOTS_PER_TICK))).toBeLessThanOrEqual(0.5);
    },
  );
});

describe('LIMIT-2 a last-trade mark', () => {
  test.each([
    [0.2, 20],
    [0.5, 50],
    [0.75, 75],
    [0.9, 90],
  ])('k = %d: wave n ends at d(1 − kⁿ⁺¹)/(1 − k), the last at d/(1 − k)', (k, notional) => {
    const scenario = scenarioOf('limits/wave.yaml', [...ALONE, `agents.longs.notional=${notional}`]);
    const world = runWorld(scenario);
    // Mark number 19 (counted from 0) is taken at 200 ms, just after the sale.
    for (let n = 0; n < 60; n++) {
      const fall = START - world.marks[19 + n];
      const expected = (FIRST_FALL * (1 - k ** (n + 1))) / (1 - k);
      expect(fall - expected).toBeGreaterThanOrEqual(-1e-6);
      expect(fall - expected).toBeLessThan(roundingTicks(k));
    }
    expect(touchFall(world)).toBeCloseTo(FIRST_FALL / (1 - k), 9);
    expect(world.recorder.liquidations).toBe(touchFall(world));
    expect(amplificationOf(scenario)).toBeCloseTo(1 / (1 - k), 9);
  });

  test('A does not depend on the shock', () => {
    for (const lots of [4_000, 10_000, 40_000]) {
      const settings = [...ALONE, `shocks.sale.notional=${lots}`];
      expect(amplificationOf(scenarioOf('limits/wave.yaml', settings))).toBeCloseTo(1 / (1 - 0.5), 12);
    }
  });

  test('shorts above the price are squeezed the same way', () => {
    const scenario = scenarioOf('limits/wave.yaml', [
      ...ALONE,
      'agents.longs.side=short',
      'agents.book.asks=ladder',
      'shocks.sale.side=buy',
    ]);
    expect(START - runWorld(scenario).exchange.book.lastTrade()).toBe(-FIRST_FALL / (1 - 0.5));
  });
});

describe('LIMIT-3 thresholds within a width W', () => {
  const W = 1_000;
  test.each([0.5, 0.9, 1, 1.5])('k = %d: the fall is min(d/(1 − k), d + kW)', (k) => {
    const settings = [...ALONE, `agents.longs.notional=${k * LOTS_PER_TICK}`];
    const expected = Math.min(k < 1 ? FIRST_FALL / (1 - k) : Infinity, FIRST_FALL + k * W);
    expect(touchFall(runWorld(scenarioOf('limits/finite-map.yaml', settings)))).toBeCloseTo(expected, 9);
  });
});

describe('LIMIT-4 a blended mark', () => {
  const k = 0.8;
  test.each([0, 0.25, 0.5, 0.75, 1])('w = %d: A = 1/(1 − wk), and the mark falls w times as far', (w) => {
    const world = runWorld(scenarioOf('limits/blend.yaml', [...ALONE, `exchange.mark.localWeight=${w}`]));
    const expected = FIRST_FALL / (1 - w * k);
    expect(Math.abs(touchFall(world) - expected)).toBeLessThanOrEqual(w === 0 ? 0 : roundingTicks(w * k));
    expect(Math.abs(markFall(world) - w * touchFall(world))).toBeLessThanOrEqual(0.5);
  });

  test('the mid of a book whose asks stay is a blend with w = 1/2', () => {
    const world = runWorld(scenarioOf('limits/blend.yaml', [...ALONE, mark('mid')]));
    expect(Math.abs(touchFall(world) - FIRST_FALL / (1 - k / 2))).toBeLessThan(roundingTicks(k / 2));
  });

  const local = 'index={ weights: { alpha: 1, beta: 1, local: 1 }, every: 10ms, clip: ';
  test('an index that is the median of three sources, one of them local: A = 1 exactly', () => {
    // Clipped to the median by a thousandth of a tick: what is left of the local source rounds away.
    const scenario = scenarioOf('limits/blend.yaml', [...ALONE, mark('index-only'), `${local}1e-8 }`]);
    expect(amplificationOf(scenario)).toBe(1);
    expect(markFall(runWorld(scenario))).toBe(0);
  });

  test('an index that is the mean of the same three lets a third of the mid in: w = 1/6', () => {
    const scenario = scenarioOf('limits/blend.yaml', [...ALONE, mark('index-only'), `${local}0 }`]);
    const expected = FIRST_FALL / (1 - k / 6);
    expect(Math.abs(touchFall(runWorld(scenario)) - expected)).toBeLessThan(roundingTicks(k / 6));
  });

  // Two of the venues' three sources are local, so their median protects only until the average has come down: linearly, over
  // its window of 10 s, towards a mid 100 ticks lower. The nearest account breaks 60 ticks below: after 6 s.
  test('the median of three of the venues: A = 1 exactly until its moving average has caught up', () => {
    const settings = (horizon: string): string[] => [
      ...ALONE,
      'warmUp=10s',
      `horizon=${horizon}`,
      'agents.longs.from=0.059%',
      mark('median-of-three', ', window: 10s'),
    ];
    expect(amplificationOf(scenarioOf('limits/blend.yaml', settings('6s')))).toBe(1);
    const world = runWorld(scenarioOf('limits/blend.yaml', settings('7s')));
    const [first] = world.recorder.liquidationLines.column('time_s');
    // From the sale, 100 ms after the warm-up. Half a tick of rounding is 50 ms of the average.
    expect(Math.abs(first - 10.1 - 6)).toBeLessThan(0.07);
  });
});

describe('LIMIT-5 a mark clamped to index ± c', () => {
  const k = 0.8;
  test.each([0, 100, 500, 2_000])('c = %i ticks: the fall is d + k·min(d/(1 − k), c)', (c) => {
    const settings = [...ALONE, `exchange.mark.band=${c / START}`];
    const expected = FIRST_FALL + k * Math.min(FIRST_FALL / (1 - k), c);
    expect(touchFall(runWorld(scenarioOf('limits/clamp.yaml', settings)))).toBeCloseTo(expected, 9);
  });
});

describe('LIMIT-7 Poisson thresholds: the busy period of a queue', () => {
  test('N is generalised Poisson and the reach d + cN', { timeout: 60_000 }, () => {
    const RUNS = 2_000;
    // As in the file: one threshold in 200 ticks.
    const [gap, theta, r] = [200, 9, 0.75];
    const scenario = scenarioOf('limits/busy-period.yaml');
    const counts = new Float64Array(600);
    for (let replicate = 0; replicate < RUNS; replicate++) {
      const world = runWorld(scenario, { replicate });
      const n = world.recorder.liquidations;
      expect(touchFall(world)).toBe(gap * (theta + r * n));
      counts[n]++;
    }
    const mean = counts.reduce((sum, count, n) => sum + count * n, 0) / RUNS;
    const variance = counts.reduce((sum, count, n) => sum + count * (n - mean) ** 2, 0) / (RUNS - 1);
    const expected = { mean: theta / (1 - r), variance: theta / (1 - r) ** 3 };
    // 3.3 standard errors: one chance in a thousand. The excess kurtosis of N (Consul) makes its variance more uncertain than a normal one's.
    const kurtosis = (1 + 8 * r + 6 * r ** 2) / (theta * (1 - r));
    expect(Math.abs(mean - expected.mean)).toBeLessThan(3.3 * Math.sqrt(expected.variance / RUNS));
    expect(Math.abs(variance / expected.variance - 1)).toBeLessThan(3.3 * Math.sqrt((2 + kurtosis) / RUNS));

    const against = (actual: number): number =>
      chiSquare(inFours(counts), (four) => {
        let sum = 0;
        for (let n = 4 * four; n < 4 * four + 4; n++) sum += generalisedPoisson(n, theta, actual);
        return sum;
      });
    expect(against(r)).toBeLessThan(1);
    // The power of the test: it would notice liquidations that reach 4 % too far or not far enough.
    expect(against(1.04 * r)).toBeGreaterThan(1);
    expect(against(0.96 * r)).toBeGreaterThan(1);
  });

  test('with exponential sizes the reach is the busy period of M/M/1', { timeout: 60_000 }, () => {
    const RUNS = 1_000;
    const [gap, theta, r] = [160, 16, 0.7];
    const work = theta * gap;
    const service = r * gap;
    const scenario = scenarioOf('limits/busy-period.yaml', [
      'agents.book.spacing=2bp',
      'agents.book.reach=50%',
      'agents.longs.to=48%',
      `agents.longs.perPercent=${(0.01 * START) / gap}`,
      `agents.longs.notional={ exponential: { mean: ${service * LOTS_PER_TICK} }, within: [1, 100M] }`,
      `shocks.sale.notional=${work * LOTS_PER_TICK}`,
    ]);
    const reaches: number[] = [];
    let idle = 0;
    for (let replicate = 0; replicate < RUNS; replicate++) {
      const world = runWorld(scenario, { replicate });
      if (world.recorder.liquidations === 0) idle++;
      else reaches.push(touchFall(world));
    }
    const against = (rate: number, mean: number): number =>
      kolmogorovSmirnov(
        Float64Array.from(reaches),
        exponentialBusyPeriod({ work, rate, service: mean, upTo: 50_000 }),
      );
    expect(against(1 / gap, service)).toBeLessThan(1);
    expect(against(1 / gap, 1.05 * service)).toBeGreaterThan(1);
    expect(against(1 / gap, 0.95 * service)).toBeGreaterThan(1);
    expect(idle).toBeLessThan(10);
    const all = [...reaches, ...Array<number>(idle).fill(work)];
    const mean = all.reduce((sum, reach) => sum + reach, 0) / RUNS;
    const deviation = Math.sqrt((work * 2 * service ** 2) / gap / (1 - r) ** 3);
    // The last level is sold to its end: up to 20 ticks too far, which 1/(1 − R) multiplies like any shock.
    expect(mean - work / (1 - r)).toBeLessThan((3.3 * deviation) / Math.sqrt(RUNS) + 20 / (1 - r));
    expect(mean - work / (1 - r)).toBeGreaterThan((-3.3 * deviation) / Math.sqrt(RUNS));
  });

  function inFours(counts: Float64Array): Float64Array {
    const fours = new Float64Array(counts.length / 4);
    counts.forEach((count, n) => (fours[Math.floor(n / 4)] += count));
    return fours;
  }
});

describe('LIMIT-8 isolated margin', () => {
  const m = 0.005;
  test('the largest position that closes without loss to the fund is 2·D·m·P*', () => {
    // One account that breaks at P* = 99 000, where a sale of 100 000 lots brings the last trade.
    const fundPaysFor = (lots: number): boolean =>
      runWorld(
        scenarioOf('limits/static-market.yaml', [
          `agents.longs={ kind: threshold-holder, perPercent: 1, to: 1%, notional: ${lots} }`,
          'shocks.sale.notional=100000',
        ]),
      ).recorder.fundOut > 0;
    const breaksAt = 99_000;
    const expected = 2 * LOTS_PER_TICK * m * breaksAt;
    let [without, withLoss] = [0.9 * expected, 1.1 * expected].map(Math.round) as [number, number];
    expect(fundPaysFor(without)).toBe(false);
    expect(fundPaysFor(withLoss)).toBe(true);
    while (withLoss - without > 10) {
      const lots = Math.round((without + withLoss) / 2);
      if (fundPaysFor(lots)) withLoss = lots;
      else without = lots;
    }
    // The first level lies one tick below P*: half a tick more slippage on average, which is one level of lots.
    expect(Math.abs(without - expected)).toBeLessThanOrEqual(2 * LOTS_PER_TICK);
  });

  test.each([3, 20, 100])(
    'leverage %i: bankrupt at e(1 − 1/L), liquidated at that over 1 − m',
    (leverage) => {
      const size = 1.2 / leverage;
      const scenario = scenarioOf('limits/static-market.yaml', [
        `agents.longs={ kind: leveraged-holder, count: 1, openInterest: 100k, leverage: ${leverage}, entry: 0, stopLoss: 0 }`,
        mark('index-only'),
        'horizon=3s',
        'index.every=10ms',
        'feeds.alpha.every=10ms',
        'feeds.beta.every=10ms',
        `shocks.sale={ kind: price-jump, at: 100ms, size: ${-size}, over: 2s }`,
      ]);
      const expected = (START * (1 - 1 / leverage)) / (1 - m);
      const triggers: number[] = [];
      const world = runWorld(scenario, {
        afterEvent({ exchange: { accounts }, schedule }) {
          for (let account = FIRST_TRADER; account < accounts.size && triggers.length === 0; account++) {
            if (accounts.lots[account] <= 0) continue;
            triggers.push(triggerPrice(schedule, accounts.ledger.balance[account], accounts.lots[account]));
          }
        },
      });
      expect(Math.abs(triggers[0] - expected)).toBeLessThanOrEqual(1);
      expect(world.recorder.liquidations).toBe(1);
      const brokeAt = world.recorder.liquidationLines.column('mark')[0];
      const before = world.marks[world.marks.indexOf(brokeAt) - 1];
      expect(brokeAt).toBeLessThanOrEqual(triggers[0]);
      expect(before).toBeGreaterThan(triggers[0]);
    },
  );
});

describe('LIMIT-13 negative controls', () => {
  test.each([
    ['no leverage, in a living market', 'limits/no-leverage.yaml', []],
    ['no leverage, in a static book', 'limits/static-market.yaml', []],
    ['an index mark and a local shock', 'limits/index-mark.yaml', []],
    [
      'a blend without local weight and a local shock',
      'limits/blend.yaml',
      ['exchange.mark.localWeight=0', ...ALONE],
    ],
  ])('%s: the arms do not differ in any event', (_, file, settings) => {
    const [off, openLoop, closed] = simulateReplicate(scenarioOf(file, settings), 0);
    expect(off.metrics.drawdown).toBeGreaterThan(5);
    expect(closed.metrics).toEqual(off.metrics);
    expect(closed.fingerprint).toBe(off.fingerprint);
    expect(openLoop.fingerprint).toBe(off.fingerprint);
    expect(closed.metrics.drawdown / off.metrics.drawdown).toBe(1);
  });

  test('endless depth: a thousand liquidations and A = 1', () => {
    const [off, , closed] = simulateReplicate(scenarioOf('limits/endless-depth.yaml'), 0);
    expect(closed.metrics.liquidated_accounts).toBe(1_000);
    expect(off.metrics.drawdown).toBe(10);
    expect(closed.metrics.drawdown / off.metrics.drawdown).toBe(1);
  });

  test('the same arm twice: the difference is exactly 0', () => {
    const scenario = scenarioOf('limits/busy-period.yaml');
    expect(simulateReplicate(scenario, 3)).toEqual(simulateReplicate(scenario, 3));
  });
});

describe('the scenario files of the limits', () => {
  const files = readdirSync(resolve(import.meta.dirname, '../../scenarios/limits'));
  test.each(files)('%s keeps what it expects', (file) => {
    const { cells, expect: expected } = batchOf(`limits/${file}`);
    const results = cells.flatMap(({ scenario }, cell) =>
      Array.from({ length: scenario.measure.replicates.atLeast }, (_, replicate) => ({
        task: { cell, replicate },
        rows: simulateReplicate(scenario, replicate),
      })),
    );
    const broken = evaluateExpectations(expected, runsTable(results, cells), { seed: '1' }).filter(
      ({ holds }) => !holds,
    );
    expect(broken).toEqual([]);
    expect(expected.length).toBeGreaterThan(0);
  });
});
