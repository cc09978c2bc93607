import { duration, variant } from '../../base/parameters.ts';
import { localPrice } from './mark-design.ts';
import type { MarkDesign, MarkParts } from './mark-design.ts';
import { SimpleAverage } from './moving-average.ts';
import { median } from '../median.ts';

/**
 * The rule of Binance (window 30 s since 2025-09-18) and Bybit (300 s): the median of
 * `P1 = index · (1 + funding rate · time to funding / interval)`, `P2 = index + average basis of the mid`, and the last trade.
 */
export const medianOfThree = variant({
  name: 'median-of-three',
  about: 'Median of the funding-adjusted index, the index plus the average local basis, and the last trade.',
  source:
    'Binance announcement 2025-09-16 and FAQ 360033525071; Bybit help, mark price calculation, 2024-10-16',
  parameters: {
    window: duration({ default: '30s', min: '1ms', about: 'length of the moving average of the basis' }),
  },
  create({ window }, { every }: MarkParts): MarkDesign {
    const basis = new SimpleAverage(window, every);
    return {
      price(inputs) {
        const { index, last, fundingRate, fundingShare } = inputs;
        const local = localPrice(inputs);
        if (index !== index || local !== local) return index;
        const fundingAdjusted = index * (1 + fundingRate * fundingShare);
        const basisAdjusted = index + basis.add(local - index);
        return last === last ? median([fundingAdjusted, basisAdjusted, last]) : basisAdjusted;
      },
    };
  },
});
