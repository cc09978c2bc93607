import type { EventPool } from './event-pool.ts';

/** A binary heap of slots, first event on top. It knows the position of each, so that any can be removed. */
export class EventHeap {
  size = 0;
  /** slots[i] precedes slots[2i + 1] and slots[2i + 2]. */
  private slots = new Int32Array(16);
  /** positions[slot]: where in `slots` it is; of a slot that is not in here, where it was. */
  private positions = new Int32Array(16);
  private readonly pool: EventPool;

  constructor(pool: EventPool) {
    this.pool = pool;
  }

  /** The first slot; only when the heap is not empty. */
  get top(): number {
    return this.slots[0];
  }

  has(slot: number): boolean {
    const position = this.positions[slot];
    return position < this.size && this.slots[position] === slot;
  }

  add(slot: number): void {
    if (this.positions.length < this.pool.capacity) this.grow();
    this.rise(this.size++, slot);
  }

  /** Takes over a list of slots, in any order, when the heap is empty. */
  fill(head: number): void {
    const { pool } = this;
    if (this.positions.length < pool.capacity) this.grow();
    for (let slot = head; slot >= 0; slot = pool.next(slot)) this.put(this.size++, slot);
    // Floyd's heap construction: every inner node sinks, the last first.
    for (let i = (this.size >> 1) - 1; i >= 0; i--) this.sink(i, this.slots[i]);
  }

  removeTop(): void {
    const last = this.slots[--this.size];
    if (this.size > 0) this.sink(0, last);
  }

  remove(slot: number): void {
    const position = this.positions[slot];
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
    this.positions[slot] = position;
  }

  /** Makes room for as many slots as the pool has. */
  private grow(): void {
    const { slots, positions } = this;
    this.slots = new Int32Array(this.pool.capacity);
    this.slots.set(slots);
    this.positions = new Int32Array(this.pool.capacity);
    this.positions.set(positions);
  }
}
