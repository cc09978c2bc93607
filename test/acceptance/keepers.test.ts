import { describe, expect, test } from 'vitest';
import { simulateReplicate } from '../../src/run/simulate.ts';
import { AuditedRun } from './auditor.ts';
import { KEEPERS, randomScenario } from './random-worlds.ts';

/** Worlds in which many accounts break; each is a world of its own for each way of keeping. */
const NUMBERS = [2, 23];
const kinds = KEEPERS.map((keepers) => [JSON.stringify(keepers), keepers] as const);

describe('keepers in a whole world', () => {
  test.each(kinds)('conserve money and positions: %s', (_, keepers) => {
    for (const number of NUMBERS) {
      const { world } = new AuditedRun(randomScenario(number, keepers), { kind: 'closed' });
      expect(world.recorder.liquidations).toBeGreaterThan(0);
      expect(world.recorder.keeperCosts).toBeGreaterThanOrEqual(0);
    }
  });

  test('give the same bytes twice, and leave the arm without liquidation as it is', () => {
    for (const number of NUMBERS) {
      const runs = kinds.map(([, keepers]) => simulateReplicate(randomScenario(number, keepers), 0));
      const again = simulateReplicate(randomScenario(number, KEEPERS[5]), 0);
      expect(JSON.stringify(again)).toBe(JSON.stringify(runs[5]));
      expect(new Set(runs.map(([off]) => JSON.stringify(off))).size).toBe(1);
      // They do differ where there is something to keep.
      expect(new Set(runs.map(([, , closed]) => closed.fingerprint)).size).toBeGreaterThan(3);
    }
  });
});
