import type { EventQueue } from '../../src/kernel/event-queue.ts';

/** What the engine asks of a queue. */
export type Queue = Pick<
  EventQueue,
  'push' | 'lastId' | 'pop' | 'peekTime' | 'cancel' | 'size' | 'time' | 'phase' | 'handler' | 'a' | 'b'
>;

interface WaitingEvent {
  id: number;
  time: number;
  phase: number;
  handler: number;
  a: number;
  b: number;
}

/** The slow, obvious twin of `EventQueue`: an array kept in order. Ids are the sequence numbers. */
export class SortedQueue implements Queue {
  time = 0;
  phase = 0;
  handler = 0;
  a = 0;
  b = 0;
  /** Also the number of events so far. */
  lastId = 0;
  private waiting: WaitingEvent[] = [];

  get size(): number {
    return this.waiting.length;
  }

  push(time: number, phase: number, handler: number, a: number, b: number): void {
    const id = ++this.lastId;
    const later = this.waiting.findIndex((e) => e.time > time || (e.time === time && e.phase > phase));
    this.waiting.splice(later < 0 ? this.waiting.length : later, 0, { id, time, phase, handler, a, b });
  }

  pop(horizon = Infinity): boolean {
    if (this.peekTime() > horizon || this.size === 0) return false;
    const { id: _, ...event } = this.waiting.shift()!;
    Object.assign(this, event);
    return true;
  }

  peekTime(): number {
    return this.waiting[0]?.time ?? Infinity;
  }

  cancel(id: number): boolean {
    const place = this.waiting.findIndex((e) => e.id === id);
    if (place >= 0) this.waiting.splice(place, 1);
    return place >= 0;
  }
}
