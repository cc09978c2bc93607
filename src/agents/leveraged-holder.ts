import { draw } from '../base/distributions.ts';
import type { Distribution } from '../base/distributions.ts';
import { count, distribution, money, real, share, variant } from '../base/parameters.ts';
import type { RandomStream } from '../base/random.ts';
import type { Lots, Money, Side, Ticks } from '../base/units.ts';
import { lotsOfNotional, moneyFromQuote, notionalOf } from '../market/contract.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';
import { drawSizes, matchLeverageToSize } from './opening-positions.ts';

/** Draws of an entry price before the holder is taken to have entered just now. */
const ENTRY_TRIES = 20;

/**
 * The fuel of a cascade: thousands of isolated positions with a size, a leverage and an entry price each, asleep until a stop
 * or the liquidation engine reaches them. Sizes are heavy-tailed and scaled to the open interest wanted; leverage goes with
 * size by rank correlation and is capped by the margin tier of the position. Entries that would break at once, or
 * after a small move, are redrawn: the fuel is in place when the shock comes, not burnt by the noise before it.
 * Assumes isolated margin and no topping up: an account that would have been saved by a deposit is liquidated here.
 */
export const leveragedHolder = variant({
  name: 'leveraged-holder',
  about: 'Thousands of isolated leveraged positions that sleep until a stop or a liquidation reaches them.',
  parameters: {
    count: count({ default: 5000, min: 1, about: 'number of accounts' }),
    longShare: share({
      default: '100%',
      min: 0,
      max: 1,
      about: 'share of accounts and of open interest that is long',
    }),
    openInterest: money({
      default: '600M',
      min: 1,
      about: 'sum of their positions at the start, long and short, notional',
    }),
    size: distribution({
      of: 'number',
      default: { lognormal: { median: 700, sigma: 2.7 }, within: [1, 50_000_000] },
      above: 0,
      about: 'relative position size (scaled to the open interest)',
    }),
    largestShare: share({
      default: '0.5%',
      above: 0,
      max: 1,
      about: 'largest share of the open interest of its side that one account may hold',
    }),
    leverage: distribution({
      of: 'number',
      default: { lognormal: { median: 8, sigma: 0.9 }, within: [1, 100] },
      above: 0,
      about: 'position over collateral at the entry price',
    }),
    sizeLeverageCorrelation: real({
      default: -0.3,
      min: -1,
      max: 1,
      about: 'rank correlation of leverage with size',
    }),
    entry: distribution({
      of: 'number',
      default: { normal: { mean: 0, sd: 0.02 }, within: [-0.3, 0.3] },
      min: -0.9,
      about: 'entry price relative to the price at the start, as a fraction (> 0: entered higher)',
    }),
    settled: share({
      default: '0.2%',
      min: 0,
      max: '50%',
      about:
        'adverse move that every account survives at the start, if one of the entries drawn for it allows that',
    }),
    stopLoss: share({ default: '20%', min: 0, max: 1, about: 'probability that an account has a stop-loss' }),
    stopDistance: distribution({
      of: 'number',
      default: { uniform: [0.01, 0.1] },
      above: 0,
      about: 'distance of the stop from the price at the start, as a fraction',
    }),
    takeProfit: share({
      default: '0%',
      min: 0,
      max: 1,
      about: 'probability that an account has a take-profit order',
    }),
    takeProfitDistance: distribution({
      of: 'number',
      default: { uniform: [0.02, 0.2] },
      above: 0,
      about: 'distance of it from the price at the start, as a fraction',
    }),
  },
  create(parameters, { startPrice }: AgentParts): Population {
    const { count: size, stopLoss, stopDistance, takeProfit, takeProfitDistance } = parameters;
    return {
      size,
      slots: 0,
      margined: true,
      balancing: false,
      open(opening) {
        const lots = lotsOfMembers(opening, parameters);
        const leverages = leveragesOfMembers(opening, lots, parameters);
        const entries = opening.random.stream('entries');
        for (let member = 0; member < size; member++) {
          if (lots[member] === 0) continue;
          openOne(
            opening,
            { member, signedLots: lots[member], leverage: leverages[member] },
            parameters,
            entries,
          );
        }
      },
      start(desk) {
        setTriggers(desk, 'stops', -1, { probability: stopLoss, distances: stopDistance });
        setTriggers(desk, 'take-profits', 1, { probability: takeProfit, distances: takeProfitDistance });
      },
      wake: () => undefined,
      stopped: closeAtMarket,
    };

    /** On the side of the losses (`towards` −1) or of the profits; of two, the one reached later finds nothing to close. */
    function setTriggers(
      desk: Desk,
      stream: string,
      towards: 1 | -1,
      { probability, distances }: { readonly probability: number; readonly distances: Distribution },
    ): void {
      if (probability === 0) return;
      const random = desk.random.stream(stream);
      for (let member = 0; member < size; member++) {
        const has = random.uniform() < probability;
        const distance = draw(distances, random);
        const way = (towards * Math.sign(desk.lots(member))) as Side | 0;
        if (has && way !== 0) desk.stopAt(member, way, Math.round(startPrice * (1 + way * distance)));
      }
    }
  },
});

