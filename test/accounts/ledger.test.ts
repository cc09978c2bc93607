import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../src/accounts/ledger.ts';
import { AssertionError } from '../../src/base/check.ts';

const MAX = Number.MAX_SAFE_INTEGER;

describe('the ledger', () => {
  it('moves money from one account to another, either way', () => {
    const ledger = new Ledger(3);
    ledger.transfer(0, 1, 70);
    ledger.transfer(0, 1, -20);
    expect([...ledger.balance]).toEqual([-50, 50, 0]);
  });

  it('leaves an account that pays itself as it is', () => {
    const ledger = new Ledger(2);
    ledger.transfer(0, 1, 5);
    ledger.transfer(1, 1, 3);
    expect([...ledger.balance]).toEqual([-5, 5]);
  });

  it('conserves money over any transfers', () => {
    const transfer = fc.record({
      from: fc.nat(5),
      to: fc.nat(5),
      amount: fc.integer({ min: -1e12, max: 1e12 }),
    });
    fc.assert(
      fc.property(fc.array(transfer, { maxLength: 100 }), (transfers) => {
        const ledger = new Ledger(6);
        for (const { from, to, amount } of transfers) ledger.transfer(from, to, amount);
        expect(ledger.total()).toBe(0);
        ledger.checkInvariants();
      }),
    );
  });

  it.each([
    ['a fraction', 0.5],
    ['no number', NaN],
    ['infinity', Infinity],
    ['more than integers are exact for', MAX + 1],
  ])('refuses %s', (_what, amount) => {
    expect(() => new Ledger(2).transfer(0, 1, amount)).toThrow(AssertionError);
  });

  it('refuses a transfer after which a balance is not exact, on either side', () => {
    const ledger = new Ledger(3);
    ledger.transfer(0, 1, MAX);
    expect(() => ledger.transfer(2, 1, 1)).toThrow(AssertionError);
    expect(() => ledger.transfer(0, 2, 1)).toThrow(AssertionError);
  });

  it('notices money that came from nowhere', () => {
    const ledger = new Ledger(2);
    ledger.balance[1] = 1;
    expect(() => ledger.checkInvariants()).toThrow(AssertionError);
  });
});
