import { describe, expect, test } from 'vitest';
import { RandomSource } from '../../../src/base/random.ts';
import { estimateRare } from '../../../src/run/rare/estimate.ts';
import { chooseLevels } from '../../../src/run/rare/levels.ts';
import { findScore } from '../../../src/run/rare/scores.ts';
import { splittingPass, spread } from '../../../src/run/rare/splitting.ts';
import type { ScoredProcess } from '../../../src/run/rare/splitting.ts';
import { generalisedPoisson } from '../../../src/run/validation/theory.ts';
import type { World } from '../../../src/world/world.ts';

const ROOT = new RandomSource('splitting');

/**
 * A walk from 0 that goes one up with probability `up`, else one down, until it is at −`floor`. It comes to `b` before with
 * probability (1 − q^a)/(1 − q^(a+b)), q = (1 − up)/up, a = floor: the ruin of a gambler. Its score is the highest place.
 */
function walk(up: number, floor: number, top = Infinity): ScoredProcess<{ at: number; highest: number }> {
  return {
    run({ from = { at: 0, highest: 0 }, number, level }) {
      const random = ROOT.stream(`walk/${number}`);
      let { at, highest } = from;
      let cost = 0;
      while (at > -floor && highest < level && highest !== Infinity) {
        at += random.uniform() < up ? 1 : -1;
        highest = Math.max(highest, at === top ? Infinity : at);
        cost++;
      }
      return Promise.resolve({
        score: highest,
        cost,
        ...(highest >= level ? { reached: { at, highest } } : {}),
      });
    },
  };
}

function ruin(up: number, a: number, b: number): number {
  const q = (1 - up) / up;
  return (1 - q ** a) / (1 - q ** (a + b));
}

/**
 * The busy period of M/D/1 by generations: each served one sets off a Poisson number of mean R. Serving `many` is the event. Its score
 * carries the last generation forward, as `RareEvent.lead` does.
 */
function busyPeriod(
  { theta, r, many, lead }: { theta: number; r: number; many: number; lead: number },
  random: RandomSource,
): ScoredProcess<{ served: number; last: number }> {
  return {
    run({ from, number, level }) {
      const draws = random.stream(`busy/${number}`);
      let { served, last } = from ?? { served: 0, last: theta / r };
      let score = -Infinity;
      while (last > 0 && score < level && score !== Infinity) {
        last = draws.poisson(r * last);
        served += last;
        score = Math.max(score, served >= many ? Infinity : served + lead * last);
      }
      return Promise.resolve({ score, cost: 1, ...(score >= level ? { reached: { served, last } } : {}) });
    },
  };
}

describe('a pass of multilevel splitting', () => {
  test('is unbiased: its mean over many passes is the probability of the gambler’s ruin', async () => {
    const theory = ruin(0.4, 3, 12);
    const PASSES = 200;
    let [sum, squares] = [0, 0];
    for (let r = 0; r < PASSES; r++) {
      const { probability } = await splittingPass(walk(0.4, 3, 12), {
        ...{ levels: [3, 6, 9, Infinity], effort: 50, firstNumber: r * 1_000 },
        random: ROOT.child(`unbiased/${r}`),
      });
      sum += probability;
      squares += probability ** 2;
    }
    const mean = sum / PASSES;
    const error = Math.sqrt((squares / PASSES - mean ** 2) / PASSES);
    expect(error).toBeLessThan(0.05 * theory);
    expect(Math.abs(mean - theory)).toBeLessThan(3.3 * error);
  });

  test('counts runs and cost, and ends where nobody gets any further', async () => {
    const upwards: ScoredProcess<number> = {
      run: ({ from = 0, number, level }) =>
        Promise.resolve(
          number < 8 || level < 2 ? { score: level, cost: 5, reached: from + 1 } : { score: 0, cost: 3 },
        ),
    };
    const pass = await splittingPass(upwards, {
      levels: [1, 2, Infinity],
      effort: 8,
      firstNumber: 0,
      random: ROOT,
    });
    expect(pass).toEqual({
      probability: 0,
      reached: [8, 0],
      runs: 16,
      cost: 8 * 5 + 8 * 3,
      costFromStart: 40,
    });
  });

  test('does not run again what has jumped over a level', async () => {
    const runs: number[] = [];
    const jumps: ScoredProcess<string> = {
      run({ number, level }) {
        runs.push(level);
        return Promise.resolve({ score: 10, cost: 1, ...(level <= 10 ? { reached: `${number}` } : {}) });
      },
    };
    const pass = await splittingPass(jumps, { levels: [1, 5, 9], effort: 4, firstNumber: 0, random: ROOT });
    expect(runs).toEqual([1, 1, 1, 1]);
    expect(pass).toMatchObject({ probability: 1, reached: [4, 4, 4], cost: 4 });
  });

  test('begins from each entrance equally often, up to one', () => {
    const places = spread(['a', 'b', 'c'], 8, ROOT.stream('spread'));
    const counts = ['a', 'b', 'c'].map((name) => places.filter((place) => place === name).length);
    expect(counts.sort()).toEqual([2, 3, 3]);
    expect(new Set(spread([1, 2, 3, 4, 5], 3, ROOT.stream('few'))).size).toBe(3);
  });
});

