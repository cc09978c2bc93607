import { assert } from '../base/check.ts';
import type { Side, Ticks } from '../base/units.ts';
import { grown } from './grow.ts';
import type { Handle } from './order.ts';

/**
 * Where the fields of a record are: `words[record | LOTS]`, 32-bit integers. A record is named by the place of its first
 * word, a multiple of 16; record 0 is no order and no level.
 */
export const Field = {
  /**
   * The queue of a level is a ring that the level closes, so that joining and leaving it need not ask who is there:
   * `level ⇄ first order ⇄ … ⇄ last order ⇄ level`. Of a free record: NEXT is the next free one.
   */
  NEXT: 0,
  PREVIOUS: 1,

  /** Of a level. Words 4 and 5 are a double, the lots of all its orders, which may exceed 32 bits. */
  PRICE: 2,
  SIDE: 3,

  /** Of an order: lots that still rest. */
  LOTS: 2,
  LEVEL: 3,
  OWNER: 4,
  TAG: 5,
  /** What it remembers of how it was sent: the bits of `Flag`. */
  FLAGS: 6,
  /**
   * Words 8 and 9 tie the orders of one owner together, in the order in which they came to rest: a ring that the owner's
   * own link closes. A link is named by the place of its first word: there stands the next link, and then the one before.
   */
  OWNERS_LINK: 8,
  // Words 10 and 11 are a double, the handle.
} as const;

export const Flag = {
  REDUCE_ONLY: 1,
  POST_ONLY: 2,
  /** The bits from here on are the self-trade mode. */
  SELF_TRADE_SHIFT: 2,
} as const;

// Plain numbers of this file, which V8 folds into the machine code; imported ones it would reload at each use.
const { NEXT, PREVIOUS, PRICE, SIDE, LEVEL, OWNERS_LINK } = Field;
const RECORD_BITS = 4;
/** Places of the two doubles in the same memory read as doubles, from `record >> 1`. */
const LEVEL_LOTS = 2;
const HANDLE = 5;

/** Handle = number of the record + life · 2²⁴ is a safe integer: 2²⁴ − 1 records at most, each with 2²⁹ − 1 lives. */
const RECORDS = 2 ** 24;

/**
 * All resting orders of a book and its occupied price levels, records of 16 words in one array: what an order costs is
 * the cache lines that are touched, so each lies together, in twelve of its words, because arrays begin a quarter of a
 * line late. A freed record is the next to be used again.
 *
 * A place is written `record | FIELD` rather than `+`, which V8 would check for overflow, and a parameter that is stored
 * `x | 0`, without which V8 stores it by way of a double.
 */
export class OrderPool {
  words = new Int32Array(0);
  /** The same memory as doubles. */
  private doubles = new Float64Array(0);
  /** [owner >> 2] → the record whose words 0 to 7 are the links of four owners, 0: none of them has rested an order. */
  private ownerRecords = new Int32Array(64);
  /** Orders that rest. */
  count = 0;
  private free = 0;

  constructor(capacity: number) {
    let records = 2;
    while (records <= capacity) records *= 2;
    this.makeRoom(records);
  }

  // ---------------------------------------------------------------- records

  /** A record for a new order; its handle is set, its fields are the caller's to fill in. */
  takeOrder(): number {
    const order = this.take();
    const handle = (order >> 1) | HANDLE;
    this.doubles[handle] = -this.doubles[handle];
    this.count++;
    return order;
  }

  /** Ends the life of an order: its handle is stale from now on. */
  releaseOrder(order: number): void {
    const handle = (order >> 1) | HANDLE;
    const next = this.doubles[handle] + RECORDS;
    if (next > Number.MAX_SAFE_INTEGER) assert(false, `record ${order} has used up its lives`);
    this.doubles[handle] = -next;
    this.count--;
    this.release(order);
  }

  /** A level without orders and lots. */
  takeLevel(side: Side, price: Ticks): number {
    const level = this.take();
    const words = this.words;
    words[level | NEXT] = level;
    words[level | PREVIOUS] = level;
    words[level | PRICE] = price;
    words[level | SIDE] = side;
    this.doubles[(level >> 1) | LEVEL_LOTS] = 0;
    return level;
  }

  /** The level must have lost all its orders. */
  releaseLevel(level: number): void {
    this.release(level);
  }

