import type { Ticks } from '../../src/base/units.ts';
import { MAX_TICK } from '../../src/market/order.ts';

/** The slow, obvious twin of `PriceTriggers`: it asks everybody, every time. */
export class SlowPriceTriggers {
  private readonly direction: 1 | -1;
  /** In the order in which they were set. */
  private triggers: { id: number; price: Ticks }[] = [];

  constructor(options: { ids: number; direction: 1 | -1 }) {
    this.direction = options.direction;
  }

  get count(): number {
    return this.triggers.length;
  }

  set(id: number, price: Ticks): void {
    this.clear(id);
    const whole = this.direction < 0 ? Math.floor(price) : Math.ceil(price);
    this.triggers.push({ id, price: whole < 0 ? 0 : whole > MAX_TICK ? MAX_TICK : whole });
  }

  clear(id: number): void {
    this.triggers = this.triggers.filter((trigger) => trigger.id !== id);
  }

  has(id: number): boolean {
    return this.triggers.some((trigger) => trigger.id === id);
  }

  priceOf(id: number): Ticks {
    return this.triggers.find((trigger) => trigger.id === id)?.price ?? NaN;
  }

  peek(): Ticks {
    return this.nearestFirst()[0]?.price ?? NaN;
  }

  crossed(price: Ticks, out: Int32Array): number {
    const reached = this.nearestFirst().filter((trigger) =>
      this.direction < 0 ? price <= trigger.price : price >= trigger.price,
    );
    const fitting = reached.slice(0, out.length);
    fitting.forEach((trigger, i) => (out[i] = trigger.id));
    this.triggers = this.triggers.filter((trigger) => !fitting.includes(trigger));
    return fitting.length;
  }

  countBetween(from: Ticks, to: Ticks): number {
    return this.triggers.filter(({ price }) => price >= from && price <= to).length;
  }

  each(price: Ticks, tell: (trigger: Ticks, id: number) => void): void {
    for (const trigger of this.nearestFirst())
      if (this.direction * (price - trigger.price) >= 0) tell(trigger.price, trigger.id);
  }

  private nearestFirst(): { id: number; price: Ticks }[] {
    return this.triggers.toSorted((a, b) => this.direction * (a.price - b.price));
  }
}
