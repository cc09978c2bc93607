import { assert } from '../base/check.ts';
import { doubled } from './grow.ts';
import type { Handle } from './order.ts';

/** Where a field of order `slot` is: `fields[slot * 8 + FIELD]`, 32-bit integers; an order takes half a cache line. */
export const STRIDE_BITS = 3;
/** Lots that still rest; of a free slot: the next free slot. */
export const LOTS = 0;
/** Number of its price level. */
export const LEVEL = 1;
export const PRICE = 2;
export const SIDE = 3;
export const OWNER = 4;
export const TAG = 5;
/** What it remembers of how it was sent: the bits below. */
export const FLAGS = 6;

export const REDUCE_ONLY = 1;
export const POST_ONLY = 2;
/** The bits from here on are the self-trade mode. */
export const SELF_TRADE_SHIFT = 2;

/** Handle = slot + life · 2²⁴ is a safe integer: 2²⁴ − 1 orders rest at most, and a slot has 2²⁹ − 1 lives. */
const SLOTS = 2 ** 24;

/** All resting orders of a book, as numbers in two arrays; a freed slot is the next to be used again. Slot 0 is no order. */
export class OrderPool {
  fields: Int32Array<ArrayBuffer>;
  /** [slot] → its handle; of a free slot: minus the handle its next order will have. [0] is 0. */
  handles: Float64Array<ArrayBuffer>;
  /** Slots there are, slot 0 included; it doubles when they are used up. */
  size = 2;
  /** Orders that rest. */
  count = 0;
  private free = 0;

  constructor(capacity: number) {
    while (this.size <= capacity) this.size *= 2;
    this.fields = new Int32Array(this.size << STRIDE_BITS);
    this.handles = new Float64Array(this.size);
    this.addFree(1);
  }

  /** A slot for a new order; its handle is set, its fields are the caller's to fill in. */
  take(): number {
    if (this.free === 0) this.grow();
    const slot = this.free;
    this.free = this.fields[(slot << STRIDE_BITS) + LOTS];
    this.handles[slot] = -this.handles[slot];
    this.count++;
    return slot;
  }

  /** Ends the life of an order: its handle is stale from now on. */
  release(slot: number): void {
    const next = this.handles[slot] + SLOTS;
    if (next > Number.MAX_SAFE_INTEGER) assert(false, `slot ${slot} has used up its lives`);
    this.handles[slot] = -next;
    this.fields[(slot << STRIDE_BITS) + LOTS] = this.free;
    this.free = slot;
    this.count--;
  }

  /** The slot of a resting order, 0 when the handle names none. */
  slotOf(handle: Handle): number {
    const slot = handle & (SLOTS - 1);
    return handle > 0 && slot < this.size && this.handles[slot] === handle ? slot : 0;
  }

  private grow(): void {
    const first = this.size;
    assert(first < SLOTS, `no more than ${SLOTS - 1} orders can rest in a book`);
    this.fields = doubled(this.fields);
    this.handles = doubled(this.handles);
    this.size *= 2;
    this.addFree(first);
  }

  /** Frees the never used slots from `first` on, so that the lowest is taken first. */
  private addFree(first: number): void {
    for (let slot = this.size - 1; slot >= first; slot--) {
      this.handles[slot] = -(slot + SLOTS);
      this.fields[(slot << STRIDE_BITS) + LOTS] = this.free;
      this.free = slot;
    }
  }
}
