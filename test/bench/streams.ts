/** Streams of orders, the same for every engine: seeded, 16 bytes a message, and no engine's own numbers in them. */
import { RandomSource, type RandomStream } from '../../src/base/random.ts';
import { BUY, SELL, type Side, type Ticks } from '../../src/base/units.ts';
import { OrderBook } from '../../src/market/order-book.ts';
import { SelfTrade, TimeInForce, type Handle, type NewOrder } from '../../src/market/order.ts';

/** What a message asks for. */
export const Ask = {
  // A new order asks by its time in force.
  /** Enter a limit order that rests with what it does not trade. */
  LIMIT: TimeInForce.GTC,
  /** Enter an order that does not rest. */
  IOC: TimeInForce.IOC,
  CANCEL: 2,
  /** Cancel the order and enter it anew under its old id, with new lots and a new limit. */
  MODIFY: 3,
} as const;

/** 32-bit integers a message: what it asks for, the order's id, its limit in ticks, its lots (negative: it sells). */
export const WORDS = 4;

export interface Stream {
  readonly name: string;
  readonly messages: Int32Array;
  /** The first messages, which only fill the book: engines are timed from here on. */
  readonly prefill: number;
  /** Greatest order id + 1. */
  readonly ids: number;
}

export function countOf(stream: Stream): number {
  return stream.messages.length / WORDS;
}

/** Whoever sent an order: no stream says so, but a book wants to know. */
const OWNERS = 1024;

/** Prices of the common stream stay in 16 bits. */
const COMMON_PRICES = 2 ** 16;

/**
 * Zero intelligence: 10 % limits through the touch, the others half passive limits and half cancels of a live order that is
 * drawn evenly, so that `live` orders rest on the average. Passive limits lie a geometric number of ticks from the opposite
 * best; one side pushes and then the other, so that prices wander.
 */
export function commonStream(live: number, count: number): Stream {
  const random = new RandomSource('42').stream(`common/${live}`);
  const depth = { 1_000: 25, 10_000: 100, 100_000: 400 }[live] ?? Math.sqrt(live);
  const writer = new Writer(live + count);
  for (let i = 0; i < live; i++) passive(writer, random, depth, i % 2 === 0 ? BUY : SELL);
  for (let i = 0; i < count; i++) {
    const pressure = 0.1 * Math.sin((2 * Math.PI * i) / 200_000);
    const side = random.uniform() < 0.5 + pressure ? BUY : SELL;
    const excess = writer.live.length / live - 1;
    if (random.uniform() < 0.1) aggressive(writer, random, side);
    else if (random.uniform() < 0.45 + excess) writer.add(Ask.CANCEL, writer.anyLive(random), 0, 0);
    else passive(writer, random, depth, side);
  }
  return writer.stream(`${live} live orders`, live);
}

function passive(writer: Writer, random: RandomStream, depth: number, side: Side): void {
  const distance = 1 + Math.floor(depth * random.exponential());
  const limit = clamp(writer.opposite(side, COMMON_PRICES / 2) - side * distance, COMMON_PRICES - 1);
  writer.add(Ask.LIMIT, writer.newId(), limit, side * (1 + random.below(19)));
}

function aggressive(writer: Writer, random: RandomStream, side: Side): void {
  const limit = clamp(writer.opposite(side, COMMON_PRICES / 2) + side * random.below(4), COMMON_PRICES - 1);
  writer.add(Ask.LIMIT, writer.newId(), limit, side * (1 + random.below(51)));
}

/** How the price moves while a public-style stream flows. */
export type Flow = 'calm' | 'swinging' | 'flash crash';
const PUBLIC_PRICE = 50_000;
const PATHS: Readonly<Record<Flow, (t: number) => number>> = {
  calm: () => 1,
  // Five swings of a quarter of the price.
  swinging: (t) => 1 + 0.25 * Math.sin(2 * Math.PI * 5 * t),
  // Half of the price is lost in a fiftieth of the time, and most of it comes back in a fifth.
  'flash crash': (t) => (t < 0.4 ? 1 : t < 0.42 ? 1 - 25 * (t - 0.4) : t < 0.62 ? 0.5 + 2 * (t - 0.42) : 0.9),
};

/**
 * Made like the streams of public matching-engine benchmarks: 50 % new orders, 15 % of them IOC, 41 % cancels, 9 %
 * modifications, about a thousand live orders. One cancel or modification in twenty names an order that is gone.
 */
