import { BUY, SECOND, SELL } from '../../../base/units.ts';
import { compare, compareMean } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import { firstToEmpty, timeToEmpty } from '../theory.ts';

/** Of the file, at a distance of one tick: limit orders, market orders, cancellations an order. */
const RATES = { arrivals: 1.85, takers: 0.94, cancels: 0.71 };
/** Queues of up to so many orders, as in the published table. */
const LONGEST = 5;
/** Fewer cases of a pair of queues say nothing. */
const FEWEST = 100;

export const queueRace: Check = {
  id: 'cont-stoikov-talreja',
  group: 'literature',
  title: 'The next move of the mid, given the queues at the best quotes',
  theory:
    'at a spread of one tick the mid moves when the first of two independent birth-death processes, the queues at the best quotes, is empty; the published table has 0.336 for queues of 1 and 2, 0.664 for 2 and 1, 0.500 for equal ones',
  source: 'Cont, Stoikov and Talreja (2010)',
  perturbs: 'rate of market orders',
  run(lab) {
    const seconds = lab.replicates({ test: 3_000, quick: 30_000, full: 300_000 });
    const scenario = lab.scenario('literature/cont-stoikov-talreja.yaml', [
      `horizon=${seconds}s`,
      `agents.flow.marketRate=${RATES.takers * lab.off}`,
    ]);
    // cases[b][a]: times that the mid had moved to a spread of one tick with such queues; rises[b][a]: times that it rose next.
    const cases = Array.from({ length: LONGEST + 1 }, () => new Float64Array(LONGEST + 1));
    const rises = cases.map((row) => row.slice());
    const theory = firstToEmpty(RATES, 60);
    const times = timeToEmpty(RATES, 60);
    const waited = { n: 0, time: 0, expected: 0, variance: 0 };
    let [bid, ask, b, a, since] = [NaN, NaN, 0, 0, 0];
    runWorld(scenario, {
      afterEvent({ kernel: { now }, exchange: { book } }) {
        const [nowBid, nowAsk] = [book.bestBid(), book.bestAsk()];
        if (nowBid === bid && nowAsk === ask) return;
        if (b > 0) {
          cases[b][a]++;
          if (nowBid + nowAsk > bid + ask) rises[b][a]++;
          waited.n++;
          waited.time += (now - since) / SECOND;
          waited.expected += times.mean[b][a];
          waited.variance += times.variance[b][a];
        }
        since = now;
        [bid, ask] = [nowBid, nowAsk];
        [b, a] = ask - bid === 1 ? [book.lotsAt(BUY, bid), book.lotsAt(SELL, ask)] : [0, 0];
        if (b > LONGEST || a > LONGEST) b = 0;
      },
    });
    const findings: Finding[] = [];
    for (let i = 1; i <= LONGEST; i++)
      for (let j = 1; j <= LONGEST; j++) {
        const [n, p] = [cases[i][j], theory[i][j]];
        if (n < FEWEST) continue;
        findings.push(
          compareMean(`probability that the mid rises, ${i} orders at the bid, ${j} at the ask`, {
            theory: p,
            mean: rises[i][j] / n,
            sd: Math.sqrt(p * (1 - p)),
            n,
          }),
        );
      }
    return [
      compare('published for queues of 1 and 2, against the exact race', {
        theory: theory[1][2],
        simulated: 0.336,
        tolerance: 0.001,
        because: 'three digits, by numerical inversion',
      }),
      ...findings,
      compareMean(`time until the mid moves, over the mean of the race, queues of up to ${LONGEST}`, {
        theory: 1,
        mean: waited.time / waited.expected,
        sd: Math.sqrt(waited.variance * waited.n) / waited.expected,
        n: waited.n,
      }),
    ];
  },
};
