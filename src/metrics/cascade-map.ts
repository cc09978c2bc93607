import { BUY, SELL } from '../base/units.ts';
import type { Ticks } from '../base/units.ts';
import { notionalOf, quoteFromMoney } from '../market/contract.ts';
import { markMoveAfter } from '../prices/mark-response.ts';
import type { ResponseQuestion } from '../prices/mark-response.ts';
import { FUEL_REACH } from '../world/fuel.ts';
import type { World } from '../world/world.ts';

/** Width of a bin of the map, as a share of the mark; at least a tick. Wide enough for the gaps between the orders of a ladder. */
export const MAP_BIN = 0.005;
/** How far apart the moves of the local price are at which the mark is asked for its answer. */
const LOCAL_STEP = 0.001;
/** The largest of them: a price stays above zero. */
const LOCAL_REACH = 0.99;

/** The columns of a cascade map, a row a bin: longs first, from the mark downwards, then shorts upwards. */
export interface CascadeMap {
  /** 1 for longs, below the mark; −1 for shorts, above it. */
  readonly side: Float64Array;
  /** Where the bin begins and ends: distance from the mark, as a share of it. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Positions that break while the mark crosses the bin, and what rests in the book in a bin as far from the mid: quote, at the mark. */
  readonly fuel: Float64Array;
  readonly depth: Float64Array;
  /** Lots that break on the part of the bin through which the local price alone can bring the mark. */
  readonly broken: Float64Array;
  /** Lots of the book that the local price goes through meanwhile. */
  readonly absorbing: Float64Array;
  /** One over the other; 0 where nothing breaks, infinite where the book has ended. */
  readonly k: Float64Array;
}

/**
 * Local criticality of the first contract just before the shock: k(p) = w(p) · ρ(p) / depth(p), where ρ are the lots per tick of mark that
 * break at the mark p, depth the lots per tick of price at the local price that puts the mark there, and w = ∂mark/∂local price at
 * that place. As the change of the mark is w times that of the local price, k is a count over a count: lots that break over lots of
 * book, both on the way of the local price that carries the mark through a bin. Above 1 each lot sold breaks more than one.
 *
 * Assumes that positions are closed whole and at market, that nobody replenishes or withdraws, that both sides of the book follow
 * the local price, and that the mark has time to come to rest and starts at rest, the index where it was: a design that averages
 * answers later than the map says, and arbitrage that moves the index makes it answer more.
 */
export function cascadeMapOf({ market, contract, recorder }: World): CascadeMap {
  const { fuel, book } = market.before!;
  const { mark } = recorder.baseline!;
  const width = Math.max(1, Math.round(MAP_BIN * mark));
  const bins = Math.floor((FUEL_REACH * mark) / width);
  const map = emptyMap(2 * bins);
  const quote = (lots: number): number => quoteFromMoney(contract, notionalOf(contract, lots, mark));
  ([BUY, SELL] as const).forEach((side, half) => {
    const path = new LocalPath({ ...market.markQuestion(side), price: mark });
    const burnt = (move: Ticks): number =>
      side > 0 ? fuel.longsWithin(move / mark) : fuel.shortsWithin(move / mark);
    const rests = (move: Ticks): number => book!.lotsWithin(side, move);
    for (let bin = 0; bin < bins; bin++) {
      const row = half * bins + bin;
      const [from, to] = [bin * width, (bin + 1) * width];
      map.side[row] = side;
      map.from[row] = from / mark;
      map.to[row] = to / mark;
      map.fuel[row] = quote(burnt(to) - burnt(from));
      map.depth[row] = quote(rests(to) - rests(from));
      const reached = Math.min(to, path.furthest);
      if (reached <= from) continue;
      map.broken[row] = burnt(reached) - burnt(from);
      map.absorbing[row] = rests(path.localMove(reached)) - rests(path.localMove(from));
      map.k[row] = map.broken[row] === 0 ? 0 : map.broken[row] / map.absorbing[row];
    }
  });
  return map;
}

function emptyMap(rows: number): CascadeMap {
  const column = (): Float64Array => new Float64Array(rows);
  return {
    ...{ side: column(), from: column(), to: column(), fuel: column(), depth: column() },
    ...{ broken: column(), absorbing: column(), k: column() },
  };
}

/** Where the local price has to go for the mark to go somewhere; moves against one side, in ticks. */
class LocalPath {
  /** The largest move of the mark that the local price alone can bring about. */
  readonly furthest: Ticks;
  private readonly price: Ticks;
  /** marks[i]: furthest the mark has moved when the local price has moved by i steps. */
  private readonly marks: readonly Ticks[];

  constructor(question: ResponseQuestion) {
    const { price } = question;
    const marks = [0];
    for (let i = 1; i * LOCAL_STEP <= LOCAL_REACH; i++)
      marks.push(Math.max(marks[i - 1], price * markMoveAfter(question, i * LOCAL_STEP)));
    this.price = price;
    this.marks = marks;
    this.furthest = Math.floor(marks.at(-1)! + ROUNDING);
  }

  localMove(markMove: Ticks): Ticks {
    const { marks, price } = this;
    if (markMove === 0) return 0;
    const after = marks.findIndex((mark) => mark >= markMove - ROUNDING);
    const [low, high] = [marks[after - 1], marks[after]];
    return (after - 1 + (markMove - low) / (high - low)) * LOCAL_STEP * price;
  }
}

/** Of a tick: what the floating-point arithmetic of a mark design may be off. */
const ROUNDING = 1e-6;