  /** The handle of a resting order, 0 for record 0. Of a free order: minus the handle that it will have. */
  handleOf(order: number): Handle {
    return this.doubles[(order >> 1) | HANDLE];
  }

  /** The order that a handle names, 0 when it is not resting. */
  find(handle: Handle): number {
    const order = (handle & (RECORDS - 1)) << RECORD_BITS;
    return handle > 0 && order < this.words.length && this.doubles[(order >> 1) | HANDLE] === handle
      ? order
      : 0;
  }

  /** Price of a resting order. */
  priceOf(order: number): Ticks {
    return this.words[this.words[order | LEVEL] | PRICE];
  }

  sideOf(order: number): Side {
    return this.words[this.words[order | LEVEL] | SIDE] as Side;
  }

  /** Lots of all orders of a level; 0 for record 0. */
  levelLots(level: number): number {
    return this.doubles[(level >> 1) | LEVEL_LOTS];
  }

  addLevelLots(level: number, lots: number): void {
    this.doubles[(level >> 1) | LEVEL_LOTS] += lots;
  }

  // ---------------------------------------------------------------- queues

  /** Puts an order at the end of the queue of a level. */
  join(level: number, order: number): void {
    const words = this.words;
    const last = words[level | PREVIOUS];
    words[order | NEXT] = level | 0;
    words[order | PREVIOUS] = last;
    words[last | NEXT] = order | 0;
    words[level | PREVIOUS] = order | 0;
  }

  /** Takes an order out of its queue; true when that is empty now. */
  leave(order: number): boolean {
    const words = this.words;
    const next = words[order | NEXT];
    const previous = words[order | PREVIOUS];
    words[previous | NEXT] = next;
    words[next | PREVIOUS] = previous;
    return next === previous;
  }

  // ---------------------------------------------------------------- orders of an owner

  /** The order of this owner that has rested longest, 0 when there is none. */
  oldestOf(owner: number): number {
    const record = owner >> 2 < this.ownerRecords.length ? this.ownerRecords[owner >> 2] : 0;
    return record === 0 ? 0 : orderAt(this.words[record | ((owner & 3) << 1)]);
  }

  /** The next order of its owner, 0 after the last. */
  nextOfOwner(order: number): number {
    return orderAt(this.words[order | OWNERS_LINK]);
  }

  /** Makes an order the latest of its owner. */
  joinOwner(owner: number, order: number): void {
    let record = this.ownerRecords[owner >> 2];
    if (!(record > 0)) record = this.addOwners(owner);
    const words = this.words;
    const own = record | ((owner & 3) << 1);
    const link = order | OWNERS_LINK;
    const last = words[own | 1];
    words[link] = own;
    words[link | 1] = last;
    words[last] = link;
    words[own | 1] = link;
  }

  leaveOwner(order: number): void {
    const words = this.words;
    const next = words[order | OWNERS_LINK];
    const previous = words[order | OWNERS_LINK | 1];
    words[previous] = next;
    words[next | 1] = previous;
  }

  /** Gives an owner and its three neighbours links. */
  private addOwners(owner: number): number {
    assert(Number.isInteger(owner) && owner >= 0 && owner < 2 ** 31, `${owner} is no account number`);
    this.ownerRecords = grown(this.ownerRecords, (owner >> 2) + 1);
    const record = this.take();
    for (let own = record; own < record + 8; own += 2) {
      this.words[own] = own;
      this.words[own | 1] = own;
    }
    this.ownerRecords[owner >> 2] = record;
    return record;
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
    assert(records <= RECORDS, `no more than ${RECORDS - 1} orders and levels can rest in a book`);
    const old = this.words;
    this.words = new Int32Array(records << RECORD_BITS);
    this.words.set(old);
    this.doubles = new Float64Array(this.words.buffer);
    const first = Math.max(1, old.length >> RECORD_BITS);
    for (let number = records - 1; number >= first; number--) {
      const record = number << RECORD_BITS;
      this.doubles[(record >> 1) | HANDLE] = -(number + RECORDS);
      this.release(record);
    }
  }
}

/** The order that a link belongs to, 0 for the link of an owner. */
function orderAt(link: number): number {
  return (link & OWNERS_LINK) === 0 ? 0 : link ^ OWNERS_LINK;
}
