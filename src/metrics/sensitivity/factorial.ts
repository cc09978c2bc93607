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
  const within = (weight: (mask: number) => number): Float64Array => {
    const weights = responses.map((_, mask) => weight(mask));
    return Float64Array.from({ length: n }, (_, r) =>
      responses.reduce((sum, values, mask) => sum + weights[mask] * values[r], 0),
    );
  };
  const isOn = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;
  const sign = (mask: number, i: number): number => (isOn(mask, i) ? 1 : -1);
  const all = 2 ** k - 1;
  const total = within((mask) => (mask === all ? 1 : 0) - (mask === 0 ? 1 : 0));

  const channels = names.map((name, i) => {
    const shapley = within((mask) => {
      const others = sizeOf(mask) - Number(isOn(mask, i));
      return sign(mask, i) * orders(others, k);
    });
    return {
      name,
      main: meanWithInterval(within((mask) => sign(mask, i) / 2 ** (k - 1))),
      shapley: meanWithInterval(shapley),
      share: { estimate: mean(shapley) / mean(total), n, level: LEVEL, ...bcaRatio(shapley, total, random) },
    };
  });
  const interactions = names.flatMap((first, i) =>
    names.slice(i + 1).map((second, offset) => {
      const j = i + 1 + offset;
      const effect = within((mask) => (sign(mask, i) * sign(mask, j)) / 2 ** (k - 2));
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
