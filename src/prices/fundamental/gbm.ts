import { share, variant } from '../../base/parameters.ts';
import { exp } from '../../base/pinned-math.ts';
import { DAY } from '../../base/units.ts';
import type { FundamentalParts, FundamentalProcess } from './fundamental-process.ts';

const YEAR = 365 * DAY;

/**
 * Geometric Brownian motion without drift: `dS/S = σ dW`.
 * Assumes independent Gaussian increments of constant variance; real prices cluster and jump (add jumps as shocks).
 */
export const gbm = variant({
  name: 'gbm',
  about: 'Geometric Brownian motion without drift.',
  parameters: {
    volatility: share({ default: '50%', min: 0, about: 'standard deviation of the log price over a year' }),
  },
  create: ({ volatility }, { random }: FundamentalParts): FundamentalProcess => ({
    grow(elapsed) {
      const sd = volatility * Math.sqrt(elapsed / YEAR);
      return exp(sd * random.normal() - (sd * sd) / 2);
    },
  }),
});
