import { choice, duration, money, share, variant } from '../../base/parameters.ts';
import { BUY, SELL } from '../../base/units.ts';
import type { Money } from '../../base/units.ts';
import { moneyFromQuote } from '../../market/contract.ts';
import { localPrice } from './mark-design.ts';
import type { MarkDesign, MarkInputs, MarkParts } from './mark-design.ts';
import { ExponentialAverage } from './moving-average.ts';

/**
 * `index + EMA(fair − index)`, where fair is the local price held within what the venue lets trade: the index plus a
 * slower average of the basis ± `tradingBand`, and the index ± `band`, which bounds the mark too. The design holds its own
 * fair price to those bands; that orders keep to them is another rule of the venue.
 */
export const indexPlusEma = variant({
  name: 'index-plus-ema',
  about: 'The index plus an exponential average of the bounded local basis, itself bounded.',
  source: 'Deribit, linear perpetual and mark price documentation',
  parameters: {
    constant: duration({ default: '30s', min: '1ms', about: 'time constant of the average of the basis' }),
    band: share({ default: '7.5%', min: 0, about: 'largest distance of fair price and mark from the index' }),
    tradingBand: share({
      default: '1.5%',
      min: 0,
      about: 'largest distance of the fair price from the index plus the slower average of the basis',
    }),
    tradingConstant: duration({ default: '60s', min: '1ms', about: 'time constant of that slower average' }),
    fair: choice(['mid', 'impact-mid'], { default: 'mid', about: 'what counts as the local price' }),
    notional: money({
      default: '25k',
      min: 1,
      about: 'size of the two hypothetical orders of the impact mid',
    }),
  },
  create(
    { constant, band, tradingBand, tradingConstant, fair, notional },
    { contract }: MarkParts,
  ): MarkDesign {
    const size = moneyFromQuote(contract, notional);
    const average = new ExponentialAverage(constant);
    const slower = new ExponentialAverage(tradingConstant);
    let centre = NaN;
    return {
      price(inputs) {
        const { index, now } = inputs;
        const local = fair === 'mid' ? localPrice(inputs) : impactMid(inputs, size);
        const widest = band * index;
        const basis = within(local - index, 0, widest);
        if (basis !== basis) return NaN;
        // Before the first sample there is no slower average that it could be far from.
        const traded =
          centre === centre ? within(within(basis, centre, tradingBand * index), 0, widest) : basis;
        centre = slower.add(now, traded);
        return index + within(average.add(now, traded), 0, widest);
      },
    };
  },
});

/** The mid instead while the book cannot fill the notional. */
function impactMid(inputs: MarkInputs, size: Money): number {
  const price = (inputs.impactPrice(SELL, size) + inputs.impactPrice(BUY, size)) / 2;
  return price === price ? price : localPrice(inputs);
}

function within(value: number, centre: number, distance: number): number {
  return Math.min(Math.max(value, centre - distance), centre + distance);
}
