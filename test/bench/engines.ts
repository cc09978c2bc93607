/** The engines that a stream of orders is played to, each with the same checksum of what was traded. */
import { OrderBook as PeerBook } from 'nodejs-order-book';
import { OrderBook } from '../../src/market/order-book.ts';
import { ReportKind } from '../../src/market/reports.ts';
import type { NewOrder } from '../../src/market/order.ts';
import { SlowOrderBook } from '../oracles/order-book.ts';
import { Ask, blankOrder, countOf, fillOrder, type Stream, WORDS } from './streams.ts';
import type { Contestant } from './timing.ts';

/** What an engine traded: equal sums mean equal work. */
export interface Traded {
  trades: number;
  volume: number;
}

export interface Engine {
  readonly traded: Traded;
  /** Plays messages `from` to `to` of the stream. */
  play(from: number, to: number): void;
}

// Plain values of this file: imported ones are read again at each use.
const { FILL } = ReportKind;
const { CANCEL, MODIFY, IOC } = Ask;
const MESSAGE = WORDS;
/** `… & PLACES` is a place in the stream: see `Name.RECORD`. */
const PLACES = 2 ** 30 - 1;
const fill = fillOrder;

/** Our book, or its slow twin. Its rows are read after an order or a modification, not after a cancel, which trades nothing. */
class OurEngine implements Engine {
  readonly traded: Traded = { trades: 0, volume: 0 };
  // `declare`d: see `OrderBook`.
  declare private readonly messages: Int32Array;
  declare private readonly book: OrderBook | SlowOrderBook;
  /** [id] → the handle under which the order rests. */
  declare private readonly handles: Int32Array;
  declare private readonly order: NewOrder;

  constructor(stream: Stream, book: OrderBook | SlowOrderBook) {
    this.messages = stream.messages;
    this.book = book;
    this.handles = new Int32Array(stream.ids).fill(0); // written to, so that it is in memory
    this.order = blankOrder();
  }

  play(from: number, to: number): void {
    const { messages, book, handles, order } = this;
    const { reports } = book;
    let [trades, volume] = [0, 0];
    const end = to * MESSAGE;
    let following = (from * MESSAGE) & PLACES;
    let next = messages[following];
    while (following < end) {
      const at = following;
      const ask = next;
      following = (at + MESSAGE) & PLACES;
      // Read in time, so that the processor, if it foresaw the wrong branch, finds out as early as can be.
      next = messages[following < end ? following : at];
      const id = messages[at + 1];
      if (ask === CANCEL) {
        book.cancel(handles[id]);
        continue;
      }
      if (ask !== MODIFY) {
        fill(order, id, messages[at + 2], messages[at + 3], ask);
        handles[id] = book.place(order) | 0;
      } else handles[id] = book.replace(handles[id], Math.abs(messages[at + 3]), messages[at + 2]);
      const { count } = reports;
      for (let row = 0; row < count; row++) {
        if (reports.kind(row) !== FILL) continue;
        trades++;
        volume += reports.lots(row);
      }
    }
    this.traded.trades += trades;
    this.traded.volume += volume;
  }
}

/** nodejs-order-book. Its ids are strings, made beforehand. */
class PeerEngine implements Engine {
  readonly traded: Traded = { trades: 0, volume: 0 };
  private readonly book = new PeerBook();
  private readonly stream: Stream;
  private readonly ids: readonly string[];

  constructor(stream: Stream, ids: readonly string[]) {
    this.stream = stream;
    this.ids = ids;
  }

  play(from: number, to: number): void {
    const { messages } = this.stream;
    const { book, ids } = this;
    for (let at = from * WORDS; at < to * WORDS; at += WORDS) {
      const ask = messages[at];
      const id = ids[messages[at + 1]];
      if (ask === CANCEL) {
        book.cancel(id);
        continue;
      }
      const lots = messages[at + 3];
      const answer = book.limit({
        id,
        side: (lots > 0 ? 'buy' : 'sell') as Parameters<PeerBook['limit']>[0]['side'],
        size: Math.abs(lots),
        price: messages[at + 2],
        timeInForce: (ask === IOC ? 'IOC' : 'GTC') as 'GTC' & 'IOC',
      });
      // Fully traded orders are in `done`, and so is the order itself when nothing is left of it.
      for (const done of answer.done) if (done.id !== id) this.count(done.size);
      const { partial } = answer;
      if (partial !== null && partial.id !== id) this.count(answer.partialQuantityProcessed);
    }
  }

  private count(lots: number): void {
    this.traded.trades++;
    this.traded.volume += lots;
  }
}

/** An engine that plays a stream; the messages that fill the book are not timed. */
export interface Player extends Contestant {
  /** What was traded in the last turn. */
  readonly traded: () => Traded;
}

/** Each call of what is returned makes an engine with an empty book. */
export const CREATORS = {
  'cascade-lab': (stream: Stream) => () => new OurEngine(stream, new OrderBook()),
  'nodejs-order-book': (stream: Stream) => {
    const ids = Array.from({ length: stream.ids }, (_, id) => `order-${id}`);
    return () => new PeerEngine(stream, ids);
  },
  'slow twin': (stream: Stream) => () => new OurEngine(stream, new SlowOrderBook()),
} as const satisfies Record<string, (stream: Stream) => () => Engine>;

export type EngineName = keyof typeof CREATORS;

/** `plays`: how often a turn plays the stream, each time with a new book. */
export function playerOf(name: EngineName, stream: Stream, plays = 1): Player {
  const create: () => Engine = CREATORS[name](stream);
  let traded: Traded = { trades: 0, volume: 0 };
  return {
    name,
    units: plays * (countOf(stream) - stream.prefill),
    prepare() {
      const engines = Array.from({ length: plays }, create);
      for (const engine of engines) engine.play(0, stream.prefill);
      ({ traded } = engines[0]);
      return () => {
        for (const engine of engines) engine.play(stream.prefill, countOf(stream));
      };
    },
    traded: () => traded,
  };
}
