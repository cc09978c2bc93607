import { describe, expect, it } from 'vitest';
import { Field, OrderPool } from '../../src/market/order-pool.ts';
import { MAX_LOTS } from '../../src/market/order.ts';

const OWNER = 7;

function poolWithLevel(): { pool: OrderPool; add: () => number } {
  const pool = new OrderPool(2);
  const level = pool.addLevel(1, 100);
  return { pool, add: () => pool.addOrder(level, OWNER, 1, 0, 0) };
}

describe('OrderPool', () => {
  it('names records for ever: no handle that is stale, made up or yet to come finds an order', () => {
    const { pool, add } = poolWithLevel();
    const [first, second] = [add(), add()];
    const handle = pool.handleOf(first);
    pool.removeOrder(first);
    for (let i = 0; i < 4; i++) add(); // one of these is the record of the first again
    expect([pool.find(handle), pool.find(pool.handleOf(second))]).toEqual([0, second]);
    const live = pool.ordersOf(OWNER).map((order) => pool.handleOf(order));
    const unlike = live.flatMap((x) => [x + 2 ** 24, x + 2 ** 25, x + 0.5, -x, x + 2 ** 53]);
    expect([...unlike, NaN, Infinity, 0, 1, 2 ** 52].filter((made) => pool.find(made) !== 0)).toEqual([]);
  });

  it('keeps the fields of a removed order until another order comes', () => {
    const { pool, add } = poolWithLevel();
    const order = add();
    const handle = pool.handleOf(order);
    pool.removeOrder(order);
    const next = pool.addOrder(pool.addLevel(-1, 105), OWNER + 1, MAX_LOTS, 3, 0);
    expect(next).not.toBe(order);
    expect([pool.lastHandleOf(order), pool.priceOf(order), pool.sideOf(order)]).toEqual([handle, 100, 1]);
    expect(pool.words[order | Field.OWNER]).toBe(OWNER);
  });

  it('retires a record that has used up its lives', () => {
    const { pool, add } = poolWithLevel();
    const order = add();
    pool.words[order | Field.FLAGS] = 2 ** 31 - 16; // the last odd life, no flags
    const handle = pool.handleOf(order);
    expect([Number.isSafeInteger(handle), pool.find(handle)]).toEqual([true, order]);
    pool.removeOrder(order);
    expect([pool.find(handle), pool.count]).toEqual([0, 0]);
    expect(Array.from({ length: 50 }, add)).not.toContain(order);
  });

  it('keeps the order of arrival when its numbers are used up', () => {
    const { pool, add } = poolWithLevel();
    pool.removeOrder(add());
    add();
    pool.arrivals = 2 ** 31 - 3;
    const latest = [add(), add(), add(), add()];
    expect(pool.ordersOf(OWNER).slice(1)).toEqual(latest);
    expect([pool.count, pool.arrivals]).toEqual([5, 5]);
  });

  it('refuses owners that are no account numbers', () => {
    const { pool } = poolWithLevel();
    const level = pool.addLevel(-1, 110);
    for (const owner of [-1, 1.5, NaN, 2 ** 31]) {
      expect(() => pool.addOrder(level, owner, 1, 0, 0)).toThrow('account number');
    }
  });
});