export function publicStream(flow: Flow, count: number): Stream {
  const random = new RandomSource('23').stream(`public/${flow}`);
  const writer = new Writer(count);
  for (let i = 0; i < count; i++) {
    const price = Math.round(PUBLIC_PRICE * PATHS[flow](i / count));
    const dice = random.uniform();
    const side = random.below(2) === 0 ? BUY : SELL;
    const limit = Math.max(1, price - side * Math.round(20 * random.exponential() - 4));
    const lots = side * (1 + random.below(100));
    if (dice < 0.5) writer.add(dice < 0.5 * 0.15 ? Ask.IOC : Ask.LIMIT, writer.newId(), limit, lots);
    else {
      const id = random.below(20) === 0 ? random.below(writer.ids) : writer.anyLive(random);
      if (dice < 0.91) writer.add(Ask.CANCEL, id, 0, 0);
      else writer.add(Ask.MODIFY, id, limit, writer.sideOf(id) * Math.abs(lots));
    }
  }
  return writer.stream(flow, 0);
}

/** Writes messages and keeps a book of its own, in order to know the touch and who is live. */
class Writer {
  readonly live: number[] = [];
  ids = 1;
  private readonly messages: Int32Array;
  private written = 0;
  private readonly book = new OrderBook();
  private readonly handles: Handle[] = [0];
  /** [id] → its place in `live`. */
  private readonly places: number[] = [-1];
  private readonly sides: Side[] = [BUY];
  private readonly order: NewOrder = blankOrder();

  constructor(count: number) {
    this.messages = new Int32Array(count * WORDS);
  }

  stream(name: string, prefill: number): Stream {
    return { name, messages: this.messages, prefill, ids: this.ids };
  }

  newId(): number {
    this.places.push(-1);
    this.handles.push(0);
    return this.ids++;
  }

  /** A live order, each as likely; any id when nothing rests. */
  anyLive(random: RandomStream): number {
    return this.live.length === 0 ? random.below(this.ids) : this.live[random.below(this.live.length)];
  }

  sideOf(id: number): Side {
    return this.sides[id] ?? BUY;
  }

  opposite(side: Side, otherwise: Ticks): Ticks {
    const best = side === BUY ? this.book.bestAsk() : this.book.bestBid();
    return Number.isNaN(best) ? otherwise + side : best;
  }

  add(ask: number, id: number, limit: Ticks, signedLots: number): void {
    this.messages.set([ask, id, limit, signedLots], this.written++ * WORDS);
    const { book, order, handles } = this;
    const known = book.isLive(handles[id]);
    if (ask === Ask.CANCEL || ask === Ask.MODIFY) {
      if (!known) return;
      book.cancel(handles[id]);
      this.leave(id);
      if (ask === Ask.CANCEL) return;
    }
    this.sides[id] = signedLots > 0 ? BUY : SELL;
    fillOrder(order, id, limit, signedLots, ask);
    handles[id] = book.place(order);
    const { reports } = book;
    for (let row = 0; row < reports.count; row++) {
      if (reports.handle(row) !== 0 && reports.remaining(row) === 0) this.leave(reports.tag(row));
    }
    if (book.isLive(handles[id])) this.places[id] = this.live.push(id) - 1;
  }

  private leave(id: number): void {
    const last = this.live.pop()!;
    if (last !== id) {
      this.live[this.places[id]] = last;
      this.places[last] = this.places[id];
    }
    this.places[id] = -1;
  }
}

export function blankOrder(): NewOrder {
  return {
    owner: 0,
    side: BUY,
    lots: 0,
    limit: 0,
    timeInForce: TimeInForce.GTC,
    postOnly: false,
    reduceOnly: false,
    selfTrade: SelfTrade.ALLOW,
    tag: 0,
  };
}

/** Makes a message of a stream the order to send; everybody may trade with everybody. */
export function fillOrder(order: NewOrder, id: number, limit: Ticks, signedLots: number, ask: number): void {
  order.owner = id & (OWNERS - 1);
  order.tag = id;
  const side = ((signedLots >> 31) | 1) as Side;
  order.side = side;
  order.lots = Math.imul(signedLots, side);
  order.limit = limit;
  order.timeInForce = ask as TimeInForce;
}

function clamp(price: Ticks, greatest: Ticks): Ticks {
  return Math.max(1, Math.min(greatest, price));
}