function closeAtMarket(member: number, desk: Desk): void {
  const lots = desk.lots(member);
  if (lots === 0) return;
  const side: Side = lots > 0 ? -1 : 1;
  desk.take(member, { side, lots: Math.abs(lots), limit: desk.marketLimit(side), reduceOnly: true });
}

interface SizeParameters {
  readonly count: number;
  readonly openInterest: number;
  readonly size: Distribution;
  readonly largestShare: number;
  readonly longShare: number;
}

/** Signed lots: the long members first. Either side is scaled to its share of the open interest. */
function lotsOfMembers(
  opening: Opening,
  { count: size, openInterest, longShare, ...drawn }: SizeParameters,
): Float64Array {
  // A side that has any open interest has at least one account, if there are accounts enough.
  const longs = Math.min(
    Math.max(Math.round(size * longShare), longShare > 0 ? 1 : 0),
    size - (longShare < 1 && size > 1 ? 1 : 0),
  );
  const random = opening.random.stream('sizes');
  const lots = new Float64Array(size);
  for (const [side, from, to] of [
    [1, 0, longs],
    [-1, longs, size],
  ] as const) {
    if (to === from) continue;
    const total = moneyFromQuote(opening.contract, openInterest * (side === 1 ? longShare : 1 - longShare));
    drawSizes(to - from, drawn.size, drawn.largestShare, random).forEach((part, i) => {
      lots[from + i] = side * Math.round(lotsOfNotional(opening.contract, part * total, opening.price));
    });
  }
  return lots;
}

function leveragesOfMembers(
  opening: Opening,
  lots: Float64Array,
  {
    leverage,
    sizeLeverageCorrelation,
  }: { readonly leverage: Distribution; readonly sizeLeverageCorrelation: number },
): Float64Array {
  const random = opening.random.stream('leverages');
  const drawn = Float64Array.from(lots, () => draw(leverage, random));
  const sizes = lots.map(Math.abs);
  const matched = matchLeverageToSize(
    drawn,
    sizes,
    sizeLeverageCorrelation,
    opening.random.stream('leverage-ranks'),
  );
  return matched.map((value, member) => Math.min(value, opening.maxLeverage(sizes[member])));
}

/** The first drawn entry at which the account is settled; the price of now if none is. */
function openOne(
  opening: Opening,
  { member, signedLots, leverage }: { member: number; signedLots: Lots; leverage: number },
  { entry: entries, settled }: { readonly entry: Distribution; readonly settled: number },
  random: RandomStream,
): void {
  const accountAt = (entry: Ticks): { collateral: Money; lots: Lots; entry: Ticks } => ({
    collateral: Math.ceil(notionalOf(opening.contract, signedLots, entry) / leverage),
    lots: signedLots,
    entry,
  });
  let account = accountAt(opening.price);
  for (let tries = 0; tries < ENTRY_TRIES; tries++) {
    const drawn = accountAt(Math.max(1, Math.round(opening.price * (1 + draw(entries, random)))));
    if (opening.wouldBreak(drawn, settled)) continue;
    account = drawn;
    break;
  }
  opening.open(member, account);
}
