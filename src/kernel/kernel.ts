import { assert } from '../base/check.ts';
import type { Micros } from '../base/units.ts';
import { EventQueue } from './event-queue.ts';
import type { EventId } from './event-queue.ts';

/**
 * What comes first within one instant. Prices are known before orders meet, orders before the mark is
 * taken, the mark before margins are checked, and what a liquidation leaves unpaid goes down the waterfall
 * before anybody else acts. Agents see the outcome, and the recorder sees everything.
 */
export const Phase = {
  SHOCK: 0,
  FEED: 1,
  INDEX: 2,
  ORDER_ARRIVAL: 3,
  MARK: 4,
  MARGIN_CHECK: 5,
  LIQUIDATION: 6,
  WATERFALL: 7,
  FUNDING: 8,
  AGENT: 9,
  RECORD: 10,
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

/** What happens at an event. `a` and `b` are the numbers given when it was scheduled. */
export type Handler = (a: number, b: number) => void;
/** A registered handler. */
export type HandlerId = number;
/** Sees each event just before it happens. */
export type Observer = (time: Micros, phase: Phase, handler: HandlerId, a: number, b: number) => void;

/**
 * The clock of a run: events happen one after the other, in the order of `EventPool.precedes`, and time
 * stands still while one happens.
 *
 * A handler may schedule events at the current time. One of an earlier phase than the current one happens
 * next, before everything of a later phase that is already waiting at this instant.
 */
export class Kernel {
  private readonly queue = new EventQueue();
  private readonly handlers: Handler[] = [];
  private observer: Observer | undefined = undefined;
  private time: Micros = 0;
  private count = 0;

  get now(): Micros {
    return this.time;
  }

  /** Number of events that have happened. */
  get processed(): number {
    return this.count;
  }

  /** Makes a handler known, while the world is built; its number is its place in the order of registration. */
  register(handler: Handler): HandlerId {
    return this.handlers.push(handler) - 1;
  }

  /** Schedules an event, now or later. `a` and `b` are any numbers the handler needs. */
  at(time: Micros, phase: Phase, handler: HandlerId, a = 0, b = 0): void {
    if (!(time >= this.time && Number.isSafeInteger(time))) {
      assert(false, `an event at ${time} µs: times are whole and not before now, ${this.time} µs`);
    }
    if (!(handler < this.handlers.length)) assert(false, `handler ${handler} is not registered`);
    this.queue.push(time, phase, handler, a, b);
  }

  /** Schedules an event `delay` microseconds from now. */
  after(delay: Micros, phase: Phase, handler: HandlerId, a = 0, b = 0): void {
    this.at(this.time + delay, phase, handler, a, b);
  }

  /** Names the event scheduled last, for `cancel`; to be asked for before anything happens. */
  get lastScheduled(): EventId {
    return this.queue.lastId;
  }

  /** Unschedules an event. False when it has happened or was cancelled before. */
  cancel(id: EventId): boolean {
    return this.queue.cancel(id);
  }

  /** Lets everything up to and including `horizon` happen; afterwards it is `horizon`. */
  runUntil(horizon: Micros): void {
    assert(horizon >= this.time, `cannot run until ${horizon} µs, it is ${this.time} µs already`);
    const { queue, handlers } = this;
    while (queue.pop(horizon)) {
      this.time = queue.time;
      this.count++;
      if (this.observer !== undefined) {
        this.observer(queue.time, queue.phase as Phase, queue.handler, queue.a, queue.b);
      }
      handlers[queue.handler](queue.a, queue.b);
    }
    this.time = horizon;
  }

  /** Shows every event from now on to `observer`; `undefined` ends it. */
  observe(observer: Observer | undefined): void {
    this.observer = observer;
  }
}
