import { describe, expect, it } from 'vitest';
import { crossHolder } from '../../src/agents/cross-holder.ts';
import type { Opening } from '../../src/agents/agent.ts';
import { RandomSource } from '../../src/base/random.ts';
import { moneyFromQuote, notionalOf } from '../../src/market/contract.ts';
import { BTC } from '../fixtures/contracts.ts';

const PRICES = [1_000_000, 40_000, 2_000];

function opened(sides: 'long' | 'short' | 'opposite' | 'random', maxLeverage = 100) {
  const population = crossHolder.create(
    {
      count: 50,
      notional: { kind: 'uniform', from: 10_000, to: 50_000 },
      leverage: { kind: 'constant', value: 10 },
      sides,
    },
    { contract: BTC, startPrice: PRICES[0] },
  );
  const accounts = Array.from({ length: 50 }, () => ({ collateral: 0, lots: [] as number[] }));
  const opening = {
    contract: BTC,
    price: PRICES[0],
    random: new RandomSource('cross-holder'),
    maxLeverage: () => maxLeverage,
    open: (member: number, { collateral, lots }: { collateral: number; lots: number }) => {
      accounts[member].collateral = collateral;
      accounts[member].lots.push(lots);
    },
    others: PRICES.slice(1).map((price) => ({
      contract: BTC,
      price,
      open: (member: number, { lots, entry }: { lots: number; entry: number }) => {
        expect(entry).toBe(price);
        accounts[member].lots.push(lots);
      },
    })),
  } as unknown as Opening;
  population.open(opening);
  return { population, accounts };
}

const totalOf = (lots: readonly number[]): number =>
  lots.reduce((sum, held, i) => sum + notionalOf(BTC, held, PRICES[i]), 0);

describe('cross-holders', () => {
  it('hold every contract on one collateral, at their leverage', () => {
    for (const { collateral, lots } of opened('long').accounts) {
      expect(lots).toHaveLength(3);
      expect(collateral).toBe(Math.ceil(totalOf(lots) / 10));
      for (const [i, held] of lots.entries()) {
        const notional = notionalOf(BTC, held, PRICES[i]);
        // To half a lot of the largest price.
        expect(notional).toBeGreaterThan(moneyFromQuote(BTC, 10_000 - 50));
        expect(notional).toBeLessThan(moneyFromQuote(BTC, 50_000 + 50));
      }
    }
  });

  it('keep to what the margin rule allows', () => {
    for (const { collateral, lots } of opened('long', 4).accounts)
      expect(collateral).toBe(Math.ceil(totalOf(lots) / 4));
  });

  it('stand on the side that is said', () => {
    const signs = (sides: 'long' | 'short' | 'opposite' | 'random') =>
      new Set(opened(sides).accounts.map(({ lots }) => lots.map(Math.sign).join()));
    expect(signs('long')).toEqual(new Set(['1,1,1']));
    expect(signs('short')).toEqual(new Set(['-1,-1,-1']));
    expect(signs('opposite')).toEqual(new Set(['1,-1,-1']));
    expect(signs('random').size).toBe(8);
  });

  it('sleep', () => {
    const { population } = opened('long');
    expect(population).toMatchObject({ margined: true, balancing: false, slots: 0 });
  });
});
