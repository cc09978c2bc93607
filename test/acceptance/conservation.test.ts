import { describe, expect, test } from 'vitest';
import { LIQUIDATION_ENDS } from '../../src/world/recorder.ts';
import type { World } from '../../src/world/world.ts';
import { AuditedRun } from './auditor.ts';
import { randomScenario } from './random-worlds.ts';

const WORLDS = 80;

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
    for (const end of LIQUIDATION_ENDS) expect(worldsWith(endedBy(end)), end).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.adlValue > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.fundOut > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.fundingPaid > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.voluntaryValue > 0)).toBeGreaterThan(WORLDS / 10);
    expect(worldsWith(({ recorder }) => recorder.socialisedLoss > 0)).toBeGreaterThan(0);
    console.log(
      worldsWith(({ recorder }) => recorder.socialisedLoss > 0),
      events,
    );
  });
});
