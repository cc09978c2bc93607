import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { balanceToBreakAt, isDistressed, triggerPrice } from '../../src/accounts/margin.ts';
import { TriggerPrices } from '../../src/accounts/trigger-prices.ts';
import { marginScheduleFrom } from '../../src/accounts/margin.ts';
import { BINANCE_BTC, flat, PLAIN, tiersOf } from '../fixtures/contracts.ts';

// Caps of a few hundred units, so that tiers end between two ticks of a small position; rates above one half.
const STEEP = marginScheduleFrom(
  tiersOf([
    { to: 100, rate: 0.01, leverage: 50 },
    { to: 777, rate: 0.3, leverage: 3 },
    { to: 5_000, rate: 0.5, leverage: 2 },
    { to: null, rate: 0.9, leverage: 1 },
  ]),
  PLAIN,
);
const SCHEDULES = [BINANCE_BTC, flat(0.005), flat(0.999), STEEP];

const RUNS = { numRuns: 10_000 };
const position = {
  schedule: fc.constantFrom(...SCHEDULES),
  side: fc.constantFrom(1, -1),
  size: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1e7 })),
  tick: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 2e6 })),
};

test.prop(
  { ...position, units: fc.integer({ min: -3, max: 3 }), ticks: fc.integer({ min: -2, max: 2 }) },
  RUNS,
)(
  'is the trigger price of margin.ts, at and near the balances where it changes',
  ({ schedule, side, size, tick, units, ticks }) => {
    const lots = side * size;
    const balance = balanceToBreakAt(schedule, lots, tick) + units + size * ticks;
    const trigger = new TriggerPrices(schedule).of(balance, lots);
    expect(trigger).toBe(triggerPrice(schedule, balance, lots));
    if (balance * side >= 0 || trigger < 1) return; // nothing owed, or under water at any price
    expect(isDistressed(schedule, balance, lots, trigger)).toBe(true);
    expect(isDistressed(schedule, balance, lots, trigger + side)).toBe(false);
  },
);

test.prop({ ...position, share: fc.double({ min: 0, max: 2, noNaN: true }) }, RUNS)(
  'and at balances from nothing to twice the value of the position, also of the wrong sign',
  ({ schedule, side, size, tick, share }) => {
    const lots = side * size;
    const triggers = new TriggerPrices(schedule);
    const balance = -side * Math.round(share * size * tick);
    expect(triggers.of(balance, lots)).toBe(triggerPrice(schedule, balance, lots));
    // (The search of `triggerPrice` counts ticks down from 0 for a short that owes more than it has got.)
    const wrong = side > 0 ? -balance : Math.max(-balance, -20 * size);
    expect(triggers.of(wrong, lots)).toBe(triggerPrice(schedule, wrong, lots));
  },
);
