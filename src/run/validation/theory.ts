import { lnFactorial } from '../../base/ln-factorial.ts';
import { exp, ln } from '../../base/pinned-math.ts';

/** The formulas the limits are held against, written from the literature and not from the program. */

/**
 * Generalised Poisson (Borel–Tanner) probability of n services in an M/D/1 busy period that begins with `theta` expected
 * arrivals and has `r` expected arrivals a service: θ(θ + nR)^{n−1} e^{−θ−nR} / n!. Consul and Jain (1973).
 */
export function generalisedPoisson(n: number, theta: number, r: number): number {
  const load = theta + n * r;
  return exp(ln(theta) + (n - 1) * ln(load) - load - lnFactorial(n));
}

/** Borel's law: the total progeny, itself included, of one with a Poisson number of offspring of mean r: e^{−rn}(rn)^{n−1}/n!. */
export function borel(n: number, r: number): number {
  return exp((n - 1) * ln(r * n) - r * n - lnFactorial(n));
}

/** P(N = n) of a Poisson variable N. */
export function poissonProbability(n: number, mean: number): number {
  return exp(n * ln(mean) - mean - lnFactorial(n));
}

/**
 * Distribution function of the length of an M/M/1 busy period that begins with work `work` (> 0 arrivals in it given):
 * arrivals at `rate`, exponential services of mean `service`. Takács: P(T ∈ dt) = (work/t) P(S_t ∈ d(t − work)), S compound
 * Poisson; its density is e^{−λt − y/c} √(λt/(cy)) I₁(2√(λty/c)). Integrated by Simpson on a grid of `step`.
 */
export function exponentialBusyPeriod({
  work,
  rate,
  service,
  upTo,
}: {
  work: number;
  rate: number;
  service: number;
  upTo: number;
}): (t: number) => number {
  const density = (t: number): number => {
    const y = t - work;
    // The limit y → 0: I₁(z) ≈ z/2.
    if (y <= 0) return (exp(-rate * work) * rate * work) / service;
    const z = 2 * Math.sqrt((rate * t * y) / service);
    const exponent = -((Math.sqrt(rate * t) - Math.sqrt(y / service)) ** 2);
    return (work / t) * exp(exponent) * Math.sqrt((rate * t) / (service * y)) * scaledBesselI1(z);
  };
  const steps = 20_000;
  const h = (upTo - work) / steps;
  const cumulative = new Float64Array(steps + 1);
  for (let i = 0; i < steps; i++) {
    const a = work + i * h;
    cumulative[i + 1] = cumulative[i] + (h / 6) * (density(a) + 4 * density(a + h / 2) + density(a + h));
  }
  const busy = 1 - exp(-rate * work);
  return (t) => {
    const x = Math.min(Math.max((t - work) / h, 0), steps);
    const i = Math.min(Math.floor(x), steps - 1);
    return (cumulative[i] + (x - i) * (cumulative[i + 1] - cumulative[i])) / busy;
  };
}

/** e^{−z} I₁(z): the power series below 30, the asymptotic one from there (relative error below 1e-6). */
function scaledBesselI1(z: number): number {
  if (z >= 30) {
    return (1 - 3 / (8 * z) - 15 / (128 * z * z) - 315 / (3072 * z * z * z)) / Math.sqrt(2 * Math.PI * z);
  }
  let term = z / 2;
  let sum = term;
  for (let m = 1; term > 1e-17 * sum; m++) {
    term *= (z * z) / 4 / (m * (m + 1));
    sum += term;
  }
  return exp(-z) * sum;
}

/**
 * Low points of a book that refills, in ticks: the shock's, then those of each wave as long as it makes a new low. Between two
 * waves the displacement decays by the factor `a`; a wave adds k times the last step down: x' = a·x + k(x − x before).
 */
export function resilientLows(first: number, { k, a }: { k: number; a: number }): number[] {
  const lows = [first];
  for (let before = 0; ;) {
    const low = lows.at(-1)!;
    const next = a * low + k * (low - before);
    if (next <= low) return lows;
    before = low;
    lows.push(next);
  }
}

/** Two queues of orders, both fed at rate `arrivals` and drained at `takers` and `cancels` an order. */
export interface Race {
  readonly arrivals: number;
  readonly takers: number;
  readonly cancels: number;
}

/** table[b][a]: probability that a queue of `a` orders is empty before one of `b`; queues of at most `longest`. */
export function firstToEmpty(race: Race, longest: number): Float64Array[] {
  return firstStep(race, longest, { askEmpty: 1, each: () => 0 });
}

/** table[b][a]: mean time until one of the two is empty, and its variance. */
export function timeToEmpty(race: Race, longest: number): { mean: Float64Array[]; variance: Float64Array[] } {
  const mean = firstStep(race, longest, { askEmpty: 0, each: (_b, _a, rate) => 1 / rate });
  const square = firstStep(race, longest, { askEmpty: 0, each: (b, a, rate) => (2 * mean[b][a]) / rate });
  return { mean, variance: square.map((row, b) => row.map((value, a) => value - mean[b][a] ** 2)) };
}

/**
 * Gauss–Seidel on the equations of the first step: the value at (b, a) is `each`, given the rate of all that may happen there, and the
 * mean of the values after what happens next. It is 0 where the bid queue is empty, `askEmpty` where the ask queue is.
 */
function firstStep(
  { arrivals, takers, cancels }: Race,
  longest: number,
  { askEmpty, each }: { askEmpty: number; each: (b: number, a: number, rate: number) => number },
): Float64Array[] {
  const table = Array.from({ length: longest + 1 }, () => new Float64Array(longest + 1));
  for (let b = 0; b <= longest; b++) table[b][0] = askEmpty;
  const fed = (queue: number): number => (queue < longest ? arrivals : 0);
  const drained = (queue: number): number => takers + cancels * queue;
  for (let change = 1; change > 1e-12;) {
    change = 0;
    for (let b = 1; b <= longest; b++)
      for (let a = 1; a <= longest; a++) {
        const all = fed(b) + fed(a) + drained(b) + drained(a);
        const grown =
          (b < longest ? fed(b) * table[b + 1][a] : 0) + (a < longest ? fed(a) * table[b][a + 1] : 0);
        const value =
          each(b, a, all) + (grown + drained(b) * table[b - 1][a] + drained(a) * table[b][a - 1]) / all;
        change = Math.max(change, Math.abs(value - table[b][a]));
        table[b][a] = value;
      }
  }
  return table;
}
