import type { Micros } from '../base/units.ts';
import type { Scenario } from './scenario.ts';

/** When the measurement begins: with the first shock, before it acts; without shocks, after the warm-up. */
export function measurementBegins({ shocks, warmUp }: Pick<Scenario, 'shocks' | 'warmUp'>): Micros {
  const first = Math.min(...Object.values(shocks).map(({ at }) => at));
  return warmUp + (first === Infinity ? 0 : first);
}
