import { type Interval, LEVEL, NOTHING_KNOWN } from './estimate.ts';
import { variance } from './moments.ts';
import { normalCdf } from './normal.ts';
import { quantileOf } from './quantile.ts';
import { studentT } from './student-t.ts';

/** A quantity with its values on the resamples, which it shares with the others of its family: position b is resample b. */
export interface Resampled {
  readonly estimate: number;
  readonly resamples: Float64Array;
}

export interface Simultaneous extends Interval {
  /** Holm's adjusted p value of "it is zero", from each quantity's own bootstrap: a check, not the rule. */
  readonly holm: number;
}

/**
 * Intervals that all hold at once with probability `level`: estimate ± c · standard error, c the quantile of the
 * largest |t| of a resample (single-step max-t; Westfall and Young 1993, "Resampling-based multiple testing").
 * The dependence between the quantities is that of the resamples, so highly correlated ones cost little.
 * Standard errors are the bootstrap's, for samples of `n` units; c is carried from the normal to Student's t
 * distribution with n − 1 degrees of freedom, which is exact for one mean of normal data.
 * Assumes estimates that are about normal. Measured on eight means with a shared part, 200 data sets: all held at once in 92 %
 * (n = 40) and 97 % (n = 160) for normal data, in 83 % and 95 % for exponential data. Skewed data want n well above 40.
 * A quantity that never varies is a point; one that is undefined on some resample is not bounded. Neither costs the others anything.
 */
export function simultaneous(family: readonly Resampled[], n: number, level = LEVEL): Simultaneous[] {
  const errors = family.map(({ resamples }) => Math.sqrt((variance(resamples) * n) / (n - 1)));
  const varies = family.filter((_, at) => errors[at] > 0);
  const largest = new Float64Array(varies[0]?.resamples.length ?? 0);
  family.forEach(({ estimate, resamples }, at) => {
    if (!(errors[at] > 0)) return;
    for (let b = 0; b < largest.length; b++)
      largest[b] = Math.max(largest[b], Math.abs(resamples[b] - estimate) / errors[at]);
  });
  const critical = largest.length === 0 ? 0 : asStudentT(quantileOf(largest.sort(), level), n);
  const adjusted = holm(family.map((quantity, at) => pValue(quantity, errors[at])));
  return family.map(({ estimate }, at) => ({
    ...(Number.isNaN(errors[at])
      ? NOTHING_KNOWN
      : { low: estimate - critical * errors[at], high: estimate + critical * errors[at] }),
    holm: adjusted[at],
  }));
}

/** The quantile of Student's t that has the tails that the normal distribution has at ± z. */
function asStudentT(z: number, n: number): number {
  const inside = 2 * normalCdf(z) - 1;
  // Beyond this the tail is lost in rounding.
  return inside < 1 - 1e-12 ? studentT(inside, n - 1) : z;
}

/** How often a resample strays from the estimate at least as far as the estimate lies from zero; never 0. */
function pValue({ estimate, resamples }: Resampled, error: number): number {
  if (Number.isNaN(error)) return 1;
  let farther = 0;
  for (const value of resamples) farther += Math.abs(value - estimate) >= Math.abs(estimate) ? 1 : 0;
  return (1 + farther) / (1 + resamples.length);
}

/** Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6. */
export function holm(pValues: readonly number[]): number[] {
  const ascending = [...pValues.keys()].sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array<number>(pValues.length);
  let most = 0;
  ascending.forEach((at, rank) => {
    most = Math.max(most, Math.min(1, (pValues.length - rank) * pValues[at]));
    adjusted[at] = most;
  });
  return adjusted;
}
