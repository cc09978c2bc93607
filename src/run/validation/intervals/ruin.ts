import type { Interval } from '../../../metrics/estimates/estimate.ts';
import { exactCoverage } from '../../../metrics/estimates/proportion.ts';
import type { Check, Finding } from '../check.ts';
import { ACCEPTED, NOMINAL } from './coverage.ts';

/** Probabilities of ruin, in per cent. */
const SHOWN = [1, 2, 5, 10, 20, 30, 50] as const;

/**
 * Of a count nothing need be simulated. What is seen is a whole number, so the coverage jumps with p, and no interval without
 * a toss of a coin covers 95 % at every p: Brown, Cai and DasGupta (2001).
 */
export const coverageOfRuin: Check = {
  id: 'coverage-ruin',
  group: 'coverage',
  title: 'The interval of ruin, exactly: of a count every outcome and its probability is known',
  theory:
    'mid-P covers 93 to 97 % at every probability from 5 to 95 % with 100 replicates or more, and at nearly every one with 40; below 5 expected cases it may cover more',
  source: 'Brown, Cai and DasGupta, Statistical Science 16 (2001)',
  perturbs: 'level of the intervals',
  run: ({ off }) => [
    ...[100, 400].flatMap((n) => extremes(n, NOMINAL * off)),
    shareAccepted(40, NOMINAL * off),
    ...[40, 100, 400].flatMap((n) => shown(n, NOMINAL * off)),
  ],
};

/** Lowest and highest over p from 5 to 95 %: the curve jumps at the ends of the intervals, so on a grid of 10⁻³. */
function extremes(n: number, level: number): Finding[] {
  const coverages = GRID.map(exactCoverage(n, level));
  const over = `over all probabilities from 5 to 95 %, ${n} replicates`;
  return [
    exact(`lowest coverage ${over}`, Math.min(...coverages), ACCEPTED),
    exact(`highest coverage ${over}`, Math.max(...coverages), ACCEPTED),
  ];
}

function shareAccepted(n: number, level: number): Finding {
  const isAccepted = (value: number): boolean => ACCEPTED.low <= value && value <= ACCEPTED.high;
  const share = GRID.map(exactCoverage(n, level)).filter(isAccepted).length / GRID.length;
  return exact(`share of the probabilities from 5 to 95 % at which ${n} replicates cover 93 to 97 %`, share, {
    low: 0.9,
    high: 1,
  });
}

/** The curve at a few points. Where fewer than five cases are expected too much is no fault. */
function shown(n: number, level: number): Finding[] {
  const coverage = exactCoverage(n, level);
  return SHOWN.map((percent) => {
    const isRare = (n * percent) / 100 < 5;
    return exact(`coverage at a probability of ${percent} %, ${n} replicates`, coverage(percent / 100), {
      ...ACCEPTED,
      ...(isRare && { low: 0.92, high: 1 }),
    });
  });
}

const GRID = Array.from({ length: 901 }, (_, i) => 0.05 + i / 1_000);

function exact(quantity: string, simulated: number, range: Interval): Finding {
  return {
    quantity,
    theory: NaN,
    simulated,
    tolerance: NaN,
    because: 'exact, a sum over all counts',
    range,
    holds: range.low <= simulated && simulated <= range.high,
  };
}
