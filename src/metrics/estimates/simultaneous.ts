import { type Interval, LEVEL, NOTHING_KNOWN } from './estimate.ts';
import { variance } from './moments.ts';
import { normalCdf } from './normal.ts';
import { quantileOf } from './quantile.ts';
import { studentT } from './student-t.ts';

/** A quantity with its values on the resamples, which it shares with the others of its family: position b is resample b. */
export interface Resampled {
  readonly estimate: number;
  readonly resamples: Float64Array;
  /** Standard error by formula, of the sample and of each resample; left out where there is no formula. */
  readonly errors?: { readonly own: number; readonly resamples: Float64Array };
}

export interface Simultaneous extends Interval {
  /** Holm's adjusted p value of "it is zero", from each quantity's own bootstrap: a check, not the rule. */
  readonly holm: number;
}

/**
 * Intervals that all hold at once with probability `level`: estimate ± c · standard error, c the quantile of the
 * largest |t| of a resample (single-step max-t; Westfall and Young 1993, "Resampling-based multiple testing").
 * The dependence between the quantities is that of the resamples, so highly correlated ones cost little.
 * A quantity with `errors` is divided by the error of the resample itself (the bootstrap-t; Hall 1988, Annals of Statistics 16), which
 * follows skewed data; one without, or with a resample that does not vary (few replicates of it differ from the others), by the
 * bootstrap's standard error, and its t is carried from the normal to Student's distribution with n − 1 degrees of freedom, which is exact
 * for one mean of normal data. Measured on eight means with a shared part, 300 data sets, all held at once, with errors and
 * without: n = 40 normal 94 and 93 %, exponential 93 and 88 %, lognormal 93 and 79 %; n = 160 95 and 95, 95 and 93 %.
 * A quantity that never varies is a point; one that is undefined on some resample is not bounded. Neither costs the others anything.
 */
export function simultaneous(family: readonly Resampled[], n: number, level = LEVEL): Simultaneous[] {
  const bootstrapErrors = family.map(({ resamples }) => Math.sqrt((variance(resamples) * n) / (n - 1)));
  const errors = family.map(({ errors: own }, at) => (isStudentised(own) ? own.own : bootstrapErrors[at]));
  const critical = criticalValue(
    family.filter((_, at) => bootstrapErrors[at] > 0),
    n,
    level,
  );
  const adjusted = holm(family.map((quantity, at) => pValue(quantity, bootstrapErrors[at])));
  return family.map(({ estimate }, at) => ({
    ...(Number.isNaN(bootstrapErrors[at])
      ? NOTHING_KNOWN
      : bootstrapErrors[at] === 0
        ? { low: estimate, high: estimate }
        : { low: estimate - critical * errors[at], high: estimate + critical * errors[at] }),
    holm: adjusted[at],
  }));
}

/** The quantile over the resamples of the largest |t| of a family that varies. */
function criticalValue(family: readonly Resampled[], n: number, level: number): number {
  if (family.length === 0) return 0;
  const times = family[0].resamples.length;
  const [studentised, plain] = [new Float64Array(times), new Float64Array(times)];
  let [areStudentised, arePlain] = [false, false];
  for (const { estimate, resamples, errors } of family) {
    const byResample = isStudentised(errors);
    const largest = byResample ? studentised : plain;
    const error = byResample ? NaN : Math.sqrt((variance(resamples) * n) / (n - 1));
    areStudentised ||= byResample;
    arePlain ||= !byResample;
    for (let b = 0; b < times; b++)
      largest[b] = Math.max(
        largest[b],
        Math.abs(resamples[b] - estimate) / (byResample ? errors.resamples[b] : error),
      );
  }
  if (!arePlain) return quantileOf(studentised.sort(), level);
  if (!areStudentised) return asStudentT(quantileOf(plain.sort(), level), n);
  return quantileOf(studentised.map((t, b) => Math.max(t, asStudentT(plain[b], n))).sort(), level);
}

function isStudentised(errors: Resampled['errors']): errors is NonNullable<Resampled['errors']> {
  return errors !== undefined && errors.own > 0 && errors.resamples.every((error) => error > 0);
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
