import { assert } from '../../base/check.ts';
import type { RandomStream } from '../../base/random.ts';
import { bcaRatio } from '../estimates/bca.ts';
import { LEVEL } from '../estimates/estimate.ts';
import type { Estimate } from '../estimates/estimate.ts';
import { meanWithInterval } from '../estimates/mean.ts';
import { mean } from '../estimates/moments.ts';

/** What a set of switches that are on or off does to a response. */
export interface FactorialEffects {
  readonly channels: readonly {
    readonly name: string;
    /** Mean change of the response when it is switched on, over all settings of the others. */
    readonly main: Estimate;
    /** What it adds on average over all orders in which the channels can be switched on. The values of all channels add up to `total`. */
    readonly shapley: Estimate;
    /** The same as a share of `total`. */
    readonly share: Estimate;
  }[];
  /** How much more each pair does together than apart: mean of f(both) − f(one) − f(other) + f(neither). */
  readonly interactions: readonly { readonly pair: readonly [string, string]; readonly effect: Estimate }[];
  /** Response with all on less that with all off. */
  readonly total: Estimate;
}

/**
 * Effects of a full factorial of switches. `responses[mask]` has one value a replicate, in the same order everywhere, with
 * channel i on where bit i of `mask` is set. Every effect is linear in the responses, so it is reckoned within each
 * replicate, and only its scatter from one to the next counts: Student's t intervals, and a BCa bootstrap over whole replicates for
 * the shares, which are ratios of means. Shapley (1953), "A value for n-person games".
 */
export function factorialEffects(
  names: readonly string[],
  responses: readonly Float64Array[],
  random: RandomStream,
): FactorialEffects {
  const k = names.length;
  const n = responses[0].length;
  assert(responses.length === 2 ** k, `${responses.length} settings of ${k} switches`);
  const masks = responses.map((_, mask) => mask);
  // Differences first: a switch without effect then has an effect of exactly 0, not of what rounding leaves.
  const change = (mask: number, i: number, r: number): number =>
    responses[mask | (1 << i)][r] - responses[mask][r];
  const isOff = (mask: number, i: number): boolean => ((mask >> i) & 1) === 0;
  const switchedOn = (i: number, weight: (mask: number) => number): Float64Array =>
    Float64Array.from({ length: n }, (_, r) =>
      masks.reduce((sum, mask) => (isOff(mask, i) ? sum + weight(mask) * change(mask, i, r) : sum), 0),
    );
  const total = responses[2 ** k - 1].map((value, r) => value - responses[0][r]);

  const channels = names.map((name, i) => {
    const shapley = switchedOn(i, (mask) => orders(sizeOf(mask), k));
    return {
      name,
      main: meanWithInterval(switchedOn(i, () => 1 / 2 ** (k - 1))),
      shapley: meanWithInterval(shapley),
      share: { estimate: mean(shapley) / mean(total), n, level: LEVEL, ...bcaRatio(shapley, total, random) },
    };
  });
  const interactions = names.flatMap((first, i) =>
    names.slice(i + 1).map((second, offset) => {
      const j = i + 1 + offset;
      const effect = Float64Array.from({ length: n }, (_, r) => {
        const neither = masks.filter((mask) => isOff(mask, i) && isOff(mask, j));
        const sum = neither.reduce(
          (so, mask) => so + (change(mask | (1 << j), i, r) - change(mask, i, r)),
          0,
        );
        return sum / 2 ** (k - 2);
      });
      return { pair: [first, second] as const, effect: meanWithInterval(effect) };
    }),
  );
  return { channels, interactions, total: meanWithInterval(total) };
}

/** Share of the k! orders in which exactly given `others` come before a channel: others! (k − 1 − others)! / k!. */
function orders(others: number, k: number): number {
  return (factorial(others) * factorial(k - 1 - others)) / factorial(k);
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function sizeOf(mask: number): number {
  return mask === 0 ? 0 : (mask & 1) + sizeOf(mask >> 1);
}
