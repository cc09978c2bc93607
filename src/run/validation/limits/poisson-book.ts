import { BUY, SECOND, SELL } from '../../../base/units.ts';
import type { Micros } from '../../../base/units.ts';
import { chiSquare } from '../../../metrics/goodness-of-fit.ts';
import type { Scenario } from '../../../world/scenario.ts';
import type { World } from '../../../world/world.ts';
import { compareLaw, compareMean } from '../check.ts';
import type { Check, Finding } from '../check.ts';
import { runWorld } from '../laboratory.ts';
import type { Laboratory } from '../laboratory.ts';
import { START } from '../static-market.ts';
import { poissonProbability } from '../theory.ts';

/** Of the files: limit orders a second and level, cancellations a second and order. */
const BOOK = { arrivals: 1, cancels: 0.1 };
const SANTA_FE = { arrivals: 0.1, cancels: 0.025 };

export const poissonBook: Check = {
  id: 'limit-12',
  group: 'limits',
  title: 'A book of Poisson orders',
  theory:
    'a level that nobody takes from holds a Poisson number of orders of mean λ/θ; far from the touch of the Santa Fe model it is α/δ',
  source: 'M/M/∞ queue; Smith, Farmer, Gillemot and Krishnamurthy (2003)',
  perturbs: 'rate of limit orders',
  run: (lab) => [...withoutTakers(lab), farField(lab)],
};

function withoutTakers(lab: Laboratory): Finding[] {
  const mean = BOOK.arrivals / BOOK.cancels;
  const seconds = lab.replicates({ test: 1_500, quick: 8_000, full: 30_000 });
  const scenario = lab.scenario('literature/poisson-book.yaml', [
    `horizon=${seconds}s`,
    `agents.flow.limitRates=[${BOOK.arrivals * lab.off}]`,
  ]);
  const counts = new Float64Array(40);
  // A level is empty once in 10 000 looks, so the touch hardly moves: these stay behind it and within its reach; looks so far apart that hardly an order is seen twice.
  everySeconds(scenario, 4 / BOOK.cancels, ({ exchange: { book } }) => {
    for (let away = 16; away < 37; away++)
      for (const side of [BUY, SELL]) counts[book.lotsAt(side, START - side * away)]++;
  });
  const n = counts.reduce((sum, count) => sum + count, 0);
  const seen = counts.reduce((sum, count, orders) => sum + count * orders, 0) / n;
  return [
    compareMean('orders on a level', { theory: mean, mean: seen, sd: Math.sqrt(mean), n }),
    compareLaw(
      'χ² of the number of orders on a level over its critical value',
      chiSquare(counts, (orders) => poissonProbability(orders, mean)),
      n,
    ),
  ];
}

/** Market orders eat near the touch; a level 80 to 110 ticks from the opposite best quote does not know of them. */
function farField(lab: Laboratory): Finding {
  const mean = SANTA_FE.arrivals / SANTA_FE.cancels;
  const seconds = lab.replicates({ test: 3_000, quick: 25_000, full: 100_000 });
  const scenario = lab.scenario('literature/santa-fe.yaml', [
    `horizon=${seconds}s`,
    `agents.flow.limitRates=[${SANTA_FE.arrivals * lab.off}]`,
  ]);
  let [n, sum] = [0, 0];
  everySeconds(scenario, 4 / SANTA_FE.cancels, ({ exchange: { book } }) => {
    for (let away = 80; away < 110; away++) {
      sum += book.lotsAt(BUY, book.bestAsk() - away) + book.lotsAt(SELL, book.bestBid() + away);
      n += 2;
    }
  });
  return compareMean('orders on a level far from the touch, Santa Fe', {
    theory: mean,
    mean: sum / n,
    sd: Math.sqrt(mean),
    n,
  });
}

/** Looks at a run every so many seconds once it has warmed up. */
function everySeconds(scenario: Scenario, seconds: number, look: (world: World) => void): void {
  let next: Micros = scenario.warmUp;
  runWorld(scenario, {
    afterEvent(world) {
      if (world.kernel.now < next) return;
      next += seconds * SECOND;
      look(world);
    },
  });
}
