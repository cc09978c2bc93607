/** Distributions a scenario can name, as plain data. */
import { Unbuildable } from './check.ts';
import { exp } from './pinned-math.ts';
import type { RandomStream } from './random.ts';

export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  /** Continuous, on [from, to). */
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  /** ln X is normal with mean ln `median` and standard deviation `sigma`. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  /** P(X > x) = (from/x)^alpha for x ≥ from. */
  | { readonly kind: 'pareto'; readonly from: number; readonly alpha: number }
  /** One of the parts, chosen in proportion to its weight. */
  | { readonly kind: 'mixture'; readonly parts: readonly WeightedPart[] }
  /** `of`, given that it lies in [from, to]. */
  | { readonly kind: 'truncated'; readonly of: Distribution; readonly from: number; readonly to: number }
  /** One of the values, each as likely as any other. */
  | { readonly kind: 'empirical'; readonly values: readonly number[] };

export interface WeightedPart {
  readonly weight: number;
  readonly of: Distribution;
}

/** Draws a truncated distribution makes before it says that its range is practically never hit. */
const TRIES_MAX = 10_000;

/** One draw. The literal is trusted: `parameters.ts` has checked it. */
export function draw(distribution: Distribution, random: RandomStream): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.from + (distribution.to - distribution.from) * random.uniform();
    case 'normal':
      return distribution.mean + distribution.sd * random.normal();
    case 'lognormal':
      return distribution.median * exp(distribution.sigma * random.normal());
    case 'exponential':
      return distribution.mean * random.exponential();
    case 'pareto':
      // alpha · ln(X/from) is a standard exponential.
      return distribution.from * exp(random.exponential() / distribution.alpha);
    case 'mixture':
      return draw(choosePart(distribution.parts, random), random);
    case 'truncated':
      return drawWithin(distribution, random);
    case 'empirical':
      return distribution.values[random.below(distribution.values.length)];
  }
}

/** The expected value where there is a closed form; `Infinity` where it diverges; NaN for a truncated part. */
export function mean(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.from + distribution.to) / 2;
    case 'normal':
    case 'exponential':
      return distribution.mean;
    case 'lognormal':
      return distribution.median * exp(0.5 * distribution.sigma * distribution.sigma);
    case 'pareto':
      return distribution.alpha > 1
        ? (distribution.from * distribution.alpha) / (distribution.alpha - 1)
        : Infinity;
    case 'mixture': {
      let sum = 0;
      for (const part of distribution.parts) sum += part.weight * mean(part.of);
      return sum / totalWeight(distribution.parts);
    }
    case 'truncated':
      return NaN;
    case 'empirical': {
      let sum = 0;
      for (const value of distribution.values) sum += value;
      return sum / distribution.values.length;
    }
  }
}

function choosePart(parts: readonly WeightedPart[], random: RandomStream): Distribution {
  let left = random.uniform() * totalWeight(parts);
  for (const part of parts) {
    left -= part.weight;
    if (left < 0) return part.of;
  }
  return parts.at(-1)!.of; // rounding of the last subtraction
}

function totalWeight(parts: readonly WeightedPart[]): number {
  let total = 0;
  for (const part of parts) total += part.weight;
  return total;
}

function drawWithin(truncated: Distribution & { kind: 'truncated' }, random: RandomStream): number {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const x = draw(truncated.of, random);
    if (x >= truncated.from && x <= truncated.to) return x;
  }
  throw new Unbuildable(
    [],
    `distributions that fall within their range now and then (${TRIES_MAX} draws of ${truncated.of.kind} missed [${truncated.from}, ${truncated.to}])`,
    { hint: 'Widen within: [from, to].' },
  );
}
