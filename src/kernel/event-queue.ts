import type { Micros } from '../base/units.ts';
import { EventHeap } from './event-heap.ts';
import { EventPool } from './event-pool.ts';
import type { EventId } from './event-pool.ts';

export type { EventId } from './event-pool.ts';

const SLOTS_AT_FIRST = 256;
const BUCKETS_PER_SLOT = 8;
const WIDTH_AT_FIRST: Micros = 1024;
/** The width is the mean gap between events divided by this … */
const INTERVALS_PER_GAP = 4;
/** … unless the wheel would then span less than this many mean delays: of exponential ones, 2 % are longer. */
const SPAN_IN_DELAYS = 4;
const POPS_PER_REVIEW_MIN = 1024;
/** A bucket with more events than this is sorted rather than searched. */
const LIST_MAX = 8;

/** No slot. */
const NONE = -1;

/**
 * The events that will happen, in the total order of `EventPool.precedes`.
 *
 * A calendar: time is cut into intervals of equal width, and the wheel has a bucket, a short unsorted list, for
 * each of the coming intervals. What is beyond the wheel waits in a heap until the wheel comes near.
 *
 *        ≤ over              over + 1 … over + mask               later
 *   ┌─────────────┐   ┌────┬────┬────┬────┬── ── ──┬────┐   ┌─────────────┐
 *   │ near (heap) │   │    │ ·  │    │ ·· │        │ ·  │ ◀ │  far (heap) │
 *   └─────────────┘   └────┴────┴────┴────┴── ── ──┴────┘   └─────────────┘
 *
 * With less than one event an interval, push and pop cost the same for a hundred events and for ten thousand.
 * The width is set from the pace of past events. It decides how fast the queue is, never the order: a bucket that
 * has become long (a thousand events at one instant) moves into the heap `near` when its time comes, and so does
 * an event from before the wheel's first bucket.
 */
export class EventQueue {
  /** The event popped last; zeros before the first. */
  time: Micros = 0;
  phase = 0;
  handler = 0;
  a = 0;
  b = 0;

  private readonly pool = new EventPool(SLOTS_AT_FIRST);
  private readonly near = new EventHeap(this.pool);
  private readonly far = new EventHeap(this.pool);

  /** heads[bucket]: first slot of the list of interval n, where bucket = n & mask; or NONE. */
  private heads = new Int32Array(SLOTS_AT_FIRST * BUCKETS_PER_SLOT).fill(NONE);
  /** Bit (bucket & 31) of occupied[bucket >> 5] is set when the bucket has slots. */
  private occupied = new Int32Array(this.heads.length / 32);
  /** Number of buckets, a power of two, less one. */
  private mask = this.heads.length - 1;
  /** Events in the wheel. */
  private wheelSize = 0;

  /** 1/width: a power of two, so that `time · intervalsPerMicro` is exact. */
  private intervalsPerMicro = 1 / WIDTH_AT_FIRST;
  /** Number of the last interval before the wheel: floor(time · intervalsPerMicro) of what is in `near`, at most. */
  private over = -1;
  /** The value of `over` at which the wheel reaches the first event in `far`; Infinity when there is none. */
  private reachesFarAt = Infinity;

  private lastSlot = NONE;

  /** Pops left until the width is reviewed; pops in all from the last review to the next; time of the last. */
  private popsToReview = POPS_PER_REVIEW_MIN;
  private popsPerReview = POPS_PER_REVIEW_MIN;
  private reviewedAt: Micros = 0;

  /** Events waiting. */
  get size(): number {
    return this.pool.size;
  }

  /**
   * Adds an event. `time` is in whole microseconds, 0 or more (even before the event popped last), `phase` 0 to 15,
   * `handler` 0 to 2²⁷ − 1, `a` and `b` any two numbers. Its name is `lastId`.
   */
  push(time: Micros, phase: number, handler: number, a: number, b: number): void {
    const { pool } = this;
    if (pool.size === pool.capacity) this.grow();
    const slot = pool.take(time, phase, handler, a, b);
    this.place(slot, time);
    this.lastSlot = slot;
  }

