import { count, duration, money, real, share, variant } from '../base/parameters.ts';
import { exp, ln } from '../base/pinned-math.ts';
import type { RandomStream } from '../base/random.ts';
import { SECOND } from '../base/units.ts';
import type { Lots, Micros, Side, Ticks } from '../base/units.ts';
import { exposureOf, lotsOfNotional, moneyFromQuote, valueOf } from '../market/contract.ts';
import type { Contract } from '../market/contract.ts';
import { seenPrice } from './agent.ts';
import type { AgentParts, Desk, Opening, Population } from './agent.ts';

const LN2 = 0.6931471805599453;

/**
 * Makers who quote a ladder on both sides of a fair price: the index, moved against their own inventory, which they hedge
 * outside little by little. Under stress they withdraw: size falls and the spread widens with short-term volatility, the side
 * that would add to an inventory shrinks as it fills, and a maker whose loss limit is reached leaves for a while.
 *
 * The ladder is set from the depth that is wanted within 0.1, 0.5, 1 and 5 % of the price (one side, all makers together).
 * Assumes quotes follow the index without asking whether it is right: a maker never quotes round a price of its own belief.
 */
export const marketMaker = variant({
  name: 'market-maker',
  about: 'A ladder of quotes round the index with inventory skew, hedging, and withdrawal under stress.',
  parameters: {
    count: count({ default: 4, min: 1, about: 'number of makers; they share the depth equally' }),
    depthWithin10bp: money({ default: '1.5M', min: 0, about: 'bids (or asks) of all makers within 0.1 %' }),
    depthWithin50bp: money({ default: '7.75M', min: 0, about: 'the same within 0.5 %' }),
    depthWithin100bp: money({ default: '10M', min: 0, about: 'the same within 1 %' }),
    depthWithin500bp: money({ default: '20M', min: 0, about: 'the same within 5 %' }),
    depthScale: real({ default: 1, min: 0, about: 'factor on all four depths' }),
    levels: count({ default: 16, min: 2, max: 100, about: 'quotes of a maker on one side' }),
    halfSpread: share({ default: '0.5bp', min: 0, about: 'distance of the best quote from the fair price' }),
    every: duration({ default: '1s', min: '1ms', about: 'mean time between two looks of a maker' }),
    skew: share({ default: '4%', min: 0, about: 'how far a full inventory moves the fair price' }),
    inventory: money({
      default: '40M',
      min: 1,
      about: 'inventory of all makers at which they stop adding; the size they add shrinks towards it',
    }),
    hedging: duration({ default: '2m', min: '1ms', about: 'half-life of inventory by hedging outside' }),
    stressVolatility: share({
      default: '12bp',
      min: '0.01bp',
      about: 'volatility (root second) at which depth is halved and the spread doubled',
    }),
    leastWilling: share({
      default: '5%',
      min: 0,
      max: 1,
      about: 'share of the normal size that is quoted however high the volatility',
    }),
    memory: duration({ default: '60s', min: '1ms', about: 'half-life of the volatility they feel' }),
    lossLimit: money({
      default: '3M',
      min: 0,
      about: 'loss of all makers together at whose share one of them leaves',
    }),
    absence: duration({ default: '35m', min: '1ms', about: 'how long it stays away' }),
    lifetime: duration({
      min: '1ms',
      about:
        'quotes are good for so long, and renewed at every look: they lapse when a maker is cut off, or looks too late; until cancelled when left out',
    }).optional(),
  },
  create(parameters, { contract }: AgentParts): Population {
    const {
      lifetime,
      count: size,
      levels,
      every,
      skew,
      hedging,
      stressVolatility,
      memory,
      absence,
    } = parameters;
    const inventory = moneyFromQuote(contract, parameters.inventory) / size;
    const lossLimit = moneyFromQuote(contract, parameters.lossLimit);
    let pauses: RandomStream;
    // One entry a maker.
    const hedgedLots = new Float64Array(size);
    const hedgeCash = new Float64Array(size);
    const variance = new Float64Array(size);
    const lastPrice = new Float64Array(size).fill(NaN);
    const lookedAt = new Float64Array(size);
    const awayUntil = new Float64Array(size);
    const profitBefore = new Float64Array(size);
    // The one quote that is on its way to the desk, which copies it: a ladder is renewed too often for an object each.
    const quote: { side: Side; lots: Lots; price: Ticks } = { side: 1, lots: 0, price: 0 };
    // Likewise what decides the quotes of the side that is being quoted.
    const view: View = { fair: NaN, widening: 0, willing: 0, touch: NaN };
    const ladders = Array.from({ length: size }, (_, maker) => ladderOf(parameters, maker, contract));

    return {
      size,
      slots: 2 * levels,
      margined: false,
      balancing: false,
      ...(lifetime !== undefined && { quoteLifetime: lifetime }),
      open(opening: Opening) {
        for (let maker = 0; maker < size; maker++)
          opening.open(maker, { collateral: Math.round(inventory), lots: 0, entry: 0 });
      },
      start(desk) {
        pauses = desk.random.stream('pauses');
        for (let maker = 0; maker < size; maker++) desk.wakeAt(maker, desk.now + 1);
      },
      wake(maker, desk) {
        desk.wakeAt(maker, desk.now + Math.max(1, Math.round(every * (0.5 + pauses.uniform()))));
        const { index } = desk.seen;
        if (index !== index) return;
        const elapsed = desk.now - lookedAt[maker];
        lookedAt[maker] = desk.now;
        feelVolatility(maker, seenPrice(desk.seen), elapsed);
        hedge(maker, index, elapsed, desk);
        leaveAfterLoss(maker, index, desk);
        quoteLadder(maker, index, desk);
      },
    };

    /** Exponentially weighted variance of the price per second. */
    function feelVolatility(maker: number, price: Ticks, elapsed: Micros): void {
      const change = price / lastPrice[maker] - 1;
      lastPrice[maker] = price;
      if (change !== change || elapsed <= 0) return;
      const weight = 1 - exp((-LN2 * elapsed) / memory);
      variance[maker] += weight * ((change * change * SECOND) / elapsed - variance[maker]);
    }

    function netLots(maker: number, desk: Desk): Lots {
      return desk.lots(maker) + hedgedLots[maker];
    }

    function hedge(maker: number, index: Ticks, elapsed: Micros, desk: Desk): void {
      const lots = -Math.trunc(netLots(maker, desk) * (1 - exp((-LN2 * elapsed) / hedging)));
      if (lots === 0) return;
      hedgedLots[maker] += lots;
      hedgeCash[maker] -= valueOf(contract, lots, index);
      desk.tradeOutside(lots);
    }

    /** The limit counts from the last time it was reached: who comes back starts anew. */
    function leaveAfterLoss(maker: number, index: Ticks, desk: Desk): void {
      const profit = desk.cashFlow(maker) + hedgeCash[maker] + valueOf(contract, netLots(maker, desk), index);
      if (profit - profitBefore[maker] >= -lossLimit / size) return;
      profitBefore[maker] = profit;
      awayUntil[maker] = desk.now + absence;
    }

    function quoteLadder(maker: number, index: Ticks, desk: Desk): void {
      const stress = variance[maker] / (stressVolatility * stressVolatility);
      const calm = Math.max(parameters.leastWilling, 1 / (1 + stress));
      const appetite = desk.now < awayUntil[maker] ? 0 : desk.appetite * calm;
      const widening = calm > 0 ? parameters.halfSpread * (1 / calm - 1) : 0;
      const fullness = exposureOf(contract, netLots(maker, desk), index) / inventory;
      const fair = index * (1 - skew * Math.min(Math.max(fullness, -1), 1));
      const willing = (side: Side): number => appetite * Math.min(Math.max(1 - side * fullness, 0), 1);
      view.fair = fair;
      view.widening = widening;
      view.willing = willing(1);
      view.touch = desk.seen.ask - 1;
      quoteSide(maker, 1, desk);
      view.willing = willing(-1);
      view.touch = desk.seen.bid + 1;
      quoteSide(maker, -1, desk);
    }

    /** Sends quotes only where the resting one is clearly off in price or size. */
    function quoteSide(maker: number, side: Side, desk: Desk): void {
      const { fair, widening, willing, touch } = view;
      const { distances, money } = ladders[maker];
      const firstSlot = side === 1 ? 0 : levels;
      for (let level = 0; level < levels; level++) {
        const distance = distances[level];
        const away = fair * (1 - side * (distance + widening));
        const price = notThrough(side, side === 1 ? Math.floor(away) : Math.ceil(away), touch);
        const lots = price >= 1 ? Math.round(lotsOfNotional(contract, money[level] * willing, price)) : 0;
        const slot = firstSlot + level;
        const resting = desk.restingLots(maker, slot);
        if (resting === 0 && lots === 0) continue;
        const near = resting > 0 && Math.abs(desk.restingPrice(maker, slot) - price) <= 0.1 * distance * fair;
        const full = resting >= 0.8 * lots && resting <= 1.25 * lots;
        if (near && full && lifetime === undefined) continue;
        // What is only renewed keeps its place in the queue.
        quote.side = side;
        quote.lots = near && full ? resting : lots;
        quote.price = near && full ? desk.restingPrice(maker, slot) : price;
        desk.quote(maker, slot, quote);
      }
    }
  },
});

