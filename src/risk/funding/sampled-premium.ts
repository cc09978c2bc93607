import { choice, count, duration, flag, money, share, type ParametersOf } from '../../base/parameters.ts';
import { BUY, SELL } from '../../base/units.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import { NOTIONAL_PRICES, type FundingInputs, type FundingParts, type FundingRule } from './funding-rule.ts';

/** Parameters of every rule that samples a premium and pays a rate made of its average. */
export const SAMPLED_PREMIUM = {
  interval: duration({ default: '8h', min: '1s', about: 'time between two payments' }),
  sampleEvery: duration({ default: '5s', min: '1ms', about: 'time between two samples of the premium' }),
  ratePeriod: duration({
    min: '1s',
    about:
      'time that interest, clamp and cap are for; a payment is its share of that; the interval when left out',
  }).optional(),
  premium: choice(['impact', 'mid'], {
    default: 'impact',
    about: 'what is compared with the reference: the impact prices, or the midpoint',
  }),
  reference: choice(NOTIONAL_PRICES, { default: 'index', about: 'what the premium is measured from' }),
  impactNotional: money({
    default: '25k',
    min: 1,
    about: 'size of the hypothetical orders that measure the premium',
  }),
  weights: choice(['linear', 'equal'], {
    default: 'linear',
    about: 'weights of the samples in the average: 1, 2, 3 … n, or all alike',
  }),
  medianOver: duration({
    min: '1ms',
    about: 'time whose samples count as one, their median; none when left out',
  }).optional(),
  leastVotes: count({
    default: 0,
    about: 'number of samples that a median needs; zeros are added for those that lack',
  }),
  sampleCap: share({ min: 0, about: 'largest sample, either way; none when left out' }).optional(),
  interest: share({ default: '0.01%', about: 'interest rate for one period' }),
  cap: share({ default: '0.3%', min: 0, about: 'largest rate of one period, either way' }),
  maxChange: share({
    min: 0,
    about: 'largest change of the rate from one interval to the next; any when left out',
  }).optional(),
  applyNext: flag({
    default: false,
    about: 'whether the rate of an interval is paid at the end of the one after it',
  }),
  notional: choice(NOTIONAL_PRICES, {
    default: 'mark',
    about: 'price of the notional that the rate is paid on',
  }),
} as const;

type Parameters = ParametersOf<typeof SAMPLED_PREMIUM>;

/** A rule whose rate for a period is `rateOf(average premium)`, within a cap, and paid for the interval's share of that period. */
export function sampledPremiumRule(
  parameters: Parameters,
  { contract }: FundingParts,
  rateOf: (premium: number) => number,
): FundingRule {
  const { interval, sampleEvery, cap, maxChange, notional } = parameters;
  const share = interval / (parameters.ratePeriod ?? interval);
  const impactNotional = moneyFromQuote(contract, parameters.impactNotional);
  const average = new PremiumAverage(parameters);
  let previous = NaN;
  const next = (): number => {
    const free = clamped(rateOf(average.take()), cap) * share;
    const rate =
      maxChange === undefined || previous !== previous
        ? free
        : Math.min(Math.max(free, previous - maxChange), previous + maxChange);
    previous = rate;
    return rate;
  };
  const rule = {
    interval,
    sampleEvery,
    notional,
    split: 'alike',
    sample: (inputs: FundingInputs) => average.add(premiumOf(inputs, parameters, impactNotional)),
  } as const;
  if (!parameters.applyNext) return { ...rule, settle: next };
  // The first interval has none before it: it pays what nothing measured comes to.
  let fixed = next();
  previous = NaN;
  return {
    ...rule,
    settle: () => {
      const rate = fixed;
      fixed = next();
      return rate;
    },
    fixed: () => fixed,
  };
}

/**
 * `[max(0, impact bid − reference) − max(0, reference − impact ask)] / reference`, or `(mid − reference) / reference`;
 * NaN when the book is too thin to tell.
 */
function premiumOf(inputs: FundingInputs, { premium, reference }: Parameters, notional: number): number {
  const from = reference === 'index' ? inputs.index : inputs.mark;
  if (premium === 'mid') return (inputs.mid - from) / from;
  const bid = inputs.impactPrice(SELL, notional);
  const ask = inputs.impactPrice(BUY, notional);
  return (Math.max(0, bid - from) - Math.max(0, from - ask)) / from;
}

function clamped(value: number, bound: number): number {
  return Math.min(Math.max(value, -bound), bound);
}

/** Mean of the samples of one interval; each may be the median of several votes. */
class PremiumAverage {
  private readonly parameters: Parameters;
  /** Calls whose votes make one sample; 1 for no median. */
  private readonly votesPerSample: number;
  private votes: number[] = [];
  private calls = 0;
  private weighted = 0;
  private weights = 0;
  private samples = 0;

  constructor(parameters: Parameters) {
    this.parameters = parameters;
    const { medianOver, sampleEvery } = parameters;
    this.votesPerSample = medianOver === undefined ? 1 : Math.max(1, Math.round(medianOver / sampleEvery));
  }

  add(premium: number): void {
    const { sampleCap = Infinity, leastVotes, medianOver } = this.parameters;
    if (premium === premium) this.votes.push(clamped(premium, sampleCap));
    if (++this.calls % this.votesPerSample !== 0) return;
    const { votes } = this;
    if (medianOver !== undefined) while (votes.length < leastVotes) votes.push(0);
    if (votes.length > 0) this.addSample(medianOf(votes));
    votes.length = 0;
  }

  /** The mean, 0 when nothing was measured; starts anew. */
  take(): number {
    const mean = this.weights === 0 ? 0 : this.weighted / this.weights;
    this.weighted = this.weights = this.samples = 0;
    return mean;
  }

  private addSample(premium: number): void {
    this.samples++;
    const weight = this.parameters.weights === 'linear' ? this.samples : 1;
    this.weighted += weight * premium;
    this.weights += weight;
  }
}

function medianOf(votes: number[]): number {
  votes.sort((a, b) => a - b);
  const middle = votes.length >> 1;
  return votes.length % 2 === 1 ? votes[middle] : (votes[middle - 1] + votes[middle]) / 2;
}
