import { contractFrom } from '../../market/contract.ts';
import type { Side } from '../../base/units.ts';
import { catalogue } from '../../world/catalogue.ts';
import { creatorFrom } from '../../world/create.ts';
import type { Venue } from '../../world/venue.ts';

export interface FundingQuestion {
  /** What the book's prices (impact prices, midpoint) are over the index, in the order of an interval, each for the same share of it. */
  readonly premiums: readonly number[];
  /** What the mark is over the index; 0 when the mark is the index. */
  readonly markPremium: number;
  /** Open interest of the two sides, any unit; alike on a book. */
  readonly openInterest: { readonly long: number; readonly short: number };
  /** Intervals in a row, all alike. */
  readonly intervals: number;
}

export type FundingSource = 'book' | 'mark' | 'open interest';

export interface FundingAnswer {
  /** Time between two payments, microseconds. */
  readonly interval: number;
  /** rates[n]: what longs pay shorts at the end of the n-th interval, as a fraction of the notional. */
  readonly rates: readonly number[];
  /** What the premiums of the last interval come to. */
  readonly rate: number;
  /** At the end of that interval it is paid, or (BitMEX) at the end of the next. */
  readonly paid: 'at once' | 'an interval later';
  /** Price of the notional. */
  readonly notional: 'mark' | 'index';
  /** What the rate was worked out from. */
  readonly looksAt: readonly FundingSource[];
}

/** What the funding rule of a venue would come to, sample by sample. */
export function calcFunding(
  venue: Pick<Venue, 'contract' | 'exchange'>,
  question: FundingQuestion,
): FundingAnswer {
  const { premiums, markPremium, openInterest, intervals } = question;
  const rule = creatorFrom(catalogue).funding(venue.exchange.funding, {
    contract: contractFrom(venue.contract),
  });
  const { interval, sampleEvery, notional } = rule;
  const looksAt = new Set<FundingSource>();
  const seen = <Value>(source: FundingSource, value: Value): Value => {
    looksAt.add(source);
    return value;
  };
  const samples = interval === Infinity ? 0 : Math.max(premiums.length, Math.round(interval / sampleEvery));
  const rates = Array.from({ length: intervals }, () => {
    for (let i = 0; i < samples; i++) {
      const price = INDEX + INDEX * premiums[Math.floor((i * premiums.length) / samples)];
      rule.sample({
        index: INDEX,
        get mark() {
          return seen('mark', INDEX + INDEX * markPremium);
        },
        get mid() {
          return seen('book', price);
        },
        impactPrice: (_side: Side) => seen('book', price),
        openInterest: () => seen('open interest', openInterest),
      });
    }
    return rule.settle();
  });
  const fixed = rule.fixed?.();
  return {
    interval,
    rates,
    rate: fixed ?? rates.at(-1)!,
    paid: fixed === undefined ? 'at once' : 'an interval later',
    notional,
    looksAt: [...looksAt],
  };
}

/** Any price will do; with this one a premium of a few digits comes back as it was. */
const INDEX = 1e9;
