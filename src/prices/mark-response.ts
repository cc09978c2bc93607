import { MINUTE, SECOND } from '../base/units.ts';
import type { Micros, Side, Ticks } from '../base/units.ts';
import { marksOf } from './calc-mark.ts';
import type { LocalPrice, MarkDesign } from './mark/mark-design.ts';

/** How a mark design answers small moves of the prices it is made of: what the theory calls w, measured. */
export interface MarkResponse {
  /** What it follows of the local market: the last trade alone, or else the mid. */
  readonly local: LocalPrice;
  /** Whether it also follows prices behind the touch (impact prices, the microprice), which are not the local price itself. */
  readonly seesDepth: boolean;
  /** ∂mark/∂local price when the local price stays where it went, the index where it was: 1 for a mid, 0 for an index. */
  readonly weight: number;
  /** Part of a move of the index that is in the very next mark. */
  readonly indexAtOnce: number;
}

/** Below this a design does not follow. */
const NOTHING = 1e-3;
/** Within the bands of the designs that have one. */
const STEP = 1e-4;
/** Marks until averages of samples are full: longer ones answer as if they held no more. */
const FULL = 400;
/** Averages have come to rest after so many hours, and hold few samples meanwhile. */
const REST = 60;
const SLOW: Micros = 60 * MINUTE;

export interface ResponseQuestion {
  /** A design that has seen nothing, asked every so often. */
  readonly create: (every: Micros) => MarkDesign;
  readonly every: Micros;
  readonly price: Ticks;
  /** Whose mark; longs are asked about falling prices, shorts about rising ones. */
  readonly side: Side;
  readonly feeds: readonly string[];
}

/**
 * Measured on a design at rest: all prices equal for a while, then a step of 1 bp. A design that is no straight line (a median, a
 * clamp) answers another step, or another state of the market, otherwise: there this is its answer near rest.
 */
export function responseOf(question: ResponseQuestion): MarkResponse {
  const both = settled(question, LOCAL);
  const last = settled(question, { last: 1 });
  return {
    local: both > NOTHING && last > both - NOTHING ? 'last' : 'mid',
    seesDepth: settled(question, { behind: 1 }) > NOTHING,
    weight: both > NOTHING ? both : 0,
    indexAtOnce: answer(question, { index: 1 }, { every: question.every, before: FULL / 4, after: 1 }),
  };
}

/** Share of a step of the local price that is in the mark after so long. */
export function localWeightAfter(question: ResponseQuestion, time: Micros): number {
  const every = Math.max(question.every, SECOND);
  return answer(question, LOCAL, { every, before: FULL, after: Math.max(1, Math.round(time / every)) });
}

/**
 * How far the mark has moved, when it has come to rest, after the local price went `share` of its price against this side and stayed
 * there, the index where it was; a share as well. Unlike `responseOf` it sees the bands of a clamp and the other prices of a median.
 */
export function markMoveAfter(question: ResponseQuestion, share: number): number {
  const steps = share / STEP;
  return STEP * settled(question, { mid: steps, last: steps, behind: steps });
}

function settled(question: ResponseQuestion, moved: Moved): number {
  return answer(question, moved, { every: SLOW, before: 1, after: REST });
}

/** Which prices make the step. */
interface Moved {
  readonly mid?: number;
  readonly last?: number;
  readonly index?: number;
  readonly behind?: number;
}

const LOCAL: Moved = { mid: 1, last: 1, behind: 1 };

function answer(
  { create, price, side, feeds }: ResponseQuestion,
  moved: Moved,
  { every, before, after }: { readonly every: Micros; readonly before: number; readonly after: number },
): number {
  const design = create(every);
  const step = -side * STEP * price;
  const { mid = 0, last = 0, index = 0, behind = 0 } = moved;
  const inputs = inputsAt(price, feeds);
  const markAt = (call: number): number => {
    inputs.now = inputs.lastAt = inputs.source.receivedAt = call * every;
    if (call > before) {
      inputs.bid = inputs.ask = price + step * mid;
      inputs.last = price + step * last;
      inputs.index = inputs.source.price = price + step * index;
      inputs.behind = price + step * behind;
    }
    const marks = marksOf(design, inputs);
    return side > 0 ? marks.long : marks.short;
  };
  let [mark, atRest] = [NaN, NaN];
  for (let call = 1; call <= before + after; call++) {
    mark = markAt(call);
    if (call === before) atRest = mark;
  }
  const share = (mark - atRest) / step;
  return share === share ? share : 0;
}

/** Everything at one price, to be changed. */
function inputsAt(price: Ticks, feeds: readonly string[]) {
  const source = { price, receivedAt: 0 };
  const inputs = {
    ...{
      now: 0,
      bid: price,
      ask: price,
      last: price,
      lastAt: 0,
      index: price,
      fundingRate: 0,
      fundingShare: 0,
    },
    /** Prices behind the touch. */
    behind: price,
    source,
    impactPrice: () => inputs.behind,
    microprice: () => inputs.behind,
    sources: Object.fromEntries(feeds.map((name) => [name, source])),
  };
  return inputs;
}
