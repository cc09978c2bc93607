import { studentT } from '../../metrics/estimates/student-t.ts';
import type { Interval } from '../../metrics/estimates/estimate.ts';
import type { Laboratory } from './laboratory.ts';

/** Something the theory, a published number or a negative control says about the simulator, and how to find out whether it is so. */
export interface Check {
  /** As `cascade validate --only` takes it. */
  readonly id: string;
  readonly group: Group;
  readonly title: string;
  /** The formula or the rule, in one sentence. */
  readonly theory: string;
  readonly source?: string;
  /**
   * What is made a few per cent larger or smaller, or tampered with upwards and downwards where there is no size, in the simulated
   * market and not in the theory, to see whether the check would notice; left out where nothing could be off by a little.
   */
  readonly perturbs?: string;
  readonly run: (lab: Laboratory) => Finding[];
}

/** Chapters of the report. A miss in `facts` is a finding about the model and no failure: real markets are not a theory it has to obey. */
export const GROUPS = {
  limits: 'Exact limits',
  controls: 'Negative controls',
  literature: 'Published results of the literature',
  coverage: 'Coverage of our own intervals',
  venues: 'Worked numbers of venues',
  facts: 'Stylised facts of the market without a shock',
} as const;
export type Group = keyof typeof GROUPS;

/** One number beside what it should be. */
export interface Finding {
  readonly quantity: string;
  readonly theory: number;
  readonly simulated: number;
  /** Largest difference that passes. */
  readonly tolerance: number;
  /** Where the tolerance comes from: rounding, or so many standard errors. */
  readonly because: string;
  /** Replicates or observations; left out for what is computed once. */
  readonly n?: number;
  /** 95 % interval of `simulated`, where it is an estimate. */
  readonly interval?: Interval;
  /** What passes, where it is no number with a tolerance; `theory` and `tolerance` are then not numbers. */
  readonly range?: Interval;
  /** The same of a market of zero intelligence, to see what the agents add. */
  readonly placebo?: Interval & { readonly estimate: number };
  /** What the number sums up, to be drawn. */
  readonly curve?: Curve;
  readonly holds: boolean;
  /** What is aimed at and known to be missed for a stated reason: a miss is shown, and does not fail the check. */
  readonly isTarget?: boolean;
  /** Factors on what the check perturbs at which this number missed, when that was asked for. */
  readonly noticedAt?: readonly number[];
}

export interface Curve {
  readonly title: string;
  /** Name and unit of `x`. */
  readonly along: string;
  readonly x: readonly number[];
  /** One value for each x. */
  readonly model: readonly number[];
  /** The same of the placebo; empty when there is none. */
  readonly placebo: readonly number[];
}

/** A check as it came out. */
export interface CheckResult extends Omit<Check, 'run'> {
  readonly findings: readonly Finding[];
  /** No finding of it missed, but for targets. */
  readonly holds: boolean;
  /** Whether a miss is a failure of the program. */
  readonly isBinding: boolean;
  /** Findings that missed once the market was made a few per cent different, when that was asked for. */
  readonly noticed?: readonly { readonly off: number; readonly misses: number }[];
}

/** Factors on what a check perturbs that it has to notice. */
export const PERTURBATIONS: readonly number[] = [1.03, 0.97];

/** What the findings of a check come to; `perturbed[i]` are those at `PERTURBATIONS[i]`. */
export function judged(
  { run: _, ...check }: Check,
  findings: readonly Finding[],
  perturbed: readonly (readonly Finding[])[] = [],
): CheckResult {
  const noticed = perturbed.map((list, i) => ({ off: PERTURBATIONS[i], misses: misses(list) }));
  const noticedAt = ({ quantity }: Finding): number[] =>
    PERTURBATIONS.filter((_, i) => perturbed[i].some((one) => one.quantity === quantity && !one.holds));
  return {
    ...check,
    findings:
      perturbed.length === 0 ? findings : findings.map((one) => ({ ...one, noticedAt: noticedAt(one) })),
    holds:
      misses(findings.filter(({ isTarget }) => isTarget !== true)) === 0 &&
      noticed.every((one) => one.misses > 0),
    isBinding: check.group !== 'facts',
    ...(noticed.length > 0 && { noticed }),
  };
}

function misses(findings: readonly Finding[]): number {
  return findings.filter(({ holds }) => !holds).length;
}

/** The two numbers, held against each other. Not a number never holds. */
export function compare(quantity: string, finding: Omit<Finding, 'quantity' | 'holds'>): Finding {
  const { theory, simulated, tolerance } = finding;
  return { quantity, ...finding, holds: Math.abs(simulated - theory) <= tolerance };
}

/** Must be that number to the last digit. */
export function exactly(quantity: string, theory: number, simulated: number): Finding {
  return compare(quantity, { theory, simulated, tolerance: 0, because: 'exact' });
}

/** A mean may be off by Student's t at this level: one chance in a thousand for a right program, however few replicates. */
const LEVEL = 0.999;
const MANY_ERRORS = 'Student’s t at 99.9 %';

/** A mean whose standard deviation is measured on the same `n`. `bias`: what rounding may add besides. */
export function compareMean(
  quantity: string,
  { theory, mean, sd, n, bias = 0 }: { theory: number; mean: number; sd: number; n: number; bias?: number },
): Finding {
  return compare(quantity, {
    theory,
    simulated: mean,
    tolerance: (studentT(LEVEL, n - 1) * sd) / Math.sqrt(n) + bias,
    because: bias > 0 ? `${MANY_ERRORS} and rounding` : MANY_ERRORS,
    n,
  });
}

/** A statistic of fit as a multiple of its critical value at a level of one in a thousand: above 1 the law is another one. */
export function compareLaw(quantity: string, ratio: number, n: number): Finding {
  return compare(quantity, {
    theory: 0,
    simulated: ratio,
    tolerance: 1,
    because: 'critical value at a level of 0.001',
    n,
  });
}