/** A price that would cross the touch goes one tick behind it. NaN touch: the other side is empty. */
function notThrough(side: Side, price: Ticks, touch: Ticks): Ticks {
  return touch === touch && side * (price - touch) > 0 ? touch : price;
}

/** What decides the quotes of one side. */
interface View {
  /** The price that the maker believes in, moved against its inventory. */
  fair: number;
  /** Added to the distance of every quote, as a fraction. */
  widening: number;
  /** Factor on the normal size. */
  willing: number;
  /** Best price that does not cross; NaN: the other side is empty. */
  touch: Ticks;
}

interface DepthParameters {
  readonly count: number;
  readonly levels: number;
  readonly halfSpread: number;
  readonly depthScale: number;
  readonly depthWithin10bp: number;
  readonly depthWithin50bp: number;
  readonly depthWithin100bp: number;
  readonly depthWithin500bp: number;
}

/** How far out depth is quoted. */
const REACH = 0.05;

/** The quotes of one side, the best first, as they are in a calm market. */
interface Ladder {
  /** distances[level] from the fair price, as a fraction. */
  readonly distances: Float64Array;
  /** money[level]: notional. */
  readonly money: Float64Array;
}

/**
 * Distances grow geometrically; each rung holds the depth of the stretch round it, half way (in ratio) to its neighbours,
 * so that depth is neither early nor late on average. The last stretch ends at 5 %.
 */