describe('the levels of a pilot', () => {
  test('are about as hard to reach from one to the next, and end at the event', async () => {
    const options = { effort: 400, firstNumber: 0, random: ROOT.child('pilot') };
    const { levels, runs } = await chooseLevels(walk(0.4, 3, 20), options);
    expect(levels.at(-1)).toBe(Infinity);
    expect(runs).toBe(400 * levels.length);
    levels.slice(1, -1).forEach((level, k) => {
      // At the level the walk stands `level` above 0: what matters is how far up and down from there.
      const share = ruin(0.4, 3 + levels[k], level - levels[k]);
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.6);
    });
  });

  test('are the event alone when a quarter of the runs comes to it', async () => {
    const options = { effort: 100, firstNumber: 0, random: ROOT.child('easy') };
    expect((await chooseLevels(walk(0.5, 20, 2), options)).levels).toEqual([Infinity]);
  });
});

describe('RARE-1 a probability of 1e-5 with a known law', () => {
  // As in `scenarios/limits/rare-busy-period.yaml`.
  const law = { theta: 9, r: 0.75, many: 280, lead: 4 };
  let theory = 0;
  for (let n = law.many; n < 3_000; n++) theory += generalisedPoisson(n, law.theta, law.r);

  test('is found within a factor 1.5 at a hundredth of the cost of plain runs, nearly always, and the interval covers it', async () => {
    expect(theory).toBeGreaterThan(0.9e-5);
    expect(theory).toBeLessThan(1.1e-5);
    const TRIALS = 10;
    let [within, covered] = [0, 0];
    const savings: number[] = [];
    for (let trial = 0; trial < TRIALS; trial++) {
      const random = new RandomSource('trials').child(`${trial}`);
      const found = await estimateRare(busyPeriod(law, random), { effort: 100, passes: 10 }, random);
      const { estimate, low, high, cost, plain } = found;
      if (Math.max(estimate / theory, theory / estimate) < 1.5) within++;
      if (low <= theory && theory <= high) covered++;
      savings.push(plain.cost / cost);
    }
    expect(within).toBeGreaterThanOrEqual(TRIALS - 1);
    // Fewer than 8 of 10 would have odds of 1 in 100.
    expect(covered).toBeGreaterThanOrEqual(8);
    // Each is reckoned from the scatter of ten passes, so it is uncertain itself.
    expect(savings.sort((a, b) => a - b)[TRIALS / 2]).toBeGreaterThan(100);
  });

  test('and nothing at all is said to be 0 with nothing bounded', async () => {
    const question = { effort: 5, passes: 2, levels: [4_000] };
    const never = await estimateRare(busyPeriod({ ...law, many: 5_000 }, ROOT), question, ROOT);
    expect(never).toMatchObject({ estimate: 0, low: 0, high: 1, relativeError: NaN });
    expect(never.plain.runs).toBeNaN();
  });

  test('passes that agree still have an interval', async () => {
    const run = (isUp: (number: number) => boolean) => ({
      run: ({ number, level }: { number: number; level: number }) => {
        const score = isUp(number) ? Infinity : 0;
        return Promise.resolve({ score, cost: 1, ...(score >= level && { reached: 0 }) });
      },
    });
    const question = { effort: 4, passes: 2, levels: [] };
    // 8 of 8: the rule of three, 1 − 3/8.
    const always = await estimateRare(
      run(() => true),
      question,
      ROOT,
    );
    expect(always).toMatchObject({ estimate: 1, low: 0.625, high: 1 });
    // 2 of 4 in both passes: as 4 of 8 independent runs, √(0.5/(0.5 · 8)).
    const half = await estimateRare(
      run((number) => number % 2 === 0),
      question,
      ROOT,
    );
    expect(half.estimate).toBe(0.5);
    expect(half.relativeError).toBeCloseTo(Math.sqrt(1 / 8), 12);
    expect(half.low).toBeLessThan(0.2);
  });
});

describe('the score of the fund', () => {
  const { of } = findScore('fund-drawdown')!;
  const market = (fundEquity: number, fundMinimum: number, adlValue = 0) => ({
    recorder: { baseline: { fundEquity }, fundMinimum, adlValue, socialisedLoss: 0 },
  });
  const score = (...markets: object[]) => of({ markets } as unknown as World);

  test('is the largest share lost by what any contract sees of it, each compared with itself', () => {
    expect(score(market(100, 70))).toBeCloseTo(0.3, 12);
    // The second values the fund at twice the first, and has not seen it fall below half of that.
    expect(score(market(100, 90), market(200, 100))).toBeCloseTo(0.5, 12);
    expect(score(market(100, 100), market(50, 50))).toBe(0);
  });

  test('is 1 with the first deleveraging, or where there is nothing to lose', () => {
    expect(score(market(100, 100), market(100, 100, 1))).toBe(1);
    expect(score(market(0, 0))).toBe(1);
  });

  test('is 0 before the shock', () => {
    expect(score({ recorder: { ...market(100, 0).recorder, baseline: undefined } })).toBe(0);
  });
});
