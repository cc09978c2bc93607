import { simulateReplicate } from '../../simulate.ts';
import type { Scenario } from '../../../world/scenario.ts';
import type { Check } from '../check.ts';
import { jackknife, logSlope } from './statistics.ts';

/** Sizes of the sale, in millions. */
const SIZES = [1, 2, 4, 8, 16];

export const impact: Check = {
  id: 'impact',
  group: 'facts',
  title: 'Impact of a sale over its size',
  theory: 'the impact of a metaorder grows with a power of its size between 0.4 and 0.6',
  source: 'Almgren et al. (2005); Tóth et al. (2011)',
  run(lab) {
    const replicates = lab.replicates({ test: 2, quick: 12, full: 60 });
    // Everybody's draws are the same whatever is sold: the fall is measured from that of the same replicate without a sale to speak of.
    const selling = (notional: string): Scenario =>
      lab.scenario('literature/baseline.yaml', [
        'horizon=2m',
        'measure.arms=[off]',
        `shocks={ sale: { kind: sell-program, at: 5s, notional: ${notional}, over: 60s } }`,
      ]);
    const [calm, scenarios] = [selling('100'), SIZES.map((size) => selling(`${size}M`))];
    const fall = (of: Scenario, replicate: number): number =>
      simulateReplicate(of, replicate)[0].metrics.drawdown;
    const falls = Array.from({ length: replicates }, (_, replicate) => {
      const before = fall(calm, replicate);
      return scenarios.map((scenario) => fall(scenario, replicate) - before);
    });
    const meanFalls = (some: readonly (readonly number[])[]): number[] =>
      SIZES.map((_, i) => some.reduce((sum, one) => sum + one[i], 0) / some.length);
    const { estimate, low, high } = jackknife(falls, (some) => logSlope(SIZES, meanFalls(some)));
    const range = { low: 0.4, high: 0.6 };
    return [
      {
        quantity: `exponent of the impact of a sale of ${SIZES[0]} to ${SIZES.at(-1)} million in a minute`,
        theory: NaN,
        simulated: estimate,
        tolerance: NaN,
        because: '95 % interval by the jackknife over pairs',
        n: replicates,
        interval: { low, high },
        range,
        curve: {
          title: 'Impact over size of a sale (bp)',
          along: 'notional (millions)',
          x: SIZES,
          model: meanFalls(falls),
          placebo: [],
        },
        holds: estimate >= range.low && estimate <= range.high,
      },
    ];
  },
};
