import { assert } from '../base/check.ts';
import type { Micros } from '../base/units.ts';

/** Names an event that is waiting. Never 0, and not used again for another event (see `EventPool.find`). */
export type EventId = number;

// "No slot" is −1, in each of the three files of the queue anew, and the layout below is in plain numbers:
// V8 folds a file's own constants into the machine code but reloads imported ones at each use, which
// made the queue 1.3 (10⁴ events) to 1.8 times (100 events) slower.
const NONE = -1;
/** Order of a slot that is not in use: sequence numbers begin with 1. */
const FREE = 0;

/** 16 phases of 5·10¹⁴ events each are exact in a double. */
const PHASE_STEP = 2 ** 49;
/** An id is slot + 2²⁴ · (sequence modulo 2²⁹). */
const SLOTS_MAX = 2 ** 24;
const SLOT_MASK = SLOTS_MAX - 1;
const TAG_MASK = 2 ** 29 - 1;

/**
 * All waiting events, a slot each; the slots of past events are used again, last in first out.
 *
 * One event lies together, 32 bytes in `values` and 8 in `links`, because what it costs to reach an
 * event is the cache lines that are touched.
 */
export class EventPool {
  /**
   * values[4·slot]: time; [4·slot + 1]: order within the instant, phase · 2⁴⁹ + sequence number, or FREE;
   * [4·slot + 2] and [4·slot + 3]: the two numbers of the event.
   */
  private values = new Float64Array(0);
  /**
   * links[2·slot]: next slot of the same bucket or of the free list, or −1;
   * [2·slot + 1]: what happens, handler · 16 + phase.
   */
  private links = new Int32Array(0);

  capacity = 0;
  /** Slots in use. */
  size = 0;
  private firstFree = NONE;
  /** Events so far; the number of the last one. */
  private sequence = 0;

  constructor(capacity: number) {
    this.grow(capacity);
  }

  /** Fills a free slot (there must be one). Its links are the caller's to set. */
  take(time: Micros, phase: number, handler: number, a: number, b: number): number {
    const { values, links } = this;
    const slot = this.firstFree;
    this.firstFree = links[2 * slot];
    this.size++;
    values[4 * slot] = time;
    values[4 * slot + 1] = phase * PHASE_STEP + ++this.sequence;
    values[4 * slot + 2] = a;
    values[4 * slot + 3] = b;
    links[2 * slot + 1] = handler * 16 + phase;
    return slot;
  }

  release(slot: number): void {
    this.links[2 * slot] = this.firstFree;
    this.values[4 * slot + 1] = FREE;
    this.firstFree = slot;
    this.size--;
  }

  /**
   * THE order of events: by time; at one instant by phase; within a phase, first scheduled, first to happen.
   *
   * It is total: no two events are equal, because each has a sequence number of its own. So the order never
   * depends on how the queue keeps its events, and a run can be repeated.
   */
  precedes(slot: number, other: number): boolean {
    const { values } = this;
    const time = values[4 * slot];
    const otherTime = values[4 * other];
    return time < otherTime || (time === otherTime && values[4 * slot + 1] < values[4 * other + 1]);
  }

  time(slot: number): Micros {
    return this.values[4 * slot];
  }
  a(slot: number): number {
    return this.values[4 * slot + 2];
  }
  b(slot: number): number {
    return this.values[4 * slot + 3];
  }
  phase(slot: number): number {
    return this.links[2 * slot + 1] & 15;
  }
  handler(slot: number): number {
    return this.links[2 * slot + 1] >> 4;
  }

  next(slot: number): number {
    return this.links[2 * slot];
  }
  setNext(slot: number, next: number): void {
    this.links[2 * slot] = next;
  }

  isWaiting(slot: number): boolean {
    return this.values[4 * slot + 1] !== FREE;
  }

  /** The id of the event in a slot. */
  id(slot: number): EventId {
    return slot + SLOTS_MAX * (this.values[4 * slot + 1] & TAG_MASK);
  }

  /**
   * The slot of a waiting event; −1 when the event has happened or was cancelled. (An old id would be taken
   * for a new event only if the two used one slot a multiple of 2²⁹ events apart.)
   */
  find(id: EventId): number {
    const slot = id & SLOT_MASK;
    return slot < this.capacity && this.isWaiting(slot) && this.id(slot) === id ? slot : NONE;
  }

  grow(capacity: number): void {
    assert(capacity <= SLOTS_MAX, `more than ${SLOTS_MAX} events are waiting`);
    const { values, links } = this;
    this.values = new Float64Array(4 * capacity);
    this.values.set(values);
    this.links = new Int32Array(2 * capacity);
    this.links.set(links);
    for (let slot = capacity - 1; slot >= this.capacity; slot--) {
      this.setNext(slot, this.firstFree);
      this.firstFree = slot;
    }
    this.capacity = capacity;
  }
}
