import { assert } from '../base/check.ts';
import { BUY, SELL, type Side, type Ticks } from '../base/units.ts';
import { grown } from './grow.ts';
import { MAX_TICK, type Handle } from './order.ts';

/**
 * Where the fields of a record are: `words[record | LOTS]`, 32-bit integers. A record is named by the place of its first
 * word, a multiple of 8; record 0 is no order and no level.
 */
export const Field = {
  /**
   * The queue of a level is a ring that the level closes, so that joining and leaving it need not ask who is there:
   * `level ⇄ first order ⇄ … ⇄ last order ⇄ level`. Of a free record: NEXT is the next free one.
   */
  NEXT: 0,
  PREVIOUS: 1,

  /** Of an order: lots that still rest. */
  LEVEL: 2,
  LOTS: 3,
  OWNER: 4,
  TAG: 5,
  /** What it remembers of how it was sent: the bits of `Flag`. Above them its `LIFE`. */
  FLAGS: 6,

  /** Of a level. The lots of all its orders are LEVEL_LOTS (0 … 2³¹ − 1) + 2³¹ · CARRIES, as they may exceed 32 bits. */
  PRICE: 2,
  SIDE: 3,
  LEVEL_LOTS: 4,
  CARRIES: 5,
} as const;

/**
 * The words of record 0, which is neither order nor level and so has room for what there is one of in a book: V8 changes a
 * word of an array more cheaply than a field of an object. Word 6 stays 0, as its FLAGS say that it is no order.
 */
export const Head = {
  /** `BEST + side`, which is word 2 for BUY and word 0 for SELL: the best level of the side, 0: none. */
  BEST: 1,
  /** `BEST_PRICE + side`, which is word 7 or 5: its price, `worstPrice` of none. */
  BEST_PRICE: 6,
  /** First of the free records, 0: none is free, and there are names for no more. */
  FREE: 1,
  /** The records that the next order and the next level will be, taken from the free ones beforehand. */
  ORDER_TO_COME: 3,
  LEVEL_TO_COME: 4,
} as const;

/** What stands for the best price of a side that has no orders: any price is at least as good. */
export function worstPrice(side: Side): Ticks {
  return side > 0 ? 0 : MAX_TICK;
}

export const Flag = {
  REDUCE_ONLY: 1,
  POST_ONLY: 2,
  /** The two bits from here on are the self-trade mode. */
  SELF_TRADE_SHIFT: 2,
  ALL: 15,
} as const;

// Plain numbers of this file, which V8 folds into the machine code; imported and exported ones it reloads at each use.
const { NEXT, PRICE, SIDE, LEVEL_LOTS, CARRIES, LEVEL, OWNER, FLAGS } = Field;
const { BEST_PRICE, FREE, ORDER_TO_COME, LEVEL_TO_COME } = Head;
const NUMBER_BITS = 21;
const RECORDS = 1 << NUMBER_BITS;
const LIFE = 1 << NUMBER_BITS;
const RECORD_BITS = 3;
const RECORD = (RECORDS - 1) << RECORD_BITS;

/** How records are named, and the orders that they have been. */
export const Name = {
  /** A record has 2³ words. */
  RECORD_BITS,
  /**
   * `words[…] & RECORD` is the record that stands there: the mask changes nothing, but from it V8 knows that the place of a field,
   * `record + FIELD`, is neither negative nor too large, and leaves out half of the machine code of each access.
   */
  RECORD,
  /**
   * How often a record became an order or ceased to be one, in the bits of word FLAGS from LIFE on: odd while it is one. A level
   * keeps the word as it is, for the orders to come.
   *
   * Handle = number of the record + its lives, the bits `-LIFE` of that word: a small integer to V8, where a larger one costs 16 bytes
   * of garbage each time it is handed to a function. A record that has been an order 512 times has no names left, which shows by
   * the sign of the word, and is not used again: that loses a byte for every 16 orders; a book ends after about 10⁹ orders.
   */
  LIFE,
} as const;

/**
 * Room for the resting orders of a book and its occupied price levels, records of 8 words in one array: what an order costs
 * is the cache lines that are touched. What happens to orders is written in `OrderBook`, which is one object with its
 * records, because each step through a second object costs a tenth of a command.
 *
 * A freed record keeps its fields, but for NEXT, until the next order or level is made of it, and that is never done
 * within the command that freed it: reports refer to the records that they are about.
 */
