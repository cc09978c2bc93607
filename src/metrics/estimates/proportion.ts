import { ln } from '../../base/pinned-math.ts';
import { type Estimate, LEVEL, NOTHING_KNOWN } from './estimate.ts';
import { normalQuantile } from './normal.ts';

export interface ProportionEstimate extends Estimate {
  readonly method: 'wilson' | 'rule of three' | 'none';
}

/**
 * The probability of an event seen `successes` times in `n` replicates.
 * Wilson's score interval; when it was seen never or always, the one-sided bound 3/n (the rule of three; at another
 * level −ln(1 − level) rounded up takes the place of the 3).
 */
export function proportion(successes: number, n: number, level = LEVEL): ProportionEstimate {
  if (n === 0) return { estimate: NaN, n, level, method: 'none', ...NOTHING_KNOWN };
  const estimate = successes / n;
  const bound = Math.min(1, Math.ceil(-ln(1 - level)) / n);
  if (successes === 0) return { estimate, n, level, method: 'rule of three', low: 0, high: bound };
  if (successes === n) return { estimate, n, level, method: 'rule of three', low: 1 - bound, high: 1 };

  const z = normalQuantile((1 + level) / 2);
  const shrink = 1 + (z * z) / n;
  const centre = (estimate + (z * z) / (2 * n)) / shrink;
  const half = (z / shrink) * Math.sqrt((estimate * (1 - estimate)) / n + (z * z) / (4 * n * n));
  return { estimate, n, level, method: 'wilson', low: centre - half, high: centre + half };
}
