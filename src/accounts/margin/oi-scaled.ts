import { money, share, variant } from '../../base/parameters.ts';
import { PPM } from '../../base/units.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import type { MarginParts, MarginSchedule } from '../margin.ts';

/**
 * No tiers. Maintenance is flat; the initial margin grows with the open interest of the whole market,
 * `IMF_eff = min(1, IMF + (1 − IMF) · clamp((OI − L) / (U − L), 0, 1))` (dYdX v4). It is asked for when a position is
 * opened or increased, so rising open interest blocks new risk and liquidates nobody. Positions held at the start were opened at an open
 * interest below L.
 */
export const oiScaled = variant({
  name: 'oi-scaled',
  about: 'Flat maintenance margin; initial margin that grows with the open interest of the market.',
  source: 'dYdX v4-chain, perpetuals keeper and liquidity tiers',
  parameters: {
    initial: share({
      default: '5%',
      max: '100%',
      about: 'initial margin (IMF) at little open interest',
    }),
    maintenance: share({ default: '3%', above: 0, max: '90%', about: 'maintenance margin, at any' }),
    from: money({ default: '20M', about: 'open interest from which the initial margin grows (L)' }),
    to: money({
      default: '50M',
      about: 'open interest at which it reaches 100 % (U); at most `from`: never grows',
    }),
  },
  create({ initial, maintenance, from, to }, { contract, refuse }: MarginParts): MarginSchedule {
    if (initial < maintenance) refuse('initial', 'at least the maintenance margin');
    const [low, high] = [moneyFromQuote(contract, from), moneyFromQuote(contract, to)];
    return {
      contract,
      bySize: true,
      cap: [Infinity],
      rate: [Math.round(maintenance * PPM)],
      deduction: [0],
      ratePerLot: 0,
      maxLeverage({ openInterest }) {
        const filled = high <= low ? 0 : Math.min(Math.max((openInterest - low) / (high - low), 0), 1);
        return 1 / Math.min(1, initial + (1 - initial) * filled);
      },
    };
  },
});
