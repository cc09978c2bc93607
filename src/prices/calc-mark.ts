import { BUY, SELL } from '../base/units.ts';
import type { Micros, Ticks } from '../base/units.ts';
import type { MarkDesign, MarkInputs } from './mark/mark-design.ts';

/** What positions are valued at, in ticks, not rounded. */
export interface Marks {
  /** For whatever has no side; NaN when there is none. */
  readonly mark: number;
  readonly long: number;
  readonly short: number;
}

/** The marks of one moment. Call it once for each moment: a design samples its averages. */
export function marksOf(design: MarkDesign, inputs: MarkInputs): Marks {
  const mark = design.price(inputs);
  const long = design.priceFor?.(BUY, inputs) ?? mark;
  const short = design.priceFor?.(SELL, inputs) ?? mark;
  return { mark, long, short };
}

/** The marks along a series of moments, in order of time, without a world. Where a design has no price the marks before stay. */
export function calcMark(design: MarkDesign, series: readonly MarkInputs[]): Marks[] {
  let marks: Marks = { mark: NaN, long: NaN, short: NaN };
  return series.map((inputs) => {
    const fresh = marksOf(design, inputs);
    if (fresh.mark === fresh.mark) marks = fresh;
    return marks;
  });
}

/** A moment as somebody may write it down; prices in one unit, whichever. What is left out does not exist. */
export interface Moment {
  readonly now: Micros;
  readonly bid?: Ticks;
  readonly ask?: Ticks;
  readonly last?: Ticks;
  readonly index?: Ticks;
  readonly fundingRate?: number;
  readonly fundingShare?: number;
  readonly microprice?: Ticks;
  /** Average price of a sale of the notional that the design asks for. */
  readonly impactBid?: Ticks;
  /** Average price of such a purchase. */
  readonly impactAsk?: Ticks;
  /** Prices elsewhere by name, as of now. */
  readonly sources?: Readonly<Record<string, Ticks>>;
}

/** The inputs of a mark design at such a moment. */
export function markInputsOf(moment: Moment): MarkInputs {
  const { now, bid = NaN, ask = NaN, last = NaN, index = NaN, fundingRate = 0, fundingShare = 0 } = moment;
  const { microprice = NaN, impactBid = NaN, impactAsk = NaN, sources = {} } = moment;
  return {
    ...{ now, bid, ask, last, index, fundingRate, fundingShare },
    lastAt: now,
    impactPrice: (side) => (side === BUY ? impactAsk : impactBid),
    microprice: () => microprice,
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, price]) => [name, { price, receivedAt: now }]),
    ),
  };
}