  /**
   * Names the event pushed last, while it waits. Not what `push` returns, because hardly anybody asks: an id is too
   * large for a small integer of V8, and putting it on the heap at each push cost a fifth of push and pop.
   */
  get lastId(): EventId {
    return this.pool.id(this.lastSlot);
  }

  /**
   * Takes the first event out of the queue and into the fields `time` … `b`.
   * False when there is none up to and including `horizon`.
   */
  pop(horizon: Micros = Infinity): boolean {
    const { pool } = this;
    const slot = this.near.size > 0 ? this.takeNear(horizon) : this.takeFromWheel(horizon);
    if (slot === NONE) return false;
    this.time = pool.time(slot);
    this.phase = pool.phase(slot);
    this.handler = pool.handler(slot);
    this.a = pool.a(slot);
    this.b = pool.b(slot);
    pool.release(slot);
    if (--this.popsToReview === 0) this.reviewWidth();
    return true;
  }

  /** Time of the first event; Infinity when there is none. */
  peekTime(): Micros {
    if (this.near.size > 0) return this.pool.time(this.near.top);
    if (this.wheelSize > 0) return this.pool.time(this.firstOf(this.heads[this.nextBucket()], Infinity));
    return this.far.size > 0 ? this.pool.time(this.far.top) : Infinity;
  }

  /**
   * Takes an event out of the queue. False when it has happened or was cancelled before.
   * Walks the bucket, which is long only when many events wait for one instant.
   */
  cancel(id: EventId): boolean {
    const slot = this.pool.find(id);
    if (slot === NONE) return false;
    if (this.near.has(slot)) this.near.remove(slot);
    else if (this.far.has(slot)) this.removeFar(slot);
    else this.unlink(slot, this.intervalOf(this.pool.time(slot)) & this.mask);
    this.pool.release(slot);
    return true;
  }

  private place(slot: number, time: Micros): void {
    const interval = this.intervalOf(time);
    const ahead = interval - this.over;
    if (ahead <= 0) this.near.add(slot);
    else if (ahead <= this.mask) this.link(slot, interval & this.mask);
    else this.addFar(slot, interval);
  }

  private takeNear(horizon: Micros): number {
    const slot = this.near.top;
    if (this.pool.time(slot) > horizon) return NONE;
    this.near.removeTop();
    return slot;
  }

  /** The first slot of the wheel, if it is due; `near` is empty. */
  private takeFromWheel(horizon: Micros): number {
    if (this.wheelSize === 0 && !this.jumpToFar(horizon)) return NONE;
    const bucket = this.nextBucket();
    const interval = this.over + ((bucket - this.over) & this.mask);
    const head = this.heads[bucket];
    const isAlone = this.pool.next(head) === NONE;
    const slot = isAlone ? head : this.firstOf(head, LIST_MAX);
    if (slot === NONE) return this.takeFromLongBucket(bucket, interval, horizon);
    if (this.pool.time(slot) > horizon) return NONE;
    if (isAlone) {
      this.empty(bucket);
      this.wheelSize--;
    } else this.unlink(slot, bucket);
    this.turnTo(interval - 1);
    return slot;
  }

  private takeFromLongBucket(bucket: number, interval: number, horizon: Micros): number {
    if (interval > this.intervalOf(horizon)) return NONE;
    this.near.fill(this.heads[bucket]);
    this.wheelSize -= this.near.size;
    this.empty(bucket);
    this.turnTo(interval);
    return this.takeNear(horizon);
  }

  /** Turns the empty wheel to the first event in `far`; false when that is not due. */
  private jumpToFar(horizon: Micros): boolean {
    if (this.far.size === 0 || this.pool.time(this.far.top) > horizon) return false;
    this.turnTo(this.intervalOf(this.pool.time(this.far.top)) - 1);
    return true;
  }

  /** Moves `over` on, and what the wheel now reaches out of `far`. */
  private turnTo(over: number): void {
    this.over = over;
    if (over >= this.reachesFarAt) this.fetchFar(over);
  }

  private fetchFar(over: number): void {
    while (over >= this.reachesFarAt) {
      const slot = this.far.top;
      this.removeFar(slot);
      this.place(slot, this.pool.time(slot));
    }
  }

