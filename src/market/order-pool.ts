import { assert } from '../base/check.ts';
import type { Side, Ticks } from '../base/units.ts';
import { grown } from './grow.ts';
import type { Handle } from './order.ts';

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
  /** What it remembers of how it was sent: the bits of `Flag`. Above them LIVES. */
  FLAGS: 6,
  /** Orders that came to rest before it. */
  ARRIVAL: 7,

  /** Of a level. Words 4 and 5 are a double, the lots of all its orders, which may exceed 32 bits. */
  PRICE: 2,
  SIDE: 3,
} as const;

export const Flag = {
  REDUCE_ONLY: 1,
  POST_ONLY: 2,
  /** The two bits from here on are the self-trade mode. */
  SELF_TRADE_SHIFT: 2,
  ALL: 15,
} as const;

// Plain numbers of this file, which V8 folds into the machine code; imported ones it would reload at each use.
const { NEXT, PREVIOUS, PRICE, SIDE, LEVEL, LOTS, OWNER, TAG, FLAGS: LIVES, ARRIVAL } = Field;
/** Place of the lots of a level in the same memory read as doubles, from `record >> 1`. */
const LEVEL_LOTS = 2;
/** A record has 8 words. */
const RECORD_BITS = 3;

/**
 * How often a record became an order or ceased to be one, in the bits of word LIVES above the flags: odd while it is
 * one. A level keeps the word as it is, for the orders to come.
 */
const LIFE_SHIFT = 4;
const LIFE = 1 << LIFE_SHIFT;
/** A record that has got so far is not used again. */
const LAST_LIFE = 2 ** 31 - LIFE;

/** Handle = number of the record + life · 2²⁴, below 2⁵¹. */
const RECORDS = 2 ** 24;

const LAST_ARRIVAL = 2 ** 31 - 1;

/**
 * All resting orders of a book and its occupied price levels, records of 8 words in one array: what an order costs is
 * the cache lines that are touched.
 *
 * A freed record keeps its fields, but for NEXT, until the next order or level is made of it, and that is never done
 * within the command that freed it: reports refer to the records that they are about.
 *
 * A place is written `record | FIELD` rather than `+`, which V8 would check for overflow, and a parameter that is stored
 * `x | 0`, without which V8 stores it by way of a double.
 */
export class OrderPool {
  words = new Int32Array(0);
  /** The same memory as doubles. */
  private doubles = new Float64Array(0);
  /** [owner] → orders of this owner that rest. */
  private ownersOrders = new Int32Array(64);
  /** Orders that have come to rest, and those of them that are gone. */
  arrivals = 0;
  private departures = 0;
  /** First of the free records; the two below are none of them. */
  private free = 0;
  /** The records that the next order and the next level will be. */
  private nextOrder = 0;
  private nextLevel = 0;

  constructor(capacity: number) {
    let records = 4;
    while (records <= capacity) records *= 2;
    this.makeRoom(records);
    this.nextOrder = this.take();
    this.nextLevel = this.take();
  }

  // ---------------------------------------------------------------- orders

  /** Orders that rest. */
  get count(): number {
    return this.arrivals - this.departures;
  }

  /** An order at the end of the queue of a level. At most one a command, and before it any level. */
  addOrder(level: number, owner: number, lots: number, tag: number, flags: number): number {
    const order = this.nextOrder;
    this.nextOrder = this.take();
    if (this.arrivals === LAST_ARRIVAL) this.renumber();
    const words = this.words;
    const last = words[level | PREVIOUS];
    words[order | NEXT] = level | 0;
    words[order | PREVIOUS] = last;
    words[last | NEXT] = order;
    words[level | PREVIOUS] = order;
    words[order | LEVEL] = level | 0;
    words[order | LOTS] = lots | 0;
    words[order | OWNER] = owner | 0;
    words[order | TAG] = tag | 0;
    words[order | LIVES] = ((words[order | LIVES] & -LIFE) + LIFE) | flags;
    words[order | ARRIVAL] = this.arrivals++;
    this.doubles[(level >> 1) | LEVEL_LOTS] += lots;
    const others = this.ownersOrders[owner];
    if (others >= 0) this.ownersOrders[owner] = others + 1;
    else this.addOwner(owner);
    return order;
  }

  /** Takes an order out of its queue and ends its life: its handle is stale from now on. True when the queue is empty now. */
  removeOrder(order: number): boolean {
    const words = this.words;
    const next = words[order | NEXT];
    const previous = words[order | PREVIOUS];
    words[previous | NEXT] = next;
    words[next | PREVIOUS] = previous;
    this.doubles[(words[order | LEVEL] >> 1) | LEVEL_LOTS] -= words[order | LOTS];
    this.departures++;
    this.ownersOrders[words[order | OWNER]]--;
    const lives = words[order | LIVES] + LIFE;
    words[order | LIVES] = lives;
    if (lives < LAST_LIFE) this.release(order);
    return next === previous;
  }

