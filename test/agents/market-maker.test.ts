import { describe, expect, it } from 'vitest';
import { marketMaker } from '../../src/agents/market-maker.ts';
import { RandomSource } from '../../src/base/random.ts';
import { MINUTE, SECOND } from '../../src/base/units.ts';
import { quoteFromMoney } from '../../src/market/contract.ts';
import { mid, notionalWithin } from '../../src/market/depth.ts';
import { BTC } from '../fixtures/contracts.ts';
import { made } from '../fixtures/variants.ts';
import { constantly, MiniWorld, TOM } from '../world/mini-world.ts';

const PRICE = 1_000_000;
const MS = 1_000;

function stage(written: Record<string, unknown> = {}, seed = 'makers') {
  const population = made(marketMaker, { contract: BTC, startPrice: 1_000_000 }, written);
  const mini = new MiniWorld({
    contract: BTC,
    price: PRICE,
    seed,
    seated: [{ population, dataLatency: 20 * MS, orderLatency: constantly(20 * MS) }],
  });
  mini.start();
  return {
    mini,
    size: population.size,
    /** Notional a taker of this side finds within a share of the mid, quote currency. */
    depth(within: number, taker: 1 | -1 = -1): number {
      const { book } = mini.exchange;
      return quoteFromMoney(BTC, notionalWithin(book, taker, mid(book) * (1 + taker * within)));
    },
    /** The index moves up or down by so much every second until a time. */
    walk(until: number, share: number): void {
      const coin = new RandomSource(seed).stream('walk');
      let price = PRICE;
      for (let time = mini.kernel.now + SECOND; time <= until; time += SECOND) {
        price *= coin.below(2) === 0 ? 1 + share : 1 / (1 + share);
        const now = price;
        mini.at(time, () => mini.setIndex(now));
      }
      mini.run(until);
    },
  };
}

describe('quotes that are good for three seconds', () => {
  it('stand while makers look, and are gone three seconds after they were cut off', () => {
    const { mini, depth } = stage({ count: 2, lifetime: '3s' });
    const plain = stage({ count: 2 });
    for (const one of [mini, plain.mini]) {
      one.run(10 * SECOND);
      one.desks.forEach((desk) => [0, 1].forEach((maker) => desk.disconnect(maker, MINUTE)));
    }
    expect(depth(0.01)).toBe(plain.depth(0.01));
    mini.run(13 * SECOND + 40 * MS);
    plain.mini.run(13 * SECOND + 40 * MS);
    expect([mini.exchange.book.bestBid(), mini.exchange.book.bestAsk()]).toEqual([NaN, NaN]);
    expect(plain.depth(0.01)).toBeGreaterThan(1e6);
  });
});

describe('market makers build a book', () => {
  it('also when what they have does not divide by their number', () => {
    const { mini, size } = stage({ count: 3, inventory: '100M' });
    mini.run(SECOND);
    expect(size).toBe(3);
    mini.exchange.accounts.checkInvariants();
  });

  // The stated tolerance is 10 %: rungs stand apart by a factor of about 1.6, so a stated distance cuts a stretch in two.
  const asked = [
    [0.001, 1.5e6],
    [0.005, 7.75e6],
    [0.01, 10e6],
    [0.05, 20e6],
  ] as const;

  it.each(asked)('with the depth asked for within %d of the mid, on either side', (within, notional) => {
    const { mini, depth } = stage();
    mini.run(30 * SECOND);
    for (const taker of [1, -1] as const)
      expect(Math.abs(depth(within, taker) / notional - 1)).toBeLessThan(0.1);
  });

  it('scaled by one factor', () => {
    const [one, five] = [stage(), stage({ depthScale: 5 })];
    for (const { mini } of [one, five]) mini.run(30 * SECOND);
    for (const [within] of asked) expect(five.depth(within) / one.depth(within)).toBeCloseTo(5, 1);
  });

  it('with the spread asked for', () => {
    const { mini } = stage({ halfSpread: '5bp' });
    mini.run(30 * SECOND);
    const { book } = mini.exchange;
    expect((book.bestAsk() - book.bestBid()) / PRICE).toBeCloseTo(0.001, 4);
  });

  it('round the index, wherever it goes', () => {
    const { mini, depth } = stage();
    mini.run(30 * SECOND);
    for (let second = 31; second <= 130; second++)
      mini.at(second * SECOND, () => mini.setIndex(PRICE * (1 + 0.0001 * (second - 30))));
    mini.run(3 * MINUTE);
    expect(Math.abs(mid(mini.exchange.book) / (1.01 * PRICE) - 1)).toBeLessThan(0.0005);
    expect(depth(0.05)).toBeGreaterThan(15e6);
  });

  it('and never trade with themselves', () => {
    const { mini, walk } = stage();
    walk(5 * MINUTE, 0.002);
    expect(mini.fills.filter(({ maker, taker }) => maker === taker)).toEqual([]);
  });
});

