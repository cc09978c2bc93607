import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import {
  balanceToBreakAt,
  isDistressed,
  marginScheduleFrom,
  triggerPrice,
} from '../../src/accounts/margin.ts';
import { tierTableFrom } from '../../src/accounts/tier-table.ts';
import { contractFrom } from '../../src/market/contract.ts';

const contract = contractFrom({ name: 'X', tick: 0.1, lot: 0.001, takerFee: 0, makerFee: 0, marketBand: 1 });
const rows = [
  { tier: 1, minNotional: 0, maxNotional: 50_000, maintenanceMarginRate: 0.004, maxLeverage: 125 },
  { tier: 2, minNotional: 50_000, maxNotional: 600_000, maintenanceMarginRate: 0.005, maxLeverage: 100 },
  { tier: 3, minNotional: 600_000, maxNotional: null, maintenanceMarginRate: 0.1, maxLeverage: 5 },
];
const schedule = marginScheduleFrom(
  tierTableFrom(rows, () => ({ file: 't.json', line: 1, column: 1, path: '' })),
  contract,
);

const position = {
  size: fc.integer({ min: 2, max: 10_000_000 }),
  side: fc.constantFrom(1, -1),
  trigger: fc.integer({ min: 1, max: 2_000_000 }),
};

test.prop(position)(
  'an account with this balance breaks at the tick asked for and not before',
  ({ size, side, trigger }) => {
    const lots = side * size;
    expect(triggerPrice(schedule, balanceToBreakAt(schedule, lots, trigger), lots)).toBe(trigger);
  },
);

test.prop(position)('it is the largest such balance', ({ size, side, trigger }) => {
  const lots = side * size;
  const balance = balanceToBreakAt(schedule, lots, trigger);
  expect(isDistressed(schedule, balance, lots, trigger)).toBe(true);
  expect(isDistressed(schedule, balance + 1, lots, trigger)).toBe(false);
});