export class OrderPool {
  /** `declare`d, as what the constructor sets must not begin as undefined: V8 would check at each use what it is. */
  declare words: Int32Array<ArrayBuffer>;

  /** @param capacity orders to make room for beforehand. */
  constructor(capacity: number) {
    let records = 4;
    while (records <= capacity) records *= 2;
    assert(records <= RECORDS, `a book has room for less than ${RECORDS} orders and levels, not ${capacity}`);
    this.words = new Int32Array(records << RECORD_BITS);
    for (const side of [BUY, SELL] as const) this.words[BEST_PRICE + side] = worstPrice(side);
    this.free(1);
    this.words[ORDER_TO_COME] = this.take();
    this.words[LEVEL_TO_COME] = this.take();
  }

  /** Orders that rest; walks all records. */
  orderCount(): number {
    const words = this.words;
    let count = 0;
    for (let record = 0; record < words.length; record += 1 << RECORD_BITS) {
      if ((words[record | FLAGS] & LIFE) !== 0) count++;
    }
    return count;
  }

  /** Lots of all orders of a level; 0 for record 0. */
  levelLots(level: number): number {
    return level === 0 ? 0 : this.words[level | CARRIES] * 2 ** 31 + this.words[level | LEVEL_LOTS];
  }

  /** The handle of a resting order. */
  handleOf(order: number): Handle {
    return (this.words[order | FLAGS] & -LIFE) | (order >> RECORD_BITS);
  }

  /** The handle of an order that rests or was removed by the last command. */
  lastHandleOf(order: number): Handle {
    const odd = (this.words[order | FLAGS] - LIFE) | LIFE;
    return (odd & -LIFE) | (order >> RECORD_BITS);
  }

  /** The order that a handle names, 0 when it is not resting. */
  recordOf(handle: Handle): number {
    const words = this.words;
    const order = (handle << RECORD_BITS) & RECORD;
    if (order >= words.length) return 0; // as what lies there is looked at slowly
    const lives = words[order + FLAGS] & -LIFE;
    return (lives & LIFE) !== 0 && (lives | (order >> RECORD_BITS)) === handle ? order : 0;
  }

  /** Price of an order that rests or was removed by the last command. */
  priceOfRecord(order: number): Ticks {
    return this.words[this.words[order | LEVEL] | PRICE];
  }

  /** Side of the same. */
  sideOfRecord(order: number): Side {
    return this.words[this.words[order | LEVEL] | SIDE] as Side;
  }

  /**
   * The orders of an owner: bids from the best price to the worst, then asks, and at a price in the order in which they came to
   * rest. A walk over all records.
   */
  ordersOf(owner: number): number[] {
    const words = this.words;
    const levels = new Set<number>();
    for (let record = 0; record < words.length; record += 1 << RECORD_BITS) {
      if ((words[record | FLAGS] & LIFE) === 0 || words[record | OWNER] !== owner) continue;
      levels.add(words[record | LEVEL]);
    }
    const sorted = [...levels].sort((a, b) => {
      const side = words[a | SIDE];
      return words[b | SIDE] - side || side * (words[b | PRICE] - words[a | PRICE]);
    });
    return sorted.flatMap((level) => this.queueOf(level)).filter((order) => words[order | OWNER] === owner);
  }

  /** The orders of a level, the first in the queue first. */
  private queueOf(level: number): number[] {
    const words = this.words;
    const queue: number[] = [];
    for (let order = words[level | NEXT]; order !== level; order = words[order | NEXT]) queue.push(order);
    return queue;
  }

  /** Are there names for more records? */
  protected mayGrow(): boolean {
    return this.words.length >> RECORD_BITS < RECORDS;
  }

  /** Doubles the room. `words` are others from now on. */
  protected grow(): void {
    if (!this.mayGrow())
      assert(false, `a book ends with ${RECORDS} orders and levels that rest or have used up their names`);
    const old = this.words;
    this.words = grown(old, 2 * old.length);
    this.free(old.length >> RECORD_BITS);
  }

  /** Frees the records from this number on, so that the lowest is taken first. */
  private free(first: number): void {
    const words = this.words;
    for (let number = (words.length >> RECORD_BITS) - 1; number >= first; number--) {
      words[(number << RECORD_BITS) | NEXT] = words[FREE];
      words[FREE] = number << RECORD_BITS;
    }
  }

  private take(): number {
    const record = this.words[FREE];
    this.words[FREE] = this.words[record | NEXT];
    return record;
  }
}
