/** How an interval is made, for whoever wants to judge it. */
export interface Method {
  /** As it stands in captions and reports. */
  readonly name: string;
  readonly about: string;
  readonly assumes: string;
}

/** The ways in which intervals are made here. Each is per quantity and cell: none allows for looking at many of them. */
export const METHODS = {
  fieller: {
    name: 'Fieller',
    about:
      'all ratios that a t test over pairs does not reject; not bounded where the mean below cannot be told from zero',
    assumes: 'independent replicates; the two means about normal',
  },
  student: {
    name: "Student's t",
    about: 'mean ± t · standard error, over replicates or over the differences of pairs',
    assumes: 'independent replicates; a mean that is about normal, so not too skewed for its n',
  },
  binomial: {
    name: 'mid-P or rule of three',
    about:
      'binomial tails, what was seen counted half (mid-P); when it was seen never or always, the one-sided bound 3/n',
    assumes: 'independent replicates',
  },
  orderStatistics: {
    name: 'order statistics',
    about:
      'between two order statistics, by the binomial tails; not bounded where the sample has no such rank',
    assumes: 'independent replicates; nothing about the distribution',
  },
  bca: {
    name: 'BCa bootstrap',
    about: 'bias-corrected and accelerated, 2,000 resamples of whole replicates with all their arms',
    assumes: 'independent replicates; a sample that has seen what there is to see, the tail included',
  },
} as const satisfies Readonly<Record<string, Method>>;
