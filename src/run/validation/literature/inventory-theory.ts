import { exp, ln } from '../../../base/pinned-math.ts';

/** The setting of a simulated session, in quote currency and in steps of one unit of time. */
export interface Session {
  readonly steps: number;
  /** Standard deviation of the price over a step. */
  readonly volatility: number;
  /** A, the rate at which a quote on the price is hit, and k. */
  readonly rate: number;
  readonly decay: number;
  readonly riskAversion: number;
}

export const STRATEGIES = ['reservation', 'index'] as const;
/** Quotes round the reservation price, or round the price with the mean spread of the session. */
export type Strategy = (typeof STRATEGIES)[number];

/** Of a session: the profit, marked at the last price, and the orders in stock at its end, whose mean is 0. */
export interface SessionMoments {
  readonly profit: number;
  readonly profitDeviation: number;
  readonly stockDeviation: number;
}

/** Mean of γσ²(T − t) + (2/γ) ln(1 + γ/k) over the session, the spread of the benchmark. */
export function meanSpread({ steps, volatility, decay, riskAversion }: Session): number {
  return (riskAversion * volatility ** 2 * steps) / 2 + (2 / riskAversion) * ln(1 + riskAversion / decay);
}

/**
 * Exact moments of Avellaneda and Stoikov's simulation. How far the quotes are from the price depends on the stock and the time
 * only, so the stock is a Markov chain that does not know of the price: each quote is hit with probability min(1, A exp(−k δ)) a step,
 * and the profit is what the distances δ earn plus Σ q dS, which are uncorrelated. The joint law of stock and earnings is carried
 * forward as probability, first and second moment of the earnings by stock.
 */
export function sessionMoments(session: Session, strategy: Strategy): SessionMoments {
  const { steps, rate, decay } = session;
  const variance = session.volatility ** 2;
  const most = steps + 1;
  const zeros = (): Float64Array[] => [0, 1, 2].map(() => new Float64Array(2 * most + 1));
  let now = zeros();
  now[0][most] = 1;
  let fromPrice = 0;
  for (let step = 0; step < steps; step++) {
    const next = zeros();
    for (let q = -step; q <= step; q++) {
      const [ask, bid] = distances(session, strategy, q, steps - step);
      const [hitAsk, hitBid] = [ask, bid].map((distance) => Math.min(1, rate * exp(-decay * distance)));
      for (const sold of [0, 1])
        for (const bought of [0, 1]) {
          const chance = (sold ? hitAsk : 1 - hitAsk) * (bought ? hitBid : 1 - hitBid);
          const earned = sold * ask + bought * bid;
          const [p, first, second] = now.map((moment) => chance * moment[most + q]);
          const to = most + q + bought - sold;
          next[0][to] += p;
          next[1][to] += first + earned * p;
          next[2][to] += second + 2 * earned * first + earned * earned * p;
        }
    }
    now = next;
    fromPrice += variance * secondMoment(now[0], most);
  }
  const [, profit, squares] = now.map((moment) => moment.reduce((sum, value) => sum + value, 0));
  return {
    profit,
    profitDeviation: Math.sqrt(squares - profit * profit + fromPrice),
    stockDeviation: Math.sqrt(secondMoment(now[0], most)),
  };
}

/** Of the ask and of the bid from the price, with `left` steps to go. */
function distances(session: Session, strategy: Strategy, q: number, left: number): [number, number] {
  const mean = meanSpread(session);
  if (strategy === 'index') return [mean / 2, mean / 2];
  const risk = session.riskAversion * session.volatility ** 2;
  const half = (mean + risk * (left - session.steps / 2)) / 2;
  return [half - q * risk * left, half + q * risk * left];
}

function secondMoment(probabilities: Float64Array, zero: number): number {
  return probabilities.reduce((sum, p, i) => sum + p * (i - zero) * (i - zero), 0);
}
