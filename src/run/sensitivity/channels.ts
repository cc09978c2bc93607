import { assert } from '../../base/check.ts';
import type { RandomStream } from '../../base/random.ts';
import type { MetricName } from '../../metrics/metrics.ts';
import { factorialEffects } from '../../metrics/sensitivity/factorial.ts';
import type { FactorialEffects } from '../../metrics/sensitivity/factorial.ts';
import type { CellResult } from '../plan.ts';

/** A scenario swept over switches: axes of two values, off and on in this order. */
export interface Switchboard {
  readonly axes: readonly { readonly name: string; readonly labels: readonly string[] }[];
  readonly cells: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** The channel that the arms switch: off in the arm `off`, on in `closed`. */
const LIQUIDATIONS = 'liquidations';

/** Why a batch is no factorial of channels; undefined when it is one. */
export function whyNoSwitchboard({ axes }: Switchboard): string | undefined {
  if (axes.length === 0) return 'a sweep over channels';
  const odd = axes.find(({ labels }) => labels.length !== 2);
  return odd && `two values, off and on, on the axis ${odd.name}, which has ${odd.labels.length}`;
}

/**
 * Effects of liquidations and of each axis on a metric. Both arms of every cell make a full factorial, and the replicates,
 * which have the same seeds everywhere, its pairs. Where cells have different numbers of replicates, those that all of them have count.
 */
export function channelEffects(
  { axes, cells }: Switchboard,
  results: readonly CellResult[],
  { metric, random }: { metric: MetricName; random: RandomStream },
): FactorialEffects {
  const n = Math.min(...results.map(({ replicates }) => replicates.length));
  const responses: Float64Array[] = [];
  results.forEach(({ cell, replicates }) => {
    const bits = axes.reduce(
      (mask, { name, labels }, i) => mask + (cells[cell].labels[name] === labels[1] ? 2 ** (i + 1) : 0),
      0,
    );
    for (const [bit, arm] of ['off', 'closed'].entries()) {
      responses[bits + bit] = Float64Array.from({ length: n }, (_, r) => {
        const row = replicates[r].rows.find((one) => one.arm === arm);
        assert(row !== undefined, `the arm ${arm} was not run`);
        return row.metrics[metric];
      });
    }
  });
  return factorialEffects(
    [LIQUIDATIONS, ...axes.map(({ name, labels }) => `${name}=${labels[1]}`)],
    responses,
    random,
  );
}
