import { assert } from '../../base/check.ts';
import { findEstimand } from '../../metrics/estimates/estimands.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { Openings } from '../../world/openings.ts';
import type { Scenario } from '../../world/scenario.ts';
import { simulateReplicate } from '../simulate.ts';

/** What a sensitivity analysis may ask about: a number that every replicate has, so no ratio of means. */
export const RESPONSES: readonly string[] = ['excess_drawdown', ...METRICS.map(({ name }) => name)];

/** The response of one replicate. Runs only the arms that it needs. */
export function respond(
  scenario: Scenario,
  replicate: number,
  { response, openings }: { response: string; openings: Openings },
): number {
  const estimand = findEstimand(response);
  assert(estimand !== undefined && RESPONSES.includes(response), `${response} is no response`);
  const arms = [...new Set(estimand.inputs.map(({ arm }) => arm))];
  const needed = { ...scenario, measure: { ...scenario.measure, arms } };
  const rows = simulateReplicate(needed, replicate, { openings });
  return estimand.value(
    estimand.inputs.map(({ arm, metric }) => rows.find((row) => row.arm === arm)!.metrics[metric]),
  );
}