  /** Takes lots away from an order that keeps some. */
  takeLots(order: number, lots: number): void {
    const words = this.words;
    words[order | LOTS] -= lots;
    this.doubles[(words[order | LEVEL] >> 1) | LEVEL_LOTS] -= lots;
  }

  /** The handle of a resting order, 0 for record 0. */
  handleOf(order: number): Handle {
    return (this.words[order | LIVES] >> LIFE_SHIFT) * RECORDS + (order >> RECORD_BITS);
  }

  /** The handle of an order that rests or was removed by the last command. */
  lastHandleOf(order: number): Handle {
    const odd = ((this.words[order | LIVES] - LIFE) >> LIFE_SHIFT) | 1;
    return odd * RECORDS + (order >> RECORD_BITS);
  }

  /** The order that a handle names, 0 when it is not resting. */
  find(handle: Handle): number {
    const order = (handle & (RECORDS - 1)) << RECORD_BITS;
    return order < this.words.length &&
      (this.words[order | LIVES] & LIFE) !== 0 &&
      this.handleOf(order) === handle
      ? order
      : 0;
  }

  /** Price of an order that rests or was removed by the last command. */
  priceOf(order: number): Ticks {
    return this.words[this.words[order | LEVEL] | PRICE];
  }

  sideOf(order: number): Side {
    return this.words[this.words[order | LEVEL] | SIDE] as Side;
  }

  /** The orders of an owner, in the order in which they came to rest: a walk over all records if there is one. */
  ordersOf(owner: number): number[] {
    const words = this.words;
    const orders: number[] = [];
    const count = this.ownersOrders[owner] ?? 0;
    for (let record = 0; orders.length < count; record += 1 << RECORD_BITS) {
      if ((words[record | LIVES] & LIFE) !== 0 && words[record | OWNER] === owner) orders.push(record);
    }
    return orders.sort((a, b) => words[a | ARRIVAL] - words[b | ARRIVAL]);
  }

  /** Counts the first order of an owner with a greater number than all before. */
  private addOwner(owner: number): void {
    assert(Number.isInteger(owner) && owner >= 0 && owner < 2 ** 31, `${owner} is no account number`);
    this.ownersOrders = grown(this.ownersOrders, owner + 1);
    this.ownersOrders[owner] = 1;
  }

  /** Makes the arrivals of the resting orders small again, in the same order. */
  private renumber(): void {
    const words = this.words;
    const resting: number[] = [];
    for (let record = 0; record < words.length; record += 1 << RECORD_BITS) {
      if ((words[record | LIVES] & LIFE) !== 0) resting.push(record);
    }
    resting.sort((a, b) => words[a | ARRIVAL] - words[b | ARRIVAL]);
    for (const [i, record] of resting.entries()) words[record | ARRIVAL] = i;
    this.arrivals = resting.length;
    this.departures = 0;
  }

  // ---------------------------------------------------------------- levels

  /** A level without orders and lots. At most one a command. */
  addLevel(side: Side, price: Ticks): number {
    const level = this.nextLevel;
    this.nextLevel = this.take();
    const words = this.words;
    words[level | NEXT] = level;
    words[level | PREVIOUS] = level;
    words[level | PRICE] = price | 0;
    words[level | SIDE] = side | 0;
    this.doubles[(level >> 1) | LEVEL_LOTS] = 0;
    return level;
  }

  /** The level must have lost all its orders. */
  removeLevel(level: number): void {
    this.release(level);
  }

  /** Lots of all orders of a level; 0 for record 0. */
  levelLots(level: number): number {
    return this.doubles[(level >> 1) | LEVEL_LOTS];
  }

  // ---------------------------------------------------------------- free records

  private take(): number {
    if (this.free === 0) this.makeRoom((2 * this.words.length) >> RECORD_BITS);
    const record = this.free;
    this.free = this.words[record | NEXT];
    return record;
  }

  private release(record: number): void {
    this.words[record | NEXT] = this.free;
    this.free = record;
  }

  /** Makes the records as many as this, and frees the new ones so that the lowest is taken first. */
  private makeRoom(records: number): void {
    assert(records <= RECORDS, `no more than ${RECORDS - 3} orders and levels can rest in a book`);
    const old = this.words;
    this.words = new Int32Array(records << RECORD_BITS);
    this.words.set(old);
    this.doubles = new Float64Array(this.words.buffer);
    const first = Math.max(1, old.length >> RECORD_BITS);
    for (let number = records - 1; number >= first; number--) this.release(number << RECORD_BITS);
  }
}