describe('market makers withdraw', () => {
  it('under volatility: about half of the depth is left where that was said', () => {
    const { mini, depth, walk } = stage({ stressVolatility: '12bp', memory: '30s', leastWilling: 0 });
    mini.run(30 * SECOND);
    const calm = depth(0.05);
    walk(10 * MINUTE, 0.0012);
    mini.run(10 * MINUTE + 5 * SECOND);
    expect(depth(0.05) / calm).toBeGreaterThan(0.35);
    expect(depth(0.05) / calm).toBeLessThan(0.8);
  });

  it('nearly altogether under high volatility, and come back when it is over', () => {
    const { mini, depth, walk } = stage({ stressVolatility: '6bp', memory: '30s', leastWilling: '5%' });
    mini.run(30 * SECOND);
    const calm = depth(0.05);
    walk(5 * MINUTE, 0.005);
    mini.run(5 * MINUTE + 3 * SECOND);
    expect(depth(0.05) / calm).toBeLessThan(0.25);
    // They leave a quote alone that has four fifths of its size.
    mini.run(20 * MINUTE);
    expect(depth(0.05) / calm).toBeGreaterThan(0.8);
  });

  it('as a shock says', () => {
    const { mini, depth } = stage();
    mini.run(30 * SECOND);
    const calm = depth(0.05);
    mini.appetite = 0.1;
    mini.run(MINUTE);
    expect(depth(0.05) / calm).toBeCloseTo(0.1, 1);
    mini.appetite = 0;
    mini.run(90 * SECOND);
    expect(mini.exchange.book.bestBid()).toBeNaN();
    mini.appetite = 1;
    mini.run(2 * MINUTE);
    expect(depth(0.05) / calm).toBeCloseTo(1, 1);
  });

  it('for a while when their loss limit is reached, and return then', () => {
    const { mini, depth } = stage({ lossLimit: '100k', absence: '10m', stressVolatility: 1 });
    mini.run(30 * SECOND);
    const calm = depth(0.05);
    // Sold 10M to them, then the index falls by 2 %: 200k lost.
    mini.place(TOM, -1, 100_000, 900_000, { ioc: true });
    mini.setIndex(980_000);
    mini.run(MINUTE);
    expect(mini.exchange.book.bestBid()).toBeNaN();
    mini.run(10 * MINUTE);
    expect(mini.exchange.book.bestBid()).toBeNaN();
    mini.run(15 * MINUTE);
    expect(depth(0.05) / calm).toBeGreaterThan(0.7);
  });
});

describe('market makers with an inventory', () => {
  it('hedge it outside with the half-life that was asked for', () => {
    const { mini, size } = stage({ hedging: '2m', stressVolatility: 1, lossLimit: '1B' });
    mini.run(30 * SECOND);
    mini.place(TOM, -1, 60_000, 900_000, { ioc: true });
    const { lots } = mini.exchange.accounts;
    const [first] = mini.firstAccounts;
    const net = () =>
      Array.from({ length: size }, (_, i) => lots[first + i]).reduce((a, b) => a + b, 0) +
      mini.outside.reduce((sum, [, traded]) => sum + traded, 0);
    const before = net();
    expect(before).toBeGreaterThan(40_000);
    mini.run(2 * MINUTE + 30 * SECOND);
    expect(net() / before).toBeGreaterThan(0.45);
    expect(net() / before).toBeLessThan(0.55);
    mini.run(4 * MINUTE + 30 * SECOND);
    expect(net() / before).toBeGreaterThan(0.2);
    expect(net() / before).toBeLessThan(0.3);
  });

  it('lean against it: long ones quote lower', () => {
    const { mini } = stage({ hedging: '1h', stressVolatility: 1, lossLimit: '1B' });
    mini.run(30 * SECOND);
    mini.place(TOM, -1, 60_000, 900_000, { ioc: true });
    mini.run(MINUTE);
    expect(mid(mini.exchange.book)).toBeLessThan(PRICE * 0.9995);
  });

  it('that is full do not add to it', () => {
    const { mini } = stage({ hedging: '10d', inventory: '4M', stressVolatility: 1, lossLimit: '1B' });
    for (let i = 1; i <= 60; i++)
      mini.at(i * 2 * SECOND, () => mini.place(TOM, -1, 20_000, 900_000, { ioc: true }));
    mini.run(3 * MINUTE);
    // Each maker stops at 1M (10,000 lots), having quoted at most its whole ladder of 5M beyond.
    const { lots } = mini.exchange.accounts;
    const [first] = mini.firstAccounts;
    for (let i = 0; i < 4; i++) {
      expect(lots[first + i]).toBeGreaterThan(9_000);
      expect(lots[first + i]).toBeLessThan(70_000);
    }
    const held = [...lots.slice(first, first + 4)];
    mini.at(3 * MINUTE + SECOND, () => mini.place(TOM, -1, 20_000, 900_000, { ioc: true }));
    mini.run(4 * MINUTE);
    expect([...lots.slice(first, first + 4)]).toEqual(held);
  });
});
