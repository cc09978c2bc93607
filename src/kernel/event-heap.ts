import type { EventPool } from './event-pool.ts';

/** A binary heap of slots, first event on top. Each slot knows its position, so that any can be removed. */
export class EventHeap {
  size = 0;
  /** slots[i] precedes slots[2i + 1] and slots[2i + 2]. */
  private slots = new Int32Array(16);
  private readonly pool: EventPool;
  /** What the slots in here have as their home. */
  private readonly home: number;

  constructor(pool: EventPool, home: number) {
    this.pool = pool;
    this.home = home;
  }

  /** The first slot; only when the heap is not empty. */
  get top(): number {
    return this.slots[0];
  }

  add(slot: number): void {
    if (this.size === this.slots.length) this.grow();
    this.pool.setHome(slot, this.home);
    this.rise(this.size++, slot);
  }

  /** Takes over a list of slots, in any order, when the heap is empty. */
  fill(head: number): void {
    const { pool } = this;
    for (let slot = head; slot >= 0; slot = pool.next(slot)) {
      if (this.size === this.slots.length) this.grow();
      this.put(this.size++, slot);
      pool.setHome(slot, this.home);
    }
    // Floyd's heap construction: every inner node sinks, the last first.
    for (let i = (this.size >> 1) - 1; i >= 0; i--) this.sink(i, this.slots[i]);
  }

  removeTop(): void {
    const last = this.slots[--this.size];
    if (this.size > 0) this.sink(0, last);
  }

  remove(slot: number): void {
    const position = this.pool.position(slot);
    const last = this.slots[--this.size];
    if (last === slot) return;
    // The last slot takes the place: it may belong further up or further down.
    if (this.pool.precedes(last, slot)) this.rise(position, last);
    else this.sink(position, last);
  }

  clear(): void {
    this.size = 0;
  }

  /** Puts `slot` at `position` or above. */
  private rise(position: number, slot: number): void {
    const { slots, pool } = this;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (!pool.precedes(slot, slots[parent])) break;
      this.put(position, slots[parent]);
      position = parent;
    }
    this.put(position, slot);
  }

  /** Puts `slot` at `position` or below. */
  private sink(position: number, slot: number): void {
    const { slots, pool, size } = this;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= size) break;
      if (child + 1 < size && pool.precedes(slots[child + 1], slots[child])) child++;
      if (!pool.precedes(slots[child], slot)) break;
      this.put(position, slots[child]);
      position = child;
    }
    this.put(position, slot);
  }

  private put(position: number, slot: number): void {
    this.slots[position] = slot;
    this.pool.setPosition(slot, position);
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Int32Array(2 * slots.length);
    this.slots.set(slots);
  }
}
