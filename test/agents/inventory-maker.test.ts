import { describe, expect, test } from 'vitest';
import type { World } from '../../src/world/world.ts';
import { runWorld, scenarioOf } from '../acceptance/laboratory.ts';

const FILE = 'literature/avellaneda-stoikov.yaml';
const TICK = 0.0001;
/** (2/γ) ln(1 + γ/k) for γ = 0.1 and k = 1.5, and γσ² for σ = 2, in the paper's unit of time: 200 s. */
const FOR_ORDERS = 20 * Math.log1p(1 / 15);
const RISK = 0.4;

/** Quotes a quarter of a second after each renewal, before anybody takes, as distances from the index, with the stock that the maker has. In quote currency and orders. */
function quotes(...settings: string[]): { stock: number; bid: number; ask: number }[] {
  const found: { stock: number; bid: number; ask: number }[] = [];
  runWorld(scenarioOf(FILE, settings), {
    afterEvent(world) {
      const { book, accounts } = world.exchange;
      const [since, step] = [world.kernel.now % 1e6, Math.floor(world.kernel.now / 1e6)];
      if (since !== 250_000) return;
      const { index } = world.markets[0];
      found[step] = {
        stock: accounts.lots[makerOf(world)],
        bid: (index - book.bestBid()) * TICK,
        ask: (book.bestAsk() - index) * TICK,
      };
    },
  });
  return found;
}

function makerOf(world: World): number {
  return world.exchange.accounts.lots.findIndex((_, account) => world.populationOf(account) === 'maker');
}

/** Rounded to ticks. */
function near(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(2 * TICK);
}

describe('inventory-maker', () => {
  test('quotes round the reservation price, closer as the end comes near', () => {
    const found = quotes();
    expect(found.length).toBe(200);
    expect(Math.max(...found.map(({ stock }) => Math.abs(stock)))).toBeGreaterThan(2);
    found.forEach(({ stock, bid, ask }, step) => {
      const risk = RISK * (1 - step / 200);
      near(bid, (risk + FOR_ORDERS) / 2 + stock * risk);
      near(ask, (risk + FOR_ORDERS) / 2 - stock * risk);
    });
  });

  test('has a benchmark that quotes the mean spread round the index whatever it holds', () => {
    const found = quotes('agents.maker.centre=index');
    expect(Math.max(...found.map(({ stock }) => Math.abs(stock)))).toBeGreaterThan(2);
    for (const { bid, ask } of found) for (const distance of [bid, ask]) near(distance, 1.49077 / 2);
  });

  test('counts its stock in orders, and does not mind it once the session is over', () => {
    const found = quotes('agents.maker.session=100s', 'agents.maker.size=300', 'agents.takers.size=300');
    const { stock, bid } = found[50];
    near(bid, (RISK / 4 + FOR_ORDERS) / 2 + ((stock / 3) * RISK) / 4);
    for (const late of found.slice(100)) {
      near(late.bid, FOR_ORDERS / 2);
      near(late.ask, FOR_ORDERS / 2);
    }
  });
});

describe('reaching-trader', () => {
  const STEPS = 2_000;
  const fills = (...settings: string[]): number => {
    let count = 0;
    const more = [`horizon=${STEPS}s`, 'agents.maker.centre=index', ...settings];
    runWorld(scenarioOf(FILE, more), {
      log: (_time, _phase, kind, _maker, _taker, _price, lots) => {
        if (kind === 'fill') count += lots;
      },
    });
    return count;
  };

  test('hits a quote with probability A exp(−k δ) Δt a step', () => {
    const p = 0.7 * Math.exp((-1.5 * 1.49077) / 2);
    expect(Math.abs(fills() - 2 * STEPS * p)).toBeLessThan(4 * Math.sqrt(2 * STEPS * p * (1 - p)));
  });
  test('hits every quote once that is 1 or more, and none at a rate of 0', () => {
    expect(fills('agents.takers.rate=3.1')).toBe(2 * STEPS);
    expect(fills('agents.takers.rate=0')).toBe(0);
  });
});
