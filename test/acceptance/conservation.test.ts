import { describe, expect, test } from 'vitest';
import { INSURANCE_FUND } from '../../src/accounts/ledger.ts';
import { measure } from '../../src/metrics/measure.ts';
import { LIQUIDATION_ENDS } from '../../src/world/recorder.ts';
import type { World } from '../../src/world/world.ts';
import { AuditedRun } from './auditor.ts';
import { runWorld, scenarioOf } from './laboratory.ts';
import { randomScenario, WORLDS } from './random-worlds.ts';

describe('LIMIT-10 after every event of a random world', () => {
  const closed: World[] = [];
  let events = 0;

  test('money and positions are conserved, nobody pays who owes nothing, and the fund pays what it has', () => {
    for (let number = 0; number < WORLDS; number++) {
      const scenario = randomScenario(number);
      const off = new AuditedRun(scenario, { kind: 'off' });
      const openLoop = new AuditedRun(scenario, { kind: 'open-loop', marks: off.world.marks });
      const asItIs = new AuditedRun(scenario, { kind: 'closed' });
      closed.push(asItIs.world);
      events += off.events + openLoop.events + asItIs.events;
    }
    expect(events).toBeGreaterThan(100_000);
  });

  test('and everything that can happen did happen', () => {
    const worldsWith = (holds: (world: World) => boolean): number => closed.filter(holds).length;
    const endedBy = (end: (typeof LIQUIDATION_ENDS)[number]) => (world: World) =>
      world.recorder.liquidationLines.column('ended_by').includes(LIQUIDATION_ENDS.indexOf(end));
    for (const end of LIQUIDATION_ENDS) {
      // Few policies know the backstop.
      const least = end === 'backstopped' ? 2 : WORLDS / 10;
      expect(worldsWith(endedBy(end)), end).toBeGreaterThan(least);
    }
    expect(worldsWith(({ recorder }) => recorder.adlValue > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.fundOut > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.fundingPaid > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.voluntaryValue > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.socialisedLoss > 0)).toBeGreaterThan(0);
    expect(worldsWith(({ collateralStatement: one }) => (one?.seized ?? 0) > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ collateralStatement: one }) => (one?.liquidations ?? 0) > 0)).toBeGreaterThan(
      WORLDS / 10,
    );
  });
});

describe('LIMIT-10 a stop that fills beyond the margin of its account', () => {
  // 1000 lots at 100 000 and leverage 50: bankrupt at 98 000. The sale takes the book down to 97 000, where the stop lies; the mark
  // does not move. It fills on the next ten levels, at 96 994.5 on average.
  const lots = 1000;
  const debt = lots * (98_000 - 96_994.5);
  const world = (fund: number, ...more: string[]): World =>
    runWorld(
      scenarioOf('limits/index-mark.yaml', [
        'agents.longs={ kind: leveraged-holder, count: 1, openInterest: 1000, leverage: 50, entry: 0, stopLoss: 1, stopDistance: 0.03 }',
        'agents.hedged.entry=0.05',
        'shocks.sale.notional=300k',
        `exchange.insuranceFund=${fund}`,
        'expect=[]',
        ...more,
      ]),
    );

  test('is made good by the insurance fund', () => {
    const { recorder, exchange } = world(1000);
    expect(recorder.liquidations).toBe(0);
    expect(recorder.fundOut).toBe(debt);
    expect(exchange.accounts.ledger.balance[INSURANCE_FUND]).toBe(1e8 - debt);
  });

  test('or by nobody where the rules say so: a debt, and ruin; to have no fund is none by itself', () => {
    const nobody = 'exchange.waterfall={ trigger: fund-empty, losses: nobody }';
    const unpaid = world(0, nobody);
    expect(unpaid.recorder.uncoveredLoss).toBe(debt);
    expect(measure(unpaid)).toMatchObject({ ruin: 1, socialised_loss: 0 });
    expect(measure(world(0, nobody, 'shocks.sale.notional=1'))).toMatchObject({ ruin: 0, uncovered_loss: 0 });
  });

  test('or by those in profit, when the fund is empty', () => {
    const { recorder } = world(0);
    expect(recorder.fundOut).toBe(0);
    expect(recorder.socialisedLoss).toBe(debt);
  });
});
