import { OutOfRange, Unbuildable } from '../base/check.ts';
import type { Fault } from '../base/schema.ts';
import { ESTIMANDS } from '../metrics/estimates/estimands.ts';
import { METRICS } from '../metrics/metrics.ts';
import { catalogue } from '../world/catalogue.ts';
import type { Variants } from '../world/create.ts';
import type { Scenario, Vocabulary } from '../world/scenario.ts';
import { World } from '../world/world.ts';

/** Everything a scenario file may name: what `loadBatch` checks it against. */
export const VOCABULARY: Vocabulary = vocabularyFrom(catalogue);

/** The same with other variants than the standard ones; a run of such a scenario has to be given them too. */
export function vocabularyFrom(variants: Variants): Vocabulary {
  return {
    ...variants,
    metrics: [...ESTIMANDS, ...METRICS],
    tryOut: (scenario) => tryOut(scenario, variants),
  };
}

/** Builds the world of a scenario without running it, and tells what only shows then. */
function tryOut(scenario: Scenario, variants: Variants): Fault | undefined {
  try {
    new World({ scenario, replicate: 0, mode: { kind: 'closed' }, catalogue: variants });
    return undefined;
  } catch (error) {
    if (error instanceof OutOfRange) {
      return {
        path: ['agents'],
        isKey: false,
        expected: `positions whose value in ticks times lots stays below 2^53 (${error.message})`,
        hint: 'Make the positions smaller, or the tick and the lot larger.',
      };
    }
    if (!(error instanceof Unbuildable)) throw error;
    const { path, expected, more } = error;
    return { path, expected, isKey: false, ...more };
  }
}