function ladderOf(parameters: DepthParameters, maker: number, contract: Contract): Ladder {
  const { count: makers, levels, depthScale } = parameters;
  // Makers stand a little apart from each other, so that the book has many levels.
  const nearest = Math.max(parameters.halfSpread, 1e-5) * (1 + maker / makers);
  const ratio = exp(ln(REACH / nearest) / (levels - 0.5));
  const halfWay = Math.sqrt(ratio);
  const ladder: Ladder = { distances: new Float64Array(levels), money: new Float64Array(levels) };
  let distance = nearest;
  let inside = 0;
  for (let level = 0; level < levels; level++) {
    const within = depthWithin(parameters, Math.min(distance * halfWay, REACH));
    ladder.distances[level] = distance;
    ladder.money[level] = moneyFromQuote(contract, ((within - inside) * depthScale) / makers);
    inside = within;
    distance *= ratio;
  }
  return ladder;
}

/** Depth of one side within a distance: straight lines between the four depths given, none of them below the one inside it. */
function depthWithin(parameters: DepthParameters, distance: number): number {
  const points = [
    [0.001, parameters.depthWithin10bp],
    [0.005, parameters.depthWithin50bp],
    [0.01, parameters.depthWithin100bp],
    [REACH, parameters.depthWithin500bp],
  ] as const;
  let fromDistance = 0;
  let fromDepth = 0;
  for (const [toDistance, given] of points) {
    const toDepth = Math.max(given, fromDepth);
    if (distance <= toDistance)
      return fromDepth + ((toDepth - fromDepth) * (distance - fromDistance)) / (toDistance - fromDistance);
    fromDistance = toDistance;
    fromDepth = toDepth;
  }
  return fromDepth;
}
