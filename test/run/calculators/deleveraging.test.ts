import { describe, expect, it } from 'vitest';
import { calcDeleveraging } from '../../../src/index.ts';
import type { DeleveragingQuestion } from '../../../src/index.ts';
import { table, venue } from './rules.ts';

const queue = (name: string, question: Partial<DeleveragingQuestion>, ...set: string[]) =>
  calcDeleveraging(venue(name, ...set), {
    kind: 'linear',
    table: table('binance-btcusdt'),
    side: 1,
    mark: 100_000,
    size: 1,
    opponents: [],
    seed: '1',
    ...question,
  });

describe('f.1 Ranking formulas', () => {
  // Profit, wallet, maintenance: 30k, 20k, 1.5k; 5k, 2k, 300; 200k, 1M, 5k.
  const THREE = [
    { name: 'A', size: 1, entry: 70_000, wallet: 20_000, maintenance: 1500 },
    { name: 'B', size: 0.1, entry: 50_000, wallet: 2000, maintenance: 300 },
    { name: 'C', size: 4, entry: 50_000, wallet: 1_000_000, maintenance: 5000 },
  ];

  it('Binance: B 0.107 before A 0.045 before C 0.0008; the biggest winner is last', () => {
    const answer = queue('binance-btcusdt', { opponents: THREE, size: 1 });
    expect(answer.map(({ name }) => name)).toEqual(['B', 'A', 'C']);
    expect(answer.map(({ size }) => size)).toEqual([0.1, 0.9, 0]);
    const [b, a, c] = answer.map(({ score }) => score!);
    expect(a).toBeCloseTo(0.045, 12);
    expect(b).toBeCloseTo((2.5 * 300) / 7000, 12);
    expect(b.toFixed(3)).toBe('0.107');
    expect(c.toFixed(4)).toBe('0.0008');
  });

  it('BitMEX (inverse): 0.433 at 10x, 0.140 at 2x', () => {
    const held = { size: 100_000, entry: 8000 };
    const answer = queue('bitmex-xbtusd-2020', {
      kind: 'inverse',
      table: table('bitmex-xbtusd-2020'),
      mark: 8800,
      size: 1000,
      opponents: [
        { name: '2x', ...held, wallet: 6.25 },
        { name: '10x', ...held, wallet: 1.25 },
      ],
    });
    expect(answer.map(({ name, score }) => [name, score!.toFixed(3)])).toEqual([
      ['10x', '0.433'],
      ['2x', '0.140'],
    ]);
  });

  it('Hyperliquid: short from 100, mark 90, notional 90k, account 30k: 3.33; with ten times the equity a tenth', () => {
    const held = { size: 1000, entry: 100 };
    const answer = queue('hyperliquid-btc', {
      table: table('hyperliquid-btc'),
      side: -1,
      mark: 90,
      opponents: [
        { name: 'hedged', ...held, wallet: 290_000 },
        { name: 'bare', ...held, wallet: 20_000 },
      ],
    });
    expect(answer[0]).toMatchObject({ name: 'bare', size: 1 });
    expect(answer[0].score).toBeCloseTo(10 / 3, 9);
    expect(answer[1].score).toBeCloseTo(1 / 3, 9);
  });

  it('shares alike, and by lot, have no score', () => {
    expect(
      queue('binance-btcusdt', { opponents: THREE, size: 0.51 }, 'exchange.adl={ ranking: pro-rata }').map(
        ({ score, size }) => [score, size],
      ),
    ).toEqual([
      [null, 0.1],
      [null, 0.01],
      [null, 0.4],
    ]);
    const byLot = queue('dydx-v4', { opponents: THREE, size: 5.1 });
    expect(byLot.map(({ size }) => size).sort()).toEqual([0.1, 1, 4]);
  });
});
