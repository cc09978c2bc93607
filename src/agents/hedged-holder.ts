import { draw } from '../base/distributions.ts';
import { count, distribution, share, variant } from '../base/parameters.ts';
import type { Side } from '../base/units.ts';
import { valueOf } from '../market/contract.ts';
import type { AgentParts, Population } from './agent.ts';
import { drawSizes } from './opening-positions.ts';

/**
 * The other side: basis traders and hedgers whose perpetual position offsets one elsewhere. They take whatever side makes
 * longs equal shorts, at low leverage, and sleep. They are the ones auto-deleveraging hits: on 2025-10-10 the median
 * leverage of deleveraged accounts was 0.2.
 * Assumes that they neither react nor re-hedge after they have lost a leg.
 */
export const hedgedHolder = variant({
  name: 'hedged-holder',
  about: 'Barely levered accounts that hold the opposite of everybody else, so that longs equal shorts.',
  parameters: {
    count: count({ default: 1000, min: 1, about: 'number of accounts' }),
    size: distribution({
      of: 'number',
      default: { lognormal: { median: 700, sigma: 2.7 }, within: [1, 50_000_000] },
      above: 0,
      about: 'relative position size (scaled to what is needed)',
    }),
    largestShare: share({ default: '2%', above: 0, max: 1, about: 'largest share one account may hold' }),
    leverage: distribution({
      of: 'number',
      default: { lognormal: { median: 0.5, sigma: 1 }, within: [0.05, 3] },
      above: 0,
      about: 'position over collateral',
    }),
    entry: distribution({
      of: 'number',
      default: { normal: { mean: 0, sd: 0.05 }, within: [-0.2, 0.2] },
      min: -0.9,
      about: 'entry price relative to the price at the start, as a fraction',
    }),
  },
  create({ count: size, ...parameters }, { contract }: AgentParts): Population {
    return {
      size,
      slots: 0,
      margined: true,
      balancing: true,
      open(opening) {
        const needed = -opening.netLots;
        if (needed === 0) return;
        const side = Math.sign(needed) as Side;
        const shares = drawSizes(
          size,
          parameters.size,
          parameters.largestShare,
          opening.random.stream('sizes'),
        );
        const random = opening.random.stream('accounts');
        let rest = Math.abs(needed);
        for (let member = 0; member < size; member++) {
          const leverage = draw(parameters.leverage, random);
          const entry = Math.max(1, Math.round(opening.price * (1 + draw(parameters.entry, random))));
          const last = member === size - 1;
          const lots = last ? rest : Math.min(rest, Math.round(shares[member] * Math.abs(needed)));
          if (lots === 0) continue;
          rest -= lots;
          // Margined at the price of now, so that nobody starts in distress whatever the entry.
          const value = valueOf(contract, side * lots, opening.price);
          const unrealised = value - valueOf(contract, side * lots, entry);
          const collateral = Math.max(0, Math.ceil(Math.abs(value) / leverage) - unrealised);
          opening.open(member, { collateral, lots: side * lots, entry });
        }
      },
      start: () => undefined,
      wake: () => undefined,
    };
  },
});
