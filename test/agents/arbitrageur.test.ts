import { describe, expect, it } from 'vitest';
import { arbitrageur } from '../../src/agents/arbitrageur.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../src/base/units.ts';
import { BTC } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { constantly, MiniWorld, TOM, UMA } from '../world/mini-world.ts';

const PRICE = 1_000_000;
const LOTS_OF_A_MILLION = 10_000;

function stage(written: Record<string, unknown> = {}, orderLatency = 0) {
  const population = made(arbitrageur, { contract: BTC, startPrice: 1_000_000 }, { count: 1, ...written });
  const mini = new MiniWorld({
    contract: BTC,
    price: PRICE,
    seated: [{ population, orderLatency: constantly(orderLatency) }],
  });
  mini.start();
  return { mini, ARB: mini.firstAccounts[0], lots: () => mini.exchange.accounts.lots[mini.firstAccounts[0]] };
}

describe('the arbitrageur', () => {
  it('buys what is offered below the index by its threshold, up to that, and leaves the rest', () => {
    const { mini, lots } = stage({ threshold: '10bp' });
    for (const [price, size] of [
      [998_000, 300],
      [998_900, 200],
      [999_500, 100],
    ] as const)
      mini.place(TOM, -1, size, price);
    mini.run(MINUTE);
    expect(lots()).toBe(500);
    expect(mini.exchange.book.bestAsk()).toBe(999_500);
  });

  it('sells to what is bid above it', () => {
    const { mini, lots } = stage({ threshold: '10bp' });
    for (const [price, size] of [
      [1_002_000, 300],
      [1_001_100, 200],
      [1_000_500, 100],
    ] as const)
      mini.place(TOM, 1, size, price);
    mini.run(MINUTE);
    expect(lots()).toBe(-500);
    expect(mini.exchange.book.bestBid()).toBe(1_000_500);
  });

  it('does not trade inside its threshold', () => {
    const { mini } = stage({ threshold: '10bp' });
    mini.makeBook(PRICE, { spread: 900 });
    mini.run(MINUTE);
    expect(mini.fills).toEqual([]);
  });

  it('hedges each fill outside, at once and in full', () => {
    const { mini } = stage({ threshold: '10bp', clip: '10k' });
    mini.place(TOM, -1, 350, 998_000);
    mini.run(MINUTE);
    const hedged = mini.outside.reduce((sum, [, lots]) => sum + lots, 0);
    expect(hedged).toBe(-350);
    expect(mini.outside).toEqual(mini.fills.map(({ time, lots }) => [time, -lots]));
  });

  it('trades no more than a clip at once', () => {
    const { mini } = stage({ clip: '10k' });
    mini.place(TOM, -1, 350, 998_000);
    mini.run(MINUTE);
    expect(Math.max(...mini.fills.map(({ lots }) => lots))).toBeLessThanOrEqual(100);
    expect(mini.exchange.book.bestAsk()).not.toBe(998_000);
  });

  /** A seller who offers everything far below the index, again and again. */
  function flood(written: Record<string, unknown>, orderLatency: number): number {
    const { mini, lots } = stage({ capital: '1M', clip: '300k', ...written }, orderLatency);
    let most = 0;
    for (let i = 1; i <= 600; i++) {
      mini.at(i * 100 * MILLISECOND, () => {
        mini.place(TOM, -1, 1_000, 900_000);
        most = Math.max(most, lots());
      });
    }
    mini.run(2 * MINUTE);
    return Math.max(most, lots()) / LOTS_OF_A_MILLION;
  }

  it('holds no more than its capital', () => {
    const held = flood({}, 0);
    expect(held).toBeGreaterThan(0.9);
    // Lots are reckoned at the price of the order, which is below the index here.
    expect(held).toBeLessThanOrEqual(1.01);
  });

  it('exceeds its capital by what was under way at most: a clip or two when orders are slower than its looks', () => {
    expect(flood({}, 300 * MILLISECOND)).toBeLessThanOrEqual(1 + 4 * 0.3);
  });

  it('with its capital used up takes the other side only', () => {
    const { mini, lots } = stage({ capital: '1M', clip: '1M' });
    mini.place(TOM, -1, 50_000, 990_000);
    mini.run(MINUTE);
    const full = lots();
    expect(full).toBeGreaterThan(9_900);
    mini.run(2 * MINUTE);
    expect(lots()).toBe(full);
    mini.exchange.cancelOrders(TOM);
    mini.place(UMA, 1, 50_000, 1_010_000);
    mini.run(3 * MINUTE);
    expect(lots()).toBeLessThan(-9_800);
  });

  it('closes a gap: a book that stands 1 % below the index is back within the threshold', () => {
    const { mini } = stage({ count: 3, threshold: '10bp', capital: '20M', clip: '500k' });
    for (let step = 0; step < 100; step++) {
      mini.place(TOM, -1, 500, 990_000 + 100 * step);
      mini.place(UMA, 1, 500, 989_900 - 100 * step);
    }
    mini.run(2 * MINUTE);
    const { book } = mini.exchange;
    expect(book.bestAsk()).toBeGreaterThan(999_000);
    expect(mini.exchange.accounts.lots[mini.firstAccounts[0]]).toBeGreaterThan(0);
    mini.exchange.accounts.checkInvariants();
  });

  it('looks as often as was asked for', () => {
    const { mini } = stage({ count: 3, every: '500ms' });
    const before = mini.kernel.processed;
    mini.run(500 * SECOND);
    // 3 · 1,000 looks; renewing a resting order adds an arrival to a look at most.
    const looks = mini.kernel.processed - before;
    expect(looks).toBeGreaterThan(2_780);
    expect(looks).toBeLessThan(2 * 3_220);
  });
});
