import { share, variant } from '../../base/parameters.ts';
import { PPM } from '../../base/units.ts';
import { lotsFromAsset } from '../../market/contract.ts';
import type { MarginParts, MarginSchedule } from '../margin.ts';

/**
 * Both rates grow with the size of the position in units of the asset (Deribit BTC since 2022-01-11: 2 % and 1 %, each
 * + 0.005 % a BTC). The size of an inverse position is its lots at the price when the run begins, so that the rate follows from the
 * lots alone and an account breaks at one price; the venue takes the size at the mark. Rates end at 95 %, rounded to a millionth.
 */
export const linearInSize = variant({
  name: 'linear-in-size',
  about: 'Margin rates that grow in proportion to the size of the whole position.',
  source: 'Deribit announcement of new margin parameters, January 2022',
  parameters: {
    initial: share({ default: '2%', above: 0, max: '90%', about: 'initial margin of the smallest position' }),
    maintenance: share({
      default: '1%',
      above: 0,
      max: '90%',
      about: 'maintenance margin of the smallest position',
    }),
    slope: share({
      default: '0.005%',
      min: 0,
      max: '90%',
      about: 'what each unit of the asset adds to both',
    }),
  },
  create({ initial, maintenance, slope }, { contract, startPrice, refuse }: MarginParts): MarginSchedule {
    if (initial < maintenance) refuse('initial', 'at least the maintenance margin');
    const perLot = slope / lotsFromAsset(contract, 1, startPrice);
    return {
      contract,
      bySize: true,
      cap: [Infinity],
      rate: [Math.round(maintenance * PPM)],
      deduction: [0],
      ratePerLot: perLot * PPM,
      maxLeverage: ({ lots }) => 1 / Math.min(1, initial + perLot * lots),
    };
  },
});
