import { exp } from '../../../base/pinned-math.ts';
import { SECOND } from '../../../base/units.ts';
import { compareMean } from '../check.ts';
import type { Check } from '../check.ts';
import { runWorld } from '../laboratory.ts';

/** Of the file: orders that an order sets off, seconds it takes them, base rate a second. */
const [EXCITATION, MEMORY, BASE] = [0.5, 0.2, 25];
/** Seconds in which orders are counted. */
const WINDOW = 2;

export const hawkesFlow: Check = {
  id: 'limit-12-hawkes',
  group: 'limits',
  title: 'Market orders that set off market orders',
  theory:
    'a Hawkes process has the mean rate μ/(1 − n), and with an exponential kernel the variance of its counts is known',
  source: 'Hawkes (1971); Da Fonseca and Zaatour (2014)',
  perturbs: 'rate of orders',
  run(lab) {
    const counts: number[] = [];
    const runs = lab.replicates({ test: 4, quick: 60, full: 300 });
    const scenario = lab.scenario('literature/hawkes-flow.yaml', [
      `agents.takers.rate=${(BASE / (1 - EXCITATION)) * lab.off}`,
      'agents.flow.limitRates=[0]',
    ]);
    for (let replicate = 0; replicate < runs; replicate++) {
      const inWindow = new Float64Array(scenario.horizon / SECOND / WINDOW);
      runWorld(scenario, {
        replicate,
        log: (time, _phase, kind) => {
          const window = Math.floor((time - scenario.warmUp) / SECOND / WINDOW);
          if (kind === 'takers-wakes' && window >= 0 && window < inWindow.length) inWindow[window]++;
        },
      });
      counts.push(...inWindow);
    }
    const n = counts.length;
    const mean = counts.reduce((sum, count) => sum + count, 0) / n;
    const expected = BASE / (1 - EXCITATION);
    const decay = (1 - EXCITATION) / MEMORY;
    const clustering = 1 / (1 - EXCITATION);
    // Var N over E N in a window T: κ² + (1 − κ²)(1 − exp(−γT))/(γT), κ = 1/(1 − n), γ = (1 − n)/τ.
    const squared = clustering * clustering;
    const ratio = squared + ((1 - squared) * (1 - exp(-decay * WINDOW))) / (decay * WINDOW);
    const variance = counts.reduce((sum, count) => sum + (count - mean) * (count - mean), 0) / (n - 1);
    return [
      compareMean('orders a second', {
        theory: expected,
        mean: mean / WINDOW,
        // Windows that follow each other are correlated: the variance over long times counts.
        sd: Math.sqrt((squared * expected) / WINDOW),
        n,
      }),
      compareMean(`variance over mean of the orders in ${WINDOW} s`, {
        theory: ratio,
        mean: variance / mean,
        sd: 1.5 * ratio,
        n,
      }),
    ];
  },
};
