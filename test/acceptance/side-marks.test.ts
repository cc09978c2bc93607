import { describe, expect, test } from 'vitest';
import { share, variant } from '../../src/base/parameters.ts';
import type { MarkDesign, MarkParts } from '../../src/prices/mark/mark-design.ts';
import { vocabularyFrom } from '../../src/run/vocabulary.ts';
import { catalogue } from '../../src/world/catalogue.ts';
import type { Scenario } from '../../src/world/scenario.ts';
import { runWorld, scenarioFrom } from './laboratory.ts';

/** The index, with longs valued below it and shorts above it by half a spread. */
const apart = variant({
  name: 'apart',
  about: 'Longs below the index, shorts above it.',
  parameters: { spread: share({ default: 0, about: 'between the two' }) },
  create: ({ spread }, _parts: MarkParts): MarkDesign => ({
    price: ({ index }) => index,
    priceFor: (side, { index }) => index * (1 - (side * spread) / 2),
  }),
});
const variants = { ...catalogue, mark: { ...catalogue.mark, apart } };

function scenario(mark: object, shocks: object = {}): Scenario {
  return scenarioFrom(
    {
      title: 'Side marks',
      about: 'Made up by a test.',
      seed: 5,
      warmUp: '5s',
      horizon: '40s',
      contract: { tick: 0.1, lot: 0.001, price: 1000 },
      fundamental: { process: 'gbm', volatility: '60%' },
      feeds: { alpha: { noise: '2bp' } },
      exchange: {
        mark,
        margin: { tiers: 'tiers/binance-btcusdt.json' },
        liquidation: { policy: 'cure-then-take-over' },
        insuranceFund: '1M',
        adl: { ranking: 'pro-rata' },
        funding: { rule: 'none' },
      },
      agents: {
        makers: { kind: 'market-maker', count: 2, levels: 6, depthScale: 0.1 },
        noise: { kind: 'noise-trader', count: 5 },
        holders: {
          kind: 'leveraged-holder',
          count: 200,
          longShare: 0.5,
          openInterest: '3M',
          leverage: { uniform: [20, 100] },
          entry: 0,
          settled: 0,
        },
        hedged: { kind: 'hedged-holder', count: 20 },
      },
      shocks,
    },
    vocabularyFrom(variants),
  );
}
const options = { catalogue: variants };

describe('marks of longs and shorts', () => {
  const fall = { fall: { kind: 'price-jump', at: '5s', size: '-2%', over: '10s' } };

  test('that are the same change nothing', () => {
    const single = runWorld(scenario({ design: 'index-only' }, fall), options);
    const twice = runWorld(scenario({ design: 'apart', spread: 0 }, fall), options);
    expect(single.recorder.liquidations).toBeGreaterThan(10);
    expect(twice.fingerprint).toBe(single.fingerprint);
  });

  test('that lie apart break both sides while the index stands still', () => {
    const calm = runWorld(scenario({ design: 'index-only' }), options);
    const spread = runWorld(scenario({ design: 'apart', spread: '3%' }), options);
    const sides = (world: typeof calm): number[] =>
      [...world.recorder.liquidationLines.column('lots')].map(Math.sign);
    expect(sides(spread).filter((side) => side > 0).length).toBeGreaterThan(sides(calm).length + 10);
    expect(sides(spread).filter((side) => side < 0).length).toBeGreaterThan(sides(calm).length + 10);
    const { exchange } = spread;
    expect(exchange.longMark / exchange.mark).toBeCloseTo(0.985, 4);
    expect(exchange.shortMark / exchange.mark).toBeCloseTo(1.015, 4);
  });

  test('break an account at the mark of its side and at no other', () => {
    const { recorder, marks } = runWorld(scenario({ design: 'apart', spread: '1%' }, fall), options);
    const third = marks.length / 3;
    const lots = recorder.liquidationLines.column('lots');
    recorder.liquidationLines.column('mark').forEach((mark, line) => {
      const n = marks.indexOf(mark, lots[line] > 0 ? third : 2 * third);
      expect(n).toBeGreaterThanOrEqual(lots[line] > 0 ? third : 2 * third);
      expect(n).toBeLessThan(lots[line] > 0 ? 2 * third : marks.length);
    });
  });

  test('are replayed by the open-loop arm, side by side', () => {
    const made = scenario({ design: 'apart', spread: '1%' }, fall);
    const off = runWorld(made, { ...options, mode: { kind: 'off' } });
    const openLoop = runWorld(made, { ...options, mode: { kind: 'open-loop', marks: off.marks } });
    expect([...openLoop.marks]).toEqual([...off.marks]);
    expect(openLoop.recorder.liquidations).toBeGreaterThan(10);
  });
});