  /** The first bucket with slots; only when the wheel is not empty. */
  private nextBucket(): number {
    const { occupied } = this;
    const start = (this.over + 1) & this.mask;
    let word = start >> 5;
    let bits = occupied[word] & (-1 << (start & 31));
    while (bits === 0) {
      word = (word + 1) & (this.mask >> 5);
      bits = occupied[word];
    }
    return (word << 5) + 31 - Math.clz32(bits & -bits); // the lowest bit that is set
  }

  /** The first event in a bucket's list; NONE when the list is longer than `lengthMax`. */
  private firstOf(head: number, lengthMax: number): number {
    const { pool } = this;
    let first = head;
    let length = 1;
    for (let slot = pool.next(head); slot !== NONE; slot = pool.next(slot)) {
      if (++length > lengthMax) return NONE;
      if (pool.precedes(slot, first)) first = slot;
    }
    return first;
  }

  // Each list is linked in one direction only, so that a push touches no event but its own.
  private link(slot: number, bucket: number): void {
    const head = this.heads[bucket];
    this.pool.setNext(slot, head);
    this.heads[bucket] = slot;
    if (head === NONE) this.occupied[bucket >> 5] |= 1 << (bucket & 31);
    this.wheelSize++;
  }

  private unlink(slot: number, bucket: number): void {
    const { pool } = this;
    const next = pool.next(slot);
    let previous = this.heads[bucket];
    this.wheelSize--;
    if (previous === slot) {
      if (next === NONE) this.empty(bucket);
      else this.heads[bucket] = next;
      return;
    }
    while (pool.next(previous) !== slot) previous = pool.next(previous);
    pool.setNext(previous, next);
  }

  private empty(bucket: number): void {
    this.heads[bucket] = NONE;
    this.occupied[bucket >> 5] &= ~(1 << (bucket & 31));
  }

  private addFar(slot: number, interval: number): void {
    this.far.add(slot);
    this.reachesFarAt = Math.min(this.reachesFarAt, interval - this.mask);
  }

  private removeFar(slot: number): void {
    const { far } = this;
    far.remove(slot);
    this.reachesFarAt = far.size > 0 ? this.intervalOf(this.pool.time(far.top)) - this.mask : Infinity;
  }

  private intervalOf(time: Micros): number {
    return Math.floor(time * this.intervalsPerMicro);
  }

  private grow(): void {
    this.pool.grow(2 * this.pool.capacity);
    this.heads = new Int32Array(this.pool.capacity * BUCKETS_PER_SLOT);
    this.occupied = new Int32Array(this.heads.length / 32);
    this.mask = this.heads.length - 1;
    this.rebuild();
  }

  /** Sets the width from the pace of the events since the last review, if it is off by more than a factor of two. */
  private reviewWidth(): void {
    const gap = (this.time - this.reviewedAt) / this.popsPerReview;
    const meanDelay = gap * this.size; // Little's law
    const ideal = Math.max(1, gap / INTERVALS_PER_GAP, (SPAN_IN_DELAYS * meanDelay) / this.heads.length);
    const ratio = ideal * this.intervalsPerMicro;
    // All at one instant: that says nothing about the pace to come.
    if (gap > 0 && (ratio > 2 || ratio < 1 / 2)) this.setWidth(ideal);
    this.reviewedAt = this.time;
    // A rebuild visits every slot and every bucket: this many pops pay for it.
    this.popsPerReview = Math.max(POPS_PER_REVIEW_MIN, this.pool.capacity);
    this.popsToReview = this.popsPerReview;
  }

  /** Sets the width to the power of two nearest to `ideal`. */
  private setWidth(ideal: Micros): void {
    let width = 1;
    while (width * Math.SQRT2 < ideal) width *= 2;
    this.intervalsPerMicro = 1 / width;
    this.rebuild();
  }

  /** Puts every event where it belongs after the width or the number of buckets has changed. */
  private rebuild(): void {
    const { pool } = this;
    this.heads.fill(NONE);
    this.occupied.fill(0);
    this.wheelSize = 0;
    this.near.clear();
    this.far.clear();
    this.over = this.intervalOf(this.time) - 1;
    this.reachesFarAt = Infinity;
    for (let slot = 0; slot < pool.capacity; slot++) {
      if (pool.isWaiting(slot)) this.place(slot, this.pool.time(slot));
    }
  }
}
